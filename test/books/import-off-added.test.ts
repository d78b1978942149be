// With import "off" a record learns nothing of its contact, and holds less than stands there. What the product adds later is added:
// the other parts of an address, a phone or a person are nobody's to empty.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, later, type Row, record, richContact, synced } from './support/books.ts'

const rich = richContact('Rich', { AccountsReceivableTaxType: 'OUTPUT2', AccountsPayableTaxType: 'INPUT2' })

const addressOf = (tenant: Tenant, AddressType: string): Row =>
  contact(tenant, 'Rich').Addresses.find((one: Row) => one.AddressType === AddressType)

const phonesOf = (tenant: Tenant): string[] =>
  contact(tenant, 'Rich')
    .Phones.filter((one: Row) => one.PhoneNumber)
    .map((one: Row) => [one.PhoneType, one.PhoneCountryCode, one.PhoneAreaCode, one.PhoneNumber].join(' '))
    .sort()

t.test('books: added to what a record never learned', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  async function meet(name: string, type: string, said: object): Promise<Tenant> {
    const tenant = await openTenant(world, name, inNewZealand)
    control.createContact(tenant.organisation, rich)
    await tenant.settings({ [type]: { import: 'off' } })
    await tenant.put(type, { id: 'r1', name: 'Rich', ...said })
    await pull(tenant)
    return tenant
  }

  async function pull(tenant: Tenant): Promise<void> {
    await tenant.sync()
    later(world)
  }

  async function add(tenant: Tenant, t: Test, type: string, said: object): Promise<void> {
    await tenant.put(type, { id: 'r1', name: 'Rich', ...said })
    await pull(tenant)
    await synced(t, tenant, type, 'r1')
    t.match(await record(tenant, type, 'r1'), said, 'the record learns nothing')
  }

  for (const type of ['customers', 'vendors'])
    for (const linked of ['by name', 'by hand'])
      t.test(`given ${type} met ${linked}, when parts are added one by one, then the other parts stand`, async (t) => {
        const tenant = await meet(`parts-${type}-${linked.replace(' ', '-')}`, type, {})
        if (linked === 'by hand') {
          await tenant.api('DELETE', `${type}/r1/link`)
          const { ContactID } = contact(tenant, 'Rich')
          await tenant.api('PUT', `${type}/r1/link`, { xeroId: ContactID })
          await pull(tenant)
        }
        const shipping = { kind: 'shipping', lines: [], city: 'York' }
        await add(tenant, t, type, { addresses: [shipping] })
        const street = { AddressLine1: '1 High Street', City: 'York', Region: 'Avon', Country: 'New Zealand' }
        t.match(addressOf(tenant, 'STREET'), street)
        const billing = { kind: 'billing', lines: ['9 New Street'] }
        await add(tenant, t, type, { addresses: [shipping, billing] })
        t.match(addressOf(tenant, 'STREET'), street)
        const poBox = { City: 'Wells', PostalCode: '1234', AttentionTo: 'The accountant' }
        t.match(addressOf(tenant, 'POBOX'), { AddressLine1: '9 New Street', ...poBox })
        // Only what the product said is taken away again.
        await add(tenant, t, type, { addresses: [{ ...shipping, city: 'Hull' }] })
        t.match(addressOf(tenant, 'STREET'), { ...street, City: 'Hull' })
        t.match(addressOf(tenant, 'POBOX'), poBox)
        t.notOk(addressOf(tenant, 'POBOX').AddressLine1)
        tenant.checkXero(t)
      })

  t.test('given one address agreed on, when the other one is said in its place, then neither loses more', async (t) => {
    const billing = { kind: 'billing', lines: ['PO Box 1'] }
    const tenant = await meet('instead', 'customers', { addresses: [billing] })
    await add(tenant, t, 'customers', { addresses: [{ kind: 'shipping', lines: [], city: 'York' }] })
    const street = { AddressLine1: '1 High Street', City: 'York', Region: 'Avon', Country: 'New Zealand' }
    t.match(addressOf(tenant, 'STREET'), street)
    t.match(addressOf(tenant, 'POBOX'), { City: 'Wells', PostalCode: '1234' })
    t.notOk(addressOf(tenant, 'POBOX').AddressLine1)
    tenant.checkXero(t)
  })

  t.test('given a number that lacks its codes, when it is added, then the codes stand', async (t) => {
    const tenant = await meet('phones', 'customers', {})
    const before = phonesOf(tenant)
    await add(tenant, t, 'customers', { phones: [{ kind: 'default', number: '555 0101' }] })
    t.strictSame(phonesOf(tenant), before)
    await add(tenant, t, 'customers', { phones: [{ kind: 'default', number: '555 9999' }] })
    t.equal(phonesOf(tenant).length, before.length)
    t.match(
      phonesOf(tenant).find((one) => one.startsWith('DEFAULT')),
      /^DEFAULT 64 09 555 9999$/,
    )
    tenant.checkXero(t)
  })

  for (const person of [{ email: 'pia@rich.example' }, { firstName: 'Pia' }, { lastName: 'Person' }])
    t.test(`given a person known by ${Object.keys(person)}, when it is added, then it stands once`, async (t) => {
      const tenant = await meet(`person-${Object.keys(person)}`, 'customers', {})
      const { ContactPersons: before } = contact(tenant, 'Rich')
      await add(tenant, t, 'customers', { contactPersons: [person] })
      t.strictSame(contact(tenant, 'Rich').ContactPersons, before)
      const [pia] = before
      const own = 'email' in person ? person : { ...person, email: 'new@rich.example' }
      await add(tenant, t, 'customers', { contactPersons: [own] })
      t.strictSame(contact(tenant, 'Rich').ContactPersons, [{ ...pia, EmailAddress: own.email }])
      await add(tenant, t, 'customers', { contactPersons: [own, { firstName: 'New', lastName: 'Comer' }] })
      t.match(contact(tenant, 'Rich').ContactPersons, [
        { FirstName: 'Pia', LastName: 'Person', EmailAddress: own.email, IncludeInEmails: true },
        { FirstName: 'New', LastName: 'Comer' },
      ])
      await add(tenant, t, 'customers', { contactPersons: [{ firstName: 'New', lastName: 'Comer' }] })
      t.match(contact(tenant, 'Rich').ContactPersons, [{ FirstName: 'New', LastName: 'Comer' }])
      tenant.checkXero(t)
    })

  t.test(
    'given terms, names and numbers that were never learned, when one is added, then the rest stands',
    async (t) => {
      const tenant = await meet('names', 'vendors', {})
      await add(tenant, t, 'vendors', { firstName: 'Zed', terms: { kind: 'DAYSAFTERBILLDATE', days: 3 } })
      const { LastName, EmailAddress, TaxNumber, AccountNumber } = rich
      t.match(contact(tenant, 'Rich'), { FirstName: 'Zed', LastName, EmailAddress, TaxNumber, AccountNumber })
      const { Sales, Bills } = contact(tenant, 'Rich').PaymentTerms
      t.match({ Sales, Bills }, { Sales: { Day: 7 }, Bills: { Day: 3, Type: 'DAYSAFTERBILLDATE' } })
      tenant.checkXero(t)
    },
  )
})
