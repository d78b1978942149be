// The tax types of items and contacts that stood in Xero before, and codes that are tax types of Xero themselves.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, vendor } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, inNewZealand, itemIn, later, record, synced } from './support/books.ts'

t.test('books: tax types of items', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const sides = {
    SalesDetails: { UnitPrice: 10, AccountCode: '260', TaxType: 'ZERORATED' },
    PurchaseDetails: { UnitPrice: 5, AccountCode: '310', TaxType: 'NONE' },
  }
  const bare = { id: 'tx', kind: 'non_inventory', code: 'TX', name: 'Zero-rated' }

  /** A tenant whose bare record learned the tax types of an item of the books. */
  async function openLearned(name: string) {
    const tenant = await openTenant(world, name, inNewZealand)
    control.createItem(tenant.organisation, { Code: 'TX', Name: 'Zero-rated', ...sides })
    await tenant.put('items', bare)
    await tenant.sync()
    t.match(await record(tenant, 'items', 'tx'), { salesTaxCode: 'ZERORATED', purchaseTaxCode: 'NONE' })
    later(world)
    return tenant
  }

  for (const [how, off, on] of [
    ['inactive', { active: false }, { active: true }],
    ['not sold', { isSold: false }, { isSold: true }],
    ['not purchased', { isPurchased: false }, { isPurchased: true }],
  ] as const)
    t.test(`given learned tax types, when the item was ${how} for a while, then they stand again`, async (t) => {
      const tenant = await openLearned(`tax-${how.replaceAll(' ', '-')}`)
      await tenant.put('items', { ...bare, ...off })
      await tenant.sync()
      later(world)
      await tenant.put('items', { ...bare, ...on })
      await tenant.sync()
      t.match(itemIn(tenant, 'TX'), { IsSold: true, IsPurchased: true, ...sides })
      await synced(t, tenant, 'items', 'tx')
      tenant.checkXero(t)
    })

  t.test(
    'given learned tax types, when the item was deleted in Xero and is created anew, then it has them',
    async (t) => {
      const tenant = await openLearned('tax-anew')
      control.deleteItem(tenant.organisation, 'TX')
      await tenant.put('items', { ...bare, name: 'Zero-rated again' })
      await tenant.sync('full')
      await tenant.sync('full')
      t.equal((await tenant.state('items', 'tx')).lastError?.code, 'removed_in_xero')
      t.equal((await tenant.api('DELETE', 'items/tx/link')).status, 200)
      await tenant.sync()
      t.match(itemIn(tenant, 'TX'), sides)
      await synced(t, tenant, 'items', 'tx')
    },
  )

  t.test('given a learned tax type that is a key of the tax map, then it stays itself', async (t) => {
    const settings = {
      ...inNewZealand.settings,
      invoices: { ...inNewZealand.settings.invoices, taxMap: { NONE: 'OUTPUT2' } },
    }
    const tenant = await openTenant(world, 'tax-key', { ...inNewZealand, settings })
    const details = { UnitPrice: 10, AccountCode: '260', TaxType: 'NONE' }
    control.createItem(tenant.organisation, { Code: 'TX', Name: 'Of old', SalesDetails: details })
    await tenant.put('items', bare)
    await tenant.sync()
    await tenant.put('items', { ...bare, salePrice: '11' })
    await tenant.sync()
    t.match(itemIn(tenant, 'TX').SalesDetails, { ...details, UnitPrice: 11 })
  })

  t.test('given codes that are tax types of Xero, then items and contacts bear them', async (t) => {
    const tenant = await openTenant(world, 'tax-types', inNewZealand)
    const codes = { salesTaxCode: 'OUTPUT2', purchaseTaxCode: 'INPUT2' }
    await tenant.put('items', { ...bare, ...codes })
    await tenant.put('customers', customer('c1', { salesTaxCode: 'ZERORATED' }))
    await tenant.put('vendors', vendor('v1', { purchaseTaxCode: 'NONE' }))
    await tenant.sync()
    t.match(itemIn(tenant, 'TX'), { SalesDetails: { TaxType: 'OUTPUT2' }, PurchaseDetails: { TaxType: 'INPUT2' } })
    t.equal(contact(tenant, 'Customer c1').AccountsReceivableTaxType, 'ZERORATED')
    t.equal(contact(tenant, 'Vendor v1').AccountsPayableTaxType, 'NONE')
    await synced(t, tenant, 'items', 'tx')
  })

  t.test('given codes that mean nothing, then they fail with their remedy, and a default is one', async (t) => {
    const tenant = await openTenant(world, 'tax-unknown', inNewZealand)
    await tenant.put('items', { ...bare, purchaseTaxCode: 'NOPE' })
    await tenant.put('customers', customer('c1', { salesTaxCode: 'NOPE' }))
    await tenant.sync()
    for (const [type, id, field] of [
      ['items', 'tx', '/purchaseTaxCode'],
      ['customers', 'c1', '/salesTaxCode'],
    ] as const)
      t.match(await tenant.state(type, id), { state: 'failed', lastError: { code: 'tax_code_unmapped', field } })
    const patch = { invoices: { defaultTaxType: 'OUTPUT2' }, vendors: { defaultTaxType: 'INPUT2' } }
    await tenant.settings(patch)
    await tenant.sync()
    await synced(t, tenant, 'items', 'tx')
    await synced(t, tenant, 'customers', 'c1')
  })
})
