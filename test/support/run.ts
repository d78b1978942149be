// `npm test`: the whole suite on the embedded database, then what touches a database again on PostgreSQL. Most of the
// simulation and real processes take minutes on every core and have commands of their own: test:simulation, test:chaos.
//   node test/support/run.ts [files…]      only these files (on the databases that they are for)
//   TEST_DATABASE_URL=postgres://…         that server instead of a private one; it must allow CREATE DATABASE
import { spawn } from 'node:child_process'
import { closeSync, globSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { migrateToLatest } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { findBinaries, startCluster } from './postgres-cluster.ts'
import { createDatabase, templateName } from './server.ts'

const chosen = process.argv.slice(2)
const all = chosen.length > 0 ? chosen : globSync('test/**/*.test.ts').sort()
/** About many processes on one server, long queues, and what stands in Xero: on PostgreSQL alone, where it is. */
const once = /^test\/(books\/|flows\/engine-(clocks|fairness|limits|throughput|tokens-replicas)\.)/
/** What a database could make different. */
const onPostgres = all.filter((file) => /^test\/(books|db|http|flows)\//.test(file))
const groupsAtMost = 8
/** How many processes run at once: each waits for its database nearly half of its time. */
const lanes = availableParallelism() + 1
const scratch = mkdtempSync(join(tmpdir(), 'accounting-sync-tests-'))

interface Totals {
  passed: number
  failed: number
  skipped: number
}

const fileMark = 'file '
const turns = new URL('./in-turn.ts', import.meta.url).href

/** To start a process costs more than most files take: files share one, each in turn. */
function grouped(title: string, files: readonly string[]): string[] {
  const groups = Array.from({ length: Math.min(groupsAtMost, files.length) }, (_, index) =>
    files.filter((_, place) => place % groupsAtMost === index),
  )
  return groups.map((group, index) => {
    const path = join(scratch, `${title}-${index + 1}.mjs`)
    const files = group.map((file) => pathToFileURL(file).href)
    writeFileSync(
      path,
      `import { inTurn } from ${JSON.stringify(turns)}\nawait inTurn(${JSON.stringify(files)}, '${fileMark}')\n`,
    )
    return path
  })
}

/** Half of the memory that is used up between two collections dies with its test: a larger nursery collects less often. */
const nodeOptions = ['--max-semi-space-size=32']

/** One process of the suite; its report goes to a file, whole. Resolves to its exit code, 1 where a signal ended it. */
function runGroup(path: string, environment: NodeJS.ProcessEnv): Promise<number> {
  const report = openSync(`${path}.tap`, 'w')
  const child = spawn(process.execPath, [...nodeOptions, path], {
    stdio: ['ignore', report, 'inherit'],
    env: environment,
  })
  return new Promise<number>((done, fail) => {
    child.once('error', fail)
    child.once('exit', (code) => done(code ?? 1))
  }).finally(() => closeSync(report))
}

/** Without `tap run`: its loaders and its parent process cost a quarter of the time, and nothing here needs them. */
async function tap(title: string, files: readonly string[], given: Record<string, string>): Promise<Totals> {
  console.log(`\n— ${title}: ${files.length} files`)
  const environment = {
    ...process.env,
    ...given,
    TZ: 'Pacific/Auckland',
    TAP_TIMEOUT: '1200',
    // Compiled by one process, and not once more by the others.
    NODE_COMPILE_CACHE: join(scratch, 'compiled'),
  }
  const paths = grouped(title.replaceAll(' ', '-'), files)
  const waiting = [...paths]
  let broken = 0
  async function work(): Promise<void> {
    for (let path = waiting.shift(); path; path = waiting.shift()) {
      if ((await runGroup(path, environment)) !== 0) broken += 1
    }
  }
  await Promise.all(Array.from({ length: lanes }, work))
  const totals = count(paths.map((path) => readFileSync(`${path}.tap`, 'utf8')).join('\n'))
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
