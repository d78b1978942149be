// An item that a person deleted in Xero and that the product changes: nobody creates it anew unasked.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../support/records.ts'
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

  const both = [
    ['invoices', 'v1'],
    ['bills', 'b1'],
  ] as const

  /** An invoice and a bill that name the item; returns what they say while they wait for it. */
  async function waiting(tenant: Tenant): Promise<object> {
    await tenant.put('vendors', vendor('w1'))
    await tenant.put('invoices', invoice('v1', 'c1', ['i1']))
    await tenant.put('bills', bill('b1', 'w1', ['i1']))
    await tenant.sync()
    const cause = /was deleted in Xero/
    return { state: 'blocked', lastError: { code: 'dependency_failed', cause, blockedBy: { type: 'item', id: 'i1' } } }
  }

  /** Ways to end the wait of documents that name the item, and what of it stands in Xero then. */
  const ways: Readonly<Record<string, { act: (tenant: Tenant) => Promise<unknown>; code: string }>> = {
    'the item is created anew': { act: (tenant) => decide(tenant, 'product'), code: 'GONE' },
    'the item is unlinked': { act: (tenant) => tenant.api('DELETE', 'items/i1/link'), code: 'GONE' },
    'the item is linked to another': {
      async act(tenant) {
        const other = control.createItem(tenant.organisation, { Code: 'OTHER', Name: 'Other' })
        await tenant.sync()
        await tenant.api('PUT', 'items/i1/link', { xeroId: other.ItemID })
      },
      // The record's code goes before that of the item it is linked to.
      code: 'GONE',
    },
    'the documents name another item': {
      act: async (tenant) => {
        await tenant.put('invoices', invoice('v1', 'c1', ['i2']))
        await tenant.put('bills', bill('b1', 'w1', ['i2']))
      },
      code: 'STAYS',
    },
  }
  for (const [name, { act, code }] of Object.entries(ways))
    t.test(`given an invoice and a bill that name the item, when ${name}, then both arrive`, async (t) => {
      const tenant = await inConflict(`removed-ways-${code}-${name.length}`)
      const told = await waiting(tenant)
      for (const [path, id] of both) t.match(await tenant.state(path, id), told, path)
      tenant.mark()
      await tenant.sync()
      t.strictSame(writes(tenant), [], 'nothing is sent while they wait')
      await act(tenant)
      await tenant.sync()
      for (const [path, id] of both) await synced(t, tenant, path, id)
      t.strictSame(
        tenant.xero('Invoices').map(({ LineItems }) => LineItems[0].ItemCode),
        [code, code],
      )
      tenant.checkXero(t)
    })

  t.test(
    'given documents that name the item, when it is to stay away, then they wait until it is queued again',
    async (t) => {
      const tenant = await inConflict('removed-stays')
      const told = await waiting(tenant)
      await decide(tenant, 'xero')
      await tenant.sync()
      await tenant.sync()
      for (const [path, id] of both) t.match(await tenant.state(path, id), told, path)
      t.notOk(itemIn(tenant, 'GONE'))
      const again = { recordType: 'item', recordIds: ['i1'] }
      t.equal((await tenant.api('POST', 'sync-queue-items', again)).status, 200)
      await tenant.sync()
      t.match(await tenant.state('items', 'i1'), removed)
      await decide(tenant, 'product')
      await tenant.sync()
      for (const [path, id] of both) await synced(t, tenant, path, id)
    },
  )

  t.test(
    'given documents that name the item, when its record is deleted, then they name it until it is back',
    async (t) => {
      const tenant = await inConflict('removed-deleted')
      await waiting(tenant)
      await tenant.api('DELETE', 'items/i1')
      await tenant.sync()
      for (const [path, id] of both)
        t.match(await tenant.state(path, id), {
          state: 'failed',
          lastError: { code: 'record_missing', blockedBy: { type: 'item', id: 'i1' } },
        })
      t.notOk(itemIn(tenant, 'GONE'))
      await tenant.put('items', thing())
      await tenant.sync()
      for (const [path, id] of both) await synced(t, tenant, path, id)
    },
  )

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

  for (const [name, others] of [
    ['exchanged', 'GONE'],
    ['moved on', 'OTHER'],
    ['kept', 'STAYS'],
  ] as const)
    t.test(
      `given that it takes the code of another record's item, ${name}, then that one is not it, and a person decides`,
      async (t) => {
        const tenant = await open(`removed-${name.replace(' ', '-')}`)
        await tenant.put('items', thing({ code: 'STAYS' }), item('i2', { kind: 'service', code: others }))
        for (let jobs = 0; jobs < 3; jobs++) await tenant.sync()
        t.match(await tenant.state('items', 'i1'), removed)
        t.equal(tenant.xero('Items').length, 1, 'nothing is created anew unasked')
        await synced(t, tenant, 'items', 'i2')
        t.match(tenant.xero('Items'), [{ Code: others }])
      },
    )

  t.test('given imports that are off, when nothing changed, then the record says so, and a change asks', async (t) => {
    const tenant = await open('removed-off', { items: { import: 'off' } })
    await tenant.sync('full')
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
