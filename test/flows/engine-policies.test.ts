// Who wins when a record changes here and in Xero, and what the import settings let in.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'

const hour = 60 * 60_000

t.test('policies', async (t) => {
  const world = await openWorld(t)
  const { clock } = world
  const { control } = world.simulator

  const conflicting = async (name: string, conflict: string) => {
    const tenant = await openTenant(world, name)
    await tenant.settings({ customers: { conflict } })
    await tenant.put('customers', customer('c1', { firstName: 'Ann' }))
    await tenant.sync()
    clock.advance(hour)
    control.editContact(tenant.organisation, 'C-c1', { FirstName: 'Xena', LastName: 'Xero' })
    return tenant
  }

  t.test('given pending_wins and an item in the queue, when Xero changed too, then the queue wins', async (t) => {
    const tenant = await conflicting('pending', 'pending_wins')
    const job = await tenant.startJob()
    while (tenant.calls('PUT ').length + tenant.calls('GET /Contacts').length < 2) await world.house.turn()
    // The change comes while the job imports: its item waits for the next one.
    await tenant.put('customers', customer('c1', { firstName: 'Bob' }))
    await world.work()
    t.equal((await tenant.job(job)).status, 'completed')
    t.equal((await tenant.api('GET', 'customers/c1')).body.record.firstName, 'Bob')
    await tenant.sync()
    t.match(tenant.xero('Contacts')[0], { FirstName: 'Bob' })
    tenant.checkXero(t)
  })

  t.test('given pending_wins and nothing in the queue, when Xero changed, then Xero is taken', async (t) => {
    const tenant = await conflicting('quiet', 'pending_wins')
    await tenant.sync()
    t.match((await tenant.api('GET', 'customers/c1')).body.record, { firstName: 'Xena', lastName: 'Xero' })
    t.match(await tenant.changes(), [{ operation: 'updated', recordId: 'c1' }])
    tenant.checkXero(t)
  })

  t.test('given xero_wins and an item in the queue, when Xero changed too, then Xero is taken', async (t) => {
    const tenant = await conflicting('xero', 'xero_wins')
    const job = await tenant.startJob()
    while (tenant.calls('GET /Organisation').length < 1) await world.house.turn()
    await tenant.put('customers', customer('c1', { firstName: 'Bob' }))
    await world.work()
    t.equal((await tenant.job(job)).status, 'completed')
    t.equal((await tenant.api('GET', 'customers/c1')).body.record.firstName, 'Xena')
    t.strictSame(await tenant.queue(), [], 'the request is superseded')
    t.equal((await tenant.state('customers', 'c1')).state, 'synced')
    t.equal(tenant.xero('Contacts')[0].FirstName, 'Xena')
    tenant.checkXero(t)
  })

  t.test('given product_wins, when Xero changed, then the record stays and is sent again', async (t) => {
    const tenant = await conflicting('product', 'product_wins')
    await tenant.sync()
    t.equal((await tenant.api('GET', 'customers/c1')).body.record.firstName, 'Ann')
    // A field that the product never said is no matter of who wins: it is taken over.
    t.match(await tenant.changes(), [{ recordId: 'c1', record: { firstName: 'Ann', lastName: 'Xero' } }])
    t.match(await tenant.queue(), [{ recordId: 'c1', status: 'pending' }])
    t.equal((await tenant.state('customers', 'c1')).state, 'pending')
    await tenant.sync()
    t.match(tenant.xero('Contacts')[0], { FirstName: 'Ann', LastName: 'Xero' })
    clock.advance(hour)
    await tenant.sync()
    t.strictSame(await tenant.queue(), [], 'its own write is no new conflict')
    tenant.checkXero(t)
  })

  t.test('given import "off", when Xero changed, then nothing is taken and nothing becomes a record', async (t) => {
    const tenant = await conflicting('off', 'pending_wins')
    await tenant.settings({ customers: { import: 'off' }, items: { import: 'off' } })
    control.createItem(tenant.organisation, { Code: 'NEW', Name: 'New' })
    await tenant.sync()
    t.strictSame(await tenant.changes(), [])
    t.equal((await tenant.api('GET', 'customers/c1')).body.record.firstName, 'Ann')
    await tenant.put('customers', customer('c1', { firstName: 'Ann', type: 'changed' }))
    await tenant.sync()
    t.not(
      tenant.xero('Contacts')[0].FirstName,
      'Ann',
      'an edit in Xero is not written over by a change of another field',
    )
    tenant.checkXero(t)
  })

  t.test('given import "updates", when jobs run, then known records change and no new ones appear', async (t) => {
    const tenant = await conflicting('updates', 'pending_wins')
    await tenant.settings({ customers: { import: 'updates' }, items: { import: 'updates' } })
    control.createItem(tenant.organisation, { Code: 'NEW', Name: 'New' })
    await tenant.sync()
    t.match(await tenant.changes(), [{ operation: 'updated', recordType: 'customer', recordId: 'c1' }])
    t.equal((await tenant.changes()).length, 1)
    tenant.checkXero(t)
  })

  t.test('given product_wins, when an item vanished in Xero, then it is created anew', async (t) => {
    const tenant = await openTenant(world, 'vanished')
    await tenant.settings({ items: { conflict: 'product_wins' } })
    await tenant.put('items', item('s1', { kind: 'service' }))
    await tenant.sync()
    control.deleteItem(tenant.organisation, 'SKU-s1')
    await tenant.sync('full')
    t.match(await tenant.queue(), [{ recordId: 's1', action: 'create' }])
    await tenant.put('customers', customer('c1'))
    await tenant.put('invoices', invoice('v1', 'c1', ['s1']))
    const job = await tenant.sync()
    t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
    t.equal(tenant.xero('Items').length, 1)
    t.strictSame(await tenant.changes(), [])
    tenant.checkXero(t)
  })

  t.test(
    'given onDelete "keep", when records are deleted, then Xero keeps them and they do not come back',
    async (t) => {
      const tenant = await openTenant(world, 'keep')
      await tenant.settings({ items: { onDelete: 'keep' }, customers: { onDelete: 'keep' } })
      await tenant.put('items', item('s1', { kind: 'service' }))
      await tenant.put('customers', customer('c1'))
      await tenant.sync()
      tenant.mark()
      await tenant.api('DELETE', 'items/s1')
      await tenant.api('DELETE', 'customers/c1')
      t.equal((await tenant.sync()).status, 'completed')
      t.strictSame([...tenant.calls('POST '), ...tenant.calls('DELETE ')], [])
      t.equal(tenant.xero('Items').length, 1)
      await tenant.sync()
      t.strictSame(await tenant.changes(), [], 'what the product deleted is not handed back to it')
      // It may come again, under its own id or another: it is still the same document.
      const [itemBefore, contactBefore] = [tenant.xero('Items')[0].ItemID, tenant.xero('Contacts')[0].ContactID]
      t.equal((await tenant.api('PUT', 'items/s1', item('s1', { kind: 'service', salePrice: '1' }))).status, 201)
      await tenant.put('customers', customer('c2', { name: 'Customer c1' }))
      t.equal((await tenant.sync()).status, 'completed')
      t.match(await tenant.state('items', 's1'), { state: 'synced', xero: { id: itemBefore } })
      t.match(await tenant.state('customers', 'c2'), { state: 'synced', xero: { id: contactBefore } })
      t.equal(tenant.xero('Items')[0].SalesDetails.UnitPrice, 1)
      tenant.checkXero(t)
    },
  )
})
