// A deletion that was acknowledged is done, also one that an earlier version lost: its record is deleted and linked, shows
// synced, and nothing is queued for it.
import { sql } from 'kysely'
import t from 'tap'
import { up as repair } from '../../migrations/0017_lost_deletions.ts'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

t.test('lost deletions', async (t) => {
  const world = await openWorld(t)
  const { db } = world.database

  async function withLostDeletion(name: string): Promise<Tenant> {
    const tenant = await openTenant(world, name)
    await tenant.put('items', item('s1', { kind: 'service' }))
    await tenant.put('customers', customer('c1'))
    await tenant.put('invoices', invoice('v1', 'c1', ['s1']))
    await tenant.sync()
    await sql`UPDATE records SET deleted_at = now() WHERE connection_id = ${tenant.connectionId}::uuid AND id = 'v1'`.execute(
      db,
    )
    return tenant
  }

  for (const [name, act] of [
    ['DELETE comes again', (tenant: Tenant) => tenant.api('DELETE', 'invoices/v1')],
    [
      'the record is queued again',
      (tenant: Tenant) => tenant.api('POST', 'sync-queue-items', { recordType: 'invoice', recordIds: ['v1', 'none'] }),
    ],
    ['the schema is brought up to date', async () => void (await repair(db as never))],
  ] as const) {
    t.test(`given a lost deletion, when ${name}, then the next job does it`, async (t) => {
      const tenant = await withLostDeletion(name.replaceAll(' ', '-'))
      const answer = await act(tenant)
      if (answer?.body.opened !== undefined) t.match(answer.body, { opened: 1, alreadyQueued: 0, skipped: 1 })
      t.match(await tenant.queue(), [{ recordId: 'v1', action: 'delete', status: 'pending' }])
      t.equal((await tenant.state('invoices', 'v1')).state, 'pending')
      await tenant.sync()
      t.equal(tenant.xero('Invoices')[0].Status, 'VOIDED')
      t.strictSame(await tenant.queue(), [])
      await act(tenant)
      t.strictSame(await tenant.queue(), [], 'what is done is not opened once more')
    })
  }

  t.test(
    'given a held record, when a change beside it is taken out, then it stays held and can be deleted',
    async (t) => {
      const tenant = await openTenant(world, 'beside')
      await tenant.put('items', item('s1', { kind: 'service' }))
      await tenant.put('customers', customer('c1'))
      await tenant.put('invoices', invoice('v1', 'c1', ['s1']))
      await tenant.startJob()
      await tenant.put('invoices', invoice('v1', 'c1', ['s1', 's1']))
      const [waiting] = await tenant.queue('pending')
      t.equal((await tenant.api('DELETE', `sync-queue-items/${waiting.id}`)).status, 200)
      t.equal((await tenant.state('invoices', 'v1')).state, 'locked')
      t.equal((await tenant.api('DELETE', 'invoices/v1')).status, 200)
      await world.work()
      await tenant.sync()
      t.strictSame(await tenant.queue(), [])
      t.notOk(tenant.xero('Invoices').some((one) => one.Status === 'AUTHORISED'))
    },
  )
})
