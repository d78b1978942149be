// Values that stand in Xero and that it would not take from us, each handed back as it was read while another field is
// changed: the other field arrives, the odd value stays as it stands, and the record is `synced`.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { body, byHand, contact, itemIn, later, type Row, synced } from './support/books.ts'

const long = (length: number): string => 'x'.repeat(length)
const phone = (PhoneType: string, more: object) => ({ PhoneType, PhoneNumber: '555 0101', ...more })
const address = (AddressType: string, more: object) => ({ AddressType, AddressLine1: '1 High Street', ...more })

/** Values that a person's import left in Xero. */
const oddContacts: Readonly<Record<string, object>> = {
  'a name of 263 characters': { Name: `Long ${long(258)}` },
  'a name with angle brackets': { Name: 'Angle <b> Ltd' },
  'a name with two spaces': { Name: 'Two  spaces' },
  'two e-mails in one field': { EmailAddress: 'a@two.example; b@two.example' },
  'an e-mail without a domain': { EmailAddress: 'nobody' },
  'a first name of 300 characters': { FirstName: long(300), LastName: 'Short' },
  'a last name of 300 characters': { FirstName: 'Short', LastName: long(300) },
  'an account number of 80 characters': { AccountNumber: `A${long(79)}` },
  'a tax number of 80 characters': { TaxNumber: long(80) },
  'a web site without a scheme': { Website: 'www.example.com' },
  'a telephone number of 60 digits': { Phones: [phone('DEFAULT', { PhoneNumber: '5'.repeat(60) })] },
  'a telephone number in three long parts': {
    Phones: [phone('MOBILE', { PhoneAreaCode: '1'.repeat(20), PhoneCountryCode: '2'.repeat(30) })],
  },
  'a line of an address of 600 characters': { Addresses: [address('POBOX', { AddressLine1: long(600) })] },
  'a city of 300 characters': { Addresses: [address('STREET', { City: long(300) })] },
  'a region of 300 characters': { Addresses: [address('STREET', { Region: long(300) })] },
  'a postal code of 60 characters': { Addresses: [address('POBOX', { PostalCode: long(60) })] },
  'a country of 60 characters': { Addresses: [address('POBOX', { Country: long(60) })] },
  'a person whose name has 300 characters': { ContactPersons: [{ FirstName: long(300), LastName: 'P' }] },
  'a person with two e-mails': { ContactPersons: [{ FirstName: 'P', EmailAddress: 'a@p.example, b@p.example' }] },
  'seven persons': { ContactPersons: Array.from({ length: 7 }, (_, n) => ({ FirstName: `P${n}`, LastName: 'Q' })) },
  'a currency that is none': { DefaultCurrency: 'XXX' },
  'terms of an unknown kind': { PaymentTerms: { Sales: { Day: 3, Type: 'SOMETIME' } } },
  'terms of 999 days': { PaymentTerms: { Sales: { Day: 999, Type: 'DAYSAFTERBILLDATE' } } },
}

interface Change {
  /** The record's value then; null where the odd value is itself what would be changed. */
  readonly of: (known: Row) => object | null
  /** The field in Xero where it arrives. */
  readonly arrives: (row: Row) => unknown
}

const changes: Readonly<Record<string, Change>> = {
  'the e-mail': {
    of: ({ email }) => (email ? null : { email: 'new@changed.example' }),
    arrives: (row) => row.EmailAddress,
  },
  'the tax number': {
    of: ({ taxNumber }) => (taxNumber ? null : { taxNumber: '53 004' }),
    arrives: (row) => row.TaxNumber,
  },
  'the fax': {
    of: ({ phones = [] }) => ({ phones: [...phones, { kind: 'fax', number: '555 0909' }] }),
    arrives: (row) => row.Phones.find((one: Row) => one.PhoneType === 'FAX')?.PhoneNumber,
  },
  'the other address': {
    of: ({ addresses = [] }) => {
      const kind = addresses[0]?.kind === 'billing' ? 'shipping' : 'billing'
      return { addresses: [...addresses, { kind, lines: ['9 New Road'] }] }
    },
    arrives: (row) => row.Addresses.find((one: Row) => one.AddressLine1 === '9 New Road'),
  },
}

/** The entries of phones and addresses that say something. */
const filled = (list: Row[]): Row[] => list.filter((one) => Object.values(one).filter(Boolean).length > 1)

const oddItems: Readonly<Record<string, object>> = {
  'a code of 64 characters': { Code: `C${'c'.repeat(63)}`, Name: 'Code' },
  'a code of 64 characters and no name': { Code: `D${'d'.repeat(63)}` },
  'a name of 90 characters': { Code: 'LONGNAME', Name: long(90) },
  'a description of 5,000 characters': { Code: 'LONGTEXT', Name: 'Text', Description: long(5000) },
  'a purchase description of 5,000 characters': { Code: 'LONGBUY', Name: 'Buy', PurchaseDescription: long(5000) },
}

