// Commands that cannot do their work: each ends by itself with code 1 and says in one line why, without a stack.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'

interface Ended {
  /** Null when it had to be killed. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(words: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ended> {
  const env = { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', ...environment }
  const child = spawn(process.execPath, ['src/cli.ts', ...words], { env, timeout: 60_000 })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  return new Promise((done) => child.once('close', (status) => done({ status, stdout, stderr })))
}

/** Ends with code 1 and one line that says what the words say. */
async function refused(
  t: Test,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  says: RegExp,
): Promise<void> {
  const { status, stdout, stderr } = await run(words, environment)
  const name = `${words.join(' ')} with ${JSON.stringify(environment)}`
  t.match({ status, stdout }, { status: 1, stdout: '' }, name, { stderr })
  t.match(stderr, says, name)
  t.match(stderr, /^[^\n]+\n$/, `${name} says it in one line`)
}

async function takenPort(t: Test): Promise<string> {
  const taken = createServer().listen(0, '127.0.0.1')
  t.teardown(() => taken.close())
  await once(taken, 'listening')
  return String((taken.address() as AddressInfo).port)
}

t.test('given a demo that cannot start, then it ends with one line and leaves nothing running', async (t) => {
  const demo = ['demo', '--exit']
  for (const port of ['abc', '-1', '70000']) await refused(t, demo, { PORT: port }, /^PORT is ".*from 1 to 65535\.$/m)
  await refused(t, demo, { SIMULATOR_PORT: '1e3' }, /^SIMULATOR_PORT is "1e3"/)
  await refused(t, demo, { PORT: await takenPort(t) }, /^PORT: port \d+ is in use/)
  const { status, stderr } = await run(demo, { LOG_LEVEL: 'loud' })
  t.equal(status, 1)
  t.match(stderr, /^The configuration has 1 error\(s\):\n {2}- LOG_LEVEL="loud" is none of [^\n]+\n$/)
})

t.test('given a simulator that cannot start, then it ends with one line', async (t) => {
  for (const port of ['abc', '-1', '70000', '0x10'])
    await refused(t, ['simulator'], { PORT: port }, /^PORT is ".*65535/)
  await refused(t, ['simulator'], { PORT: await takenPort(t) }, /port \d+ .*set PORT/)
})

t.test('given a key that the API would refuse, then the command refuses it before it opens anything', async (t) => {
  const directory = join(t.testdir(), 'data')
  const environment = { DATA_DIR: directory, XERO_CLIENT_ID: 'id', XERO_CLIENT_SECRET: 'secret' }
  const company = /^A company is 1 to 64 letters, /
  for (const words of [
    ['a b', 'x'],
    ['a'.repeat(65), 'x'],
    ['ä', 'x'],
    ['a/b', 'x'],
    ['**', 'x'],
  ])
    await refused(t, ['api-key', ...words], environment, company)
  await refused(t, ['api-key', 'acme', 'n'.repeat(101)], environment, /^A name is 1 to 100 characters\./)
  t.notOk(existsSync(directory))
})

t.test(
  'given a directory without a database, when a command is to work on an existing one, then it is refused and nothing is made',
  async (t) => {
    const directory = t.testdir({ database: {} })
    const absent = join(directory, 'absent')
    const xero = { XERO_CLIENT_ID: 'id', XERO_CLIENT_SECRET: 'secret' }
    for (const command of ['rotate-keys', 'accept-lost-keys', 'after-restore'])
      for (const DATA_DIR of [absent, directory])
        await refused(
          t,
          [command],
          { ...xero, DATA_DIR },
          new RegExp(`^DATA_DIR \\(${DATA_DIR}\\) holds no database: `),
        )
    t.strictSame(readdirSync(directory, { recursive: true }), ['database'])
    const made = await run(['api-key', 'acme', 'first'], { ...xero, DATA_DIR: absent })
    t.match(made, { status: 0, stderr: new RegExp(`^Key .* \\(embedded, in ${absent}\\); `) }, 'a key may come first')
    t.match(await run(['after-restore'], { ...xero, DATA_DIR: absent }), { status: 0, stdout: /^0 connection/ })
  },
)

t.test('given a file that cannot be written, then the description of the API says which', async (t) => {
  const directory = t.testdir()
  await refused(t, ['openapi', directory], {}, /^.+ cannot be written \(EISDIR\)\.$/m)
  await refused(t, ['openapi', join(directory, 'none', 'x.yaml')], {}, /none\/x\.yaml cannot be written \(ENOENT\)\.$/m)
})
