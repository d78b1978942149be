// Case 27 for contacts and items: what the product held and takes away is gone in Xero, or the record says that it is not.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, itemIn, later, type Row, record, synced } from './support/books.ts'

const settings = {
  items: { accounts: { income: '200', expense: '300' } },
  invoices: { accounts: { sales: '200' }, taxMap: { FREE: 'EXEMPTOUTPUT' } },
  vendors: { accounts: { purchases: '300' }, taxMap: { FREE: 'EXEMPTEXPENSES' } },
}
const currencies = { USD: 0.65 }
const terms = { kind: 'DAYSAFTERBILLDATE', days: 9 }
const full = {
  name: 'Full',
  firstName: 'F',
  lastName: 'L',
  email: 'f@full.example',
  phones: [
    { kind: 'default', number: '1' },
    { kind: 'mobile', number: '2' },
  ],
  addresses: [{ kind: 'billing', lines: ['1', '2'], city: 'C', region: 'R', postalCode: '9', country: 'Australia' }],
  contactPersons: [{ firstName: 'X', lastName: 'Y', email: 'x@full.example' }],
  accountNumber: 'A1',
  taxNumber: 'T1',
  currency: 'USD',
  terms,
}
const item = { kind: 'service', code: 'IT', name: 'It' }
const fullItem = {
  ...item,
  description: 'd',
  purchaseDescription: 'pd',
  salePrice: '1',
  purchasePrice: '2',
  incomeAccount: '260',
  expenseAccount: '429',
  salesTaxCode: 'FREE',
  purchaseTaxCode: 'FREE',
}
const sides = {
  customers: { tax: 'salesTaxCode', there: 'AccountsReceivableTaxType', type: 'EXEMPTOUTPUT', terms: 'Sales' },
  vendors: { tax: 'purchaseTaxCode', there: 'AccountsPayableTaxType', type: 'EXEMPTEXPENSES', terms: 'Bills' },
} as const
const plain = ['FirstName', 'LastName', 'EmailAddress', 'AccountNumber', 'TaxNumber', 'DefaultCurrency']
const left = (row: Row, there: string) => [
  ...[...plain, there].filter((field) => row[field]),
  ...row.Phones.filter((one: Row) => one.PhoneNumber),
  ...row.Addresses.filter((one: Row) => one.AddressLine1 || one.City || one.PostalCode),
  ...row.ContactPersons,
]
const findings = async (tenant: Tenant) =>
  (await tenant.api('GET', 'findings')).body.items.map((one: Row) => `${one.recordType} ${one.recordId} ${one.code}`)

