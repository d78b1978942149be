// The queue during a job: a change or a deletion while an item is locked is not lost, and a record has one open item.
import t from 'tap'
import { sleep } from '../../src/lib/sleep.ts'
import { openWorld, type World } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

/** Does turns until the call is made; the steps after it are still to be done. */
async function workUntil(world: World, tenant: Tenant, call: string): Promise<void> {
  for (let turn = 0; turn < 60; turn++) {
    if (tenant.calls(call).length > 0) return
    await world.house.turn()
  }
  throw new Error(`${call} was not made`)
}

/** Works until a call is on its way, does something before the answer comes, and ends the turn. */
async function workDuring(world: World, tenant: Tenant, call: string, act: () => Promise<void>): Promise<void> {
  const [method, path] = call.split(' ')
  world.simulator.control.faults({ kind: 'slow', delayMs: 500, method, path, tenantId: tenant.organisationId })
  let turn = Promise.resolve(true)
  while (tenant.calls(call).length === 0) {
    await turn
    turn = world.house.turn()
    await Promise.race([turn, onItsWay(tenant, call)])
  }
  await act()
  await turn
}

async function onItsWay(tenant: Tenant, call: string): Promise<void> {
  for (let tries = 0; tries < 200 && tenant.calls(call).length === 0; tries++) await sleep(5)
}

