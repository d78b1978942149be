// The first call of a process counts from when it is taken, so that nothing may hold it up between that and its sending: the SDK takes
// a third of a second to load, and more where the machine is busy.
import t from 'tap'
import { createXeroProvider } from '../../src/accounting/xero/provider.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { caller } from '../../src/services/calls.ts'
import type { TokenService } from '../../src/services/tokens.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { openTestDatabase } from '../support/database.ts'
import { testClock } from '../support/house.ts'
import { before } from '../support/watched-house.ts'

t.test('given a call, when it is taken, then what it needs is loaded already', async (t) => {
  const clock = testClock()
  const simulator = await startSimulator({ clock })
  const { db, close } = await openTestDatabase()
  t.teardown(() => Promise.all([simulator.close(), close()]))
  const steps: string[] = []
  const xero = createXeroProvider(simulator)
  const provider = { ...xero, ready: () => xero.ready().then(() => void steps.push('loaded')) }
  const taking = before('UPDATE budgets SET\n      recent_calls', () => steps.push('taken'))
  const access = async () => ({ kind: 'ok', accessToken: 'token', version: 1 })
  const calls = caller({
    ...{ clock, provider, random: () => 0.5 },
    db: db.withPlugin(taking),
    tokens: { access, expire: async () => undefined } as unknown as TokenService,
    limits: { minute: 60, day: 5_000, concurrent: 5, appMinute: 10_000 },
    log: createLogger({ level: 'silent' }),
  })
  const connection = { id: 'connection', organisationId: 'organisation', tokenSetId: 'tokens' }
  await calls.call(connection as never, (call) => provider.readItems(call, null))
  t.strictSame(steps.slice(0, 2), ['loaded', 'taken'])
})
