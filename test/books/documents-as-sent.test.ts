// Where a document could be decided anew although nobody asked for that, and where it must be: numbers and dates of the settings, discounts
// that follow other lines, payments, merged contacts, accounts and tax types that Xero takes no more.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { lines, openLine, queueAgain, rows, sender, zeroRated } from './support/as-sent.ts'
import { later, type Row, synced } from './support/books.ts'
import { purchase, sale } from './support/trading.ts'

t.test('books: documents go on as they were sent', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const sent = sender(t, world)

  t.test(
    'given an invoice and other settings of numbers and dates, when its PO changes, then number and dates stay',
    async (t) => {
      const tenant = await sent('prefix', 'invoices', sale('a1', [openLine]), { invoices: { prefix: 'P-' } })
      t.match(rows(tenant), [{ InvoiceNumber: 'P-INV-a1', DateString: '2026-11-21T00:00:00' }])
      const due = rows(tenant)[0].DueDateString
      const changed = {
        prefix: 'Q-',
        date: 'document_date',
        reference: 'customer_po',
        dueDate: { from: 'days', days: 3 },
      }
      await tenant.settings({ invoices: changed })
      await tenant.put('invoices', sale('a1', [openLine], { customerPo: 'PO 1' }))
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      t.match(rows(tenant), [{ InvoiceNumber: 'P-INV-a1', DateString: '2026-11-21T00:00:00', DueDateString: due }])
      t.match(rows(tenant), [{ Reference: 'PO 1' }], 'what the record says arrives')
      await tenant.settings({ invoices: { number: 'xero', reference: 'document_number' } })
      await tenant.put('invoices', sale('a1', [openLine], { customerPo: 'PO 2' }))
      await tenant.sync()
      t.match(rows(tenant), [{ InvoiceNumber: 'P-INV-a1', Reference: 'P-INV-a1' }], 'nor is it left to Xero')
      await tenant.settings({ invoices: { number: 'document_number', reference: 'customer_po' } })

      await tenant.put('invoices', sale('a1', [openLine], { number: 'INV-9', date: '2026-11-19' }))
      await tenant.sync()
      t.match(
        rows(tenant),
        [{ InvoiceNumber: 'Q-INV-9', DateString: '2026-11-19T00:00:00' }],
        'a new number is made anew',
      )
      t.match(rows(tenant), [{ DueDateString: '2026-11-22T00:00:00' }], 'and so is the due date of another day')
      tenant.checkXero(t)
    },
  )

  t.test(
    'given an invoice that Xero numbers, when the settings number them, then its number and mark stay',
    async (t) => {
      const tenant = await sent('xeros', 'invoices', sale('a1', [openLine]), {
        invoices: { number: 'xero', reference: 'document_number' },
      })
      const [{ InvoiceNumber, Reference }] = rows(tenant) as [Row]
      await tenant.settings({ invoices: { number: 'document_number', prefix: 'P-' } })
      await tenant.put('invoices', sale('a1', [{ ...openLine, description: 'New' }]))
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      t.match(rows(tenant), [{ InvoiceNumber, Reference, LineItems: [{ Description: 'New' }] }])
    },
  )

  t.test(
    'given a bill and other settings of numbers and dates, when a text changes, then number and dates stay',
    async (t) => {
      const more = { vendorInvoiceNumber: 'V-1', vendorInvoiceDate: '2026-11-18' }
      const tenant = await sent('bill', 'bills', purchase('a1', [openLine], more))
      const [{ InvoiceNumber, DateString, DueDateString }] = rows(tenant) as [Row]
      const changed = { billNumber: 'document_number', billDate: 'vendor_invoice_date' }
      await tenant.settings({ vendors: changed })
      await tenant.put('bills', purchase('a1', [{ ...openLine, description: 'New' }], more))
      await tenant.sync()
      await synced(t, tenant, 'bills', 'a1')
      t.match(rows(tenant), [{ InvoiceNumber, DateString, DueDateString, LineItems: [{ Description: 'New' }] }])
      await queueAgain(tenant, 'bill')
      await tenant.sync()
      t.match(
        rows(tenant),
        [{ InvoiceNumber: 'RCV-a1', DateString: '2026-11-18T00:00:00' }],
        'queued, it is as of today',
      )
    },
  )

  t.test(
    'given an invoice with discount, shipping and total, when its PO changes, then tax and accounts stay',
    async (t) => {
      const more = { discount: { amount: '10' }, shipping: { amount: '20' }, total: '126.50' }
      const tenant = await sent('discount', 'invoices', sale('a1', [openLine], more))
      const before = lines(tenant).map(({ AccountCode, TaxType, LineAmount }) => ({ AccountCode, TaxType, LineAmount }))
      control.editContact(tenant.organisation, 'Customer c1', zeroRated)
      await tenant.sync()
      await tenant.settings({ invoices: { accounts: { sales: '260', shipping: '200', discount: '260' } } })
      await tenant.put('invoices', sale('a1', [openLine], { ...more, customerPo: 'PO 1' }))
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      t.match(rows(tenant), [{ Reference: 'PO 1', Total: 126.5 }])
      t.match(lines(tenant), before)
      t.equal(lines(tenant).length, 3)
    },
  )

  t.test('given a paid bill and another account by now, when a text changes, then the account stays', async (t) => {
    const tenant = await sent('paid', 'bills', purchase('a1', [openLine]))
    control.payInvoice(tenant.organisation, rows(tenant)[0].InvoiceID, { amount: 115 })
    await tenant.settings({ vendors: { accounts: { purchases: '425' } } })
    control.editContact(tenant.organisation, 'Vendor v1', zeroRated)
    later(world)
    await tenant.sync()
    await tenant.put('bills', purchase('a1', [{ ...openLine, description: 'New' }]))
    await tenant.sync()
    await synced(t, tenant, 'bills', 'a1')
    t.match(rows(tenant), [
      { Status: 'PAID', LineItems: [{ AccountCode: '300', Description: 'New', TaxType: 'INPUT2' }] },
    ])
  })

  t.test(
    'given a bill whose vendor was merged into another, when a text changes, then tax and due date stay',
    async (t) => {
      const tenant = await sent('merged', 'bills', purchase('a1', [openLine]))
      const [{ DueDateString, TotalTax }] = rows(tenant) as [Row]
      const terms = { PaymentTerms: { Bills: { Day: 40, Type: 'DAYSAFTERBILLDATE' } } }
      control.createContact(tenant.organisation, { Name: 'Left', ...zeroRated, ...terms })
      control.mergeContacts(tenant.organisation, 'Vendor v1', 'Left')
      await tenant.sync()
      later(world)
      await tenant.sync()
      await tenant.put('bills', purchase('a1', [{ ...openLine, description: 'New' }]))
      await tenant.sync()
      await synced(t, tenant, 'bills', 'a1')
      t.match(rows(tenant), [
        { DueDateString, TotalTax, Contact: { Name: 'Left' }, LineItems: [{ Description: 'New' }] },
      ])
    },
  )

  t.test('given an account that Xero takes no more, when a text changes, then that of today holds', async (t) => {
    const tenant = await sent('gone', 'invoices', sale('a1', [openLine]))
    await tenant.settings({ invoices: { accounts: { sales: '260' } } })
    control.archiveAccount(tenant.organisation, '200')
    later(world)
    await tenant.sync('full')
    await tenant.put('invoices', sale('a1', [{ ...openLine, description: 'New' }]))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    t.match(lines(tenant), [{ AccountCode: '260', Description: 'New' }])
  })

  t.test(
    'given a tax code that is said no more and changes nothing, when a text changes, then the tax stays',
    async (t) => {
      const tenant = await sent('words', 'invoices', sale('a1', [{ ...openLine, taxCode: 'GST' }]))
      tenant.mark()
      await tenant.put('invoices', sale('a1', [openLine]))
      await tenant.sync()
      t.strictSame(tenant.calls(' /Invoices'), [], 'it is what was sent')
      control.editContact(tenant.organisation, 'Customer c1', zeroRated)
      later(world)
      await tenant.sync()
      await tenant.put('invoices', sale('a1', [{ ...openLine, description: 'New' }]))
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      t.match(lines(tenant), [{ TaxType: 'OUTPUT2', Description: 'New' }])
    },
  )

  t.test('given a tax type that Xero takes no more, when a text changes, then that of today holds', async (t) => {
    const tenant = await sent('rates', 'invoices', sale('a1', [openLine]), {
      invoices: { defaultTaxType: 'ZERORATED' },
    })
    t.match(lines(tenant), [{ TaxType: 'ZERORATED' }])
    control.editTaxRate(tenant.organisation, 'ZERORATED', { Status: 'ARCHIVED' })
    await tenant.settings({ invoices: { defaultTaxType: 'OUTPUT2' } })
    later(world)
    await tenant.sync('full')
    await tenant.put('invoices', sale('a1', [{ ...openLine, description: 'New' }]))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    t.match(lines(tenant), [{ TaxType: 'OUTPUT2', Description: 'New' }])
  })
})
