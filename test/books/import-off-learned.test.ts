// With import "off" a record keeps what it learned once. Where a person changed that in Xero since, nobody holds it any more: documents
// and other records of the contact go by what stands there.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, document, inNewZealand, later, type Row, record, synced } from './support/books.ts'
import { purchaseFrom, saleTo, service } from './support/trading.ts'

const days = (Day: number) => ({ Day, Type: 'DAYSAFTERBILLDATE' })

t.test('books: learned before imports were off', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const off = { customers: { import: 'off' }, vendors: { import: 'off' } }

  for (const said of [undefined, { kind: 'DAYSAFTERBILLDATE', days: 3 }])
    t.test(`given terms that ${said ? 'the product says' : 'were learned'}, then due dates go by them`, async (t) => {
      const tenant = await openTenant(world, `terms-${said ? 'said' : 'learned'}`, inNewZealand)
      for (const Name of ['Buyer', 'Seller'])
        control.createContact(tenant.organisation, { Name, PaymentTerms: { Sales: days(7), Bills: days(7) } })
      await tenant.put('items', service('s1'))
      await tenant.put('customers', { id: 'c1', name: 'Buyer', ...(said && { terms: said }) })
      await tenant.put('vendors', { id: 'v1', name: 'Seller', ...(said && { terms: said }) })
      await tenant.sync()
      await tenant.settings(off)
      later(world)
      for (const name of ['Buyer', 'Seller'])
        control.editContact(tenant.organisation, name, { PaymentTerms: { Sales: days(14), Bills: days(14) } })
      await tenant.put('invoices', saleTo('i1', 'c1', { date: '2026-11-05', shipDate: '2026-11-05' }))
      await tenant.put('bills', purchaseFrom('b1', 'v1', { date: '2026-11-05', receiveDate: '2026-11-05' }))
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'i1')
      await synced(t, tenant, 'bills', 'b1')
      const due = new RegExp(`^2026-11-${said ? '08' : '19'}`)
      t.match(document(tenant, 'INV-i1').DueDateString, due)
      t.match(document(tenant, 'ACCPAY').DueDateString, due)
      t.match(await record(tenant, 'customers', 'c1'), { terms: said ?? { days: 7 } }, 'the record learns nothing')
      tenant.checkXero(t)
    })

  t.test('given a value that one role learned and a person changed, then the other role may change it', async (t) => {
    const tenant: Tenant = await openTenant(world, 'disputed', inNewZealand)
    const street = (AddressLine1: string) => ({ Addresses: [{ AddressType: 'POBOX', AddressLine1, City: 'Bath' }] })
    control.createContact(tenant.organisation, {
      Name: 'Both',
      EmailAddress: 'a@both.example',
      ...street('1 Old Road'),
    })
    await tenant.put('customers', { id: 'c1', name: 'Both' })
    await tenant.put('vendors', { id: 'v1', name: 'Both' })
    await tenant.sync()
    await tenant.settings(off)
    later(world)
    control.editContact(tenant.organisation, 'Both', { EmailAddress: 'b@both.example', ...street('2 Person Road') })
    await tenant.sync()
    const addresses = [{ kind: 'billing', lines: ['3 Product Road'] }]
    await tenant.put('customers', { id: 'c1', name: 'Both', email: 'c@both.example', addresses })
    await tenant.put('vendors', { id: 'v1', name: 'Both', phones: [{ kind: 'fax', number: '55555' }] })
    await tenant.sync()
    await synced(t, tenant, 'customers', 'c1')
    await synced(t, tenant, 'vendors', 'v1')
    const both = contact(tenant, 'Both')
    t.equal(both.EmailAddress, 'c@both.example')
    t.match(
      both.Addresses.filter((one: Row) => one.AddressType === 'POBOX'),
      [{ AddressLine1: '3 Product Road', City: 'Bath' }],
    )
    tenant.checkXero(t)
  })
})
