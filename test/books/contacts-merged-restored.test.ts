// A contact that was merged into another one, and that a person restored: Xero may still name the other one, but an active
// contact is itself.
import t from 'tap'
import { openWorld, type World } from '../support/house.ts'
import { customer, vendor } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, later, record, synced } from './support/books.ts'
import { purchaseFrom, saleTo, service } from './support/trading.ts'

const roles = {
  customers: { make: customer, documents: 'invoices', of: saleTo, type: 'ACCREC' },
  vendors: { make: vendor, documents: 'bills', of: purchaseFrom, type: 'ACCPAY' },
} as const

async function openRestored(world: World, type: keyof typeof roles, name: string) {
  const { control } = world.simulator
  const { make, documents, of, type: kind } = roles[type]
  const tenant = await openTenant(world, `${name}-${type}`)
  await tenant.put('items', service('s1'))
  await tenant.put(type, make('c1', { name: 'Lost Ltd' }), make('c2', { name: 'Left Ltd' }))
  await tenant.put(documents, of('d1', 'c1'), of('d2', 'c1'))
  await tenant.sync()
  const [lost, left] = [contact(tenant, 'Lost Ltd').ContactID, contact(tenant, 'Left Ltd').ContactID]
  later(world)
  control.mergeContacts(tenant.organisation, 'Lost Ltd', 'Left Ltd')
  await tenant.sync()
  later(world)
  control.restoreContact(tenant.organisation, 'Lost Ltd')
  t.equal(contact(tenant, lost).MergedToContactID, left, 'Xero still names the other one')
  const contactOf = (id: string) => {
    const found = tenant.xero('Invoices').find((one) => one.Type === kind && one.InvoiceNumber.endsWith(`-${id}`))
    return found?.Contact.ContactID
  }
  return { tenant, lost, left, contactOf, make, documents, of }
}

t.test('books: contacts that were merged and restored', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  for (const type of ['customers', 'vendors'] as const) {
    t.test(`given ${type}, when it is edited there, then it is a record of its own for good`, async (t) => {
      const { tenant, lost, contactOf, documents, of } = await openRestored(world, type, 'edited')
      await tenant.sync()
      later(world)
      control.editContact(tenant.organisation, lost, { EmailAddress: 'hand@lost.example' })
      await tenant.sync('full')
      t.match(await record(tenant, type, lost), { name: 'Lost Ltd', email: 'hand@lost.example' })
      t.equal((await tenant.state(type, lost)).xero.id, lost)
      t.match(await record(tenant, type, 'c1'), { name: 'Left Ltd' }, 'what followed the merge stays there')
      later(world)
      await tenant.put(type, { id: lost, name: 'Lost Ltd', email: 'new@lost.example' })
      await tenant.put(documents, of('d9', lost))
      await tenant.sync()
      await synced(t, tenant, type, lost)
      await synced(t, tenant, documents, 'd9')
      t.equal(contact(tenant, lost).EmailAddress, 'new@lost.example')
      t.equal(contactOf('d9'), lost)
      tenant.checkXero(t)
    })

    t.test(`given ${type}, when a new record fits it, then it is that one and not the other`, async (t) => {
      const { tenant, lost, make } = await openRestored(world, type, 'met')
      await tenant.settings({ [type]: { import: 'updates' } })
      await tenant.put(type, make('c3', { name: 'Lost Ltd' }))
      await tenant.sync()
      await synced(t, tenant, type, 'c3')
      t.equal((await tenant.state(type, 'c3')).xero.id, lost)
      tenant.checkXero(t)
    })

    t.test(`given ${type} with documents that went along, then they are changed and removed as before`, async (t) => {
      const { tenant, left, documents, of } = await openRestored(world, type, 'documents')
      await tenant.sync()
      later(world)
      await tenant.api('DELETE', `${documents}/d1`)
      await tenant.put(documents, of('d2', 'c1', { dueDate: '2026-12-24' }))
      await tenant.sync()
      await synced(t, tenant, documents, 'd1', 'd2')
      const standing = tenant.xero('Invoices')
      t.strictSame(standing.map(({ Status }) => Status).sort(), ['AUTHORISED', 'VOIDED'])
      t.ok(standing.every(({ Contact }) => Contact.ContactID === left))
      tenant.checkXero(t)
    })
  }
})
