// What a record leaves open of an invoice or bill is decided once, when it is sent: by the settings, the contact and the item as they
// are then. A later change of something else does not bring the defaults of that day into a document that was issued under others.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, vendor } from '../support/records.ts'
import type { Tenant } from '../support/tenant.ts'
import { inNewZealand, later, type Row, synced } from './support/books.ts'
import { bothDocumentKinds, lineWithout, openTrader, purchase, sale, service } from './support/trading.ts'

t.test('books: what was decided when a document was sent', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const other = {
    AccountsReceivableTaxType: 'ZERORATED',
    AccountsPayableTaxType: 'ZERORATED',
    PaymentTerms: { Bills: { Day: 40, Type: 'DAYSAFTERBILLDATE' }, Sales: { Day: 40, Type: 'DAYSAFTERBILLDATE' } },
  }

  for (const [path] of bothDocumentKinds) {
    const [section, owner, name] =
      path === 'invoices' ? ['invoices', 'customers', 'Customer'] : ['vendors', 'vendors', 'Vendor']
    const first = path === 'invoices' ? 'c1' : 'v1'
    const make = path === 'invoices' ? sale : purchase
    const open = (more: object = {}, without: string[] = []) => [
      { ...lineWithout('1', 'taxCode', ...without), ...more },
    ]
    const documentOf = (lines: object[], more: object = {}) => make('a1', lines, more)
    const decided = (tenant: Tenant) =>
      tenant.xero('Invoices').map(({ Contact, DueDateString, TotalTax, LineItems }: Row) => ({
        ...{ contact: Contact.ContactID, due: DueDateString, tax: TotalTax },
        ...{ account: LineItems[0].AccountCode, code: LineItems[0].TaxType },
      }))
    const described = (tenant: Tenant) => tenant.xero('Invoices').map(({ LineItems }: Row) => LineItems[0].Description)
    async function sent(name: string, without: string[] = []) {
      const tenant = await openTrader(world, `${name}-${path}`, inNewZealand)
      await tenant.put(path, documentOf(open({}, without)))
      await tenant.sync()
      await synced(t, tenant, path, 'a1')
      later(world)
      return { tenant, before: decided(tenant) }
    }

    t.test(`given ${path} whose contact has other defaults by now, when a text changes, then they stay`, async (t) => {
      const { tenant, before } = await sent('contact')
      control.editContact(tenant.organisation, `${name} ${first}`, other)
      await tenant.sync()
      await tenant.put(path, documentOf(open({ description: 'New' })))
      await tenant.sync()
      await synced(t, tenant, path, 'a1')
      t.strictSame(described(tenant), ['New'])
      t.strictSame(decided(tenant), before, 'tax and due date are those of the day it was sent')
      tenant.checkXero(t)
    })

    t.test(
      `given ${path} and other accounts by now, when a text changes, then the account stays until it is queued`,
      async (t) => {
        const { tenant, before } = await sent('account', ['itemId'])
        const account = path === 'invoices' ? { accounts: { sales: '260' } } : { accounts: { purchases: '310' } }
        await tenant.settings({ [section as string]: account })
        await tenant.put(path, documentOf(open({ description: 'New' }, ['itemId'])))
        await tenant.sync()
        t.strictSame(decided(tenant), before)
        t.strictSame(described(tenant), ['New'])
        await tenant.api('POST', 'sync-queue-items', { recordType: path.slice(0, -1), recordIds: ['a1'] })
        await tenant.sync()
        await synced(t, tenant, path, 'a1')
        t.match(
          decided(tenant),
          [{ account: path === 'invoices' ? '260' : '310' }],
          'queued again, it is as it would be today',
        )
      },
    )

    t.test(`given ${path}, when they name another contact or item, then that one decides`, async (t) => {
      const { tenant, before } = await sent('others')
      const more = path === 'invoices' ? customer('c2') : vendor('v2')
      const accounts = { incomeAccount: '260', expenseAccount: '310' }
      await tenant.put(owner as string, more)
      await tenant.put('items', service('s2', accounts))
      await tenant.sync()
      control.editContact(tenant.organisation, `${name} ${more.id}`, other)
      later(world)
      await tenant.sync()
      const owned = path === 'invoices' ? { customerId: 'c2' } : { vendorId: 'v2' }
      await tenant.put(path, documentOf(open(), owned))
      await tenant.sync()
      await synced(t, tenant, path, 'a1')
      t.match(decided(tenant), [{ code: 'ZERORATED', tax: 0, account: before[0]?.account }])
      await tenant.put(path, documentOf(open({ itemId: 's2' }), owned))
      await tenant.sync()
      await synced(t, tenant, path, 'a1')
      t.match(decided(tenant), [{ code: 'ZERORATED', account: path === 'invoices' ? '260' : '310' }])
      t.not(decided(tenant)[0]?.due, before[0]?.due, 'the due date is of the other one, too')
      tenant.checkXero(t)
    })

    t.test(
      `given ${path} with a tax code, when the product takes it away, then the defaults of today hold`,
      async (t) => {
        const tenant = await openTrader(world, `taken-${path}`, inNewZealand)
        await tenant.put(path, documentOf(open({ taxCode: 'GST' })))
        await tenant.sync()
        later(world)
        control.editContact(tenant.organisation, `${name} ${first}`, other)
        await tenant.sync()
        await tenant.put(path, documentOf(open()))
        await tenant.sync()
        t.match(decided(tenant), [{ code: 'ZERORATED', tax: 0 }])
      },
    )

    t.test(`given ${path} whose due date a person changed, when a text changes, then it is a conflict`, async (t) => {
      const { tenant } = await sent('edited')
      const [{ InvoiceID }] = tenant.xero('Invoices')
      control.editInvoice(tenant.organisation, InvoiceID, { DueDate: '2027-02-01' })
      await tenant.put(path, documentOf(open({ description: 'New' })))
      await tenant.sync()
      t.match(await tenant.state(path, 'a1'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
    })
  }
})