t.test('the queue', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  t.test('given a locked record, when it changes, then a second item waits and the next job sends it', async (t) => {
    const tenant = await openTenant(world, 'change')
    await tenant.put('customers', customer('c1'))
    const job = await tenant.startJob()
    await world.house.turn()
    const [locked] = await tenant.queue()
    t.match(locked, { status: 'locked', jobId: job })
    await tenant.put('customers', customer('c1', { name: 'Renamed' }))
    await tenant.put('customers', customer('c1', { name: 'Renamed twice' }))
    const open = await tenant.queue()
    t.strictSame(open.map((one) => one.status).sort(), ['locked', 'pending'], 'one waits, one is held')
    t.equal((await tenant.state('customers', 'c1')).state, 'locked')
    await world.work()
    t.equal((await tenant.job(job)).status, 'completed')
    const [waiting, ...others] = await tenant.queue()
    t.equal(others.length, 0)
    t.equal(waiting.status, 'pending')
    t.equal((await tenant.state('customers', 'c1')).state, 'pending', 'it is not in Xero as it is here')
    t.equal((await tenant.sync()).status, 'completed')
    t.strictSame(
      tenant.xero('Contacts').map((one) => one.Name),
      ['Renamed twice'],
    )
    t.equal((await tenant.state('customers', 'c1')).state, 'synced')
    tenant.checkXero(t)
  })

  t.test('given a record on its way to Xero, when it changes, then the next job sends the change', async (t) => {
    const tenant = await openTenant(world, 'on-its-way')
    await tenant.put('customers', customer('c1'))
    const job = await tenant.startJob()
    await workDuring(world, tenant, 'PUT /Contacts', () => tenant.put('customers', customer('c1', { name: 'Renamed' })))
    await world.work()
    t.equal((await tenant.job(job)).status, 'completed')
    t.equal(tenant.xero('Contacts')[0].Name, 'Customer c1')
    t.equal((await tenant.state('customers', 'c1')).state, 'pending', 'it is not in Xero as it is here')
    t.match(await tenant.queue(), [{ recordId: 'c1', status: 'pending' }])
    await tenant.sync()
    t.equal(tenant.xero('Contacts')[0].Name, 'Renamed')
    t.equal((await tenant.state('customers', 'c1')).state, 'synced')
    tenant.checkXero(t)
  })

  t.test('given a change after the record was sent, when the job ends, then the change still goes', async (t) => {
    const tenant = await openTenant(world, 'after')
    await tenant.put('customers', customer('c1'))
    await tenant.startJob()
    await workUntil(world, tenant, 'PUT /Contacts')
    await tenant.put('customers', customer('c1', { name: 'Renamed' }))
    await world.work()
    t.equal((await tenant.state('customers', 'c1')).state, 'pending')
    const changes = await tenant.changes()
    t.strictSame(changes, [], 'the import did not take the old name for news')
    await tenant.sync()
    t.equal(tenant.xero('Contacts')[0].Name, 'Renamed')
    t.equal((await tenant.api('GET', 'customers/c1')).body.record.name, 'Renamed')
    tenant.checkXero(t)
  })

  t.test(
    'given a locked record, when it is deleted, then it is created and then deleted by the next job',
    async (t) => {
      const tenant = await openTenant(world, 'deleted')
      await tenant.put('items', item('s1', { kind: 'service' }))
      const job = await tenant.startJob()
      await world.house.turn()
      t.equal((await tenant.api('DELETE', 'items/s1')).status, 200)
      await world.work()
      t.equal((await tenant.job(job)).status, 'completed')
      t.match(await tenant.queue(), [{ recordId: 's1', action: 'delete', status: 'pending' }])
      await tenant.sync()
      t.strictSame(tenant.xero('Items'), [])
      t.strictSame(await tenant.queue(), [])
      tenant.checkXero(t)
    },
  )

  t.test('given a locked record that fails beside a newer request, then only the newer one is open', async (t) => {
    const tenant = await openTenant(world, 'superseded')
    control.createContact(tenant.organisation, { Name: 'Taken Name', ContactNumber: 'elsewhere' })
    await tenant.settings({ customers: { matchBy: ['contactNumber'] } })
    await tenant.put('customers', customer('c1', { name: 'Taken Name' }))
    const job = await tenant.startJob()
    await workDuring(world, tenant, 'PUT /Contacts', () =>
      tenant.put('customers', customer('c1', { name: 'Free Name' })),
    )
    await world.work()
    t.equal((await tenant.errors(job)).length, 1, 'the job says that it failed')
    t.match(await tenant.queue(), [{ recordId: 'c1', status: 'pending' }])
    t.equal((await tenant.queue('superseded')).length, 1)
    t.equal((await tenant.state('customers', 'c1')).state, 'pending')
    t.equal((await tenant.sync()).status, 'completed')
    t.equal((await tenant.state('customers', 'c1')).state, 'synced')
    tenant.checkXero(t)
  })

  t.test('given synced records, when they are deleted, then each goes in the way that Xero allows', async (t) => {
    const tenant = await openTenant(world, 'removal')
    await tenant.put('items', item('s1', { kind: 'service' }), item('s2', { kind: 'service' }))
    await tenant.put('customers', customer('c1'), customer('c2'))
    await tenant.put('invoices', invoice('v1', 'c1', ['s1']))
    await tenant.sync()
    await tenant.settings({ invoices: { status: 'DRAFT' } })
    await tenant.put('invoices', invoice('v2', 'c1', ['s1']))
    await tenant.sync()
    tenant.mark()
    for (const path of ['customers/c2', 'items/s2', 'invoices/v1', 'invoices/v2']) await tenant.api('DELETE', path)
    const job = await tenant.sync()
    t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
    const statusOf = (number: string) => tenant.xero('Invoices').find((one) => one.InvoiceNumber === number).Status
    t.equal(statusOf('INV-v1'), 'VOIDED')
    t.equal(statusOf('INV-v2'), 'DELETED')
    t.equal(tenant.xero('Contacts').find((one) => one.Name === 'Customer c2').ContactStatus, 'ARCHIVED')
    t.strictSame(
      tenant.xero('Items').map((one) => one.Code),
      ['SKU-s1'],
    )
    t.equal(tenant.calls('DELETE /Items').length, 1)
    t.strictSame(await tenant.queue(), [])
    t.strictSame(await tenant.changes(), [], 'what we did ourselves is no news')
    tenant.checkXero(t)
  })

  t.test('given a queued deletion, when the record comes again, then it is refused: a deletion is final', async (t) => {
    const tenant = await openTenant(world, 'final')
    await tenant.put('customers', customer('c1'))
    await tenant.sync()
    await tenant.api('DELETE', 'customers/c1')
    const again = await tenant.api('PUT', 'customers/c1', customer('c1'))
    t.match(again, { status: 409, body: { code: 'delete_irreversible' } })
    const [queued] = await tenant.queue()
    const removed = await tenant.api('DELETE', `sync-queue-items/${queued.id}`)
    t.match(removed, { status: 409, body: { code: 'delete_irreversible' } })
    await tenant.sync()
    t.equal(tenant.xero('Contacts')[0].ContactStatus, 'ARCHIVED')
    tenant.checkXero(t)
  })

  t.test('given a record that never was in Xero, when it is deleted, then no call is made', async (t) => {
    const tenant = await openTenant(world, 'never')
    await tenant.put('customers', customer('c1'))
    await tenant.api('DELETE', 'customers/c1')
    t.strictSame(await tenant.queue(), [])
    await tenant.sync()
    t.strictSame([...tenant.calls('PUT '), ...tenant.calls('POST '), ...tenant.calls('DELETE ')], [])
    t.strictSame(tenant.xero('Contacts'), [])
    t.equal((await tenant.api('PUT', 'customers/c1', customer('c1'))).status, 201, 'it may come again')
    tenant.checkXero(t)
  })

  t.test('given an item that documents use, when it is deleted, then Xero keeps it and the item says so', async (t) => {
    const tenant = await openTenant(world, 'in-use')
    await tenant.settings({ items: { accounts: { expense: null } } })
    await tenant.put('items', item('i1', { kind: 'service' }))
    await tenant.put('customers', customer('c1'))
    await tenant.sync()
    // Xero keeps the items that it tracks and that were bought or sold.
    control.editItem(tenant.organisation, 'SKU-i1', {
      InventoryAssetAccountCode: '630',
      PurchaseDetails: { COGSAccountCode: '310' },
    })
    control.createInvoice(tenant.organisation, {
      Type: 'ACCPAY',
      Status: 'AUTHORISED',
      InvoiceNumber: 'bill',
      Contact: { ContactID: (await tenant.state('customers', 'c1')).xero.id },
      Date: '2026-11-20',
      DueDate: '2026-11-30',
      LineItems: [{ Description: 'Stock', Quantity: 5, UnitAmount: 2, ItemCode: 'SKU-i1', AccountCode: '630' }],
    })
    await tenant.api('DELETE', 'items/i1')
    const job = await tenant.sync()
    t.equal(job.status, 'completed_with_errors')
    t.match(await tenant.errors(job.id), [{ recordId: 'i1', status: 'failed', lastError: { code: 'item_in_use' } }])
    t.equal(tenant.xero('Items').length, 1)
    tenant.checkXero(t)
  })

  t.test('given a paid invoice, when it is deleted, then it stays and the item says what to do', async (t) => {
    const tenant = await openTenant(world, 'paid')
    await tenant.put('items', item('s1', { kind: 'service' }))
    await tenant.put('customers', customer('c1'))
    await tenant.put('invoices', invoice('v1', 'c1', ['s1']))
    await tenant.sync()
    control.payInvoice(tenant.organisation, 'INV-v1')
    await tenant.api('DELETE', 'invoices/v1')
    const job = await tenant.sync()
    t.match(await tenant.errors(job.id), [{ recordId: 'v1', lastError: { code: 'not_modifiable' } }])
    t.equal(tenant.xero('Invoices')[0].Status, 'PAID')
    tenant.checkXero(t)
  })
})
