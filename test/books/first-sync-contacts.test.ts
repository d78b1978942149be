// The first sync of a company with ten years of books: its contacts. Whatever people and other programs put there stands afterwards.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { body, byHand, contact, document, later, record, richContact, synced, writes } from './support/books.ts'
import { service } from './support/trading.ts'

/** What an accountant sets up once and relies on for ever. */
const setUp = {
  DefaultCurrency: 'USD',
  SalesDefaultAccountCode: '200',
  PurchasesDefaultAccountCode: '300',
  SalesDefaultLineAmountType: 'INCLUSIVE',
  PurchasesDefaultLineAmountType: 'NONE',
  XeroNetworkKey: 'NETWORK-KEY',
  SalesTrackingCategories: [{ TrackingCategoryName: 'Region', TrackingOptionName: 'North' }],
  PurchasesTrackingCategories: [{ TrackingCategoryName: 'Region', TrackingOptionName: 'South' }],
}
const seed = {
  trackingCategories: { Region: ['North', 'South'] },
  contactGroups: ['Wholesale'],
  currencies: { USD: 0.7 },
}

t.test('books: first sync of contacts', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const old = (tenant: Tenant, name: string, more: object = {}) =>
    control.createContact(tenant.organisation, richContact(name, { ...setUp, ...more }), { unchecked: true })

  for (const partsReplaced of [false, true])
    t.test(`given contacts that are set up in every way, then all of it stands (${partsReplaced})`, async (t) => {
      const tenant = await openTenant(world, `set-up-${partsReplaced}`, { seed: { ...seed, partsReplaced } })
      const names = ['Ann', 'Bobby', 'Cecily', 'Dorothy']
      const rich = names.map((name) => old(tenant, name))
      for (const name of names) control.addToGroup(tenant.organisation, 'Wholesale', name)
      const was = names.map((name) => contact(tenant, name))
      t.match(was[0], { SalesDefaultAccountCode: '200', ContactGroups: [{ Name: 'Wholesale' }] })
      t.match(was[0].SalesTrackingCategories, [{ TrackingOptionName: 'North' }])
      await tenant.put('customers', { id: 'a', name: 'Ann' }, { id: 'c', name: 'Cecily', email: rich[2]?.EmailAddress })
      await tenant.put('vendors', { id: 'b', name: 'Bobby' }, { id: 'a', name: 'Ann' })
      await tenant.sync()
      later(world)
      // Handed over whole once more, and then one field of each changes.
      await tenant.put('customers', { id: 'a', name: 'Ann' }, { id: 'c', name: 'Cecily', email: rich[2]?.EmailAddress })
      await tenant.sync('full')
      for (const one of was) t.strictSame(body(contact(tenant, one.ContactID)), body(one), one.Name)
      await tenant.put('customers', { id: 'c', name: 'Cecily', email: 'new@c.example' })
      await tenant.put('vendors', { id: 'b', name: 'Bobby', taxNumber: '99' }, { id: 'a', name: 'Ann', firstName: 'A' })
      await tenant.sync()
      const changed = { Ann: 'FirstName', Bobby: 'TaxNumber', Cecily: 'EmailAddress', Dorothy: 'Name' }
      for (const one of was) {
        const field = changed[one.Name as keyof typeof changed]
        t.strictSame(body(contact(tenant, one.ContactID), field), body(one, field), `${one.Name} but for ${field}`)
      }
      t.match([contact(tenant, 'Ann').FirstName, contact(tenant, 'Cecily').EmailAddress], ['A', 'new@c.example'])
      tenant.checkXero(t)
    })

  t.test('given a product that holds the same in other words, then nothing is written but the number', async (t) => {
    const tenant = await openTenant(world, 'same-words', { seed })
    const was = old(tenant, 'Ann')
    const same = {
      id: 'a',
      name: 'Ann',
      firstName: 'Rita',
      lastName: 'Rich',
      email: was.EmailAddress,
      taxNumber: was.TaxNumber,
      accountNumber: was.AccountNumber,
      phones: [
        { kind: 'mobile', number: '64 021 555 0202' },
        { kind: 'default', number: '64 09 555 0101' },
      ],
    }
    await tenant.put('customers', same)
    await tenant.sync()
    t.strictSame(body(contact(tenant, 'Ann')), body(was))
    tenant.mark()
    await tenant.put('customers', same)
    await tenant.sync('full')
    t.strictSame(writes(tenant), [])
    tenant.checkXero(t)
  })

  t.test('given two contacts with one account number, then names decide, or a person', async (t) => {
    const tenant = await openTenant(world, 'one-number', { seed })
    const [one, two] = ['First Ltd', 'Second Ltd'].map((name) => old(tenant, name, { AccountNumber: 'A-1' }))
    await tenant.put('customers', { id: 'a', name: 'Second Ltd', accountNumber: 'A-1' })
    await tenant.put('customers', { id: 'b', name: 'Third Ltd', accountNumber: 'A-1' })
    await tenant.sync()
    t.equal((await tenant.state('customers', 'a')).xero?.id, two?.ContactID)
    t.match(await tenant.state('customers', 'b'), { state: 'conflict', lastError: { code: 'contact_ambiguous' } })
    for (const was of [one, two]) t.strictSame(body(contact(tenant, was?.ContactID)), body(was))
    t.equal(tenant.xero('Contacts').length, 2)
    tenant.checkXero(t)
  })

  t.test('given archived namesakes beside a live one, then the live one is found', async (t) => {
    const tenant = await openTenant(world, 'namesakes', { seed })
    for (const n of [1, 2]) {
      const { ContactID } = old(tenant, 'Ann', { AccountNumber: `OLD-${n}` })
      control.archiveContact(tenant.organisation, String(ContactID))
    }
    const live = old(tenant, 'Ann', { AccountNumber: 'LIVE' })
    const was = tenant.xero('Contacts')
    await tenant.put('customers', { id: 'a', name: 'ANN', email: 'ann@rich.example' })
    await tenant.put('vendors', { id: 'a', name: 'ann' })
    await tenant.sync()
    t.equal((await tenant.state('customers', 'a')).xero?.id, live.ContactID)
    t.equal((await tenant.state('vendors', 'a')).xero?.id, live.ContactID)
    const now = tenant.xero('Contacts')
    t.equal(now.length, 3)
    for (const one of was)
      t.strictSame(
        body(
          now.find(({ ContactID }) => ContactID === one.ContactID),
          'Name',
        ),
        body(one, 'Name'),
      )
    tenant.checkXero(t)
  })

  t.test(
    'given names that no program would write today, then their contacts are found and keep the rest',
    async (t) => {
      const tenant = await openTenant(world, 'odd-names', { seed })
      const names = ['Ann  Double ', `Long ${'x'.repeat(258)}`, 'Bell <b>& Co</b>', 'Ünïcode Ltd']
      const was = names.map((name, n) =>
        old(tenant, name, { EmailAddress: `${n}@odd.example`, AccountNumber: `O-${n}` }),
      )
      await tenant.put('customers', { id: 'a', name: 'Ann Double' }, { id: 'd', name: 'ÜNÏCODE LTD' })
      await tenant.sync()
      t.equal((await tenant.state('customers', 'a')).xero?.id, was[0]?.ContactID)
      t.equal((await tenant.state('customers', 'd')).xero?.id, was[3]?.ContactID)
      for (const one of was) t.strictSame(body(contact(tenant, one.ContactID), 'Name'), body(one, 'Name'))
      t.equal(tenant.xero('Contacts').length, 4)
      // The same of numbers with blanks around them.
      const spaced = old(tenant, 'Spaced', { AccountNumber: ' S  1 ', TaxNumber: ' 12  34' })
      later(world)
      await tenant.put('customers', { id: 's', name: 'Spaced Ltd', accountNumber: 'S 1' })
      await tenant.sync()
      t.equal((await tenant.state('customers', 's')).xero?.id, spaced.ContactID)
      tenant.checkXero(t)
    },
  )

  t.test('given five persons in Xero and another of the product, then none is lost without a word', async (t) => {
    const tenant = await openTenant(world, 'persons', { seed })
    const persons = [1, 2, 3, 4, 5].map((n) => ({
      FirstName: `P${n}`,
      LastName: 'Five',
      EmailAddress: `p${n}@five.example`,
      IncludeInEmails: n === 2,
    }))
    const was = old(tenant, 'Ann', { ContactPersons: persons })
    await tenant.put('customers', {
      id: 'a',
      name: 'Ann',
      contactPersons: [{ firstName: 'Six', lastName: 'Th', email: 'six@th.example' }],
    })
    await tenant.sync()
    const state = await tenant.state('customers', 'a')
    t.strictSame(contact(tenant, 'Ann').ContactPersons, was.ContactPersons, 'the five stand')
    t.not(state.state, 'synced')
    t.match(state.lastError, { action: String, cause: String })
    await tenant.put('customers', { id: 'a', name: 'Ann', contactPersons: [] })
    await tenant.sync()
    await synced(t, tenant, 'customers', 'a')
    t.strictSame(body(contact(tenant, 'Ann')), body(was))
    tenant.checkXero(t)
  })

  t.test('given contacts with a currency of their own, then documents are in the currency of the record', async (t) => {
    const tenant = await openTenant(world, 'currency', { seed })
    const was = old(tenant, 'Ann', {})
    await tenant.put('items', service('s1'))
    await tenant.put('customers', { id: 'a', name: 'Ann' })
    await tenant.put('invoices', invoice('d1', 'a', ['s1']), invoice('d2', 'a', ['s1'], { currency: 'USD' }))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1', 'd2')
    t.equal(document(tenant, 'INV-d1').CurrencyCode, 'AUD', 'the base currency, where the record names none')
    t.equal(document(tenant, 'INV-d2').CurrencyCode, 'USD')
    t.strictSame(body(contact(tenant, 'Ann')), body(was))
    t.equal((await record(tenant, 'customers', 'a')).currency, 'USD')
    tenant.checkXero(t)
  })

  t.test('given a contact that both roles meet, when one role is deleted, then it stays whole', async (t) => {
    const tenant = await openTenant(world, 'roles', { seed })
    const was = old(tenant, 'Ann')
    for (const type of ['ACCREC', 'ACCPAY'] as const)
      control.createInvoice(tenant.organisation, byHand(type, was.ContactID))
    await tenant.put('customers', { id: 'a', name: 'Ann' })
    await tenant.put('vendors', { id: 'b', name: 'Ann', terms: { days: 3, kind: 'DAYSAFTERBILLDATE' } })
    await tenant.sync()
    const state = await tenant.state('vendors', 'b')
    t.equal(state.state, 'synced', JSON.stringify(state.lastError))
    t.strictSame(contact(tenant, 'Ann').PaymentTerms.Sales, { Day: 7, Type: 'DAYSAFTERBILLDATE' })
    await tenant.api('DELETE', 'customers/a')
    await tenant.sync()
    t.strictSame(
      body(contact(tenant, 'Ann'), 'PaymentTerms'),
      body({ ...was, ContactStatus: 'ACTIVE' }, 'PaymentTerms'),
    )
    tenant.checkXero(t)
  })

  t.test('given a thousand contacts that nobody hands over, then none of them is touched', async (t) => {
    const tenant = await openTenant(world, 'thousand')
    control.bulk(tenant.organisation, { contacts: 1_100, prefix: 'Old' })
    const was = tenant.xero('Contacts')
    await tenant.put('customers', ...Array.from({ length: 60 }, (_, n) => customer(`n${n}`, { name: `New ${n}` })))
    await tenant.put('customers', { id: 'known', name: String(was[500].Name) })
    await tenant.sync()
    await tenant.sync('full')
    const now = new Map(tenant.xero('Contacts').map((one) => [one.ContactID, one]))
    t.equal(now.size, 1_160)
    t.strictSame(
      was.filter((one) => JSON.stringify(body(now.get(one.ContactID))) !== JSON.stringify(body(one))),
      [],
    )
    tenant.checkXero(t)
  })
})
