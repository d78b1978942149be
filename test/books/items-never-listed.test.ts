// Items that a person deletes in Xero before any list showed them: their creation is all that is known of them.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { itemIn, synced } from './support/books.ts'
import { service } from './support/trading.ts'

const minute = 60_000

t.test('books: items that no list has shown', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const deletions = async (tenant: Tenant) =>
    (await tenant.changes()).filter(({ operation }) => operation === 'deleted').map(({ recordId }) => recordId)

  /** Items whose creation is answered only when it is sent again; by then some of them are gone. */
  async function replayed(
    name: string,
    {
      items = ['s1', 's2'],
      gone = ['s1'],
      settings = {},
    }: {
      items?: string[]
      gone?: string[]
      settings?: object
    } = {},
  ): Promise<Tenant> {
    const tenant = await openTenant(world, name)
    await tenant.settings(settings)
    const { organisationId: tenantId } = tenant
    control.faults({ kind: 'lost_response', method: 'PUT', path: '/Items', tenantId, times: 1 })
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', ...items.map((id) => service(id)))
    const job = await tenant.startJob()
    await world.work({ forMs: 500 })
    for (const id of gone) control.deleteItem(tenant.organisation, `SKU-${id}`)
    await world.work({ forMs: 3 * minute })
    t.equal((await tenant.job(job)).status, 'completed')
    await synced(t, tenant, 'items', ...items)
    return tenant
  }

  t.test('given a replayed creation, when the item is gone by then, then a later job says so', async (t) => {
    const tenant = await replayed('replayed')
    await tenant.sync()
    t.strictSame(await deletions(tenant), [], 'a list may lag behind the write')
    world.clock.advance(10 * minute)
    await tenant.sync()
    t.strictSame(await deletions(tenant), ['s1'])
    await synced(t, tenant, 'items', 's2')
    t.match(
      (await tenant.api('GET', 'items')).body.items.map(({ id }: { id: string }) => id),
      ['s2'],
    )
    tenant.checkXero(t)
  })

  t.test('given an invoice that names it, when the remedy is followed, then it arrives', async (t) => {
    const tenant = await replayed('remedy')
    await tenant.put('invoices', invoice('n1', 'c1', ['s1']))
    await tenant.sync()
    t.match(await tenant.state('invoices', 'n1'), { state: 'failed', lastError: { code: 'item_unknown' } })
    world.clock.advance(10 * minute)
    await tenant.sync('full')
    t.not((await tenant.api('PUT', 'items/s1', service('s1'))).body.result, 'unchanged')
    await tenant.sync()
    await synced(t, tenant, 'items', 's1')
    await synced(t, tenant, 'invoices', 'n1')
    t.equal(tenant.xero('Items').length, 2)
    tenant.checkXero(t)
  })

  t.test('given product_wins, then it is created anew, and the invoice arrives', async (t) => {
    const tenant = await replayed('product-wins', { settings: { items: { conflict: 'product_wins' } } })
    await tenant.put('invoices', invoice('n1', 'c1', ['s1']))
    world.clock.advance(10 * minute)
    await tenant.sync('full')
    await tenant.sync()
    await synced(t, tenant, 'items', 's1')
    await synced(t, tenant, 'invoices', 'n1')
    t.ok(itemIn(tenant, 'SKU-s1'))
  })

  t.test('given import: off, then a person decides', async (t) => {
    const tenant = await replayed('import-off', { settings: { items: { import: 'off' } } })
    world.clock.advance(10 * minute)
    await tenant.sync('full')
    t.match(await tenant.state('items', 's1'), { state: 'outdated', lastError: { code: 'removed_in_xero' } })
  })

  t.test('given a change of it, then it is a conflict, and not a failure with each job', async (t) => {
    const tenant = await replayed('changed')
    world.clock.advance(10 * minute)
    await tenant.put('items', service('s1', { salePrice: '13' }))
    await tenant.sync()
    await tenant.sync()
    t.match(await tenant.state('items', 's1'), { state: 'conflict', lastError: { code: 'removed_in_xero' } })
    t.equal((await tenant.api('POST', 'items/s1/resolve-conflict', { keep: 'product' })).status, 200)
    await tenant.sync()
    await synced(t, tenant, 'items', 's1')
    t.equal(itemIn(tenant, 'SKU-s1').SalesDetails.UnitPrice, 13)
  })

  t.test('given that it is unlinked, then nothing is imported that is in no list', async (t) => {
    const tenant = await replayed('unlinked')
    t.equal((await tenant.api('DELETE', 'items/s1/link')).status, 200)
    await tenant.sync()
    t.strictSame((await tenant.api('GET', 'items')).body.items.map(({ id }: { id: string }) => id).toSorted(), [
      's1',
      's2',
    ])
    world.clock.advance(10 * minute)
    await tenant.sync()
    t.equal((await tenant.api('POST', 'sync-queue-items', { recordType: 'item', recordIds: ['s1'] })).status, 200)
    await tenant.sync()
    await synced(t, tenant, 'items', 's1')
    t.ok(itemIn(tenant, 'SKU-s1'), 'created anew')
    t.equal(tenant.xero('Items').length, 2)
  })

  t.test(
    'given a cancelled job whose items no list showed, when one is deleted a day later, then it is seen',
    async (t) => {
      const tenant = await openTenant(world, 'cancelled')
      const { organisationId: tenantId } = tenant
      await tenant.put('items', service('s1'), service('s2'))
      control.faults({
        kind: 'http_429',
        method: 'GET',
        path: '/Items',
        tenantId,
        times: 1,
        skip: 1,
        problem: 'day',
        retryAfter: 3600,
      })
      const job = await tenant.startJob()
      await world.work({ forMs: 500 })
      await tenant.api('POST', `sync-jobs/${job}/cancel`)
      await world.work({ forMs: 500 })
      t.equal(tenant.xero('Items').length, 2)
      world.clock.advance(20 * 60 * minute)
      control.deleteItem(tenant.organisation, 'SKU-s1')
      await tenant.sync()
      t.strictSame(await deletions(tenant), ['s1'])
    },
  )

  t.test('given many of them that one list lacks, then it is believed only later', async (t) => {
    const ids = Array.from({ length: 8 }, (_, n) => `s${n + 1}`)
    const tenant = await replayed('many', { items: ids, gone: ids.slice(1) })
    world.clock.advance(10 * minute)
    await tenant.sync()
    await tenant.sync()
    t.strictSame(await deletions(tenant), [])
    t.equal((await tenant.api('GET', 'incidents?open=true')).body.items.length, 1)
    world.clock.advance(11 * minute)
    await tenant.sync()
    t.equal((await deletions(tenant)).length, 7)
  })

  t.test('given whole reads that leave one out once, then nothing is deleted', async (t) => {
    const tenant = await replayed('once', { gone: [] })
    world.clock.advance(10 * minute)
    const { organisationId: tenantId } = tenant
    const answer = { rows: { without: ['SKU-s1'] } }
    control.faults({ kind: 'answer', method: 'GET', path: '/Items', tenantId, times: 2, answer })
    await tenant.sync()
    t.strictSame(await deletions(tenant), [])
    await synced(t, tenant, 'items', 's1')
  })
})
