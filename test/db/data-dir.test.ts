// The directory of the embedded database belongs to the service alone, whatever it was before; one that cannot be used is refused.
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ConfigError, readConfig } from '../../src/config.ts'
import { lockDataDir } from '../../src/db/data-dir-lock.ts'
import { openDatabase } from '../../src/db/open.ts'
import { startTrouble } from '../../src/lib/start-trouble.ts'

const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8)
const xero = { XERO_CLIENT_ID: 'id', XERO_CLIENT_SECRET: 'secret' }

/** Makes it with a mode that the umask does not touch. */
function directoryOf(t: Test, mode: number): string {
  const directory = join(t.testdir(), 'data')
  mkdirSync(directory)
  chmodSync(directory, mode)
  return directory
}

const openAndClose = async (directory: string): Promise<void> =>
  (await openDatabase({ kind: 'embedded', directory })).close()

const whyNot = async (work: () => unknown): Promise<string | null> => {
  try {
    await work()
  } catch (error) {
    return startTrouble(error) ?? `unexpected: ${error}`
  }
  return 'not refused'
}

t.test('given a directory that everybody may enter, when the database is opened, then nobody else may', async (t) => {
  const directory = directoryOf(t, 0o777)
  await openAndClose(directory)
  t.equal(modeOf(directory), '700')
  t.equal(modeOf(join(directory, 'database')), '700')
  for (const path of [directory, join(directory, 'database')]) chmodSync(path, 0o755)
  await openAndClose(directory)
  t.equal(modeOf(directory), '700', 'one of an earlier release')
  t.equal(modeOf(join(directory, 'database')), '700')
})

t.test('given a directory with files of others, then it is left to them, and the database is not', async (t) => {
  const directory = directoryOf(t, 0o755)
  writeFileSync(join(directory, 'notes.txt'), 'of somebody else')
  await openAndClose(directory)
  t.equal(modeOf(directory), '755')
  t.equal(modeOf(join(directory, 'database')), '700')
  chmodSync(directory, 0o1777)
  await openAndClose(directory)
  t.equal(modeOf(directory), '1777')
  chmodSync(directory, 0o777)
  t.match(await whyNot(() => openAndClose(directory)), /^DATA_DIR cannot be used: every user .*chmod o-w/)
})

t.test(
  'given an encryption key beside it, then it is for this user alone, and rubbish in it is told as such',
  async (t) => {
    const directory = directoryOf(t, 0o755)
    const path = join(directory, 'encryption.key')
    const first = readConfig({ ...xero, DATA_DIR: directory }).encryptionKeys
    t.equal(modeOf(directory), '700')
    t.equal(modeOf(path), '600')
    chmodSync(path, 0o644)
    t.strictSame(readConfig({ ...xero, DATA_DIR: directory }).encryptionKeys, first)
    t.equal(modeOf(path), '600')
    for (const rubbish of ['not-a-key', '', 'local:YWJj']) {
      writeFileSync(path, rubbish)
      let faults: readonly string[] = []
      try {
        readConfig({ ...xero, DATA_DIR: directory })
      } catch (error) {
        if (error instanceof ConfigError) ({ faults } = error)
      }
      t.equal(faults.length, 1)
      t.match(faults[0], /encryption\.key holds no encryption key: .*backup/)
      t.notMatch(faults[0], /ENCRYPTION_KEYS|not-a-key|YWJj/)
    }
  },
)

t.test('given a directory that cannot be used, then one line says so at once', async (t) => {
  const root = t.testdir({ taken: 'a file', data: { database: 'a file' }, other: { 'encryption.key': {} } })
  const [file, withFile, withDirectory] = [join(root, 'taken'), join(root, 'data'), join(root, 'other')]
  for (const [directory, says] of [
    [file, /a file stands where a directory has to be/],
    [join(file, 'below', 'it'), /a file stands where a directory has to be/],
    [withFile, /a file stands where a directory has to be/],
    [join(root, 'n'.repeat(300)), /its name is too long/],
    ...(existsSync('/proc/self')
      ? ([
          ['/proc/x', /cannot be made/],
          ['/proc/x/y', /cannot be made/],
        ] as const)
      : []),
  ] as const) {
    const why = await whyNot(() => openAndClose(directory))
    t.match(why, says, directory)
    t.match(why, /^DATA_DIR cannot be used: [^\n]+$/)
  }
  const key = await whyNot(() => readConfig({ ...xero, DATA_DIR: withDirectory }))
  t.match(key, /encryption\.key holds no encryption key/)
  if (existsSync('/proc/self')) {
    t.match(await whyNot(() => lockDataDir('/proc')), /^DATA_DIR cannot be used: /, 'not in use by another process')
    t.ok(readdirSync('/proc').includes('self'))
  }
})

t.test('given a path of several levels, then each of them that is made is private', async (t) => {
  const top = join(t.testdir(), 'a')
  await (await lockDataDir(join(top, 'b', 'c')))()
  for (const path of [top, join(top, 'b'), join(top, 'b', 'c')]) t.equal(modeOf(path), '700')
})
