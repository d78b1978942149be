// Case 03: contacts that stood in Xero before, with more than the product knows.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'
import { body, byHand, contact, later, record, richContact, synced } from './support/books.ts'

t.test('books: contacts known', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  for (const partsReplaced of [false, true]) {
    const how = partsReplaced ? ' (Xero replaces parts)' : ''
    const rich = (name: string) => openTenant(world, `${name}${partsReplaced}`, { seed: { partsReplaced } })

    t.test(`03 given rich contacts when bare records meet them then everything stands${how}`, async (t) => {
      const tenant = await rich('rich')
      const one = control.createContact(tenant.organisation, richContact('Rich One'))
      const two = control.createContact(tenant.organisation, richContact('Rich Twoo'))
      const three = control.createContact(tenant.organisation, richContact('Rich Threee'))
      const four = control.createContact(tenant.organisation, richContact('Rich Fourrrr'))
      await tenant.put('customers', { id: 'c1', name: 'Rich One' })
      // A link by hand names what an import has read.
      await tenant.sync()
      await tenant.put('customers', { id: 'c2', name: 'Rich Twoo' })
      await tenant.put('vendors', { id: 'v3', name: 'RICH threee' })
      await tenant.put('customers', { id: 'c4', name: 'RICH FOURRRR', accountNumber: 'ACC Rich Fourrrr' })
      const link = await tenant.api('PUT', 'customers/c2/link', { xeroId: two.ContactID })
      t.equal(link.status, 200, JSON.stringify(link.body))
      await tenant.sync()
      await tenant.sync()
      for (const was of [one, two, three])
        t.strictSame(body(contact(tenant, was.ContactID), 'Name'), body(was, 'Name'), String(was.Name))
      t.strictSame(body(contact(tenant, four.ContactID), 'Name'), body(four, 'Name'), 'by account number')
      await synced(t, tenant, 'customers', 'c1', 'c2', 'c4')
      await synced(t, tenant, 'vendors', 'v3')
      for (const id of ['c1', 'c2']) {
        const known = await record(tenant, 'customers', id)
        t.match(known, { firstName: 'Rita', lastName: 'Rich', email: /@rich\.example$/ })
        t.ok(known.accountNumber && known.taxNumber && known.website, 'the record learnt its numbers')
        t.equal(known.phones.length, 2)
        t.equal(known.addresses.length, 2)
        t.match(known.contactPersons, [{ firstName: 'Pia' }])
        t.ok(
          (await tenant.changes()).some((change) => change.recordId === id),
          'and the product is told',
        )
      }
      tenant.checkXero(t)
    })

    t.test(`03 given a known rich contact when one field changes then no other does${how}`, async (t) => {
      const tenant = await rich('later')
      control.createContact(tenant.organisation, richContact('Rich One'))
      await tenant.put('customers', { id: 'c1', name: 'Rich One' })
      await tenant.sync()
      later(world)
      const before = control.editContact(tenant.organisation, 'Rich One', {
        Addresses: [{ AddressType: 'STREET', AddressLine2: 'Back door', AttentionTo: 'Storeman' }],
      })
      // The product never read the feed: it still hands over what it knows itself.
      await tenant.put('customers', { id: 'c1', name: 'Rich One', email: 'new@rich.example' })
      await tenant.sync()
      const after = contact(tenant, 'Rich One')
      t.equal(after.EmailAddress, 'new@rich.example')
      t.strictSame(body(after, 'EmailAddress'), body(before, 'EmailAddress'))
      tenant.checkXero(t)
    })

    t.test(
      `03 given the record as the feed told it, when a field is taken away, then only that is gone${how}`,
      async (t) => {
        const tenant = await rich('away')
        const was = control.createContact(tenant.organisation, richContact('Rich One'))
        await tenant.put('customers', { id: 'c1', name: 'Rich One' })
        await tenant.sync()
        // It takes over what the feed told, and from then on it holds that itself.
        const { email, ...known } = await record(tenant, 'customers', 'c1')
        await tenant.put('customers', { ...known, email, id: 'c1' })
        await tenant.sync()
        const phones = known.phones?.filter((phone: { kind: string }) => phone.kind !== 'mobile')
        await tenant.put('customers', { ...known, id: 'c1', phones })
        await tenant.sync()
        const after = contact(tenant, 'Rich One')
        t.notOk(after.EmailAddress, 'the product held it and took it away')
        const mobile = after.Phones.find((one: { PhoneType: string }) => one.PhoneType === 'MOBILE')
        t.notOk(mobile.PhoneNumber || mobile.PhoneAreaCode || mobile.PhoneCountryCode)
        t.strictSame(body(after, 'EmailAddress', 'Phones'), body(was, 'EmailAddress', 'Phones'))
        t.strictSame(after.Phones[1], (was.Phones as object[])[1], 'the other phone keeps its parts')
        tenant.checkXero(t)
      },
    )
  }

  t.test(
    '03 given an imported contact when the product adopts it under its own id then everything stands',
    async (t) => {
      const tenant = await openTenant(world, 'adopted-rich')
      const was = control.createContact(tenant.organisation, richContact('Rich One'))
      control.createInvoice(tenant.organisation, byHand('ACCREC', was.ContactID))
      await tenant.sync()
      await tenant.put('customers', { id: 'own-1', name: 'Rich One' })
      await tenant.sync()
      await tenant.sync()
      t.equal((await tenant.state('customers', 'own-1')).xero.id, was.ContactID)
      t.strictSame(body(contact(tenant, was.ContactID)), body(was))
      t.match(await record(tenant, 'customers', 'own-1'), { firstName: 'Rita', phones: [{}, {}] })
      tenant.checkXero(t)
    },
  )
})
