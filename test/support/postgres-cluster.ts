// A private PostgreSQL for the test run, from the binaries of this machine: no server has to be installed or running.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'

export interface Cluster {
  readonly url: string
  /** Ends it as a crash does: no checkpoint, every connection is cut. */
  crash(): Promise<void>
  /** Starts it again on the same port; resolves when it answers. */
  start(): Promise<void>
  stop(): void
}

/** Fast, and what was committed is lost when the server crashes. */
const forgetful = ['synchronous_commit=off']
/** Of the disk only: a crash of the server alone loses nothing. */
const settings = ['fsync=off', 'full_page_writes=off', 'max_connections=200']

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

/** `durable`: what was committed outlives `crash`. */
export async function startCluster(binaries: string, { durable = false } = {}): Promise<Cluster | null> {
  const user = unprivileged()
  if (user === null) return null
  const directory = mkdtempSync(join(tmpdir(), 'accounting-sync-pg-'))
  if (user.uid !== undefined) chownSync(directory, user.uid, user.gid ?? user.uid)
  const data = join(directory, 'data')
  const port = await freePort()
  const options = { ...user, stdio: 'ignore' as const, cwd: directory }
  execFileSync(join(binaries, 'initdb'), ['-D', data, '-U', 'test', '-A', 'trust', '-E', 'UTF8', '--no-sync'], options)
  const set = [...settings, ...(durable ? [] : forgetful)].flatMap((setting) => ['-c', setting])
  let server: ChildProcess | null = null

  async function start(): Promise<void> {
    const place = ['-D', data, '-p', String(port), '-k', directory, '-h', '127.0.0.1']
    server = spawn(join(binaries, 'postgres'), [...place, ...set], options)
    for (let attempt = 0; ; attempt++) {
      try {
        await promisify(execFile)(join(binaries, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port), '-q'])
        return
      } catch {
        if (attempt > 200) throw new Error('the private PostgreSQL did not start')
        await pause(50)
      }
    }
  }

  const end = (signal: NodeJS.Signals) =>
    new Promise<void>((done) => {
      if (!server || server.exitCode !== null) return done()
      server.once('exit', () => done())
      server.kill(signal)
    })

  await start()
  return {
    url: `postgres://test@127.0.0.1:${port}/postgres`,
    start,
    crash: () => end('SIGQUIT'),
    stop: () => void end('SIGINT').then(() => rmSync(directory, { recursive: true, force: true })),
  }
}
