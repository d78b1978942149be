// A conflict names the documents in Xero that it is about, as data: id, number, name and a link that opens each one.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const byId = (a: { id: unknown }, b: { id: unknown }): number => String(a.id).localeCompare(String(b.id))

t.test('candidates of a conflict', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  interface Expected {
    readonly code: string
    readonly candidates: readonly { id: unknown; number: string | null; name: string | null; page: string }[]
  }

  /** The same in the record, in the queue item and among the errors of the job. */
  async function shows(t: Test, tenant: Tenant, path: string, id: string, expected: Expected): Promise<void> {
    const job = await tenant.sync()
    const { shortCode } = (await tenant.api('GET', '')).body.organisation
    t.ok(shortCode)
    const open = 'https://go.xero.com/organisationlogin/default.aspx?shortcode='
    const candidates = expected.candidates.map(({ page, ...one }) => {
      const url = `${open}${encodeURIComponent(shortCode)}&redirecturl=${page}${one.id}`
      return { ...one, url }
    })
    const ofRecord = ({ recordId }: { recordId: string }) => recordId === id
    const item = (await tenant.queue()).find(ofRecord)
    const error = (await tenant.errors(job.id)).find(ofRecord)
    for (const seen of [await tenant.state(path, id), item, error]) {
      t.equal(seen.lastError.code, expected.code)
      t.strictSame([...seen.lastError.candidates].sort(byId), [...candidates].sort(byId))
    }
  }

  t.test('given two contacts that fit a customer, then both are named, each with its link', async (t) => {
    const tenant = await openTenant(world, 'twins')
    const twin = { EmailAddress: 'twin@example.com' }
    const first = control.createContact(tenant.organisation, { Name: 'Twin', ...twin, ContactNumber: 'A-1' })
    const second = control.createContact(tenant.organisation, { Name: 'Twin 2', ...twin })
    await tenant.settings({ customers: { matchBy: ['email'] } })
    await tenant.put('customers', customer('c1', { name: 'Other', email: 'twin@example.com' }))
    const page = '/Contacts/View/'
    const candidates = [
      { id: first.ContactID, number: 'A-1', name: 'Twin', page },
      { id: second.ContactID, number: null, name: 'Twin 2', page },
    ]
    await shows(t, tenant, 'customers', 'c1', { code: 'contact_ambiguous', candidates })
  })

  const page = '/Contacts/View/'
  t.test('given a name that contacts in Xero have, then they are named', async (t) => {
    const tenant = await openTenant(world, 'name')
    await tenant.settings({ customers: { matchBy: ['contactNumber'] } })
    const taken = control.createContact(tenant.organisation, { Name: 'Taken Name', ContactNumber: 'elsewhere' })
    control.createContact(tenant.organisation, { Name: 'Archived', ContactNumber: 'gone' })
    control.archiveContact(tenant.organisation, 'Archived')
    await tenant.put('customers', customer('c1', { name: 'TAKEN name' }), customer('c2', { name: 'Archived' }))
    const candidates = [{ id: taken.ContactID, number: 'elsewhere', name: 'Taken Name', page }]
    await shows(t, tenant, 'customers', 'c1', { code: 'contact_name_taken', candidates })
    t.equal((await tenant.state('customers', 'c2')).state, 'synced')

    // The same of a change, in the way of which is a contact that is ours.
    const { id, number } = (await tenant.state('customers', 'c2')).xero
    await tenant.put('customers', customer('c3'))
    await tenant.sync()
    await tenant.put('customers', customer('c3', { name: 'archived' }))
    await shows(t, tenant, 'customers', 'c3', {
      code: 'contact_name_taken',
      candidates: [{ id, number, name: 'Archived', page }],
    })
  })

  t.test('given two records of one name in one call, then the second is told who has it', async (t) => {
    const tenant = await openTenant(world, 'one-call')
    await tenant.put('customers', customer('c1', { name: 'Same' }), customer('c2', { name: 'same' }))
    const job = await tenant.sync()
    const states = [await tenant.state('customers', 'c1'), await tenant.state('customers', 'c2')]
    t.equal((await tenant.errors(job.id)).length, 1)
    const [won, lost] = states[0].state === 'synced' ? states : states.toReversed()
    t.match(lost.lastError, { code: 'contact_name_taken', candidates: [{ id: won.xero.id, number: won.xero.number }] })
  })

  t.test('given an account number that a contact in Xero has, then it is named', async (t) => {
    const tenant = await openTenant(world, 'account')
    await tenant.settings({ customers: { matchBy: ['name'] } })
    const { ContactID } = control.createContact(tenant.organisation, { Name: 'First', AccountNumber: 'A-1' })
    await tenant.put('customers', customer('c1', { accountNumber: 'A-1' }))
    const candidates = [{ id: ContactID, number: null, name: 'First', page }]
    await shows(t, tenant, 'customers', 'c1', { code: 'account_number_taken', candidates })
  })

  for (const [role, typed, documents, document] of [
    ['customer', customer, 'invoices', invoice],
    ['vendor', vendor, 'bills', bill],
  ] as const)
    t.test(
      `given a ${role} whose contact Xero says is archived, before it shows it so, then it is named`,
      async (t) => {
        const tenant = await openTenant(world, `archived-${role}`)
        await tenant.put('items', item('s1', { kind: 'service' }))
        await tenant.put(`${role}s`, typed('r1'), typed('r2'))
        await tenant.sync()
        const names = new Map(tenant.xero('Contacts').map(({ ContactID, Name }) => [ContactID, String(Name)]))
        const contact = async (record: string) => {
          const { id, number } = (await tenant.state(`${role}s`, record)).xero
          return { id, number, name: names.get(id) ?? null, page }
        }
        const messages = ['The contact has been archived. Archived contacts cannot be used on a document.']
        const says = { kind: 'answer', times: 9, tenantId: tenant.organisationId, answer: { messages } } as const
        for (const path of ['/Contacts', '/Invoices']) {
          control.faults({ ...says, method: 'PUT', path })
          control.faults({ ...says, method: 'POST', path })
        }
        await tenant.put(`${role}s`, typed('r1', { firstName: 'Ann' }))
        await shows(t, tenant, `${role}s`, 'r1', { code: 'contact_archived', candidates: [await contact('r1')] })
        await tenant.put(documents, document('d2', 'r2', ['s1']))
        await shows(t, tenant, documents, 'd2', { code: 'contact_archived', candidates: [await contact('r2')] })
        const { lastError } = await tenant.state(documents, 'd2')
        t.match(lastError, { blockedBy: { type: role, id: 'r2' }, xero: messages }, 'with the words of Xero')
        control.clearFaults()
      },
    )

  t.test('given the code of an item that another record is, then the item in Xero is named', async (t) => {
    const tenant = await openTenant(world, 'code')
    const { ItemID } = control.createItem(tenant.organisation, { Code: 'SAME', Name: 'From Xero' })
    await tenant.put('items', item('s1', { kind: 'service', code: 'SAME' }))
    await tenant.sync()
    await tenant.put('items', item('s2', { kind: 'service', code: 'same' }))
    const candidates = [{ id: ItemID, number: 'SAME', name: 'Item s1', page: '/Accounts/Inventory/' }]
    await shows(t, tenant, 'items', 's2', { code: 'duplicate_number', candidates })
  })

  t.test('given the number of an invoice that another record is, then the invoice in Xero is named', async (t) => {
    const tenant = await openTenant(world, 'number')
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('s1', { kind: 'service' }))
    await tenant.put('invoices', invoice('v1', 'c1', ['s1'], { number: 'SAME' }))
    await tenant.sync()
    const { id } = (await tenant.state('invoices', 'v1')).xero
    await tenant.put('invoices', invoice('v2', 'c1', ['s1'], { number: 'SAME' }))
    const candidates = [{ id, number: 'SAME', name: 'Customer c1', page: '/AccountsReceivable/Edit.aspx?InvoiceID=' }]
    await shows(t, tenant, 'invoices', 'v2', { code: 'duplicate_number', candidates })
  })

  t.test("given an invoice of a person's with the number, then it is named", async (t) => {
    const tenant = await openTenant(world, 'person')
    const { ContactID } = control.createContact(tenant.organisation, { Name: 'Customer c1' })
    const typedIn = control.createInvoice(tenant.organisation, {
      Type: 'ACCREC',
      Status: 'AUTHORISED',
      InvoiceNumber: 'INV-v1',
      Contact: { ContactID },
      Date: '2026-11-21',
      DueDate: '2026-11-21',
      LineItems: [{ Description: 'Typed in', Quantity: 1, UnitAmount: 99, AccountCode: '200' }],
    })
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('s1', { kind: 'service' }))
    await tenant.put('invoices', invoice('v1', 'c1', ['s1']))
    const page = '/AccountsReceivable/Edit.aspx?InvoiceID='
    const candidates = [{ id: typedIn.InvoiceID, number: 'INV-v1', name: 'Customer c1', page }]
    await shows(t, tenant, 'invoices', 'v1', { code: 'duplicate_number', candidates })
  })

  t.test("given a person's bill of the same number, then it is named", async (t) => {
    const tenant = await openTenant(world, 'bill')
    await tenant.put('vendors', vendor('v1'))
    await tenant.put('items', item('s1', { kind: 'service' }))
    await tenant.sync()
    const typedIn = control.createInvoice(tenant.organisation, {
      Type: 'ACCPAY',
      Status: 'AUTHORISED',
      InvoiceNumber: 'V-b1',
      Contact: { ContactID: (await tenant.state('vendors', 'v1')).xero.id },
      Date: '2026-11-21',
      DueDate: '2026-11-21',
      LineItems: [{ Description: 'Typed in', Quantity: 1, UnitAmount: 99, AccountCode: '300' }],
    })
    const target = { method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId }
    control.faults({ kind: 'lost_request', times: 3, ...target })
    await tenant.put('bills', bill('b1', 'v1', ['s1']))
    const candidates = [
      { id: typedIn.InvoiceID, number: 'V-b1', name: 'Vendor v1', page: '/AccountsPayable/Edit.aspx?InvoiceID=' },
    ]
    await shows(t, tenant, 'bills', 'b1', { code: 'duplicate_number', candidates })
    control.clearFaults()
  })
})
