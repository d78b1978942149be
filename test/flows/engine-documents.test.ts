// Invoices and bills that stand in Xero already: what is taken away goes, what a person did there is seen before it is
// written over, and what Xero made of a write is compared with what was sent.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

// biome-ignore lint/suspicious/noExplicitAny: documents are read as the test expects them
type Anything = any

const line = (id: string, more: object = {}) => ({
  id,
  description: `Line ${id}`,
  quantity: '1',
  unitPrice: '100.00',
  taxCode: 'GST',
  ...more,
})

t.test('documents that stand in Xero', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  async function ready(name: string, settings?: object): Promise<Tenant> {
    const tenant = await openTenant(world, name)
    if (settings) await tenant.settings(settings)
    await tenant.put('customers', customer('c1'), customer('c2'))
    await tenant.put('vendors', vendor('v1'))
    await tenant.put('items', item('s1', { kind: 'service' }))
    return tenant
  }
  const sale = (id: string, lines: object[], more: object = {}) => invoice(id, 'c1', [], { lines, ...more })
  const inXero = (tenant: Tenant, id: string): Anything =>
    tenant.xero('Invoices').find(({ InvoiceNumber }: Anything) => InvoiceNumber === `INV-${id}`)
  const writes = (tenant: Tenant) => [...tenant.calls('POST /Invoices'), ...tenant.calls('PUT /Invoices')]

  /** The next write is carried out, and its answer shows these members otherwise. */
  const alter = (tenant: Tenant, method: 'PUT' | 'POST', members: object) =>
    control.faults({
      kind: 'answer',
      method,
      path: '/Invoices',
      tenantId: tenant.organisationId,
      answer: (real) => {
        const [first, ...rest] = (real?.body?.Invoices ?? []) as object[]
        return real && { ...real, body: { ...real.body, Invoices: [{ ...first, ...members }, ...rest] } }
      },
    })

  t.test('given a discount, tax, item and class, when they are taken away, then nothing is left over', async (t) => {
    const tenant = await ready('left-over')
    await tenant.put('invoices', sale('i1', [line('1', { discountRate: '25' }), line('2', { taxAmount: '7.77' })]))
    await tenant.put('invoices', sale('i2', [line('1', { itemId: 's1' }), line('2')], { customerPo: 'PO-1' }))
    t.equal((await tenant.sync()).status, 'completed')
    t.match(inXero(tenant, 'i1'), { SubTotal: 175 })
    await tenant.put('invoices', sale('i1', [line('1'), line('2')]), sale('i2', [line('1'), line('2')]))
    t.equal((await tenant.sync()).status, 'completed')
    const [one, two] = [inXero(tenant, 'i1'), inXero(tenant, 'i2')]
    t.match(one, { SubTotal: 200, TotalTax: 20, Total: 220 })
    t.notOk(one.LineItems.some(({ DiscountRate }: Anything) => DiscountRate))
    t.equal(two.LineItems.length, 2)
    t.notOk(two.LineItems.some(({ ItemCode }: Anything) => ItemCode))
    t.equal(two.Reference, '')
    t.equal((await tenant.state('invoices', 'i1')).state, 'synced')
    tenant.checkXero(t)
  })

  t.test(
    "given an answer with other totals, when it is settled, then both sides show and it isn't synced",
    async (t) => {
      const tenant = await ready('other-totals')
      await tenant.put('invoices', sale('i1', [line('1')]))
      await tenant.sync()
      await tenant.put('invoices', sale('i1', [line('1', { unitPrice: '200.00' })]))
      alter(tenant, 'POST', { Total: 165, SubTotal: 150, TotalTax: 15 })
      const job = await tenant.sync()
      t.equal(job.status, 'completed_with_errors')
      const state = await tenant.state('invoices', 'i1')
      t.match(state, {
        state: 'conflict',
        xero: { id: inXero(tenant, 'i1').InvoiceID },
        lastError: {
          code: 'written_differently',
          differences: [
            { field: '/subtotal', product: '200', xero: '150' },
            { field: '/tax', product: '20', xero: '15' },
            { field: '/total', product: '220', xero: '165' },
          ],
        },
      })
      const again = await tenant.api('POST', 'invoices/i1/resolve-conflict', { keep: 'product' })
      t.match(again.body.sync, { state: 'pending' })
      await tenant.sync()
      t.match(await tenant.state('invoices', 'i1'), { state: 'synced', lastError: null })
      tenant.checkXero(t)
    },
  )

  const edits: Record<string, (document: Anything, tenant: Tenant) => Anything> = {
    '/lines/': ({ LineItems }) => ({
      LineItems: [
        ...LineItems.map(({ LineItemID }: Anything) => ({ LineItemID })),
        { Description: 'By hand', Quantity: 1, UnitAmount: 5, AccountCode: '200', TaxType: 'OUTPUT' },
      ],
    }),
    '/lines/2': ({ LineItems }) => ({ LineItems: [{ LineItemID: LineItems[0].LineItemID }] }),
    '/lines/1/accountCode': ({ LineItems }) => ({
      LineItems: LineItems.map(({ LineItemID }: Anything, n: number) => ({
        LineItemID,
        ...(n === 0 ? { AccountCode: '260' } : {}),
      })),
    }),
    '/date': () => ({ Date: '2026-11-23' }),
    '/dueDate': () => ({ DueDate: '2026-12-31' }),
    '/contact': (_, tenant) => ({
      Contact: { ContactID: tenant.xero('Contacts').find(({ Name }: Anything) => Name === 'Customer c2').ContactID },
    }),
    '/reference': () => ({ Reference: 'asked by phone' }),
  }
  for (const [field, edit] of Object.entries(edits)) {
    t.test(`given a person's edit of ${field}, when the product changes it, then a person decides`, async (t) => {
      const tenant = await ready(`edit${field.replaceAll('/', '-')}`)
      await tenant.put('invoices', sale('i1', [line('1'), line('2')]))
      await tenant.sync()
      const before = inXero(tenant, 'i1')
      control.editInvoice(tenant.organisation, 'INV-i1', edit(before, tenant))
      const edited = inXero(tenant, 'i1')
      await tenant.put('invoices', sale('i1', [line('1'), line('2', { quantity: '3' })]))
      tenant.mark()
      t.equal((await tenant.sync()).status, 'completed_with_errors')
      t.strictSame(writes(tenant), [], 'nothing is written')
      t.strictSame(inXero(tenant, 'i1').LineItems, edited.LineItems)
      const { state, lastError } = await tenant.state('invoices', 'i1')
      t.equal(state, 'conflict')
      t.equal(lastError.code, 'edited_in_xero')
      t.ok(
        lastError.differences.some((one: Anything) => one.field.startsWith(field) && one.product !== one.xero),
        JSON.stringify(lastError.differences),
      )
      await tenant.sync()
      t.strictSame(writes(tenant), [], 'nor by the next job')

      const kept = await tenant.api('POST', 'invoices/i1/resolve-conflict', { keep: 'product' })
      t.equal(kept.status, 200, kept.text)
      t.equal((await tenant.sync()).status, 'completed')
      t.match(inXero(tenant, 'i1'), { SubTotal: 400, Total: 440, DateString: before.DateString })
      t.equal(inXero(tenant, 'i1').LineItems.length, 2)
      tenant.checkXero(t)
    })
  }

  t.test(
    "given such a conflict, when Xero's side is kept, then it says so, and the next change asks again",
    async (t) => {
      const tenant = await ready('keep-theirs')
      await tenant.put('invoices', sale('i1', [line('1')]))
      await tenant.sync()
      control.editInvoice(tenant.organisation, 'INV-i1', { Date: '2026-11-23' })
      await tenant.put('invoices', sale('i1', [line('1', { quantity: '2' })]))
      await tenant.sync()
      const kept = await tenant.api('POST', 'invoices/i1/resolve-conflict', { keep: 'xero' })
      t.match(kept.body.sync, { state: 'outdated', lastError: { code: 'xero_version_kept' } })
      t.strictSame(await tenant.queue(), [])
      t.equal((await tenant.api('POST', 'invoices/i1/resolve-conflict', { keep: 'xero' })).status, 409)
      tenant.mark()
      await tenant.put('invoices', sale('i1', [line('1', { quantity: '3' })]))
      await tenant.sync()
      t.strictSame(writes(tenant), [])
      t.equal((await tenant.state('invoices', 'i1')).state, 'conflict')
    },
  )

  t.test('given the setting to overwrite, when a person changed it, then it is written over', async (t) => {
    const tenant = await ready('overwrite', { invoices: { onRemoteEdit: 'overwrite' } })
    await tenant.put('invoices', sale('i1', [line('1')]))
    await tenant.sync()
    control.editInvoice(tenant.organisation, 'INV-i1', edits['/lines/']?.(inXero(tenant, 'i1'), tenant))
    await tenant.put('invoices', sale('i1', [line('1', { quantity: '2' })]))
    t.equal((await tenant.sync()).status, 'completed')
    t.match(inXero(tenant, 'i1'), { SubTotal: 200 })
  })

  t.test('given a merge of contacts alone, when the product changes it, then it is no edit', async (t) => {
    const tenant = await ready('merged')
    await tenant.put('invoices', sale('i1', [line('1')]))
    await tenant.sync()
    control.createContact(tenant.organisation, { Name: 'Survivor' })
    control.mergeContacts(tenant.organisation, 'Customer c1', 'Survivor')
    await tenant.put('invoices', sale('i1', [line('1', { quantity: '2' })]))
    await tenant.sync()
    t.not((await tenant.state('invoices', 'i1')).lastError?.code, 'edited_in_xero')
  })

  for (const status of ['DRAFT', 'SUBMITTED']) {
    t.test(`given a ${status} that a person approved, when it changes and goes, then as approved`, async (t) => {
      const tenant = await ready(`approved-${status}`, { invoices: { status }, vendors: { status } })
      await tenant.put('invoices', sale('i1', [line('1')]), sale('i2', [line('1')]))
      await tenant.sync()
      for (const id of ['i1', 'i2']) control.editInvoice(tenant.organisation, `INV-${id}`, { Status: 'AUTHORISED' })
      await tenant.put('invoices', sale('i1', [line('1', { quantity: '2' })]))
      t.equal((await tenant.sync()).status, 'completed')
      t.match(inXero(tenant, 'i1'), { Status: 'AUTHORISED', SubTotal: 200 })
      t.match(await tenant.state('invoices', 'i1'), { state: 'synced', xero: { status: 'AUTHORISED' } })
      await tenant.api('DELETE', 'invoices/i1')
      await tenant.api('DELETE', 'invoices/i2')
      t.equal((await tenant.sync()).status, 'completed')
      t.match([inXero(tenant, 'i1'), inXero(tenant, 'i2')], [{ Status: 'VOIDED' }, { Status: 'VOIDED' }])
      tenant.checkXero(t)
    })
  }

  t.test('given a part payment, when it changes or goes, then it is known before a write', async (t) => {
    const tenant = await ready('part-paid')
    await tenant.put('invoices', sale('i1', [line('1')]), sale('i2', [line('1')]))
    await tenant.sync()
    for (const id of ['i1', 'i2']) control.payInvoice(tenant.organisation, `INV-${id}`, { amount: 10 })
    await tenant.put('invoices', sale('i1', [line('1', { quantity: '2' })]))
    await tenant.api('DELETE', 'invoices/i2')
    tenant.mark()
    await tenant.sync()
    t.strictSame(writes(tenant), [])
    t.match(await tenant.state('invoices', 'i1'), {
      state: 'failed',
      lastError: { code: 'not_modifiable' },
      xero: { amountDue: '100', fullyPaidOn: null },
    })
    t.match(await tenant.state('invoices', 'i2'), { state: 'failed', lastError: { code: 'not_modifiable' } })
    control.removePayments(tenant.organisation, 'INV-i1')
    control.removePayments(tenant.organisation, 'INV-i2')
    t.equal((await tenant.sync()).status, 'completed')
    t.match([inXero(tenant, 'i1'), inXero(tenant, 'i2')], [{ SubTotal: 200 }, { Status: 'VOIDED' }])
  })

  t.test('given documents that a person removed, when they go or change, then done, or a person decides', async (t) => {
    const tenant = await ready('removed')
    await tenant.put('invoices', sale('i1', [line('1')]), sale('i2', [line('1')]))
    await tenant.sync()
    for (const id of ['i1', 'i2']) control.voidInvoice(tenant.organisation, `INV-${id}`)
    await tenant.api('DELETE', 'invoices/i1')
    await tenant.put('invoices', sale('i2', [line('1', { quantity: '2' })]))
    tenant.mark()
    await tenant.sync()
    t.strictSame(writes(tenant), [])
    t.match(await tenant.state('invoices', 'i1'), { state: 'synced', lastError: null, xero: null })
    t.match(await tenant.state('invoices', 'i2'), { state: 'conflict', lastError: { code: 'removed_in_xero' } })
    const kept = await tenant.api('POST', 'invoices/i2/resolve-conflict', { keep: 'product' })
    t.match(kept.body.sync, { state: 'pending', xero: null })
    await tenant.put('invoices', sale('i2', [line('1', { quantity: '2' })], { number: 'INV-i2b' }))
    await tenant.sync()
    t.match(await tenant.state('invoices', 'i2'), { state: 'synced', xero: { number: 'INV-i2b' } })
  })

  t.test('given a document of nothing that Xero made PAID, when it changes and goes, then it does', async (t) => {
    const tenant = await ready('nothing')
    await tenant.put(
      'invoices',
      sale('i1', [line('1', { unitPrice: '0' })]),
      sale('i2', [line('1', { unitPrice: '0' })]),
    )
    await tenant.put('bills', bill('b1', 'v1', [], { lines: [line('1', { unitPrice: '0' })] }))
    await tenant.sync()
    t.equal(inXero(tenant, 'i1').Status, 'PAID')
    await tenant.put('invoices', sale('i1', [line('1')]))
    await tenant.api('DELETE', 'invoices/i2')
    await tenant.api('DELETE', 'bills/b1')
    t.equal((await tenant.sync()).status, 'completed')
    t.match(inXero(tenant, 'i1'), { Status: 'AUTHORISED', SubTotal: 100 })
    t.equal(inXero(tenant, 'i2').Status, 'VOIDED')
    tenant.checkXero(t)
  })

  t.test('given a payment or attachment alone, when it is removed again, then it is no edit', async (t) => {
    const tenant = await ready('no-edit')
    await tenant.put('invoices', sale('i1', [line('1')]))
    await tenant.sync()
    world.clock.advance(3_600_000)
    control.payInvoice(tenant.organisation, 'INV-i1', { amount: 10 })
    control.removePayments(tenant.organisation, 'INV-i1')
    await tenant.put('invoices', sale('i1', [line('1', { quantity: '2' })]))
    t.equal((await tenant.sync()).status, 'completed')
    t.equal(tenant.calls('GET /Invoices').length, 1, 'one look for the batch')
  })

  t.test('given a refused document, when nothing changed, then the next job does not send it', async (t) => {
    const tenant = await ready('refused')
    control.createInvoice(tenant.organisation, {
      Type: 'ACCREC',
      InvoiceNumber: 'INV-taken',
      Contact: { ContactID: tenant.xero('Contacts')[0]?.ContactID ?? (await first(tenant)) },
      Date: '2026-11-21',
      DueDate: '2026-12-21',
      Status: 'AUTHORISED',
      LineItems: [{ Description: 'Other', Quantity: 1, UnitAmount: 1, AccountCode: '200', TaxType: 'OUTPUT' }],
    })
    await tenant.put('invoices', sale('taken', [line('1')], { number: 'INV-taken' }))
    await tenant.sync()
    // Its name belongs to the contact of another record.
    await tenant.put('customers', customer('bad', { name: tenant.xero('Contacts')[0].Name }))
    await tenant.sync()
    t.strictSame((await tenant.queue()).map(({ status }) => status).sort(), ['conflict', 'failed'])
    tenant.mark()
    t.equal((await tenant.sync()).status, 'completed_with_errors')
    const sent = tenant.calls().filter(({ method }) => method !== 'GET')
    t.strictSame(sent, [], 'the same is not sent again')
    const again = await tenant.api('POST', 'sync-queue-items', { recordType: 'customer', recordIds: ['bad'] })
    t.equal(again.status, 200, again.text)
    await tenant.sync()
    t.equal(tenant.calls().filter(({ method }) => method !== 'GET').length, 1, 'a person retries it')
    control.voidInvoice(tenant.organisation, 'INV-taken')
    await tenant.sync()
    t.not((await tenant.state('invoices', 'taken')).state, 'pending')
  })

  const first = async (tenant: Tenant): Promise<string> => {
    await tenant.sync()
    return tenant.xero('Contacts')[0].ContactID
  }

  t.test('given a warning of Xero, when it was written, then the attempt keeps it', async (t) => {
    const tenant = await ready('warning')
    alter(tenant, 'PUT', { Warnings: [{ Message: 'The rate is unusual.' }], StatusAttributeString: 'WARNING' })
    await tenant.put('invoices', sale('i1', [line('1')]))
    await tenant.sync()
    const { body } = await tenant.api('GET', 'invoices/i1/attempts')
    t.match(body.items, [{ outcome: 'written', warnings: ['The rate is unusual.'] }])
  })

  t.test('given a changed invoice, when its item is taken out or its status re-opened, then it says so', async (t) => {
    const tenant = await ready('outdated')
    await tenant.put('invoices', sale('i1', [line('1')]), sale('i2', [line('1')]))
    await tenant.sync()
    await tenant.put('invoices', sale('i1', [line('1', { quantity: '2' })]))
    const [queued] = await tenant.queue()
    await tenant.api('DELETE', `sync-queue-items/${queued.id}`)
    t.match(await tenant.state('invoices', 'i1'), { state: 'outdated', lastError: { code: 'change_withdrawn' } })
    await tenant.put('invoices', sale('i2', [line('1')], { status: 'draft' }))
    t.match(await tenant.state('invoices', 'i2'), { state: 'outdated', lastError: { code: 'status_not_sent' } })
    await tenant.put('invoices', sale('i1', [line('1')]), sale('i2', [line('1')]))
    await tenant.sync()
    t.match(await tenant.state('invoices', 'i1'), { state: 'synced', lastError: null })
    t.match(await tenant.state('invoices', 'i2'), { state: 'synced', lastError: null })
    await tenant.api('POST', 'sync-queue-items', { recordType: 'invoice', recordIds: ['i1'] })
    const [again] = await tenant.queue()
    await tenant.api('DELETE', `sync-queue-items/${again.id}`)
    t.equal((await tenant.state('invoices', 'i1')).state, 'synced', 'queued again unchanged, it is as it was')
  })

  t.test('given an invoice that stands in Xero, when it is linked by its id, then it is that document', async (t) => {
    const tenant = await ready('linked')
    await tenant.sync()
    const there = control.createInvoice(tenant.organisation, {
      Type: 'ACCREC',
      InvoiceNumber: 'BY-HAND',
      Contact: { ContactID: (await tenant.state('customers', 'c1')).xero.id },
      Date: '2026-11-21',
      DueDate: '2026-12-21',
      Status: 'AUTHORISED',
      LineItems: [{ Description: 'Other', Quantity: 1, UnitAmount: 1, AccountCode: '200', TaxType: 'OUTPUT' }],
    })
    await tenant.put('invoices', sale('i1', [line('1')]))
    await tenant.put('bills', bill('b1', 'v1', ['s1']))
    t.equal((await tenant.api('PUT', 'bills/b1/link', { xeroId: there.InvoiceID })).status, 422, 'no bill')
    const linked = await tenant.api('PUT', 'invoices/i1/link', { xeroId: there.InvoiceID })
    t.match(linked.body.sync, { state: 'pending', xero: { id: there.InvoiceID, number: 'BY-HAND', amountDue: '1.1' } })
    await tenant.sync()
    const differing = await tenant.state('invoices', 'i1')
    t.match(differing, { state: 'conflict', xero: { id: there.InvoiceID }, lastError: { code: 'edited_in_xero' } })
    await tenant.api('POST', 'invoices/i1/resolve-conflict', { keep: 'product' })
    await tenant.sync()
    t.match(inXero(tenant, 'i1'), { InvoiceID: there.InvoiceID, SubTotal: 100 })
    t.equal(tenant.xero('Invoices').filter(({ Type }: Anything) => Type === 'ACCREC').length, 1)
    tenant.checkXero(t)
  })
})
