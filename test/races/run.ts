// `npm run test:races`: races of requests and the engine on a private PostgreSQL, at more length than the suite has time for.
//   --                    every request against every move of the engine, before each statement, both ways round
//   -- trial [rounds]     deletions beside a job that takes the queue
//   -- only <part>        the moves whose name has this part
import t from 'tap'
import { startPrivateServer } from './private-server.ts'

const [, , what = 'all', argument = ''] = process.argv
const server = await startPrivateServer()
if (server === null) console.log('skipped: there are no PostgreSQL binaries')
else {
  t.teardown(() => server.stop())
  t.setTimeout(60 * 60_000)
  if (what === 'trial') await trial(Number(argument || 4))
  else await everyRace(what === 'only' ? argument : '')
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

async function everyRace(part: string): Promise<void> {
  const { openRaces } = await import('./stage.ts')
  const { betweenRequests, moments, requests } = await import('./moves.ts')
  const { racesOf } = await import('./race.ts')
  await t.test('races', async (t) => {
    const openStage = await openRaces(t)
    for (const [index, moment] of [...moments, ...betweenRequests].entries()) {
      if (!moment.name.includes(part)) continue
      const table = requests(moment.kind)
      for (const name of moment.against) {
        const request = table[name]
        if (!request) continue
        const begun = performance.now()
        const { races, violations } = await racesOf(await openStage(`${index}-${name}`), moment, [request])
        const seconds = ((performance.now() - begun) / 1000).toFixed(1)
        t.comment(`${moment.name}, ${request.name}: ${races} races, ${violations.length} violations, ${seconds} s`)
        t.strictSame(violations, [], `${moment.name}, ${request.name}`)
      }
    }
  })
}