t.test('books: taken away', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  for (const [path, side] of Object.entries(sides)) {
    const type = path.slice(0, -1)
    t.test(`given the web site of ${path}, when it is taken away, then the record says that it stays`, async (t) => {
      const tenant = await openTenant(world, `web-${path}`, { settings })
      const website = 'https://full.example'
      control.createContact(tenant.organisation, { Name: 'Full', Website: website })
      await tenant.put(path, { id: 'c1', name: 'Full', website })
      await tenant.sync()
      await tenant.put(path, { id: 'c1', name: 'Full' })
      await tenant.sync()
      t.match(await record(tenant, path, 'c1'), { website })
      t.strictSame(await findings(tenant), [`${type} c1 stays_in_xero`])
      tenant.checkXero(t)
    })

    for (const partsReplaced of [false, true]) {
      const how = partsReplaced ? ' (Xero replaces parts)' : ''
      t.test(`given a full record of ${path}, when only its name is left, then so is it in Xero${how}`, async (t) => {
        const tenant = await openTenant(world, `${path}-${partsReplaced}`, {
          settings,
          seed: { partsReplaced, currencies },
        })
        const other = side.terms === 'Sales' ? 'Bills' : 'Sales'
        const others = { Day: 20, Type: 'OFFOLLOWINGMONTH' }
        control.createContact(tenant.organisation, { Name: 'Full', PaymentTerms: { [other]: others } })
        await tenant.put(path, { id: 'c1', ...full, [side.tax]: 'FREE' })
        await tenant.sync()
        await synced(t, tenant, path, 'c1')
        t.match(contact(tenant, 'Full'), { [side.there]: side.type, DefaultCurrency: 'USD' })
        t.match(contact(tenant, 'Full').PaymentTerms, { [side.terms]: { Day: 9 }, [other]: others })
        const before = (await tenant.changes()).length
        await tenant.put(path, { id: 'c1', name: 'Full' })
        await tenant.sync()
        const now = contact(tenant, 'Full')
        t.strictSame(left(now, side.there), [])
        t.match(now.PaymentTerms, { [other]: others }, 'the other side is not touched')
        const known = await record(tenant, path, 'c1')
        await synced(t, tenant, path, 'c1')
        if (partsReplaced) {
          t.notOk(now.PaymentTerms[side.terms])
          t.notOk(known.terms)
          t.strictSame(await findings(tenant), [])
        } else {
          t.match(now.PaymentTerms[side.terms], { Day: 9 }, 'this Xero does not let go of them')
          t.strictSame(known.terms, terms, 'then the record says so')
          t.match((await tenant.changes()).slice(before), [{ operation: 'updated', record: { terms } }])
          t.strictSame(await findings(tenant), [`${type} c1 stays_in_xero`])
          tenant.mark()
          await tenant.put(path, { id: 'c1', name: 'Full', firstName: 'New' })
          await tenant.sync()
          t.match(await record(tenant, path, 'c1'), { firstName: 'New', terms })
          t.strictSame(await findings(tenant), [`${type} c1 stays_in_xero`], 'as long as it is so')
          await tenant.put(path, { id: 'c1', name: 'Full', firstName: 'New', terms })
          t.strictSame(await findings(tenant), [], 'the product holds it again')
        }
        t.notOk(known[side.tax])
        tenant.checkXero(t)
      })
    }

    t.test(`given terms of ${path} that stay in Xero, when a person takes them away, then all is said`, async (t) => {
      const tenant = await openTenant(world, `${path}-person`, { settings })
      await tenant.put(path, { id: 'c1', name: 'Full', terms })
      await tenant.sync()
      await tenant.put(path, { id: 'c1', name: 'Full' })
      await tenant.sync()
      t.strictSame(await findings(tenant), [`${type} c1 stays_in_xero`])
      later(world)
      control.editContact(tenant.organisation, 'Full', { PaymentTerms: { [side.terms]: null } })
      await tenant.sync()
      t.notOk((await record(tenant, path, 'c1')).terms)
      t.strictSame(await findings(tenant), [])
      tenant.checkXero(t)
    })

    t.test(
      `given a Xero that keeps codes, when the product of ${path} takes them away, then the record has them`,
      async (t) => {
        const tenant = await openTenant(world, `${path}-kept`, { settings, seed: { codesKept: true, currencies } })
        await tenant.put(path, { id: 'c1', ...full, [side.tax]: 'FREE' })
        await tenant.sync()
        await tenant.put(path, { id: 'c1', name: 'Full' })
        await tenant.sync()
        const now = contact(tenant, 'Full')
        t.match(now, { [side.there]: side.type, DefaultCurrency: 'USD' })
        t.match(await record(tenant, path, 'c1'), { [side.tax]: 'FREE', currency: 'USD', email: undefined })
        await synced(t, tenant, path, 'c1')
        t.strictSame(await findings(tenant), [`${type} c1 stays_in_xero`])
        const [{ detail }] = (await tenant.api('GET', 'findings')).body.items
        t.match(detail, new RegExp(`currency, ${side.tax}, terms`))
        tenant.mark()
        await tenant.sync()
        await tenant.sync('full')
        t.strictSame(
          tenant.calls(' /Contacts').filter(({ method }) => method !== 'GET'),
          [],
          'nothing is sent again',
        )
        tenant.checkXero(t)
      },
    )
  }

  t.test(
    'given a tax code that the settings do not translate, when it is taken away, then Xero keeps its own',
    async (t) => {
      const tenant = await openTenant(world, 'foreign-tax', { settings })
      control.createContact(tenant.organisation, { Name: 'Full', AccountsReceivableTaxType: 'EXEMPTOUTPUT' })
      await tenant.put('customers', { id: 'c1', name: 'Full', salesTaxCode: 'OURS ALONE' })
      await tenant.sync()
      await tenant.put('customers', { id: 'c1', name: 'Full', firstName: 'F' })
      await tenant.sync()
      t.match(contact(tenant, 'Full'), { AccountsReceivableTaxType: 'EXEMPTOUTPUT', FirstName: 'F' })
      t.match(await record(tenant, 'customers', 'c1'), { salesTaxCode: 'EXEMPTOUTPUT' })
      tenant.checkXero(t)
    },
  )

  for (const partsReplaced of [false, true]) {
    const how = partsReplaced ? ' (Xero replaces parts)' : ''
    t.test(`given a full item, when only its name is left, then so is it in Xero${how}`, async (t) => {
      const tenant = await openTenant(world, `item-${partsReplaced}`, { settings, seed: { partsReplaced, currencies } })
      await tenant.put('items', { id: 'it', ...fullItem })
      await tenant.sync()
      t.match(itemIn(tenant, 'IT'), {
        SalesDetails: { TaxType: 'EXEMPTOUTPUT', AccountCode: '260', UnitPrice: 1 },
        PurchaseDetails: { TaxType: 'EXEMPTEXPENSES', AccountCode: '429', UnitPrice: 2 },
      })
      await tenant.put('items', { id: 'it', ...item })
      await tenant.sync()
      const now = itemIn(tenant, 'IT')
      t.notOk(now.Description || now.PurchaseDescription)
      t.notOk(now.SalesDetails.TaxType || now.PurchaseDetails.TaxType)
      t.strictSame([now.SalesDetails.UnitPrice ?? 0, now.PurchaseDetails.UnitPrice ?? 0], [0, 0])
      await synced(t, tenant, 'items', 'it')
      const known = await record(tenant, 'items', 'it')
      for (const name of ['description', 'salePrice', 'purchasePrice', 'salesTaxCode', 'purchaseTaxCode'])
        t.equal(known[name], undefined, name)
      // The settings name accounts; they fill what is empty, and the record says what stands there.
      t.equal(known.incomeAccount, now.SalesDetails.AccountCode)
      t.equal(known.expenseAccount, now.PurchaseDetails.AccountCode)
      t.strictSame(await findings(tenant), [])
      await tenant.sync('full')
      t.strictSame(await record(tenant, 'items', 'it'), known)
      tenant.checkXero(t)
    })
  }

  t.test('given no accounts in the settings, when an item loses its own, then it has none in Xero', async (t) => {
    const tenant = await openTenant(world, 'no-accounts', { settings: {} })
    await tenant.put('items', { id: 'it', ...item, incomeAccount: '260' })
    await tenant.sync()
    t.equal(itemIn(tenant, 'IT').SalesDetails.AccountCode, '260')
    await tenant.put('items', { id: 'it', ...item })
    await tenant.sync()
    t.equal(itemIn(tenant, 'IT').SalesDetails.AccountCode, undefined)
    t.equal((await record(tenant, 'items', 'it')).incomeAccount, undefined)
    tenant.checkXero(t)
  })

  t.test('given a Xero that keeps codes, when an item loses its tax codes, then the record has them', async (t) => {
    const tenant = await openTenant(world, 'item-kept', { settings, seed: { codesKept: true, currencies } })
    await tenant.put('items', { id: 'it', ...fullItem })
    await tenant.sync()
    await tenant.put('items', { id: 'it', ...item })
    await tenant.sync()
    t.match(itemIn(tenant, 'IT'), { SalesDetails: { TaxType: 'EXEMPTOUTPUT' } })
    t.match(await record(tenant, 'items', 'it'), { salesTaxCode: 'FREE', purchaseTaxCode: 'FREE' })
    t.strictSame(await findings(tenant), ['item it stays_in_xero'])
    tenant.checkXero(t)
  })
})