/** Fields that may differ after the change of another one; entries of lists are looked at one by one. */
const changeable = ['EmailAddress', 'TaxNumber', 'Phones', 'Addresses']

t.test('books: values that Xero would not take', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const unchecked = { unchecked: true }

  for (const [what, change] of Object.entries(changes)) {
    t.test(`given contacts with odd values, when ${what} is changed beside them, then it arrives`, async (t) => {
      const tenant = await openTenant(world, `odd-${what.replaceAll(' ', '-')}`)
      const held = new Map<string, Row>()
      for (const [odd, fields] of Object.entries(oddContacts)) {
        const made = control.createContact(tenant.organisation, { Name: `With ${odd}`, ...fields }, unchecked)
        control.createInvoice(tenant.organisation, byHand('ACCREC', made.ContactID, { CurrencyCode: 'AUD' }))
        held.set(odd, contact(tenant, made.ContactID))
      }
      await tenant.sync()
      const { items } = (await tenant.api('GET', 'customers?limit=200')).body
      t.equal(items.length, held.size, 'all came in')
      const byXeroId = new Map<string, Row>(items.map((one: Row) => [one.sync.xero?.id, one]))
      later(world)
      const given = new Map<string, string>()
      for (const [odd, was] of held) {
        const { id, record: known } = byXeroId.get(was.ContactID)
        const changed = change.of(known)
        if (changed === null) continue
        const { status, body: answer } = await tenant.api('PUT', `customers/${id}`, { ...known, ...changed })
        t.equal(status, 200, `${odd}: ${JSON.stringify(answer.errors)}`)
        given.set(odd, id)
      }
      await tenant.sync()
      await synced(t, tenant, 'customers', ...given.values())
      for (const odd of given.keys()) {
        const was = held.get(odd)
        const row = contact(tenant, was.ContactID)
        t.not(change.arrives(row) ?? undefined, undefined, `${odd}: the change arrives`)
        t.strictSame(body(row, ...changeable), body(was, ...changeable), `${odd}: stays`)
        if (was.EmailAddress) t.equal(row.EmailAddress, was.EmailAddress, `${odd}: stays`)
        for (const list of ['Phones', 'Addresses']) {
          const texts = filled(row[list]).map((entry) => JSON.stringify(entry))
          for (const entry of filled(was[list])) t.ok(texts.includes(JSON.stringify(entry)), `${odd}: stays`)
        }
      }
      tenant.checkXero(t)
    })
  }

  for (const longCode of ['reject', 'truncate_hash']) {
    for (const conflict of ['product_wins', 'xero_wins', 'pending_wins']) {
      const given = `given items with odd values and ${longCode} and ${conflict}`
      t.test(`${given}, when the price is changed and a sale names them, then both arrive`, async (t) => {
        const tenant = await openTenant(world, `odd-items-${longCode}-${conflict}`)
        await tenant.settings({ items: { longCode, conflict, import: 'updates_and_new' } })
        const held = new Map<string, Row>()
        const sides = { SalesDetails: { AccountCode: '200' }, PurchaseDetails: { AccountCode: '300' } }
        for (const [odd, fields] of Object.entries(oddItems)) {
          const made = control.createItem(tenant.organisation, { ...fields, ...sides } as never, unchecked)
          held.set(odd, itemIn(tenant, made.ItemID))
        }
        await tenant.sync('full')
        const { items } = (await tenant.api('GET', 'items?limit=200')).body
        const byXeroId = new Map<string, Row>(items.map((one: Row) => [one.sync.xero?.id, one]))
        later(world)
        const ids = [...held.values()].map((was) => byXeroId.get(was.ItemID).id)
        for (const was of held.values()) {
          await tenant.put('items', { ...byXeroId.get(was.ItemID).record, salePrice: '12.5' })
        }
        await tenant.put('customers', customer('c1'))
        await tenant.put('invoices', invoice('s1', 'c1', ids))
        await tenant.sync()
        await synced(t, tenant, 'items', ...ids)
        await synced(t, tenant, 'invoices', 's1')
        for (const [odd, was] of held) {
          const row = itemIn(tenant, was.ItemID)
          t.equal(row.SalesDetails.UnitPrice, 12.5, `${odd}: the change arrives`)
          t.strictSame(body(row, 'SalesDetails'), body(was, 'SalesDetails'), `${odd}: stays`)
        }
        const [sale] = tenant.xero('Invoices')
        t.strictSame(
          sale.LineItems.map((line: Row) => line.ItemCode),
          [...held.values()].map((was) => was.Code),
          'lines name the codes that stand in Xero',
        )
        tenant.checkXero(t)
      })
    }
  }
})
