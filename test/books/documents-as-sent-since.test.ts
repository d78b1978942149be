// A document that was sent, and what became of its dates, its contact and its items since: none of it is a reason to decide it anew.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { lines, openLine, rows, sender, zeroRated } from './support/as-sent.ts'
import { later, type Row, synced } from './support/books.ts'
import { lineWithout, purchase, sale, service } from './support/trading.ts'

t.test('books: documents as they were sent, and what happened since', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const sent = sender(t, world)

  t.test('given an invoice that was sent, when the mark is switched off, then it stands', async (t) => {
    const marked = { invoices: { sentToContact: true } }
    const tenant = await sent('marked', 'invoices', sale('a1', [openLine]), marked)
    t.match(rows(tenant), [{ SentToContact: true }])
    await tenant.settings({ invoices: { sentToContact: false } })
    await tenant.put('invoices', sale('a1', [{ ...openLine, description: 'New' }]))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    t.match(rows(tenant), [{ SentToContact: true, LineItems: [{ Description: 'New' }] }])
    await tenant.put('invoices', sale('a2', [openLine]))
    await tenant.sync()
    t.equal(rows(tenant).filter(({ SentToContact }) => SentToContact === true).length, 1, 'a new one is not marked')
  })

  t.test('given a date that is not posted, when the product says it, then the due date stays', async (t) => {
    const tenant = await sent('date-said', 'bills', purchase('a1', [openLine]))
    const [{ DateString, DueDateString }] = rows(tenant) as [Row]
    const terms = { PaymentTerms: { Bills: { Day: 40, Type: 'DAYSAFTERBILLDATE' } } }
    control.editContact(tenant.organisation, 'Vendor v1', terms)
    await tenant.sync()
    const more = { vendorInvoiceDate: '2026-11-18' }
    await tenant.put('bills', purchase('a1', [{ ...openLine, description: 'New' }], more))
    await tenant.sync()
    await synced(t, tenant, 'bills', 'a1')
    t.match(rows(tenant), [{ DateString, DueDateString, LineItems: [{ Description: 'New' }] }])
  })

  t.test('given an invoice that a person moved, when the record is kept, then its tax and due date stay', async (t) => {
    const tenant = await sent('moved', 'invoices', sale('a1', [openLine]))
    const [{ InvoiceID, DueDateString, Contact }] = rows(tenant) as [Row]
    const terms = { PaymentTerms: { Sales: { Day: 40, Type: 'DAYSAFTERBILLDATE' } } }
    control.editContact(tenant.organisation, 'Customer c1', { ...zeroRated, ...terms })
    await tenant.sync()
    const { ContactID } = control.createContact(tenant.organisation, { Name: 'Elsewhere' })
    control.editInvoice(tenant.organisation, InvoiceID, { Contact: { ContactID } })
    later(world)
    await tenant.put('invoices', sale('a1', [{ ...openLine, description: 'New' }]))
    await tenant.sync()
    t.match(await tenant.state('invoices', 'a1'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
    t.equal((await tenant.api('POST', 'invoices/a1/resolve-conflict', { keep: 'product' })).status, 200)
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    t.match(rows(tenant), [{ DueDateString, Contact: { ContactID: Contact.ContactID } }])
    t.match(lines(tenant), [{ TaxType: 'OUTPUT2', Description: 'New' }])
  })

  t.test('given an item entered anew under its code, when a text changes, then account and tax stay', async (t) => {
    const own = lineWithout('1', 'taxCode')
    const tenant = await sent('anew', 'invoices', sale('a1', [own]))
    const [{ AccountCode, TaxType }] = lines(tenant) as [Row]
    await tenant.settings({ items: { accounts: { income: '260' } } })
    control.editContact(tenant.organisation, 'Customer c1', zeroRated)
    control.deleteItem(tenant.organisation, 'SKU-s1')
    control.createItem(tenant.organisation, { Code: 'SKU-s1', Name: 'Anew' })
    for (let n = 0; n < 3; n += 1) {
      later(world)
      await tenant.sync('full')
    }
    await tenant.put('items', service('s1'))
    await tenant.sync()
    await synced(t, tenant, 'items', 's1')
    await tenant.put('invoices', sale('a1', [{ ...own, description: 'New' }]))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    t.match(lines(tenant), [{ AccountCode, TaxType, ItemCode: 'SKU-s1', Description: 'New' }])
    t.not(TaxType, 'ZERORATED')
    t.not(AccountCode, '260')
  })
})
