// A few schedules of the simulation, so that the suite notices when it is broken. `npm run test:simulation` plays all of them.
import t from 'tap'
import { openSimulationDatabase } from './database.ts'
import { simulate } from './simulate.ts'

const database = await openSimulationDatabase()
t.teardown(() => database.close())

for (let seed = 1; seed <= 12; seed++) {
  t.test(`given the faults of seed ${seed}, when all has come to rest, then all holds`, async (t) => {
    const { violations, figures } = await simulate(database, seed)
    t.strictSame(violations, [])
    t.ok(figures.writeCalls > 0, 'something was written')
  })
}

t.test('given a seed, when it is played again after others, then everything happens in the same order', async (t) => {
  const once = await simulate(database, 1)
  await simulate(database, 2)
  const again = await simulate(database, 1)
  t.equal(again.hash, once.hash)
  t.strictSame(again.figures, once.figures)
})
