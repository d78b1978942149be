// A record that a person unlinked from its contact or item. What it learned there stays there: it does not go into another firm's contact,
// is not searched by, and is not taken away where the record comes back to the same one, deleted in between or not.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import { invoice } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import {
  body,
  contact,
  inNewZealand,
  itemIn,
  later,
  type Row,
  record,
  richContact,
  synced,
  writes,
} from './support/books.ts'
import { line } from './support/trading.ts'

const richItem = {
  ...{ Code: 'R', Name: 'n', Description: 'Sold', PurchaseDescription: 'Bought', IsSold: true, IsPurchased: true },
  SalesDetails: { UnitPrice: 7.5, AccountCode: '260', TaxType: 'ZERORATED' },
  PurchaseDetails: { UnitPrice: 4.25, AccountCode: '310' },
}

type Call = (tenant: Tenant, path: string) => Promise<unknown>
const calls: Record<string, Call> = {
  unlink: (tenant, path) => tenant.api('DELETE', `${path}/link`),
  delete: (tenant, path) => tenant.api('DELETE', path),
  job: (tenant) => tenant.sync(),
}

t.test('books: a record that was unlinked', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  let opened = 0
  const open = (): Promise<Tenant> => openTenant(world, `unlinked-${++opened}`, inNewZealand)
  async function met(type: 'customers' | 'vendors', said: object = {}) {
    const tenant = await open()
    control.createContact(
      tenant.organisation,
      richContact('Alpha', { AccountsReceivableTaxType: 'ZERORATED', AccountsPayableTaxType: 'INPUT2' }),
    )
    await tenant.put(type, { id: 'c', name: 'Alpha', ...said })
    await tenant.sync()
    later(world)
    return { tenant, before: body(contact(tenant, 'Alpha')) }
  }
  /** But for the number that a contact without one gets. */
  const isAsBefore = (t: Test, tenant: Tenant, before: Row, ...allowed: string[]) =>
    t.strictSame(
      { ...body(contact(tenant, 'Alpha')), ...Object.fromEntries(allowed.map((key) => [key, before[key]])) },
      before,
    )

  const orders = ['unlink delete', 'unlink delete job', 'delete unlink job', 'unlink job delete job', 'unlink']
  for (const order of orders)
    for (const type of ['customers', 'vendors'] as const)
      t.test(`given ${type}, ${order}, when the product hands it over again, then nothing is emptied`, async (t) => {
        const { tenant, before } = await met(type)
        for (const name of order.split(' ')) {
          await calls[name]?.(tenant, `${type}/c`)
          later(world)
        }
        await tenant.put(type, { id: 'c', name: 'Alpha', email: 'new@alpha.example' })
        await tenant.sync()
        await synced(t, tenant, type, 'c')
        t.equal(contact(tenant, 'Alpha').EmailAddress, 'new@alpha.example')
        isAsBefore(t, tenant, before, 'EmailAddress')
        tenant.checkXero(t)
      })

  for (const order of ['delete unlink', 'unlink delete', 'unlink'])
    t.test(`given a value that was never sent, ${order}, when it is said once more, then it is sent`, async (t) => {
      const tenant = await open()
      control.createContact(tenant.organisation, { Name: 'Alpha', FirstName: 'Ann' })
      await tenant.put('vendors', { id: 'c', name: 'Alpha' })
      await tenant.sync()
      later(world)
      const said = { id: 'c', name: 'Alpha', email: 'said@alpha.example' }
      await tenant.put('vendors', said)
      for (const name of order.split(' ')) await calls[name]?.(tenant, 'vendors/c')
      await tenant.put('vendors', said)
      await tenant.api('POST', 'sync-queue-items', { recordType: 'vendor', recordIds: ['c'] })
      await tenant.sync()
      await synced(t, tenant, 'vendors', 'c')
      t.match(contact(tenant, 'Alpha'), { EmailAddress: 'said@alpha.example', FirstName: 'Ann' })
      t.equal(tenant.xero('Contacts').length, 1)
      tenant.checkXero(t)
    })

  for (const order of orders)
    t.test(
      `given ${order}, when the product leaves out what it said before, then only a live record takes it away`,
      async (t) => {
        const { tenant, before } = await met('customers', { taxNumber: '53 004 085 65' })
        for (const name of order.split(' ')) {
          await calls[name]?.(tenant, 'customers/c')
          later(world)
        }
        await tenant.put('customers', { id: 'c', name: 'Alpha', email: 'new@alpha.example' })
        await tenant.sync()
        await synced(t, tenant, 'customers', 'c')
        const isDeleted = order.includes('delete')
        t.equal(contact(tenant, 'Alpha').TaxNumber ?? '', isDeleted ? before.TaxNumber : '')
        isAsBefore(t, tenant, before, 'EmailAddress', 'TaxNumber')
      },
    )

  for (const order of orders)
    t.test(`given an item, ${order}, when the product hands it over again, then nothing is emptied`, async (t) => {
      const tenant = await open()
      control.createItem(tenant.organisation, richItem)
      await tenant.put('items', { id: 'r', kind: 'service', code: 'R', name: 'n' })
      await tenant.sync()
      const before = body(itemIn(tenant, 'R'))
      for (const name of order.split(' ')) {
        later(world)
        await calls[name]?.(tenant, 'items/r')
      }
      await tenant.put('items', { id: 'r', kind: 'service', code: 'R', name: 'm' })
      await tenant.sync()
      await synced(t, tenant, 'items', 'r')
      t.strictSame(body(itemIn(tenant, 'R')), { ...before, Name: 'm' })
      tenant.checkXero(t)
    })

  t.test(
    'given a wrong contact, when the record gets its own name, then its contact and documents have nothing of it',
    async (t) => {
      const { tenant, before } = await met('customers')
      await calls.unlink?.(tenant, 'customers/c')
      t.strictSame(await record(tenant, 'customers', 'c'), {
        ...{ id: 'c', name: 'Alpha', phones: [], addresses: [], contactPersons: [], active: true },
      })
      await tenant.settings({ customers: { onNumberOnly: 'create' } })
      await tenant.put('customers', { id: 'c', name: 'Beta Ltd' })
      const open = line('1', { itemId: undefined, taxCode: undefined })
      await tenant.put('invoices', invoice('a1', 'c', [], { lines: [open], dueDate: '2026-12-24' }))
      await tenant.sync()
      await synced(t, tenant, 'customers', 'c')
      await synced(t, tenant, 'invoices', 'a1')
      const made = contact(tenant, 'Beta Ltd')
      t.match(made, { FirstName: undefined, EmailAddress: undefined, TaxNumber: undefined, AccountNumber: undefined })
      t.match(made, { PaymentTerms: undefined, AccountsReceivableTaxType: undefined })
      t.strictSame(made.Phones?.filter((one: Row) => one.PhoneNumber) ?? [], [])
      const sent = tenant.xero('Invoices').find((one: Row) => one.InvoiceNumber === 'INV-a1')
      t.match(sent, { Contact: { ContactID: made.ContactID }, LineItems: [{ TaxType: 'OUTPUT2' }] })
      isAsBefore(t, tenant, before)
      tenant.checkXero(t)
    },
  )

  for (const onNumberOnly of ['conflict', 'match', 'create'])
    t.test(
      `given a contact that bears our number and mailbox, when the record has another name (${onNumberOnly}), then it is not renamed`,
      async (t) => {
        const { tenant, before } = await met('customers', { email: 'said@alpha.example' })
        await tenant.settings({ customers: { onNumberOnly } })
        await calls.unlink?.(tenant, 'customers/c')
        await tenant.put('customers', { id: 'c', name: 'Beta Ltd', email: 'said@alpha.example' })
        await tenant.sync()
        isAsBefore(t, tenant, before)
        const { state, lastError } = await tenant.state('customers', 'c')
        if (state !== 'synced') t.match(lastError, { code: 'contact_ambiguous', candidates: [{ name: 'Alpha' }] })
        tenant.checkXero(t)
      },
    )

  t.test(
    'given an item that its deletion switched off, when it was unlinked and comes back, then it is on again',
    async (t) => {
      const tenant = await openTenant(world, 'switched-off', { seed: { usedItemsDeletable: false } })
      const said = { id: 'r', kind: 'service', code: 'R', name: 'n', salePrice: '5' }
      await tenant.put('customers', { id: 'c', name: 'Alpha' })
      await tenant.put('items', said)
      await tenant.put('invoices', invoice('a1', 'c', ['r']))
      await tenant.sync()
      await calls.delete?.(tenant, 'items/r')
      await tenant.sync()
      t.match(itemIn(tenant, 'R'), { IsSold: false, IsPurchased: false })
      await calls.unlink?.(tenant, 'items/r')
      later(world)
      await tenant.put('items', { ...said, salePrice: '6' })
      await tenant.sync()
      await synced(t, tenant, 'items', 'r')
      t.match(itemIn(tenant, 'R'), { IsSold: true, IsPurchased: true, SalesDetails: { UnitPrice: 6 } })
      tenant.checkXero(t)
    },
  )

  t.test(
    'given words older than an edit in Xero, when the record comes back with them, then the edit stays',
    async (t) => {
      const said = { firstName: 'Old', taxNumber: '1', phones: [{ kind: 'mobile', number: '1' }] }
      const { tenant } = await met('customers', said)
      control.editContact(tenant.organisation, 'Alpha', { FirstName: 'New', TaxNumber: '53 004 085 65' })
      await tenant.sync()
      later(world)
      await calls.unlink?.(tenant, 'customers/c')
      await tenant.put('customers', { id: 'c', name: 'Alpha', firstName: 'Old', email: 'new@alpha.example' })
      await tenant.sync()
      await synced(t, tenant, 'customers', 'c')
      const { FirstName, Phones, EmailAddress } = contact(tenant, 'Alpha')
      t.strictSame([FirstName, EmailAddress], ['New', 'new@alpha.example'])
      t.equal(contact(tenant, 'Alpha').TaxNumber, '53 004 085 65', 'an older word is left out, not this one')
      const mobile = Phones.find((one: Row) => one.PhoneType === 'MOBILE')
      t.equal(mobile?.PhoneNumber ?? '', '', 'which the product said, and took away')
      t.match(await record(tenant, 'customers', 'c'), { firstName: 'New', email: 'new@alpha.example' })
      tenant.mark()
      await tenant.sync()
      t.strictSame(writes(tenant), [], 'both agree')
      tenant.checkXero(t)
    },
  )
})
