// Keeps a second process out of an embedded database's directory: PGlite itself lets both in, and rows are lost. The lock
// is a listening socket, not a file with a process id: it ends with its process, however that ends, and cannot be
// mistaken for another process that got the same id (which is the rule after a container restart).
import { createHash } from 'node:crypto'
import { mkdir, rm, rmdir, stat } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { lockGuard, lockSocket, openDataDir } from '../lib/data-dir.ts'
import { StartRefused } from '../lib/start-refused.ts'

/** Longest path that a socket may have on every system. */
const longestSocketPath = 100

export class DataDirInUse extends StartRefused {
  constructor(directory: string) {
    super(
      `The embedded database in ${directory} is in use by another process. Stop that one, choose another DATA_DIR, ` +
        'or set DATABASE_URL to a PostgreSQL that several processes can share.',
    )
  }
}

const socketPath = (directory: string): string => {
  const beside = join(resolve(directory), lockSocket)
  if (process.platform === 'win32' || beside.length > longestSocketPath) {
    const name = `accounting-sync-${createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 24)}.sock`
    return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name)
  }
  return beside
}

const answers = (path: string): Promise<boolean> =>
  new Promise((done) => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      done(true)
    })
    probe.once('error', () => done(false))
  })

/** Locks the directory, or throws DataDirInUse. Returns the release. */
export async function lockDataDir(directory: string): Promise<() => Promise<void>> {
  openDataDir(directory)
  const path = socketPath(directory)
  const releaseTakeover = await takeover(directory)
  try {
    if (await answers(path)) throw new DataDirInUse(directory)
    await rm(path, { force: true })
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((listening, failed) => {
      server.once('error', ({ code }: NodeJS.ErrnoException) =>
        failed(new StartRefused(`DATA_DIR cannot be used: no socket can be made at ${path} (${code}).`)),
      )
      server.listen(path, listening)
    })
    server.unref()
    return () => new Promise((closed) => server.close(() => closed()))
  } finally {
    await releaseTakeover()
  }
}

/** Two starting processes must not both find the old socket dead and both replace it: a directory is made by one only. */
async function takeover(directory: string): Promise<() => Promise<void>> {
  const guard = join(directory, lockGuard)
  for (let attempt = 0; attempt < 50; attempt++) {
    try {
      await mkdir(guard)
      return () => rmdir(guard).catch(() => undefined)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const made = await stat(guard).catch(() => null)
      if (made && Date.now() - made.mtimeMs > 5_000) await rmdir(guard).catch(() => undefined)
      // A timer that keeps the process alive: at this moment there is nothing else that would.
      await pause(100)
    }
  }
  throw new DataDirInUse(directory)
}
