// One contact is a customer and a vendor. What a write of the one has left in Xero is not known while its answer is lost: the other
// one writes after it is, for an address that is sent whole would take away what the first one has added to it.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, inNewZealand, later, type Row, record, synced } from './support/books.ts'

const minute = 60_000

t.test('books: a contact that another record is writing', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  for (const kind of ['lost_response', 'lost_request'] as const)
    t.test(`given a write of the customer (${kind}), when the vendor is written too, then both arrive`, async (t) => {
      const tenant = await openTenant(world, kind.replace('_', '-'), inNewZealand)
      const address = (more: object) => ({ addresses: [{ kind: 'billing', lines: [], ...more }] })
      await tenant.put('customers', { id: 'c1', name: 'Ant Co', ...address({ region: 'Avon' }) })
      await tenant.put('vendors', { id: 'v1', name: 'Ant Co', ...address({ city: 'Bath' }) })
      await tenant.sync()
      later(world)
      const faulty = { kind, method: 'POST', path: '/Contacts', tenantId: tenant.organisationId, times: 1 }
      control.faults(faulty)
      await tenant.put('customers', { id: 'c1', name: 'Ant Co', ...address({ region: 'Avon', postalCode: '1234' }) })
      await tenant.put('vendors', { id: 'v1', name: 'Ant Co', ...address({ city: 'York' }) })
      await tenant.startJob()
      await world.work({ forMs: 20 * minute })
      await synced(t, tenant, 'customers', 'c1')
      await synced(t, tenant, 'vendors', 'v1')
      const billing = contact(tenant, 'Ant Co').Addresses.find((one: Row) => one.AddressType === 'POBOX')
      t.match(billing, { City: 'York', Region: 'Avon', PostalCode: '1234' })
      t.match((await record(tenant, 'vendors', 'v1')).addresses, [{ city: 'York', region: 'Avon', postalCode: '1234' }])
      tenant.checkXero(t)
    })

  t.test(
    'given a change whose answer was never found out, then its attempt says so, and the record goes on',
    async (t) => {
      const tenant = await openTenant(world, 'lost-for-good', inNewZealand)
      await tenant.put('customers', { id: 'c1', name: 'Ant Co' })
      await tenant.sync()
      later(world)
      const faulty = {
        kind: 'lost_response',
        method: 'POST',
        path: '/Contacts',
        tenantId: tenant.organisationId,
      } as const
      control.faults({ ...faulty, times: 3 })
      await tenant.put('customers', { id: 'c1', name: 'Ant Co', taxNumber: 'T1' })
      await tenant.startJob()
      const attempts = async () => (await tenant.api('GET', 'customers/c1/attempts')).body.items
      await world.work({ forMs: minute })
      t.match(await attempts(), [{ outcome: 'unknown', settledAt: null, error: null }, { outcome: 'written' }])
      t.match(await tenant.state('customers', 'c1'), { state: 'uncertain', lastError: { code: 'outcome_unknown' } })
      await world.work({ forMs: 30 * minute })
      await synced(t, tenant, 'customers', 'c1')
      t.match((await tenant.state('customers', 'c1')).lastError, null)
      const [lost] = (await attempts()).filter((one: Row) => one.outcome === 'unknown')
      t.match(lost, { settledAt: String, error: { code: 'outcome_unknown', retryable: false, cause: /not found out/ } })
      tenant.checkXero(t)
    },
  )

  t.test('given a lost creation whose fields a person emptied before it was found, then they stay empty', async (t) => {
    const tenant = await openTenant(world, 'emptied', inNewZealand)
    const { organisationId: tenantId } = tenant
    control.faults({ kind: 'lost_response', method: 'PUT', path: '/Contacts', tenantId, times: 3 })
    const said = {
      email: 'ada@example.com',
      contactPersons: [{ firstName: 'Ada', lastName: 'Ant' }],
      accountNumber: 'A-1',
      website: 'https://example.com',
      addresses: [{ kind: 'billing', lines: [], city: 'Bath', region: 'Avon' }],
    }
    await tenant.put('customers', { id: 'c1', name: 'Ant Co', ...said })
    await tenant.startJob()
    while (await world.house.turn());
    const emptied = {
      EmailAddress: '',
      Addresses: [{ AddressType: 'POBOX', City: '', Region: 'Avon' }],
      ContactPersons: [],
    }
    control.editContact(tenant.organisation, contact(tenant, 'Ant Co').ContactID, emptied)
    await world.work({ forMs: 30 * minute })
    await tenant.sync()
    await synced(t, tenant, 'customers', 'c1')
    const isEmptied = async () => {
      const there = contact(tenant, 'Ant Co')
      t.strictSame(there.ContactPersons, [])
      t.match([there.EmailAddress ?? '', there.AccountNumber], ['', 'A-1'])
      const billing = there.Addresses.find((one: Row) => one.AddressType === 'POBOX')
      t.match([billing.City ?? '', billing.Region], ['', 'Avon'])
      const { email = '', contactPersons = [], addresses, website } = await record(tenant, 'customers', 'c1')
      t.strictSame([email, contactPersons], ['', []], 'the record shows it')
      t.equal(website, 'https://example.com', 'Xero takes it from people only')
      t.match(addresses, [{ region: 'Avon' }])
      t.notMatch(addresses, [{ city: 'Bath' }])
    }
    await isEmptied()
    later(world)
    await tenant.put('customers', {
      id: 'c1',
      name: 'Ant Co',
      ...said,
      phones: [{ kind: 'default', number: '5550100' }],
    })
    await tenant.sync()
    await isEmptied()
    tenant.checkXero(t)
  })
})
