// The first call of a process: it counts from when it is taken, so nothing may hold it up between that and its sending. This
// file has a process of its own, in which nothing was called yet.
import { createRequire } from 'node:module'
import t from 'tap'
import { createXeroProvider } from '../../src/accounting/xero/provider.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { caller } from '../../src/services/calls.ts'
import type { TokenService } from '../../src/services/tokens.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { openTestDatabase } from '../support/database.ts'
import { testClock } from '../support/house.ts'
import { before } from '../support/watched-house.ts'

const isSdkLoaded = () => Object.keys(createRequire(import.meta.url).cache).some((file) => /xero-node/.test(file))

t.test('given a new process, when its first call is taken, then the SDK is loaded already', async (t) => {
  const clock = testClock()
  const simulator = await startSimulator({ clock })
  const { db, close } = await openTestDatabase()
  t.teardown(() => Promise.all([simulator.close(), close()]))
  const provider = createXeroProvider(simulator)
  const loaded: boolean[] = []
  const taking = before('UPDATE budgets SET\n      recent_calls', () => loaded.push(isSdkLoaded()))
  const access = async () => ({ kind: 'ok', accessToken: 'token', version: 1 })
  const calls = caller({
    ...{ clock, provider, random: () => 0.5 },
    db: db.withPlugin(taking),
    tokens: { access, expire: async () => undefined } as unknown as TokenService,
    limits: { minute: 60, day: 5_000, concurrent: 5, appMinute: 10_000 },
    log: createLogger({ level: 'silent' }),
  })
  t.notOk(isSdkLoaded(), 'nothing is loaded that a process without calls does not need')
  const connection = { id: 'connection', organisationId: 'organisation', tokenSetId: 'tokens' }
  await calls.call(connection as never, (call) => provider.readItems(call, null))
  t.ok(loaded.length > 0 && loaded.every(Boolean))
})
