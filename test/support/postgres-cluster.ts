// A private PostgreSQL for the test run, from the binaries of this machine: no server has to be installed or running.
import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

export interface Cluster {
  readonly url: string
  stop(): void
}

/** The newest installed binaries, or null. */
export function findBinaries(): string | null {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  const directory = versions
    .map((version) => join(root, version, 'bin'))
    .find((path) => existsSync(join(path, 'initdb')))
  return directory ?? null
}

/** PostgreSQL refuses to run as root: then the user "postgres" runs it. Null where there is no such user. */
function unprivileged(): { uid?: number; gid?: number } | null {
  if (process.getuid?.() !== 0) return {}
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }))
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return null
  }
}

export async function startCluster(binaries: string): Promise<Cluster | null> {
  const user = unprivileged()
  if (user === null) return null
  const directory = mkdtempSync(join(tmpdir(), 'accounting-sync-pg-'))
  if (user.uid !== undefined) chownSync(directory, user.uid, user.gid ?? user.uid)
  const data = join(directory, 'data')
  const port = await freePort()
  const options = { ...user, stdio: 'ignore' as const, cwd: directory }
  execFileSync(join(binaries, 'initdb'), ['-D', data, '-U', 'test', '-A', 'trust', '-E', 'UTF8', '--no-sync'], options)
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200']
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, '-p', String(port), '-k', directory, '-h', '127.0.0.1', ...settings.flatMap((set) => ['-c', set])],
    options,
  )
  for (let attempt = 0; ; attempt++) {
    try {
      execFileSync(join(binaries, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port), '-q'], { stdio: 'ignore' })
      break
    } catch {
      if (attempt > 100) throw new Error('the private PostgreSQL did not start')
      await new Promise((again) => setTimeout(again, 100))
    }
  }
  return {
    url: `postgres://test@127.0.0.1:${port}/postgres`,
    stop() {
      server.kill('SIGINT')
      server.once('exit', () => rmSync(directory, { recursive: true, force: true }))
    },
  }
}
