// Further persons of a contact whose main person has no e-mail address: Xero adds none, so they are left out and told, everything
// else arrives, and they follow once there is an address.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, later, type Row, record, synced, writes } from './support/books.ts'

const pia = { firstName: 'Pia', lastName: 'Person' }
const max = { firstName: 'Max', lastName: 'Muster', email: 'max@x.example' }
const piaThere = { FirstName: 'Pia', LastName: 'Person', EmailAddress: 'pia@x.example', IncludeInEmails: true }
const ida = { FirstName: 'Ida', LastName: 'Inn', EmailAddress: '', IncludeInEmails: false }

t.test('books: persons without a main person', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const open = async (name: string, settings: object = {}): Promise<Tenant> => {
    const tenant = await openTenant(world, name, inNewZealand)
    await tenant.settings({ customers: settings })
    return tenant
  }
  async function hand(tenant: Tenant, body: object, type: 'customers' | 'vendors' = 'customers'): Promise<void> {
    await tenant.put(type, { id: 'c', name: 'Alone', ...body })
    await job(tenant, type)
  }
  async function job(tenant: Tenant, type: 'customers' | 'vendors' = 'customers', kind?: 'full'): Promise<void> {
    later(world)
    await tenant.sync(kind)
    await synced(t, tenant, type, 'c')
  }
  const persons = (tenant: Tenant): string[] =>
    (contact(tenant, 'Alone').ContactPersons ?? [])
      .map((one: Row) => [one.FirstName, one.LastName, one.EmailAddress].filter(Boolean).join(' '))
      .sort()
  const findings = async (tenant: Tenant) => (await tenant.api('GET', 'findings')).body.items
  /** Nothing is sent, and nothing of the record is lost, however often Xero is read. */
  async function staysSo(tenant: Tenant): Promise<void> {
    tenant.mark()
    const before = await record(tenant, 'customers', 'c')
    for (const kind of ['full', undefined, 'full'] as const) await job(tenant, 'customers', kind)
    t.strictSame(writes(tenant), [])
    t.strictSame((await record(tenant, 'customers', 'c')).contactPersons, before.contactPersons)
  }

  t.test('given a new customer, then it is created without them, and they follow with the address', async (t) => {
    const tenant = await open('persons-new')
    await hand(tenant, { firstName: 'Main', contactPersons: [pia, max], taxNumber: 'T1' })
    t.match(contact(tenant, 'Alone'), { FirstName: 'Main', TaxNumber: 'T1', ContactPersons: [] })
    t.match(await findings(tenant), [
      { code: 'persons_left_out', recordType: 'customer', recordId: 'c', detail: /Max Muster, Pia Person/ },
    ])
    await staysSo(tenant)
    await hand(tenant, { firstName: 'Main', contactPersons: [pia, max], taxNumber: 'T1', email: 'main@x.example' })
    t.strictSame(persons(tenant), ['Max Muster max@x.example', 'Pia Person'])
    t.strictSame(await findings(tenant), [])
    tenant.checkXero(t)
  })

  for (const conflict of ['pending_wins', 'xero_wins', 'product_wins'])
    t.test(`given ${conflict} and persons that stand there, then they stay, and everything else arrives`, async (t) => {
      const tenant = await open(`persons-stand-${conflict}`, { conflict })
      control.createContact(tenant.organisation, { Name: 'Alone', ContactPersons: [piaThere, ida] })
      await tenant.sync()
      await hand(tenant, { contactPersons: [pia, max], accountNumber: 'A1' })
      t.strictSame(persons(tenant), ['Ida Inn', 'Pia Person pia@x.example'])
      t.equal(contact(tenant, 'Alone').AccountNumber, 'A1')
      t.match(await findings(tenant), [{ code: 'persons_left_out', detail: /persons Max Muster\./ }])
      await staysSo(tenant)
      await hand(tenant, { contactPersons: [pia, max], accountNumber: 'A2' })
      t.equal(contact(tenant, 'Alone').AccountNumber, 'A2', 'a later change arrives as well')
      await hand(tenant, { contactPersons: [pia, max], accountNumber: 'A2', email: 'main@x.example' })
      t.strictSame(persons(tenant), ['Ida Inn', 'Max Muster max@x.example', 'Pia Person pia@x.example'])
      t.strictSame(await findings(tenant), [])
      tenant.checkXero(t)
    })

  t.test('given a person that the product takes away, then it goes with the address, and not before', async (t) => {
    const tenant = await open('persons-away')
    await hand(tenant, { contactPersons: [pia, max], email: 'main@x.example' })
    await hand(tenant, { contactPersons: [pia], taxNumber: 'T2' })
    t.match(contact(tenant, 'Alone'), { EmailAddress: undefined, TaxNumber: 'T2' })
    t.strictSame(persons(tenant), ['Max Muster max@x.example', 'Pia Person'])
    t.match(await findings(tenant), [{ code: 'persons_left_out', detail: /persons Max Muster\./ }])
    await staysSo(tenant)
    await hand(tenant, { contactPersons: [pia], taxNumber: 'T2', email: 'again@x.example' })
    t.strictSame(persons(tenant), ['Pia Person'])
    await hand(tenant, { contactPersons: [], taxNumber: 'T2' })
    t.strictSame(persons(tenant), [], 'all of them go, address or not')
    t.strictSame(await findings(tenant), [])
  })

  for (const [name, imported] of [
    ['imported', {}],
    ['not imported', { import: 'off' }],
  ] as const)
    t.test(`given an address that a person enters in Xero and that is ${name}, then they are sent`, async (t) => {
      const tenant = await open(`persons-${name.slice(0, 3)}`, imported)
      await hand(tenant, { contactPersons: [pia] })
      t.strictSame(persons(tenant), [])
      control.editContact(tenant.organisation, 'Alone', { EmailAddress: 'hand@x.example' })
      later(world)
      await tenant.sync()
      await job(tenant)
      t.strictSame(persons(tenant), ['Pia Person'])
      t.equal(contact(tenant, 'Alone').EmailAddress, 'hand@x.example')
      t.strictSame(await findings(tenant), [])
      await staysSo(tenant)
    })

  for (const [name, first] of [
    ['half a name', [{ firstName: 'Pia' }]],
    ['nothing', []],
  ] as const)
    t.test(
      `given no imports, and a person of whom the product said ${name}, then no change of it is lost`,
      async (t) => {
        const tenant = await open(`persons-off-${first.length}`, { import: 'off' })
        control.createContact(tenant.organisation, { Name: 'Alone', ContactPersons: [piaThere] })
        await hand(tenant, { contactPersons: [] })
        await hand(tenant, { contactPersons: first })
        t.strictSame(await findings(tenant), [])
        const contactPersons = [{ ...pia, email: 'new@x.example' }]
        await hand(tenant, { contactPersons })
        t.strictSame(persons(tenant), ['Pia Person pia@x.example'])
        t.match(await findings(tenant), [{ code: 'persons_left_out', detail: /persons Pia Person\./ }])
        await staysSo(tenant)
        await hand(tenant, { contactPersons, email: 'main@x.example' })
        t.strictSame(persons(tenant), ['Pia Person new@x.example'])
        t.strictSame(await findings(tenant), [])
      },
    )

  t.test(
    'given a vendor that is the same contact and says the address, then the persons of the customer follow',
    async (t) => {
      const tenant = await open('persons-shared')
      await hand(tenant, { contactPersons: [pia] })
      await hand(tenant, { email: 'vendor@x.example' }, 'vendors')
      await job(tenant)
      await job(tenant)
      t.strictSame(persons(tenant), ['Pia Person'])
      t.strictSame(await findings(tenant), [])
    },
  )
})
