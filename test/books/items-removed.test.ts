// An item that a person deleted in Xero and that the product changes: nobody creates it anew unasked.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { inNewZealand, itemIn, later, record, synced, writes } from './support/books.ts'

const thing = (more: object = {}) => item('i1', { kind: 'service', code: 'GONE', salePrice: '10', ...more })
const removed = { state: 'conflict', lastError: { code: 'removed_in_xero' } }

t.test('books: items deleted in Xero', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  async function open(name: string, settings: object = {}): Promise<Tenant> {
    const tenant = await openTenant(world, name, inNewZealand)
    await tenant.settings(settings)
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', thing(), item('i2', { kind: 'service', code: 'STAYS' }))
    await tenant.sync()
    later(world)
    control.deleteItem(tenant.organisation, 'GONE')
    return tenant
  }

  /** The product changed it before the deletion was seen. */
  async function inConflict(name: string): Promise<Tenant> {
    const tenant = await open(name)
    await tenant.put('items', thing({ salePrice: '11' }))
    await tenant.sync()
    await tenant.sync()
    t.match(await tenant.state('items', 'i1'), removed)
    tenant.mark()
    await tenant.sync()
    t.match(await tenant.state('items', 'i1'), removed, 'and stays so')
    t.equal(writes(tenant).length, 0)
    t.notOk(itemIn(tenant, 'GONE'))
    return tenant
  }

  const decide = async (tenant: Tenant, keep: string) =>
    t.equal((await tenant.api('POST', 'items/i1/resolve-conflict', { keep })).status, 200)

  t.test('given a change, then it is a conflict; kept as the product has it, it is created anew', async (t) => {
    const tenant = await inConflict('removed-product')
    await decide(tenant, 'product')
    await tenant.sync()
    await synced(t, tenant, 'items', 'i1')
    t.equal(itemIn(tenant, 'GONE').SalesDetails.UnitPrice, 11)
    tenant.checkXero(t)
  })

  t.test(
    'given the conflict, when it is kept as in Xero, then it stays away until the next change asks again',
    async (t) => {
      const tenant = await inConflict('removed-xero')
      await decide(tenant, 'xero')
      await tenant.sync()
      t.match(await tenant.state('items', 'i1'), { state: 'outdated', lastError: { code: 'xero_version_kept' } })
      t.notOk(itemIn(tenant, 'GONE'))
      await tenant.put('items', thing({ salePrice: '12' }))
      await tenant.sync()
      t.match(await tenant.state('items', 'i1'), removed)
      t.equal((await tenant.api('DELETE', 'items/i1')).status, 200)
      tenant.mark()
      await tenant.sync()
      t.equal(writes(tenant).length, 0, 'its deletion needs no call')
      t.match(await tenant.state('items', 'i1'), { state: 'synced', xero: null })
    },
  )

  t.test('given the conflict, when the record is linked to another item, then it is that one', async (t) => {
    const tenant = await inConflict('removed-link')
    const other = control.createItem(tenant.organisation, { Code: 'OTHER', Name: 'Other', Description: 'Theirs' })
    await tenant.sync()
    t.equal((await tenant.api('PUT', 'items/i1/link', { xeroId: other.ItemID })).status, 200)
    await tenant.sync()
    await synced(t, tenant, 'items', 'i1')
    t.equal((await record(tenant, 'items', 'i1')).description, 'Theirs')
    t.equal(itemIn(tenant, other.ItemID).SalesDetails.UnitPrice, 11)
    t.equal(tenant.xero('Items').length, 2)
  })

  t.test('given the conflict, when the record is unlinked, then the next job creates the item', async (t) => {
    const tenant = await inConflict('removed-unlink')
    t.match((await tenant.api('DELETE', 'items/i1/link')).body, { sync: { state: 'pending' } })
    await tenant.sync()
    await synced(t, tenant, 'items', 'i1')
    t.ok(itemIn(tenant, 'GONE'))
  })

  t.test('given an invoice that names the item, then it waits for the decision and says why', async (t) => {
    const tenant = await inConflict('removed-invoice')
    await tenant.put('invoices', invoice('v1', 'c1', ['i1']), invoice('v2', 'c1', ['i2']))
    tenant.mark()
    await tenant.sync()
    t.match(await tenant.state('invoices', 'v1'), {
      state: 'blocked',
      lastError: { code: 'dependency_failed', cause: /was deleted in Xero/, blockedBy: { type: 'item', id: 'i1' } },
    })
    await synced(t, tenant, 'invoices', 'v2')
    t.notOk(itemIn(tenant, 'GONE'))
    await decide(tenant, 'product')
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'v1')
  })

  t.test('given a person who made an item of that code anew, then the record meets it', async (t) => {
    const tenant = await open('removed-anew')
    control.createItem(tenant.organisation, { Code: 'GONE', Name: 'Anew', Description: 'By hand' })
    await tenant.put('items', thing({ salePrice: '11' }))
    await tenant.sync()
    await tenant.sync()
    await synced(t, tenant, 'items', 'i1')
    t.equal(tenant.xero('Items').filter((one) => one.Code === 'GONE').length, 1)
    t.match(itemIn(tenant, 'GONE'), { Description: 'By hand', SalesDetails: { UnitPrice: 11 } })
  })

  t.test('given imports that are off, when nothing changed, then the record says so, and a change asks', async (t) => {
    const tenant = await open('removed-off', { items: { import: 'off' } })
    await tenant.sync()
    await tenant.sync()
    t.match(await tenant.state('items', 'i1'), { state: 'outdated', lastError: { code: 'removed_in_xero' } })
    await tenant.put('items', thing({ salePrice: '11' }))
    await tenant.sync()
    t.match(await tenant.state('items', 'i1'), removed)
  })

  t.test('given a conflict, when the product makes the item inactive, then nothing is needed in Xero', async (t) => {
    const tenant = await inConflict('removed-inactive')
    await tenant.put('items', thing({ salePrice: '11', active: false }))
    await tenant.sync()
    t.match(await tenant.state('items', 'i1'), { state: 'excluded', lastError: { code: 'inactive_not_sent' } })
    t.notOk(itemIn(tenant, 'GONE'))
  })
})
