// Tokens that no key of the service opens stop their own connection only, and its health names the remedy.
import t from 'tap'
import { sealedBox } from '../../src/lib/sealed-box.ts'
import { openWorld } from '../support/house.ts'
import { customer } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'

const lostKey = sealedBox([{ id: 'lost', key: Buffer.alloc(32, 1) }])

t.test('given tokens under a key that is missing, when jobs run, then theirs waits and the others go on', async (t) => {
  const world = await openWorld(t)
  const { db } = world.database
  const [broken, well] = [
    await openTenant(world, 'broken', { user: 'broken@example.com' }),
    await openTenant(world, 'well', { user: 'well@example.com' }),
  ]
  const { token_set_id } = await db
    .selectFrom('connections')
    .select('token_set_id')
    .where('id', '=', broken.connectionId)
    .executeTakeFirstOrThrow()
  const tokens = () => db.selectFrom('token_sets').select('sealed').where('id', '=', token_set_id)
  const put = (sealed: string) => db.updateTable('token_sets').set({ sealed }).where('id', '=', token_set_id).execute()
  const { sealed } = await tokens().executeTakeFirstOrThrow()
  await put(lostKey.seal('{}', 'elsewhere'))

  await broken.put('customers', customer('c1'))
  await well.put('customers', customer('c1'))
  const job = await broken.startJob()
  await well.startJob()
  while (await world.house.turn());
  t.equal((await well.state('customers', 'c1')).state, 'synced')
  t.match(await broken.job(job), { status: 'waiting', waitingReason: 'encryption_key_missing' })
  const { reasons } = (await broken.api('GET', 'health')).body
  const told = reasons.find(({ code }: { code: string }) => code === 'job_waiting')
  t.match(told, { detail: /encryption_key_missing/, action: /ENCRYPTION_KEYS/ })
  const asked = await broken.api('POST', 'accounts/refresh')
  t.equal(asked.status, 503)
  t.match(asked.body, { code: 'unavailable' })
  t.ok(Number(asked.headers['retry-after']) > 0)

  await put(sealed)
  await world.work()
  t.equal((await broken.job(job)).status, 'completed')
  t.equal((await broken.state('customers', 'c1')).state, 'synced')
})
