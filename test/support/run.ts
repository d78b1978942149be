// `npm test`: the whole suite on the embedded database, then what touches a database again on PostgreSQL. Most of the
// simulation and real processes take minutes on every core and have commands of their own: test:simulation, test:chaos.
//   node test/support/run.ts [files…]      only these files (on the databases that they are for)
//   TEST_DATABASE_URL=postgres://…         that server instead of a private one; it must allow CREATE DATABASE
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
// Inside the tree: of files outside it tap makes folders here.
mkdirSync('.tap', { recursive: true })
const scratch = mkdtempSync(join('.tap', 'run-'))

interface Totals {
  passed: number
  failed: number
  skipped: number
}

/** To start a process costs more than most files take: files share one, each in turn. */
function grouped(title: string, files: readonly string[]): string[] {
  const groups = Array.from({ length: Math.min(groupsAtMost, files.length) }, (_, index) =>
    files.filter((_, place) => place % groupsAtMost === index),
  )
  return groups.map((group, index) => {
    const path = join(scratch, `${title}-${index + 1}.mjs`)
    writeFileSync(path, group.map((file) => `import ${JSON.stringify(pathToFileURL(file).href)}\n`).join(''))
    return path
  })
}

function tap(title: string, files: readonly string[], environment: Record<string, string>): Totals {
  console.log(`\n— ${title}: ${files.length} files`)
  const report = join(scratch, `${title.replaceAll(' ', '-')}.tap`)
  const run = spawnSync(
    'tap',
    ['run', '--jobs=3', '--reporter=silent', `--output-file=${report}`, ...grouped(title, files)],
    {
      stdio: 'inherit',
      // What one process has compiled, the others need not.
      env: { ...process.env, ...environment, TZ: 'Pacific/Auckland', NODE_COMPILE_CACHE: join(scratch, 'compiled') },
    },
  )
  const { passed, failed, skipped } = count(report)
  return { passed, failed: run.status === 0 ? failed : Math.max(1, failed), skipped }
}

/** Test points of the files themselves, at whatever depth they stand; what failed is printed, with where and why. */
function count(report: string): Totals {
  const totals = { passed: 0, failed: 0, skipped: 0 }
  const seconds: [number, string][] = []
  let failing = false
  for (const line of readFileSync(report, 'utf8').split('\n')) {
    const point = /^( *)(not )?ok \d+ - (.*)$/.exec(line)
    if (point) failing = point[2] !== undefined
    if (failing) console.log(line)
    const time = /^ {4}(?:not )?ok \d+ - (.*) # time=([\d.]+)ms/.exec(line)
    if (time) seconds.push([Number(time[2]) / 1000, time[1] ?? ''])
    if (!point || /# time=/.test(line) === false) continue
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
    results.push(tap('embedded database', onEmbedded, { TEST_DATABASE: 'embedded', TEST_DUMP: dump }))
  }
  if (url && onPostgres.length > 0) {
    const template = await openDatabase({ kind: 'postgres', url: await createDatabase(url, templateName), poolSize: 2 })
    await migrateToLatest(template.db)
    await template.close()
    results.push(tap('PostgreSQL', onPostgres, { TEST_DATABASE: 'postgres', TEST_DATABASE_URL: url }))
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
