// Addresses, numbers and persons of which the product knows less than Xero, or spells otherwise: what it does not say stays, and what it
// takes away is only what it said.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, later, type Row, record, synced, writes } from './support/books.ts'

const address = {
  AddressType: 'POBOX',
  AddressLine1: '1 High Road',
  AddressLine2: 'Level 2',
  City: 'Auckland',
  Region: 'North',
  PostalCode: '1010',
  Country: 'New Zealand',
  AttentionTo: 'Mr X',
}
const phone = { PhoneType: 'DEFAULT', PhoneCountryCode: '61', PhoneAreaCode: '2', PhoneNumber: '5550 1234' }
const person = { FirstName: 'Pia', LastName: 'Person', EmailAddress: 'pia@x.example', IncludeInEmails: true }

t.test('books: addresses, numbers and persons', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const filled = (row: Row = {}) =>
    Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '' && value !== null))
  const addressIn = (tenant: Tenant) =>
    filled(contact(tenant, 'Parts').Addresses.find((one: Row) => one.AddressType === 'POBOX'))
  const phoneIn = (tenant: Tenant) =>
    filled(contact(tenant, 'Parts').Phones.find((one: Row) => one.PhoneType === 'DEFAULT'))

  async function met(name: string, body: object): Promise<Tenant> {
    const seed = { ...inNewZealand.seed, partsReplaced: true }
    const tenant = await openTenant(world, name.replaceAll(/\W+/g, '-'), { ...inNewZealand, seed })
    control.createContact(tenant.organisation, {
      Name: 'Parts',
      EmailAddress: 'main@parts.example',
      Addresses: [address],
      Phones: [phone],
      ContactPersons: [person],
    })
    await hand(tenant, body)
    return tenant
  }

  async function hand(tenant: Tenant, body: object): Promise<void> {
    await tenant.put('customers', { id: 'c', name: 'Parts', ...body })
    await tenant.sync()
    await synced(t, tenant, 'customers', 'c')
    later(world)
  }

  const billing = (said: object) => ({ addresses: [{ kind: 'billing', ...said }] })
  for (const [name, said, stands] of [
    ['fewer lines', { lines: ['1 High Road'], city: 'Auckland' }, {}],
    ['fewer lines in another case', { lines: ['1 HIGH ROAD'], city: 'AUCKLAND ' }, {}],
    ['no lines', { lines: [], city: 'Auckland' }, {}],
    ['no lines, and another city', { lines: [], city: 'Wellington' }, { City: 'Wellington' }],
    [
      'another street',
      { lines: ['9 New Road'], city: 'Auckland' },
      { AddressLine1: '9 New Road', AddressLine2: undefined },
    ],
    [
      'another street in another city',
      { lines: ['9 New Road'], city: 'Wellington' },
      { AddressLine1: '9 New Road', AddressLine2: undefined, City: 'Wellington' },
    ],
  ] as const)
    t.test(`given an address of ${name}, then everything else of it stands, also when it is taken away`, async (t) => {
      const tenant = await met(`met-${name}`, billing(said))
      const after = Object.fromEntries(
        Object.entries({ ...address, ...stands }).filter(([, value]) => value !== undefined),
      )
      t.strictSame(addressIn(tenant), after)
      await hand(tenant, { ...billing(said), firstName: 'F' })
      t.strictSame(addressIn(tenant), after, 'said once more')
      await hand(tenant, { firstName: 'F' })
      const { AddressLine1, AddressLine2, City: _, ...left } = after
      const street = Object.entries({ AddressLine1, AddressLine2 }).filter(([, line]) => line !== undefined)
      const isStreetTaken = said.lines.length > 0
      t.strictSame(addressIn(tenant), isStreetTaken ? left : { ...left, ...Object.fromEntries(street) })
      tenant.mark()
      await tenant.sync('full')
      t.strictSame(writes(tenant), [])
      tenant.checkXero(t)
    })

  t.test('given an address of the product alone, when it is taken away, then it is gone', async (t) => {
    const tenant = await openTenant(world, 'gone')
    await hand(tenant, billing({ lines: ['1 High Road'], city: 'Auckland', postalCode: '1010' }))
    await hand(tenant, {})
    t.strictSame(addressIn(tenant), { AddressType: 'POBOX' })
    t.notOk((await record(tenant, 'customers', 'c')).addresses?.length)
    tenant.checkXero(t)
  })

  t.test('given an address that is taken away while a person adds to it, then what was added stands', async (t) => {
    const tenant = await openTenant(world, 'added')
    await hand(tenant, billing({ lines: ['1 High Road'], city: 'Auckland' }))
    control.editContact(tenant.organisation, 'Parts', {
      Addresses: [{ AddressType: 'POBOX', AddressLine1: '1 High Road', City: 'Auckland', PostalCode: '1010' }],
    })
    later(world)
    await hand(tenant, {})
    t.strictSame(addressIn(tenant), { AddressType: 'POBOX', PostalCode: '1010' })
    tenant.checkXero(t)
  })

  t.test('given lines of the street, when the product takes one of its own away, then it goes', async (t) => {
    const tenant = await openTenant(world, 'line')
    await hand(tenant, billing({ lines: ['1 High Road', 'Level 2'], city: 'Auckland' }))
    await hand(tenant, billing({ lines: ['1 High Road'], city: 'Auckland' }))
    t.strictSame(addressIn(tenant), { AddressType: 'POBOX', AddressLine1: '1 High Road', City: 'Auckland' })
    tenant.checkXero(t)
  })

  const dialled = (number: string) => ({ phones: [{ kind: 'default', number }] })
  for (const [name, before, now, stands] of [
    ['local number', '5550 1234', '5550 9999', { ...phone, PhoneNumber: '5550 9999' }],
    ['number with its codes', '5550 1234', '+61 2 5550 9999', { PhoneType: 'DEFAULT', PhoneNumber: '+61 2 5550 9999' }],
    ['longer number', '5550 1234', '0412 345 678', { PhoneType: 'DEFAULT', PhoneNumber: '0412 345 678' }],
    ['whole number', '61 2 5550 1234', '61 2 5550 9999', { ...phone, PhoneNumber: '5550 9999' }],
  ] as const)
    t.test(`given codes in Xero, when the product changes to another ${name}, then it is told whole`, async (t) => {
      const tenant = await met(`phone-${name}`, dialled(before))
      t.strictSame(phoneIn(tenant), phone)
      await hand(tenant, dialled(now))
      t.strictSame(phoneIn(tenant), stands)
      const whole = [stands.PhoneCountryCode, stands.PhoneAreaCode, stands.PhoneNumber].filter(Boolean).join(' ')
      t.match((await record(tenant, 'customers', 'c')).phones, [{ number: whole }])
      tenant.mark()
      await hand(tenant, { ...dialled(now), firstName: 'F' })
      t.strictSame(phoneIn(tenant), stands)
      tenant.checkXero(t)
    })

  for (const [name, said] of [
    ['half a name', { firstName: 'Pia', email: 'PIA@x.example' }],
    ['the last name', { lastName: 'person', email: 'pia@x.example' }],
    ['a mailbox alone', { email: 'pia@x.example' }],
    ['a name in one field', { firstName: 'Pia Person', email: 'pia@x.example' }],
  ] as const)
    t.test(`given a person known by ${name}, then it stands once`, async (t) => {
      const tenant = await met(`person-${name}`, { contactPersons: [said] })
      const persons = () => contact(tenant, 'Parts').ContactPersons
      const same = [{ ...person, EmailAddress: /^pia@x.example$/i }]
      t.equal(persons().length, 1)
      t.match(persons(), same)
      await hand(tenant, { contactPersons: [said], firstName: 'F' })
      t.equal(persons().length, 1, 'said once more')
      await hand(tenant, { contactPersons: [{ ...said, email: 'pia@new.example' }] })
      t.equal(persons().length, 1, 'with another mailbox')
      // One without a name is the mailbox: another mailbox is another person.
      const isNamed = 'firstName' in said || 'lastName' in said
      t.match(persons(), [{ ...(isNamed && person), EmailAddress: 'pia@new.example' }])
      await hand(tenant, { contactPersons: [] })
      t.notOk(persons()?.length, 'taken away')
      tenant.checkXero(t)
    })

  t.test('given import "off", when the product changes a part, then what it never said stands', async (t) => {
    const seed = { ...inNewZealand.seed, partsReplaced: true }
    const tenant = await openTenant(world, 'off', { ...inNewZealand, seed })
    await tenant.settings({ customers: { import: 'off' } })
    control.createContact(tenant.organisation, {
      Name: 'Parts',
      EmailAddress: 'main@parts.example',
      Addresses: [address],
      Phones: [phone],
      ContactPersons: [person],
    })
    const said = {
      ...billing({ lines: ['1 High Road'], city: 'Auckland' }),
      ...dialled('5550 1234'),
      contactPersons: [{ firstName: 'Pia', email: 'pia@x.example' }],
    }
    await hand(tenant, said)
    const stands = () => [addressIn(tenant), phoneIn(tenant), contact(tenant, 'Parts').ContactPersons]
    t.match(stands(), [address, phone, [person]])
    await hand(tenant, { ...said, firstName: 'F' })
    t.match(stands(), [address, phone, [person]], 'with another field')
    await hand(tenant, { ...said, ...billing({ lines: ['1 High Road'], city: 'Hobart' }) })
    t.match(stands(), [{ ...address, City: 'Hobart' }, phone, [person]], 'with another city')
    await hand(tenant, { firstName: 'F' })
    const { AddressLine1: _, AddressLine2: __, City: ___, ...rest } = address
    t.match(addressIn(tenant), rest)
    tenant.checkXero(t)
  })

  t.test('given two persons of one mailbox, then both stand', async (t) => {
    const tenant = await met('two', { contactPersons: [{ firstName: 'Max', email: 'pia@x.example' }] })
    t.strictSame(
      contact(tenant, 'Parts')
        .ContactPersons.map((one: Row) => one.FirstName)
        .sort(),
      ['Max', 'Pia'],
    )
    tenant.checkXero(t)
  })
})
