// Values that Xero holds and that it would not take from us: they come in by the import, are shown as the document says, and
// may be handed back as they are. A value that the record did not hold is judged as ever.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'

const world = await openWorld(t)
const { control } = world.simulator
const unchecked = { unchecked: true }
const terms = (Type: string, Day: number) => ({ PaymentTerms: { Sales: { Type, Day }, Bills: { Type, Day } } })

const contacts: Readonly<Record<string, object>> = {
  'name of 263 characters': { Name: `Long ${'n'.repeat(258)}` },
  'two addresses in one field': { Name: 'Two', EmailAddress: 'a@example.com, b@example.com' },
  'angle brackets': { Name: '<b>Bold</b> Ltd' },
  'terms of an unknown kind': { Name: 'Terms', ...terms('WHENEVER', 7) },
  'terms of 999 days': { Name: 'Days', ...terms('DAYSAFTERBILLDATE', 999) },
  'web site without a scheme': { Name: 'Site', Website: 'www.example.com' },
  'unknown currency': { Name: 'Money', DefaultCurrency: 'nzd?' },
  'telephone number of 60 digits': {
    Name: 'Phone',
    Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: '5'.repeat(60) }],
  },
  'country in digits': {
    Name: 'Country',
    Addresses: [{ AddressType: 'POBOX', AddressLine1: 'x', Country: '64' }],
  },
  'seven persons': {
    Name: 'Persons',
    ContactPersons: Array.from({ length: 7 }, (_v, n) => ({ FirstName: `P${n}`, EmailAddress: 'not an address' })),
  },
  'account number of 80 characters': { Name: 'Account', AccountNumber: 'a'.repeat(80) },
}
const items: Readonly<Record<string, object>> = {
  'name of 90 characters': { Code: 'LONGNAME', Name: 'n'.repeat(90) },
  'descriptions of 5,000 characters': {
    Code: 'LONGTEXT',
    Name: 'Text',
    Description: 'd'.repeat(5000),
    PurchaseDescription: 'p'.repeat(5000),
  },
  'code of 80 characters': { Code: 'c'.repeat(80), Name: 'Code' },
}

const everything = {
  items: { import: 'updates_and_new' },
  customers: { import: 'updates_and_new' },
  vendors: { import: 'updates_and_new' },
}

let number = 0
/** A contact becomes a customer by its first invoice. */
function createCustomer(organisation: string, fields: object): void {
  number += 1
  const { ContactID } = control.createContact(organisation, { Name: `Contact ${number}` })
  control.createInvoice(organisation, {
    Type: 'ACCREC',
    Status: 'AUTHORISED',
    Contact: { ContactID },
    Date: '2026-11-20',
    DueDate: '2026-12-20',
    LineItems: [{ Description: 'x', Quantity: 1, UnitAmount: 1, AccountCode: '200', TaxType: 'OUTPUT' }],
  } as never)
  control.editContact(organisation, String(ContactID), fields as never, unchecked)
}

t.test(
  'given values that Xero would not take, when they are imported, then they are shown and taken back',
  async (t) => {
    const tenant = await openTenant(world, 'odd-values')
    await tenant.settings(everything)
    for (const fields of Object.values(contacts)) createCustomer(tenant.organisation, fields)
    for (const fields of Object.values(items)) control.createItem(tenant.organisation, fields as never, unchecked)
    await tenant.sync('full')
    const counts = { customers: Object.keys(contacts).length, items: Object.keys(items).length }
    for (const [path, count] of Object.entries(counts)) {
      const listed = (await tenant.api('GET', `${path}?limit=200`)).body.items
      t.equal(listed.length, count, `${path}: all came in`)
      for (const { id, record } of listed) {
        t.equal((await tenant.api('GET', `${path}/${id}`)).status, 200)
        const name = `${path} ${record.name.slice(0, 20)}`
        const again = await tenant.api('PUT', `${path}/${id}`, record)
        t.ok(again.status < 300, `${name}: ${JSON.stringify(again.body.errors)}`)
        const bulk = await tenant.api('PUT', path, {
          records: [{ ...record, [path === 'items' ? 'itemGroup' : 'type']: 'x' }],
        })
        t.equal(bulk.body.summary.updated, 1, `${name}: ${JSON.stringify(bulk.body.results[0].errors)}`)
      }
    }
    t.ok((await tenant.changes()).length >= counts.items + counts.customers, 'the feed tells them')
    const job = await tenant.sync()
    t.match(job.status, /^completed/, 'a job with them ends')
    t.notMatch(JSON.stringify(await tenant.errors(job.id)), 'internal')
  },
)

t.test('given an odd value that is held, when another odd one is sent in its place, then it is refused', async (t) => {
  const tenant = await openTenant(world, 'judged')
  await tenant.settings(everything)
  createCustomer(tenant.organisation, {
    Name: `Held ${'n'.repeat(258)}`,
    EmailAddress: 'a@example.com, b@example.com',
  })
  await tenant.sync('full')
  const [{ id, record }] = (await tenant.api('GET', 'customers')).body.items
  const put = (more: object) => tenant.api('PUT', `customers/${id}`, { ...record, ...more })
  const pointers = ({ body }: { body: { errors: { pointer: string }[] } }) => body.errors.map(({ pointer }) => pointer)
  t.same(pointers(await put({ name: `Other ${'n'.repeat(258)}` })), ['/name'])
  t.same(pointers(await put({ email: 'c@example.com, d@example.com' })), ['/email'])
  t.same(pointers(await put({ firstName: 'x'.repeat(256) })), ['/firstName'], 'what was not odd stays judged')
  t.same(pointers(await put({ unknown: 1 })), ['/unknown'])
  t.same(pointers(await put({ version: 2 ** 53 })), ['/version'])
  t.equal((await put({ firstName: 'Ann' })).status, 200, 'a change of another field is taken')
  const elsewhere = await tenant.api('PUT', 'customers/another', { ...record, id: 'another' })
  t.equal(elsewhere.status, 422, 'another record does not hold it')
})
