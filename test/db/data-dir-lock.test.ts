// The embedded database serves one process: a second one on the same directory is refused, and a dead one blocks nobody.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { DataDirInUse, lockDataDir } from '../../src/db/data-dir-lock.ts'

const module = new URL('../../src/db/data-dir-lock.ts', import.meta.url).href
const program = `
  import { lockDataDir } from ${JSON.stringify(module)}
  lockDataDir(process.argv[1]).then(
    () => { console.log('locked'); setInterval(() => undefined, 1_000) },
    (error) => { console.log(error.name); process.exit(3) },
  )`

/** A process of its own that locks the directory, and what it said first. */
async function contender(t: Test, directory: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const ended = once(child, 'exit').then(() => ['ended without a word'])
  const [said] = await Promise.race([once(child.stdout, 'data'), ended])
  return { child, said: String(said).trim() }
}

t.test(
  'given a directory in use by another process, when it is locked, then that is refused with a remedy',
  async (t) => {
    const directory = join(t.testdir(), 'data')
    const { said } = await contender(t, directory)
    t.equal(said, 'locked')
    await t.rejects(lockDataDir(directory), DataDirInUse)
    await t.rejects(lockDataDir(directory), /DATABASE_URL/, 'says what to do')
    t.equal((await contender(t, directory)).said, 'DataDirInUse')
  },
)

t.test('given a process that was killed, when the directory is locked again, then nothing is in the way', async (t) => {
  const directory = join(t.testdir(), 'data')
  const { child } = await contender(t, directory)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const release = await lockDataDir(directory)
  t.equal((await contender(t, directory)).said, 'DataDirInUse')
  await release()
  t.equal((await contender(t, directory)).said, 'locked', 'released, it is free for others')
})

t.test('given many processes that start at once after a crash, when they lock, then exactly one gets it', async (t) => {
  const directory = join(t.testdir(), 'data')
  const { child } = await contender(t, directory)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const rivals = await Promise.all(Array.from({ length: 4 }, () => contender(t, directory)))
  t.strictSame(rivals.map(({ said }) => said).sort(), ['DataDirInUse', 'DataDirInUse', 'DataDirInUse', 'locked'])
})

t.test('given a path too long for a socket, when it is locked, then the lock stands elsewhere and holds', async (t) => {
  const directory = mkdtempSync(
    join(t.testdir(), 'a-directory-with-a-name-that-is-much-too-long-for-a-socket-'.repeat(2)),
  )
  const release = await lockDataDir(directory)
  t.equal((await contender(t, directory)).said, 'DataDirInUse')
  await release()
})
