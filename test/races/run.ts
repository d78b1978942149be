// `npm run test:races`: races of requests and the engine on a private PostgreSQL, at more length than the suite has time for.
//   -- trial [rounds]     deletions beside a job that takes the queue
import t from 'tap'
import { startPrivateServer } from './private-server.ts'

const [, , what = 'trial', rounds = '4'] = process.argv
const server = await startPrivateServer()
if (server === null) t.pass('skipped: there are no PostgreSQL binaries')
else {
  t.teardown(() => server.stop())
  const { deletionTrial } = await import('./trial.ts')
  t.setTimeout(30 * 60_000)
  if (what === 'trial') {
    await t.test('deletions beside a job that takes the queue', async (t) => {
      const { acknowledged, lost, took } = await deletionTrial(t, Number(rounds))
      t.comment(
        `${lost} of ${acknowledged} acknowledged deletions lost; rounds took ${took.map(Math.round).join(', ')} ms`,
      )
      t.equal(lost, 0)
    })
  }
}
