// Import: what changed in Xero, in as few calls as Xero allows, field by field, into records and the change feed.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const minute = 60_000
const reads = (tenant: Tenant, path: string) => tenant.calls(`GET /${path}`).filter((entry) => entry.query.page)
/** The change feed has no gap, no number twice, and keeps its order. */
const numbers = (changes: { sequence: number }[]): boolean =>
  changes.every((change, index) => change.sequence === index + 1)

t.test('import', async (t) => {
  const world = await openWorld(t)
  const { clock } = world
  const { control } = world.simulator

  t.test(
    'given 2,500 contacts in Xero, when jobs run, then they are read in three calls, and then only changes',
    async (t) => {
      const tenant = await openTenant(world, 'many')
      control.bulk(tenant.organisation, { contacts: 2_500 })
      clock.advance(60 * minute)
      t.equal((await tenant.sync()).status, 'completed')
      t.strictSame(
        reads(tenant, 'Contacts').map((entry) => [
          entry.query.page,
          entry.query.pageSize,
          entry.headers.ifModifiedSince,
        ]),
        [
          ['1', '1000', undefined],
          ['2', '1000', undefined],
          ['3', '1000', undefined],
        ],
      )
      const unassigned = await tenant.api('GET', 'unassigned-contacts?limit=200')
      t.equal(unassigned.body.items?.length, 200, 'without a role they wait for the product')
      t.strictSame(await tenant.changes(), [])

      const started = clock.now().getTime()
      tenant.mark()
      clock.advance(60 * minute)
      await tenant.sync()
      const [incremental, ...others] = reads(tenant, 'Contacts')
      t.equal(others.length, 0)
      const since = Date.parse(`${incremental?.headers.ifModifiedSince}Z`)
      t.ok(since <= started - 6 * minute, 'with an overlap, because clocks differ and lists lag')
      t.ok(since > started - 10 * minute, 'but not from the beginning')
      tenant.mark()
      await tenant.sync('full')
      t.equal(reads(tenant, 'Contacts').length, 3, 'a full job reads everything')
      t.equal(reads(tenant, 'Contacts')[0]?.headers.ifModifiedSince, undefined)
      tenant.checkXero(t)
    },
  )

  t.test('given contacts with roles in Xero, when a job runs, then they become customers and vendors', async (t) => {
    const tenant = await openTenant(world, 'roles')
    const buyer = control.createContact(tenant.organisation, { Name: 'Buyer', EmailAddress: 'b@example.com' })
    const seller = control.createContact(tenant.organisation, { Name: 'Seller' })
    control.createContact(tenant.organisation, { Name: 'Nobody' })
    const document = (Type: string, contact: object) => ({
      Type,
      Contact: contact,
      InvoiceNumber: Type,
      Date: '2026-11-20',
      DueDate: '2026-11-30',
      LineItems: [{ Description: 'x', Quantity: 1, UnitAmount: 1, AccountCode: '200' }],
    })
    control.createInvoice(tenant.organisation, document('ACCREC', { ContactID: buyer.ContactID }))
    control.createInvoice(tenant.organisation, document('ACCPAY', { ContactID: seller.ContactID }))
    const job = await tenant.sync()
    const changes = await tenant.changes()
    t.match(changes.map((one) => [one.recordType, one.operation, one.xeroId, one.record.name]).sort(), [
      ['customer', 'created', buyer.ContactID, 'Buyer'],
      ['vendor', 'created', seller.ContactID, 'Seller'],
    ])
    t.ok(changes.every((one) => one.jobId === job.id))
    t.ok(numbers(changes))
    const view = await tenant.api('GET', `customers/${buyer.ContactID}`)
    t.match(view.body, { origin: 'import', record: { email: 'b@example.com' }, sync: { state: 'synced' } })
    t.equal((await tenant.api('GET', 'unassigned-contacts')).body.items.length, 1)
    await tenant.sync('full')
    t.equal((await tenant.changes()).length, 2, 'what is read twice is no news')
    // The product adopts it under an id of its own.
    const adopted = await tenant.api('PUT', 'customers/mine/link', { xeroId: buyer.ContactID })
    t.match(adopted, { status: 200, body: { record: { id: 'mine', name: 'Buyer' } } })
    t.match(
      (await tenant.changes(2)).map((one) => [one.operation, one.recordId]),
      [
        ['deleted', buyer.ContactID],
        ['created', 'mine'],
      ],
    )
    await tenant.sync('full')
    t.equal((await tenant.changes()).length, 4)
    tenant.checkXero(t)
  })

  t.test('given records with every field, when they were written, then they come back without a change', async (t) => {
    const tenant = await openTenant(world, 'echo')
    await tenant.settings({ items: { inventoryMode: 'sync_inventory' } })
    const full = (name: string) =>
      customer('c1', {
        name,
        firstName: 'Ann',
        lastName: 'Lee',
        website: 'https://example.com/',
        accountNumber: 'A-1',
        taxNumber: '53 004 085 616',
        currency: 'AUD',
        terms: { kind: 'DAYSAFTERBILLDATE', days: 14 },
        phones: [
          { kind: 'default', number: '+61 2 5555 1234' },
          { kind: 'mobile', number: '0400 000 000' },
        ],
        addresses: [{ kind: 'billing', lines: ['1 Main St', 'Level 2'], city: 'Sydney', postalCode: '2000' }],
        contactPersons: [{ firstName: 'Bo', email: 'bo@example.com' }],
        salesTaxCode: 'GST',
      })
    const long = `A code that is much longer than thirty characters`
    const product = (price: string) =>
      item('i1', {
        code: long,
        description: 'Sold',
        purchaseDescription: 'Bought',
        salePrice: price,
        purchasePrice: '1.2345',
      })
    await tenant.put('customers', full('Everything Ltd'))
    await tenant.put('vendors', customer('v1', { name: 'Vendor' }))
    await tenant.put('items', product('9.99'), item('s1', { kind: 'service', isPurchased: false }))
    const first = await tenant.sync()
    t.equal(first.status, 'completed', JSON.stringify(await tenant.errors(first.id)))
    clock.advance(60 * minute)
    await tenant.put('customers', full('Everything Pty Ltd'))
    await tenant.put('items', product('10.50'))
    t.equal((await tenant.sync()).status, 'completed')
    clock.advance(60 * minute)
    await tenant.sync('full')
    t.strictSame(await tenant.changes(), [])
    t.equal((await tenant.api('GET', 'items/i1')).body.record.code, long)
    tenant.mark()
    await tenant.put('customers', full('Everything Pty Ltd'))
    await tenant.sync()
    t.equal(tenant.calls('POST ').length, 0)
    tenant.checkXero(t)
  })

  t.test('given a field changed in Xero, when a job runs, then only that field is taken', async (t) => {
    const tenant = await openTenant(world, 'field')
    await tenant.put('customers', customer('c1', { legalName: 'Kept here', type: 'Retail', firstName: 'Ann' }))
    await tenant.put('items', item('s1', { kind: 'service', itemGroup: 'Tools', salePrice: '5' }))
    await tenant.sync()
    await tenant.sync()
    clock.advance(60 * minute)
    control.editContact(tenant.organisation, 'C-c1', { EmailAddress: 'new@example.com' })
    control.editItem(tenant.organisation, 'SKU-s1', { SalesDetails: { UnitPrice: 6.5 } })
    await tenant.sync()
    const changes = await tenant.changes()
    t.match(changes, [
      {
        sequence: 1,
        operation: 'updated',
        recordType: 'customer',
        recordId: 'c1',
        record: { email: 'new@example.com' },
      },
      { sequence: 2, operation: 'updated', recordType: 'item', recordId: 's1', record: { salePrice: '6.5' } },
    ])
    const { record } = (await tenant.api('GET', 'customers/c1')).body
    t.match(record, { legalName: 'Kept here', type: 'Retail', firstName: 'Ann', name: 'Customer c1' })
    t.match((await tenant.api('GET', 'items/s1')).body.record, { itemGroup: 'Tools', code: 'SKU-s1', kind: 'service' })
    t.strictSame(await tenant.queue(), [], 'it is not sent back')

    // A product that hands over what it has, and has not heard of the change, takes nothing back.
    const said = customer('c1', { legalName: 'Kept here', type: 'Retail', firstName: 'Ann' })
    await tenant.put('customers', said)
    await tenant.sync()
    t.equal(tenant.xero('Contacts')[0].EmailAddress, 'new@example.com')
    // One that took it over and goes back to what it said before makes a change.
    await tenant.put('customers', { ...said, email: 'new@example.com' })
    await tenant.put('customers', said)
    await tenant.sync()
    t.equal(tenant.xero('Contacts')[0].EmailAddress, 'c1@example.com')
    tenant.checkXero(t)
  })

  t.test('given a contact archived in Xero, when a job runs, then the record is inactive', async (t) => {
    const tenant = await openTenant(world, 'archived')
    await tenant.put('customers', customer('c1'))
    await tenant.sync()
    clock.advance(60 * minute)
    control.archiveContact(tenant.organisation, 'C-c1')
    await tenant.sync()
    t.match(await tenant.changes(), [{ operation: 'updated', recordId: 'c1', record: { active: false } }])
    t.equal((await tenant.state('customers', 'c1')).xero.status, 'ARCHIVED')
    tenant.checkXero(t)
  })

  t.test('given items deleted in Xero, when a job compares the list, then they are deleted here, once', async (t) => {
    const tenant = await openTenant(world, 'vanished')
    await tenant.put('items', ...['s1', 's2', 's3'].map((id) => item(id, { kind: 'service' })))
    await tenant.sync()
    clock.advance(60 * minute)
    control.deleteItem(tenant.organisation, 'SKU-s2')
    await tenant.sync('full')
    await tenant.sync('full')
    t.match(await tenant.changes(), [{ operation: 'deleted', recordType: 'item', recordId: 's2', record: null }])
    t.equal((await tenant.changes()).length, 1)
    t.ok((await tenant.api('GET', 'items/s2')).body.deletedAt)
    await tenant.put('customers', customer('c1'))
    await tenant.put('invoices', invoice('v1', 'c1', ['s2']))
    await tenant.sync()
    t.match(await tenant.state('invoices', 'v1'), { state: 'failed', lastError: { code: 'record_missing' } })
    tenant.checkXero(t)
  })
})
