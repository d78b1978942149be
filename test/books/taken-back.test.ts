// Values that the product hands over by mistake and takes back before they arrive: they were never in Xero, and nothing that stood there is
// taken away with them.
import t from 'tap'
import { fieldsOf } from '../../src/domain/merging.ts'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { body, contact, inNewZealand, itemIn, later, record, richContact, synced, writes } from './support/books.ts'

const wrong = {
  email: 'wrong@x.example',
  firstName: 'Wrong',
  lastName: 'One',
  taxNumber: 'W1',
  accountNumber: 'W2',
  phones: [{ kind: 'default', number: '999' }],
  addresses: [{ kind: 'billing', lines: ['Wrong street'], city: 'Wrongville' }],
  contactPersons: [{ firstName: 'Wendy', lastName: 'Wrong', email: 'wendy@x.example' }],
}
const bookItem = {
  Code: 'BACK',
  Name: 'Back',
  Description: 'Of the books',
  PurchaseDescription: 'Bought by the books',
  SalesDetails: { UnitPrice: 9, AccountCode: '260', TaxType: 'ZERORATED' },
  PurchaseDetails: { UnitPrice: 4, AccountCode: '310', TaxType: 'NONE' },
}

t.test('books: taken back', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  async function known(name: string, role: string, settings: object = {}): Promise<Tenant> {
    const tenant = await openTenant(world, name, {
      ...inNewZealand,
      settings: { ...inNewZealand.settings, ...settings },
    })
    const taxes = { AccountsReceivableTaxType: 'ZERORATED', AccountsPayableTaxType: 'INPUT2' }
    control.createContact(tenant.organisation, richContact('Cow', taxes))
    control.createItem(tenant.organisation, bookItem)
    await tenant.put(role, { id: 'a', name: 'Cow' })
    await tenant.put('items', { id: 'i', kind: 'service', code: 'BACK', name: 'Back' })
    await tenant.sync()
    later(world)
    await tenant.sync()
    return tenant
  }

  for (const role of ['customers', 'vendors'] as const)
    for (const [conflict, mode] of [
      ['pending_wins', 'on'],
      ['xero_wins', 'on'],
      ['product_wins', 'on'],
      ['pending_wins', 'off'],
    ] as const)
      t.test(`given ${role} under ${conflict}, import ${mode}, when all is taken back, then all stands`, async (t) => {
        const tenant = await known(`back-${role}-${conflict}-${mode}`, role, { [role]: { conflict } })
        const before = body(contact(tenant, 'Cow'))
        const learned = fieldsOf(await record(tenant, role, 'a'))
        if (mode === 'off') await tenant.settings({ [role]: { import: 'off' } })
        await tenant.put(role, { id: 'a', name: 'Cow', ...wrong })
        await tenant.put(role, { id: 'a', name: 'Cow', email: 'wronger@x.example' })
        await tenant.put(role, { id: 'a', name: 'Cow' })
        tenant.mark()
        await tenant.sync()
        await synced(t, tenant, role, 'a')
        t.strictSame(body(contact(tenant, 'Cow')), before)
        t.strictSame(writes(tenant), [], 'there is nothing to say')
        t.strictSame(fieldsOf(await record(tenant, role, 'a')), learned)
        tenant.checkXero(t)
      })

  t.test(
    'given an item, when descriptions, prices and accounts are taken back, then those of the books stand',
    async (t) => {
      const tenant = await known('back-item', 'customers')
      const before = body(itemIn(tenant, 'BACK'))
      const poor = { id: 'i', kind: 'service', code: 'BACK', name: 'Back' }
      const said = { description: 'w', purchaseDescription: 'w', salePrice: '1', purchasePrice: '2' }
      await tenant.put('items', { ...poor, ...said, incomeAccount: '200', expenseAccount: '300', salesTaxCode: 'GST' })
      await tenant.put('items', poor)
      await tenant.sync()
      await synced(t, tenant, 'items', 'i')
      t.strictSame(body(itemIn(tenant, 'BACK')), before)
    },
  )

  for (const conflict of ['pending_wins', 'xero_wins', 'product_wins'])
    t.test(
      `given ${conflict}, when an account is taken away while a person sets another, then that one stands`,
      async (t) => {
        const tenant = await known(`back-account-${conflict}`, 'customers', { items: { conflict } })
        const poor = { id: 'i', kind: 'service', code: 'BACK', name: 'Back' }
        await tenant.put('items', { ...poor, expenseAccount: '400', incomeAccount: '200' })
        await tenant.sync()
        later(world)
        const { PurchaseDetails } = bookItem
        control.editItem(tenant.organisation, 'BACK', { PurchaseDetails: { ...PurchaseDetails, AccountCode: '310' } })
        await tenant.put('items', poor)
        await tenant.sync()
        await synced(t, tenant, 'items', 'i')
        t.equal(itemIn(tenant, 'BACK').PurchaseDetails.AccountCode, '310')
        t.match(await record(tenant, 'items', 'i'), { expenseAccount: '310' })
      },
    )

  for (const conflict of ['pending_wins', 'xero_wins', 'product_wins'])
    t.test(`given ${conflict}, a value taken back while its arrival was not known, and a person’s since`, async (t) => {
      const tenant = await openTenant(world, `back-uncertain-${conflict}`, {
        ...inNewZealand,
        settings: { ...inNewZealand.settings, vendors: { ...inNewZealand.settings.vendors, conflict } },
      })
      control.createContact(tenant.organisation, { Name: 'Cow', EmailAddress: 'book@x.example' })
      later(world)
      await tenant.put('vendors', { id: 'v', name: 'Cow', email: 'ours@x.example', taxNumber: 'OURS' })
      const lost = {
        kind: 'lost_response',
        method: 'POST',
        path: '/Contacts',
        tenantId: tenant.organisationId,
      } as const
      control.faults({ ...lost, times: 3 })
      await tenant.startJob()
      while (await world.house.turn());
      t.equal((await tenant.state('vendors', 'v')).state, 'uncertain')
      await tenant.put('vendors', { id: 'v', name: 'Cow', taxNumber: 'OURS' })
      control.clearFaults()
      control.editContact(tenant.organisation, 'Cow', { EmailAddress: 'person@x.example' })
      await world.work()
      for (let n = 0; n < 3; n++) {
        later(world)
        await tenant.sync()
      }
      t.equal(contact(tenant, 'Cow').EmailAddress, 'person@x.example')
      await synced(t, tenant, 'vendors', 'v')
      t.match(await record(tenant, 'vendors', 'v'), { email: 'person@x.example' })
      tenant.checkXero(t)
    })

  t.test('given a value that a job refused, when it is taken back, then what stood there stands', async (t) => {
    const tenant = await known('back-refused', 'customers')
    control.createContact(tenant.organisation, { Name: 'Dog', AccountNumber: 'TAKEN' })
    later(world)
    await tenant.put('customers', { id: 'a', name: 'Cow', accountNumber: 'TAKEN' })
    await tenant.sync()
    t.equal((await tenant.state('customers', 'a')).lastError.code, 'account_number_taken')
    await tenant.put('customers', { id: 'a', name: 'Cow' })
    await tenant.sync()
    await synced(t, tenant, 'customers', 'a')
    t.equal(contact(tenant, 'Cow').AccountNumber, richContact('Cow').AccountNumber)
  })

  t.test('given values that had arrived, when the product takes them away, then they are emptied', async (t) => {
    const tenant = await known('back-arrived', 'customers')
    await tenant.put('customers', { id: 'a', name: 'Cow', email: 'ours@x.example', firstName: 'Ours' })
    await tenant.sync()
    await tenant.put('customers', { id: 'a', name: 'Cow', email: 'newer@x.example' })
    await tenant.put('customers', { id: 'a', name: 'Cow' })
    await tenant.sync()
    await synced(t, tenant, 'customers', 'a')
    t.notOk(contact(tenant, 'Cow').EmailAddress, 'the product had an e-mail there, and has none now')
    t.notOk(contact(tenant, 'Cow').FirstName)
    t.equal(contact(tenant, 'Cow').LastName, richContact('Cow').LastName, 'which it never said')
  })

  t.test('given a value said, linked by hand and taken back, then the record learns what stands in Xero', async (t) => {
    const tenant = await openTenant(world, 'back-by-hand')
    const there = control.createContact(tenant.organisation, {
      Name: 'Cow',
      EmailAddress: 'book@x.example',
      TaxNumber: 'BT',
    })
    await tenant.sync()
    await tenant.put('vendors', { id: 'v', name: 'Cow', email: 'wrong@x.example', taxNumber: 'W' })
    t.equal((await tenant.api('PUT', 'vendors/v/link', { xeroId: there.ContactID })).status, 200)
    await tenant.put('vendors', { id: 'v', name: 'Cow' })
    await tenant.sync()
    await synced(t, tenant, 'vendors', 'v')
    t.match(await record(tenant, 'vendors', 'v'), { email: 'book@x.example', taxNumber: 'BT' })
    t.match((await tenant.changes()).at(-1), { recordId: 'v', record: { email: 'book@x.example', taxNumber: 'BT' } })
    t.match(contact(tenant, 'Cow'), { EmailAddress: 'book@x.example', TaxNumber: 'BT' })
    // The value is the record's from now on: a person's edit is taken, and the product may take it away once it has said it.
    later(world)
    control.editContact(tenant.organisation, String(there.ContactID), { EmailAddress: 'person@x.example' })
    await tenant.sync()
    t.match(await record(tenant, 'vendors', 'v'), { email: 'person@x.example' })
    await tenant.put('vendors', { id: 'v', name: 'Cow', email: 'person@x.example' })
    await tenant.put('vendors', { id: 'v', name: 'Cow' })
    await tenant.sync()
    t.notOk(contact(tenant, 'Cow').EmailAddress)
  })
})
