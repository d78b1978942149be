// Requests and the engine at the same moment, on PostgreSQL, where two transactions really overlap: one side stands before
// each of its statements while the other one runs. `npm run test:races` plays every pair; here are those that lost something once, at
// every statement, and others at some.
import t from 'tap'
import { betweenRequests, moments } from '../races/moves.ts'
import { racesOf } from '../races/race.ts'
import { requests } from '../races/requests.ts'
import { openRaces } from '../races/stage.ts'
import { databaseKind } from '../support/database.ts'

const strides: Readonly<Record<string, number>> = { 'a job takes the queue': 1 }
/** Requests of each moment that could be lost by it. */
const chosen: Readonly<Record<string, readonly string[]>> = {
  'a job takes the queue': ['remove'],
  'the schedule is due': ['startJob', 'settings'],
  'a creation is exported': ['remove'],
  'a contact is created': ['link'],
  'a contact without a record becomes one': ['link'],
  'a job takes what is in conflict': ['resolve'],
  'the sweep compares': ['resolveIncident'],
  'a change is exported': ['change'],
  'a lost answer is found out': ['remove'],
  'a document is removed': ['requeue'],
  'a job lets go of the queue': ['remove'],
  'a page of contacts is imported': ['change'],
  'an item is missed in the whole list': ['change'],
  'a record is changed': ['remove'],
  'a queued record is deleted': ['unqueue', 'requeue'],
}

if (databaseKind !== 'postgres') t.comment('skipped: one connection, so no two transactions overlap')
else {
  t.setTimeout(10 * 60_000)
  t.test('races', async (t) => {
    const openStage = await openRaces(t)
    for (const [index, moment] of [...moments, ...betweenRequests].entries()) {
      const table = requests(moment.kind)
      if (!chosen[moment.name]) continue
      const against = (chosen[moment.name] ?? []).flatMap((name) => table[name] ?? [])
      const title = `given that ${moment.name}, when ${against.map(({ name }) => name).join(' or ')} comes at any moment`
      t.test(`${title}, then nothing acknowledged is lost`, async (t) => {
        const stride = strides[moment.name] ?? 4
        const { races, violations } = await racesOf(await openStage(`races-${index}`), moment, against, { stride })
        t.ok(races > 3, `${races} races`)
        t.strictSame(violations, [])
      })
    }
  })
}
