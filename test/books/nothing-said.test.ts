// Changes of a record that have nothing to say in Xero: no call is spent on them, and the contact or item is not touched.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, item, vendor } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, inNewZealand, itemIn, later, record, richContact, synced, writes } from './support/books.ts'

t.test('books: writes that would carry nothing', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  t.test('given a web site, which Xero does not take, when it changes, then nothing is written', async (t) => {
    const tenant = await openTenant(world, 'said-site', inNewZealand)
    const one = customer('c1', { name: 'Site', website: 'https://one.example' })
    await tenant.put('customers', one)
    await tenant.sync()
    later(world)
    const before = contact(tenant, 'Site').UpdatedDateUTC
    tenant.mark()
    await tenant.put('customers', { ...one, website: 'https://two.example' })
    const job = await tenant.sync()
    t.equal(writes(tenant).length, 0)
    t.equal(job.progress.customer.unchanged, 1)
    t.equal(contact(tenant, 'Site').UpdatedDateUTC, before)
    await synced(t, tenant, 'customers', 'c1')
    later(world)
    await tenant.put('customers', { ...one, website: 'https://two.example', firstName: 'Ann' })
    await tenant.sync()
    t.equal(contact(tenant, 'Site').FirstName, 'Ann', 'what has something to say arrives')
  })

  t.test('given a vendor that joins a contact and adds nothing, then nothing is written', async (t) => {
    const tenant = await openTenant(world, 'said-vendor', inNewZealand)
    await tenant.put('customers', customer('c1', { name: 'Joint', email: 'j@example.com' }))
    await tenant.sync()
    later(world)
    tenant.mark()
    await tenant.put('vendors', vendor('v1', { name: 'Joint', email: 'j@example.com' }))
    await tenant.sync()
    await synced(t, tenant, 'vendors', 'v1')
    t.equal(writes(tenant).length, 0)
    t.equal(tenant.xero('Contacts').length, 1)
  })

  t.test('given an item that meets one that stands as it says, then nothing is written', async (t) => {
    const tenant = await openTenant(world, 'said-item', inNewZealand)
    control.createItem(tenant.organisation, {
      ...{ Code: 'SAID', Name: 'Said', Description: 'As it is' },
      SalesDetails: { UnitPrice: 10.5, AccountCode: '260', TaxType: 'OUTPUT2' },
      PurchaseDetails: { UnitPrice: 5, AccountCode: '310' },
    })
    const before = itemIn(tenant, 'SAID').UpdatedDateUTC
    later(world)
    await tenant.put('items', item('i1', { kind: 'service', code: 'SAID', name: 'Said', salePrice: '10.50' }))
    await tenant.sync()
    await synced(t, tenant, 'items', 'i1')
    t.equal(writes(tenant).length, 0)
    t.equal(itemIn(tenant, 'SAID').UpdatedDateUTC, before)
    await tenant.put('items', item('i1', { kind: 'service', code: 'SAID', name: 'Said', salePrice: '11' }))
    later(world)
    await tenant.sync()
    t.match(itemIn(tenant, 'SAID'), { Description: 'As it is', SalesDetails: { UnitPrice: 11, AccountCode: '260' } })
  })

  t.test('given what Xero keeps, when only that is taken away, then the record tells it as before', async (t) => {
    const tenant = await openTenant(world, 'said-kept', inNewZealand)
    control.createContact(
      tenant.organisation,
      richContact('Kept', { AccountsReceivableTaxType: 'ZERORATED', AccountsPayableTaxType: 'INPUT2' }),
    )
    const less = customer('c1', { name: 'Kept', email: 'kept@rich.example' })
    await tenant.put('customers', { ...less, website: 'https://rich.example' })
    await tenant.sync()
    later(world)
    await tenant.put('customers', less)
    await tenant.sync()
    await synced(t, tenant, 'customers', 'c1')
    t.equal((await record(tenant, 'customers', 'c1')).website, 'https://rich.example')
    const { body: found } = await tenant.api('GET', 'findings')
    t.match(found.items, [{ code: 'stays_in_xero', recordId: 'c1' }])
  })
})
