// Deletions that are over although something stands in Xero: health names none of them, and nothing is sent once more.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice } from '../support/records.ts'
import type { Tenant } from '../support/tenant.ts'
import { itemIn, later, writes } from './support/books.ts'
import { line, openTrader, openWithItems, sale } from './support/trading.ts'

const reasons = async (tenant: Tenant): Promise<string[]> =>
  (await tenant.api('GET', 'health')).body.reasons.map(({ code }: { code: string }) => code)

t.test('books: deletions that are over', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  t.test('given a used item, when it is deleted twice, then it is off in Xero and nothing is stuck', async (t) => {
    const { tenant } = await openWithItems(world, 'used-over', 1, { usedItemsDeletable: false })
    await tenant.put('customers', customer('c1'))
    await tenant.put('invoices', invoice('i1', 'c1', ['s1']))
    await tenant.sync()
    await tenant.api('DELETE', 'items/s1')
    await tenant.sync()
    t.match(itemIn(tenant, 'SKU-s1'), { IsSold: false, IsPurchased: false })
    t.match(await tenant.state('items', 's1'), { state: 'outdated', lastError: { code: 'item_deactivated' } })
    t.strictSame(await reasons(tenant), [])
    tenant.mark()
    await tenant.api('DELETE', 'items/s1')
    await tenant.sync()
    t.strictSame(writes(tenant), [], 'what is done is not asked for once more')
    const again = { recordType: 'item', recordIds: ['s1'] }
    t.match((await tenant.api('POST', 'sync-queue-items', again)).body, { opened: 1 })
    control.editOrganisation(tenant.organisation, { usedItemsDeletable: true })
    await tenant.sync()
    t.equal(itemIn(tenant, 'SKU-s1'), undefined)
    t.match(await tenant.state('items', 's1'), { state: 'synced', lastError: null })
    t.strictSame(await reasons(tenant), [])
  })

  t.test('given a deletion that a person ended, then health is content with it', async (t) => {
    const tenant = await openTrader(world, 'ended-over')
    await tenant.put('invoices', sale('a1', [line('1')]))
    await tenant.sync()
    later(world)
    control.editInvoice(tenant.organisation, 'INV-a1', { Reference: 'A person' })
    await tenant.api('DELETE', 'invoices/a1')
    await tenant.sync()
    t.equal((await tenant.api('POST', 'invoices/a1/resolve-conflict', { keep: 'xero' })).status, 200)
    t.match(await tenant.state('invoices', 'a1'), { state: 'outdated', lastError: { code: 'xero_version_kept' } })
    t.strictSame(await reasons(tenant), [])
  })

  t.test('given documents that a person had voided, when they are deleted, then the deletion is done', async (t) => {
    const tenant = await openTrader(world, 'voided-over')
    await tenant.put('invoices', sale('a1', [line('1')]))
    await tenant.sync()
    later(world)
    control.voidInvoice(tenant.organisation, 'INV-a1')
    await tenant.api('DELETE', 'invoices/a1')
    await tenant.sync()
    t.match(await tenant.state('invoices', 'a1'), { state: 'synced', xero: null, lastError: null })
    t.strictSame(await reasons(tenant), [])
  })
})
