// `npm run test:mutants`: takes one guard away at a time, in a copy of the tree, and runs the test file that must notice.
// Caught is what fails by an assertion; a guard that is not found, or a test that fails with all guards, ends the run.
//   -- --only <part of a name>
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrateToLatest } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { commandLine } from '../../src/lib/command-line.ts'
import { startPrivateServer } from '../races/private-server.ts'
import { type Mutant, mutants } from './mutants.ts'

const { values } = commandLine({
  usage: `Usage: npm run test:mutants -- [--only <part of a name>]
  Takes one guard away at a time and runs the test that must notice; without --only, each of them.`,
  options: { only: { type: 'string', default: '' } },
})
const root = join(import.meta.dirname, '..', '..')
const scratch = mkdtempSync(join(tmpdir(), 'accounting-sync-mutants-'))
const dump = join(scratch, 'embedded.tar')
const left = ['.git', '.data', '.tap', 'node_modules']
const timeoutSeconds = 420

interface Result {
  readonly passed: boolean
  /** The first test that failed by an assertion. */
  readonly noticed: string | null
}

function copyTree(name: string): string {
  const tree = join(scratch, name)
  cpSync(root, tree, { recursive: true, filter: (path) => !left.some((one) => path === join(root, one)) })
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
  return tree
}

async function run(tree: string, { test: file, changesSchema, onPostgres }: Omit<Mutant, 'name'>): Promise<Result> {
  const database = onPostgres
    ? { TEST_DATABASE: 'postgres' }
    : { TEST_DATABASE: 'embedded', ...(changesSchema ? {} : { TEST_DUMP: dump }) }
  const environment = { ...process.env, ...database, TAP_BAIL: '1', TAP_TIMEOUT: String(timeoutSeconds) }
  const child = spawn(process.execPath, [file], { cwd: tree, env: environment, stdio: ['ignore', 'pipe', 'ignore'] })
  const patience = setTimeout(() => child.kill('SIGKILL'), timeoutSeconds * 1000)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk
  })
  const code = await new Promise<number | null>((done) => child.on('close', done))
  clearTimeout(patience)
  const failed = /^ *not ok \d+ - (.*?)(?: # time=.*)?$/m.exec(output)
  return { passed: code === 0, noticed: failed?.[1] ?? null }
}

/** With the guard gone; what the tree was before stands there again afterwards. */
async function tryOut(tree: string, mutant: Mutant): Promise<Result> {
  const path = join(tree, mutant.file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(mutant.guard, () => mutant.without),
  )
  try {
    return await run(tree, mutant)
  } finally {
    writeFileSync(path, text)
  }
}

/** Shares the work among copies of the tree. */
async function each<T>(all: readonly T[], work: (tree: string, one: T) => Promise<void>): Promise<void> {
  const waiting = [...all]
  await Promise.all(
    trees.map(async (tree) => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(tree, next)
    }),
  )
}

const named = mutants.filter(({ name }) => name.includes(values.only))
const server = named.some(({ onPostgres }) => onPostgres) ? await startPrivateServer() : null
const chosen = named.filter(({ onPostgres }) => !onPostgres || server !== null)
if (chosen.length < named.length)
  console.log('skipped: the guards that PostgreSQL shows, because its binaries are not there')
for (const { name, file, guard } of chosen) {
  const times = readFileSync(join(root, file), 'utf8').split(guard).length - 1
  if (times !== 1) throw new Error(`${name}: its guard stands ${times} times in ${file}`)
}
const memory = await openDatabase({ kind: 'memory' })
await migrateToLatest(memory.db)
writeFileSync(dump, Buffer.from(await (await memory.dump()).arrayBuffer()))
await memory.close()
const trees = Array.from({ length: Math.min(2, availableParallelism()) }, (_, n) => copyTree(`tree-${n}`))
let caught = 0
try {
  const firstOf = new Map(chosen.map((mutant) => [mutant.test, { ...mutant, changesSchema: false }]))
  await each([...firstOf.values()], async (tree, mutant) => {
    const { passed, noticed } = await run(tree, mutant)
    if (!passed) throw new Error(`${mutant.test} fails with all guards in place: ${noticed ?? 'it does not run'}`)
  })
  await each(chosen, async (tree, mutant) => {
    const { passed, noticed } = await tryOut(tree, mutant)
    if (!passed && noticed !== null) caught += 1
    const verdict = passed ? 'NOT CAUGHT' : noticed === null ? 'DOES NOT RUN' : 'caught'
    console.log(`${verdict.padEnd(12)}  ${mutant.name}\n              ${mutant.test}: ${noticed ?? ''}`)
  })
} finally {
  rmSync(scratch, { recursive: true, force: true })
  server?.stop()
}
console.log(`${caught} of ${chosen.length} caught`)
process.exitCode = caught === chosen.length && caught > 0 ? 0 : 1
