// Every command that npm knows, as it is really started: --help tells its arguments and does nothing, and what it does not know is
// refused in one line before it does anything.
import { spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import t from 'tap'
import { readCommandLine } from '../src/lib/command-line.ts'

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Readonly<Record<string, string>> }
/** File and arguments of our own that each script starts. */
const started = Object.entries(scripts).flatMap(([name, script]) => {
  const own = script.split(' && ').find((part) => /^node (src|test|bench)\//.test(part) && !part.includes('preflight'))
  return own ? [[name, own.split(' ').slice(1)] as const] : []
})

function run(words: readonly string[]) {
  // A script that begins to work in spite of its arguments is not left to work on.
  const options = { env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1' }, timeout: 60_000 }
  const child = spawn(process.execPath, words, options)
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((done) =>
    child.once('close', (status) => done({ status, stdout, stderr })),
  )
}

/** Three at once: most of the time each of them loads its modules. */
async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all]
  const lane = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one)
  }
  await Promise.all([lane(), lane(), lane()])
}

t.test('given every script of npm, when it is asked for help, then it tells its own arguments', async (t) => {
  t.ok(started.length > 14, started.map(([name]) => name).join())
  const written = () => ['docs/errors.md', 'docs/settings.md', 'openapi.yaml'].map((file) => statSync(file).mtimeMs)
  const before = written()
  const usages = new Set<string>()
  await each(started, async ([name, words]) => {
    const { status, stdout, stderr } = await run([...words, '--help'])
    t.match({ status, stderr }, { status: 0, stderr: '' }, name)
    t.match(stdout, /^Usage: (npm|node) /m, name)
    usages.add(stdout)
  })
  t.equal(usages.size, started.length, 'each has its own')
  t.strictSame(written(), before, 'nothing was written')
})

t.test(
  'given every file that scripts start, when it gets an argument that it does not know, then one line says so',
  async (t) => {
    const files = new Map(started.map(([, words]) => [words[0], words]))
    await each([...files], async ([name, words]) => {
      const { status, stderr } = await run([...words, '--nonsense'])
      t.match(
        { status, stderr },
        { status: 1, stderr: /^Unknown option '--nonsense'[^\n]*--help[^\n]*\n$/ },
        name ?? '',
      )
    })
    for (const words of [
      ['src/main.ts', 'x'],
      ['src/cli.ts', 'x'],
      ['src/cli.ts', 'migrate', 'x'],
      ['bench/run.ts', 'x'],
    ])
      t.match(await run(words), { status: 1, stderr: /^Unknown (argument|benchmark) 'x'[^\n]*\n$/ }, words.join(' '))
    t.match(await run(['test/support/run.ts', 'test/none.ts']), {
      status: 1,
      stderr: /^There is no test file 'test\/none.ts'/,
    })
    t.match(await run(['src/cli.ts', 'api-key', 'acme']), { status: 1, stderr: /^An argument is missing[^\n]*\n$/ })
  },
)

t.test(
  'given arguments, when they are read, then they are as they were sent, or one reason refuses them',
  async (t) => {
    const known = { options: { seed: { type: 'string' }, fresh: { type: 'boolean' } }, words: [1, 2] } as const
    const read = readCommandLine(known, ['a', '--seed', '5', 'b', '--fresh'])
    t.match(read, { positionals: ['a', 'b'], values: { seed: '5', fresh: true } })
    t.equal(readCommandLine(known, []), 'An argument is missing')
    t.equal(readCommandLine(known, ['', '']), 'An argument is missing')
    t.equal(readCommandLine(known, ['a', 'b', 'c']), "Unknown argument 'c'")
    t.match(readCommandLine(known, ['a', '--seed']), /^Option '--seed <value>' argument missing/)
  },
)
