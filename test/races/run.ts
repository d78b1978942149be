// `npm run test:races`: races of requests and the engine on a private PostgreSQL, at more length than the suite has time for.
//   --                    each move of the engine against the requests that can meet it, before each statement, both ways round
//   -- trial [rounds]     deletions beside a job that takes the queue
//   -- only <pattern>     the pairs whose names fit: "takes the queue", "exported, DELETE$"
//
// Time is kept short: one cluster and one migrated template; every pair has a company of its own in one database, never
// a database of its own. Records that stand in Xero are made 60 at a time by one job, not one by one. A schedule is switched
// off when its races are over. Two processes share the pairs. A pause is known by the statement itself and a wait by
// pg_stat_activity, never by a time limit. API keys are not raced: no statement of the engine reads or changes them.
import { spawn } from 'node:child_process'
import t from 'tap'
import { commandLine } from '../../src/lib/command-line.ts'
import { startPrivateServer } from './private-server.ts'

const { positionals } = commandLine({
  usage: `Usage: npm run test:races -- [trial [rounds] | only <pattern>]
  Without an argument each move of the engine against the requests that can meet it.
  trial [rounds]  deletions beside a job that takes the queue
  only <pattern>  the pairs whose names fit`,
  options: {},
  words: [0, 2],
})
const [what = 'all', argument = ''] = positionals
const server = await startPrivateServer()
if (server === null) console.log('skipped: there are no PostgreSQL binaries')
else {
  t.teardown(() => server.stop())
  t.setTimeout(60 * 60_000)
  if (what === 'trial') await trial(Number(argument || 4))
  else if (what === 'all') await inTwoProcesses()
  else await everyRace(what === 'only' ? argument : '', what === 'share' ? Number(argument) : null)
}

/** Each has its share of the pairs and a cluster of its own. */
async function inTwoProcesses(): Promise<void> {
  const share = (index: number) =>
    new Promise<number | null>((done) => {
      const command = [import.meta.filename, 'share', String(index)]
      spawn(process.execPath, command, { stdio: 'inherit' }).once('exit', done)
    })
  t.strictSame(await Promise.all([share(0), share(1)]), [0, 0], 'both shares pass')
}

async function trial(rounds: number): Promise<void> {
  const { deletionTrial } = await import('./trial.ts')
  await t.test('deletions beside a job that takes the queue', async (t) => {
    const { acknowledged, lost, took } = await deletionTrial(t, rounds)
    const times = took.map((milliseconds) => Math.round(milliseconds)).join(', ')
    t.comment(`${lost} of ${acknowledged} acknowledged deletions lost; the requests of a round took ${times} ms`)
    t.equal(lost, 0)
  })
}

async function everyRace(part: string, share: number | null): Promise<void> {
  const { openRaces } = await import('./stage.ts')
  const { betweenRequests, moments } = await import('./moves.ts')
  const { requests } = await import('./requests.ts')
  const { racesOf } = await import('./race.ts')
  const wanted = new RegExp(part)
  let pairs = 0
  await t.test('races', async (t) => {
    const openStage = await openRaces(t)
    for (const [index, moment] of [...moments, ...betweenRequests].entries()) {
      const table = requests(moment.kind)
      for (const name of moment.against) {
        const request = table[name]
        if (!request || !wanted.test(`${moment.name}, ${request.name}`)) continue
        if (share !== null && pairs++ % 2 !== share) continue
        const begun = performance.now()
        const { races, violations } = await racesOf(await openStage(`${index}-${name}`), moment, [request])
        const seconds = ((performance.now() - begun) / 1000).toFixed(1)
        t.comment(`${moment.name}, ${request.name}: ${races} races, ${violations.length} violations, ${seconds} s`)
        t.strictSame(violations, [], `${moment.name}, ${request.name}`)
      }
    }
  })
}
