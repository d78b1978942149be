// `npm test`: the whole suite on the embedded database, then what touches a database again on PostgreSQL. Most of the
// simulation and real processes take minutes on every core and have commands of their own: test:simulation, test:chaos.
//   node test/support/run.ts [files…]      only these files (on the databases that they are for)
//   TEST_DATABASE_URL=postgres://…         that server instead of a private one; it must allow CREATE DATABASE
import { spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  globSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { migrateToLatest } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { commandLine } from '../../src/lib/command-line.ts'
import { findBinaries, startCluster } from './postgres-cluster.ts'
import { createDatabase, templateName } from './server.ts'

const { positionals: chosen } = commandLine({
  usage: `Usage: npm test -- [files…]
  Runs the whole suite, or only these test files, on the databases that they are for.`,
  options: {},
  words: [0, Number.POSITIVE_INFINITY],
})
const missing = chosen.find((file) => !existsSync(file))
if (missing !== undefined) {
  console.error(`There is no test file '${missing}'; --help shows what is known.`)
  process.exit(1)
}
const all = chosen.length > 0 ? chosen : globSync('test/**/*.test.ts').sort()
/** About many processes on one server, long queues, and what stands in Xero: on PostgreSQL alone, where it is. */
const once = /^test\/(books\/|flows\/engine-(clocks|fairness|limits|throughput|tokens-replicas)\.)/
/** What a database could make different. */
const onPostgres = all.filter((file) => /^test\/(books|db|http|flows)\//.test(file))
/** How many processes run at once: each waits for its database nearly half of its time. */
const lanes = availableParallelism() + 1
const scratch = mkdtempSync(join(tmpdir(), 'accounting-sync-tests-'))

interface Totals {
  passed: number
  failed: number
  skipped: number
}

const fileMark = 'file '
const fileLimitMs = 1_200_000

/** Half of the memory that is used up between two collections dies with its test: a larger nursery collects less often. */
const nodeOptions = ['--max-semi-space-size=32']

interface Lane {
  /** File of its report, whole. */
  readonly path: string
  readonly environment: NodeJS.ProcessEnv
  readonly next: () => string | undefined
}

/** One process of the suite. Resolves to its exit code, 1 where a signal ended it. */
function runLane({ path, environment, next }: Lane): Promise<number> {
  const report = openSync(path, 'w')
  const program = join(import.meta.dirname, 'lane.ts')
  const child = spawn(process.execPath, [...nodeOptions, program, fileMark, String(fileLimitMs)], {
    stdio: ['ignore', report, 'inherit', 'ipc'],
    env: environment,
  })
  child.on('message', (message: { wants?: string }) => {
    // Tap sends messages of its own on the same channel.
    if (message.wants !== 'file') return
    const file = next()
    child.send({ file: file ? pathToFileURL(file).href : null })
  })
  return new Promise<number>((done, fail) => {
    child.once('error', fail)
    child.once('exit', (code) => done(code ?? 1))
  }).finally(() => closeSync(report))
}

/**
 * Files are handed out one by one, so that no process is idle while another has a heap of them; the longest texts first, since
 * they mostly take longest. Without `tap run`: its loaders and its parent process cost a quarter of the time.
 */
async function tap(title: string, files: readonly string[], given: Record<string, string>): Promise<Totals> {
  console.log(`\n— ${title}: ${files.length} files`)
  const environment = {
    ...process.env,
    ...given,
    TZ: 'Pacific/Auckland',
    TAP_TIMEOUT: String(fileLimitMs / 1000),
    // Compiled by one process, and not once more by the others.
    NODE_COMPILE_CACHE: join(scratch, 'compiled'),
  }
  const waiting = [...files].sort((a, b) => statSync(b).size - statSync(a).size)
  const paths = Array.from({ length: Math.min(lanes, files.length) }, (_, index) =>
    join(scratch, `${title.replaceAll(' ', '-')}-${index + 1}.tap`),
  )
  const codes = await Promise.all(paths.map((path) => runLane({ path, environment, next: () => waiting.shift() })))
  const broken = codes.filter((code) => code !== 0).length + waiting.length
  const totals = count(paths.map((path) => readFileSync(path, 'utf8')).join('\n'))
  return { ...totals, failed: Math.max(broken, totals.failed) }
}

/** Test points of the files themselves, at whatever depth they stand; what failed is printed, with where and why. */
function count(reports: string): Totals {
  const totals = { passed: 0, failed: 0, skipped: 0 }
  const seconds: [number, string][] = []
  let failing = false
  for (const line of reports.split('\n')) {
    const point = /^( *)(not )?ok \d+ - (.*)$/.exec(line)
    if (point) failing = point[2] !== undefined
    if (failing) console.log(line)
    const time = /^(?:not )?ok \d+ - (.*) # time=([\d.]+)ms/.exec(line)
    if (time && !time[1]?.startsWith(fileMark)) seconds.push([Number(time[2]) / 1000, time[1] ?? ''])
    if (!point || !/# time=/.test(line) || (!point[2] && point[3]?.startsWith(fileMark))) continue
    if (/# SKIP/i.test(line)) totals.skipped += 1
    else if (point[2]) totals.failed += 1
    else totals.passed += 1
  }
  const slowest = seconds.sort(([a], [b]) => b - a).slice(0, 8)
  console.log(slowest.map(([time, name]) => `  ${time.toFixed(1).padStart(5)} s ${name}`).join('\n'))
  return totals
}

async function main(): Promise<boolean> {
  const memory = await openDatabase({ kind: 'memory' })
  await migrateToLatest(memory.db)
  const dump = join(scratch, 'embedded.tar')
  writeFileSync(dump, Buffer.from(await (await memory.dump()).arrayBuffer()))
  await memory.close()
  const binaries = findBinaries()
  const given = process.env.TEST_DATABASE_URL
  const cluster = !given && binaries ? await startCluster(binaries) : null
  const url = given ?? cluster?.url
  const onEmbedded = url ? all.filter((file) => !once.test(file)) : all
  const results: Totals[] = []
  if (onEmbedded.length > 0) {
    results.push(await tap('embedded database', onEmbedded, { TEST_DATABASE: 'embedded', TEST_DUMP: dump }))
  }
  if (url && onPostgres.length > 0) {
    const template = await openDatabase({ kind: 'postgres', url: await createDatabase(url, templateName), poolSize: 2 })
    await migrateToLatest(template.db)
    await template.close()
    results.push(await tap('PostgreSQL', onPostgres, { TEST_DATABASE: 'postgres', TEST_DATABASE_URL: url }))
  } else if (!url) {
    console.log('skipped: the PostgreSQL pass, because neither TEST_DATABASE_URL nor PostgreSQL binaries are there')
  }
  cluster?.stop()
  const sum = (field: keyof Totals) => results.reduce((total, result) => total + result[field], 0)
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
  return sum('failed') === 0 && sum('passed') > 0
}

const fine = await main().finally(() => rmSync(scratch, { recursive: true, force: true }))
process.exitCode = fine ? 0 : 1
