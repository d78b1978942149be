// The first sync of a company with ten years of books: its items and documents. What is not the product's stays as it is.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { body, byHand, document, inNewZealand, itemIn, later, record, synced, writes } from './support/books.ts'
import { content, line, openTrader, sale, service } from './support/trading.ts'

t.test('books: first sync of items and documents', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const rich = (Code: string, more: object = {}) => ({
    Code,
    Name: `Old ${Code}`,
    Description: `Sold as ${Code}`,
    PurchaseDescription: `Bought as ${Code}`,
    SalesDetails: { UnitPrice: 19.9, AccountCode: '260', TaxType: 'EXEMPTOUTPUT' },
    PurchaseDetails: { UnitPrice: 7.7, AccountCode: '310', TaxType: 'EXEMPTEXPENSES' },
    ...more,
  })
  const bare = (id: string, code: string) => ({ id, kind: 'service', code, name: `Old ${code}` })

  t.test('given items that are not sold or not bought any more, then they stay so', async (t) => {
    const tenant = await openTenant(world, 'inactive')
    const sides = { SOLD: [true, false], BOUGHT: [false, true], NEITHER: [false, false], BOTH: [true, true] } as const
    const was = Object.entries(sides).map(([code, [IsSold, IsPurchased]]) =>
      control.createItem(tenant.organisation, rich(code, { IsSold, IsPurchased }), { unchecked: true }),
    )
    await tenant.put('items', ...Object.keys(sides).map((code) => bare(code, code)))
    await tenant.sync()
    await tenant.sync('full')
    for (const one of was) t.strictSame(body(itemIn(tenant, one.ItemID)), body(one), String(one.Code))
    await synced(t, tenant, 'items', ...Object.keys(sides))
    t.match(await record(tenant, 'items', 'SOLD'), { isSold: true, isPurchased: false })
    t.match(await record(tenant, 'items', 'NEITHER'), { isSold: false, isPurchased: false })
    // A price of ours comes to its own side only.
    later(world)
    await tenant.put('items', { ...bare('SOLD', 'SOLD'), salePrice: '5' })
    await tenant.sync()
    t.match(itemIn(tenant, 'SOLD'), {
      IsSold: true,
      IsPurchased: false,
      SalesDetails: { UnitPrice: 5, AccountCode: '260' },
    })
    tenant.checkXero(t)
  })

  for (const codes of [
    ['ab-1', 'AB-1'],
    ['AB-1', 'ab-1'],
  ])
    t.test(`given items of the codes ${codes}, then a record is the one with its own`, async (t) => {
      const tenant = await openTenant(world, `letter-case-${codes.indexOf('AB-1')}`)
      const made = codes.map((code) => control.createItem(tenant.organisation, rich(code), { unchecked: true }))
      await tenant.put('items', { ...bare('s1', 'AB-1'), salePrice: '5' })
      await tenant.sync()
      const own = made.find(({ Code }) => Code === 'AB-1')
      const other = made.find(({ Code }) => Code === 'ab-1')
      t.equal((await tenant.state('items', 's1')).xero?.id, own?.ItemID)
      t.strictSame(body(itemIn(tenant, other?.ItemID as string)), body(other))
    })

  t.test('given items that share a name, then codes tell them apart', async (t) => {
    const tenant = await openTenant(world, 'names')
    const was = ['A-1', 'A-2', 'A-3'].map((code, n) =>
      control.createItem(
        tenant.organisation,
        rich(code, { Name: 'Widget', SalesDetails: { UnitPrice: n + 1, AccountCode: '260' } }),
      ),
    )
    const widget = (id: string, code: string) => ({ id, kind: 'service', code, name: 'Widget' })
    await tenant.put('items', widget('2', 'a-2'), widget('3', 'A-3'), widget('4', 'A-4'))
    await tenant.sync()
    t.equal((await tenant.state('items', '2')).xero.id, was[1]?.ItemID)
    t.equal((await tenant.state('items', '3')).xero.id, was[2]?.ItemID)
    t.equal(tenant.xero('Items').length, 4)
    for (const one of was) t.strictSame(body(itemIn(tenant, one.ItemID), 'Code'), body(one, 'Code'), String(one.Code))
    tenant.checkXero(t)
  })

  t.test('given items of every kind that nobody hands over, then none of them is touched', async (t) => {
    const tenant = await openTenant(world, 'untouched')
    control.bulk(tenant.organisation, { items: 700, prefix: 'OLD' })
    control.createItem(tenant.organisation, { Code: 'BARE' })
    control.createItem(tenant.organisation, rich('x'.repeat(30), { Name: 'n'.repeat(50) }), { unchecked: true })
    const was = tenant.xero('Items')
    await tenant.put('items', ...Array.from({ length: 60 }, (_, n) => service(`n${n}`)))
    await tenant.put('items', bare('b', 'BARE'))
    await tenant.sync()
    await tenant.sync('full')
    const now = new Map(tenant.xero('Items').map((one) => [one.ItemID, one]))
    t.equal(now.size, was.length + 60)
    const changed = was.filter((one) => JSON.stringify(body(now.get(one.ItemID))) !== JSON.stringify(body(one)))
    // One without a name shows its code there, and takes the name that the product has.
    t.strictSame(
      changed.map(({ Code }) => Code).filter((code) => code !== 'BARE'),
      [],
    )
    tenant.checkXero(t)
  })

  /** Ten years of documents, in every state and with every kind of amounts. */
  function enterDocuments({ organisation }: Tenant): void {
    const { ContactID } = control.createContact(organisation, { Name: 'Customer c1' })
    const goods = (more: object) => [{ Description: 'Old', Quantity: 1, UnitAmount: 115, AccountCode: '200', ...more }]
    for (const [n, [LineAmountTypes, TaxType]] of [
      ['Inclusive', 'OUTPUT2'],
      ['Exclusive', 'OUTPUT2'],
      ['NoTax', 'NONE'],
    ].entries())
      for (const Status of ['DRAFT', 'SUBMITTED', 'AUTHORISED'])
        control.createInvoice(organisation, {
          ...byHand('ACCREC', ContactID, { LineItems: goods({ TaxType }) }),
          InvoiceNumber: `OLD-${n}-${Status}`,
          LineAmountTypes,
          Status,
        })
    control.payInvoice(organisation, 'OLD-0-AUTHORISED', { amount: 15 })
    control.payInvoice(organisation, 'OLD-1-AUTHORISED')
    control.voidInvoice(organisation, 'OLD-2-AUTHORISED')
    control.deleteInvoice(organisation, 'OLD-2-DRAFT')
  }

  t.test('given documents of ten years, when a company first syncs, then none of them changes', async (t) => {
    const tenant = await openTenant(world, 'documents', inNewZealand)
    enterDocuments(tenant)
    const was = new Map(tenant.xero('Invoices').map((one) => [one.InvoiceID, content(one)]))
    await tenant.put('items', service('s1'))
    await tenant.put('customers', customer('c1'))
    // Numbers of ours that are taken there are told; ours of other numbers arrive.
    const taken = ['OLD-0-AUTHORISED', 'OLD-1-AUTHORISED', 'OLD-0-DRAFT', 'OLD-1-SUBMITTED']
    await tenant.put(
      'invoices',
      ...taken.map((number, n) => sale(`t${n}`, [line('1')], { number })),
      sale('d1', [line('1')]),
    )
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1')
    for (const [n, number] of taken.entries()) {
      const state = await tenant.state('invoices', `t${n}`)
      t.match(state, { state: 'conflict', lastError: { code: 'duplicate_number', candidates: [{ number }] } }, number)
    }
    await tenant.api('DELETE', 'invoices/t0')
    tenant.mark()
    await tenant.sync('full')
    t.strictSame(writes(tenant), [], 'what is not ours is neither changed nor removed')
    const now = tenant.xero('Invoices')
    t.equal(now.length, was.size + 1)
    for (const [id, before] of was)
      t.strictSame(content(now.find(({ InvoiceID }) => InvoiceID === id)), before, before.InvoiceNumber)
  })

  t.test('given our document that a person turned to tax inclusive, then the change is a conflict', async (t) => {
    const tenant = await openTrader(world, 'inclusive')
    await tenant.put('invoices', sale('a1', [line('1')]))
    await tenant.sync()
    later(world)
    control.editInvoice(tenant.organisation, 'INV-a1', { LineAmountTypes: 'Inclusive' })
    const edited = content(document(tenant, 'INV-a1'))
    t.equal(edited.Total, 100)
    await tenant.put('invoices', sale('a1', [line('1')], { customerPo: 'new' }))
    await tenant.sync()
    const state = await tenant.state('invoices', 'a1')
    t.match(state, { state: 'conflict', lastError: { code: 'edited_in_xero' } })
    t.ok(state.lastError.differences.some(({ field }: { field: string }) => field === '/amounts'))
    t.strictSame(content(document(tenant, 'INV-a1')), edited)
    tenant.checkXero(t)
  })

  t.test('given an invoice of ours that was entered by hand before, then it is taken for what it is', async (t) => {
    const tenant = await openTrader(world, 'entered')
    await tenant.sync()
    const { id } = (await tenant.state('customers', 'c1')).xero
    const entered = (number: string, more: object = {}) => ({
      ...byHand('ACCREC', id, { Date: '2026-11-21', DueDate: '2026-11-21' }),
      InvoiceNumber: number,
      LineItems: [
        {
          Description: 'Line 1',
          ItemCode: 'SKU-s1',
          Quantity: 1,
          UnitAmount: 100,
          AccountCode: '200',
          TaxType: 'OUTPUT2',
          ...more,
        },
      ],
    })
    control.createInvoice(tenant.organisation, entered('INV-same'))
    control.createInvoice(tenant.organisation, entered('INV-other', { UnitAmount: 99 }))
    const was = tenant.xero('Invoices')
    await tenant.put('invoices', ...['same', 'other'].map((one) => sale(one, [line('1')])))
    await tenant.sync()
    t.match(await tenant.state('invoices', 'other'), { state: 'conflict', lastError: { code: 'duplicate_number' } })
    const same = await tenant.state('invoices', 'same')
    if (same.state !== 'synced')
      t.match(same.lastError, { code: 'duplicate_number', candidates: [{ number: 'INV-same' }] })
    t.strictSame(tenant.xero('Invoices').map(content), was.map(content))
    tenant.checkXero(t)
  })

  t.test('given an item code that only differs by case and blanks, then it is the same item', async (t) => {
    const tenant = await openTenant(world, 'case')
    const was = control.createItem(tenant.organisation, rich('Abc-1'), { unchecked: true })
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', bare('a', 'ABC-1'))
    await tenant.put('invoices', invoice('d1', 'c1', ['a']))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1')
    t.equal(tenant.xero('Items').length, 1)
    t.strictSame(body(itemIn(tenant, was.ItemID), 'Code', 'Name'), body(was, 'Code', 'Name'))
    tenant.checkXero(t)
  })
})
