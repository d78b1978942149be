// Items that are not sold, or not purchased, in Xero: what the product says of that side cannot stand there, and is told.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { inNewZealand, itemIn, later, record, synced } from './support/books.ts'

const thing = { id: 'i1', kind: 'service', code: 'SIDE', name: 'Side' }

t.test('books: sides of items that are off', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  async function meet(name: string, flags: object, more: object): Promise<Tenant> {
    const tenant = await openTenant(world, name, inNewZealand)
    control.createItem(tenant.organisation, { Code: 'SIDE', Name: 'Side', ...flags })
    await tenant.sync()
    await tenant.put('items', { ...thing, ...more })
    later(world)
    await tenant.sync()
    await synced(t, tenant, 'items', 'i1')
    return tenant
  }

  const findings = async (tenant: Tenant) => (await tenant.api('GET', 'findings')).body.items

  t.test(
    'given a price of purchases, when the item is not purchased, then a finding names it, and a flag opens the side',
    async (t) => {
      const more = { purchasePrice: '4', purchaseDescription: 'Bought' }
      const tenant = await meet('side-purchase', { IsPurchased: false, SalesDetails: { UnitPrice: 1 } }, more)
      const [found, ...rest] = await findings(tenant)
      t.match(found, { code: 'item_side_off', recordType: 'item', recordId: 'i1', detail: /purchasePrice/ })
      t.strictSame(rest, [])
      await tenant.put('items', { ...thing, ...more, isPurchased: true })
      later(world)
      await tenant.sync()
      t.match(itemIn(tenant, 'SIDE'), {
        IsPurchased: true,
        PurchaseDetails: { UnitPrice: 4 },
        PurchaseDescription: 'Bought',
      })
      t.strictSame(await findings(tenant), [])
    },
  )

  t.test(
    'given a side that a person ticks in Xero, when it is handed over once more, then the price arrives',
    async (t) => {
      const tenant = await meet('side-ticked', { IsSold: false, IsPurchased: true }, { salePrice: '4' })
      t.match(await findings(tenant), [{ code: 'item_side_off', detail: /salePrice/ }])
      control.editItem(tenant.organisation, 'SIDE', { IsSold: true, SalesDetails: { AccountCode: '200' } })
      later(world)
      await tenant.sync()
      await tenant.put('items', { ...thing, salePrice: '4', description: 'Once more' })
      later(world)
      await tenant.sync()
      t.equal(itemIn(tenant, 'SIDE').SalesDetails.UnitPrice, 4)
      t.strictSame(await findings(tenant), [])
    },
  )

  for (const [name, flags, more] of [
    ['switched off by the product itself', { IsSold: false }, { salePrice: '4', isSold: false }],
    ['off with nothing said of it', { IsSold: false }, { purchasePrice: '4' }],
    ['on', {}, { salePrice: '4', purchasePrice: '4' }],
  ] as const) {
    t.test(`given a side that is ${name}, then there is nothing to tell`, async (t) => {
      t.strictSame(await findings(await meet(`side-${name.replaceAll(' ', '-')}`, flags, more)), [])
    })
  }

  const whole = {
    ...{ description: 'text', salePrice: '5', incomeAccount: '260', salesTaxCode: 'GST' },
    ...{ purchaseDescription: 'pd', purchasePrice: '2', expenseAccount: '425', purchaseTaxCode: 'GST' },
  }
  const sides = [
    {
      flag: 'isPurchased',
      off: { IsPurchased: false },
      on: { IsPurchased: true, PurchaseDetails: { UnitPrice: 9, AccountCode: '300' } },
      there: { purchasePrice: '9', expenseAccount: '300' },
      gone: ['purchaseDescription', 'purchaseTaxCode'],
      stays: { description: 'text', salePrice: '5', incomeAccount: '260', salesTaxCode: 'GST' },
    },
    {
      flag: 'isSold',
      off: { IsSold: false },
      on: { IsSold: true },
      there: {},
      gone: ['description', 'salePrice', 'salesTaxCode'],
      stays: { purchaseDescription: 'pd', purchasePrice: '2', expenseAccount: '425', purchaseTaxCode: 'GST' },
    },
  ] as const
  for (const policy of ['pending_wins', 'xero_wins'])
    for (const { flag, off, on, there, gone, stays } of sides)
      t.test(
        `given ${flag} switched off and on in Xero, then what is empty there is no value (${policy})`,
        async (t) => {
          const tenant = await openTenant(world, `side-${flag}-${policy}`, inNewZealand)
          await tenant.settings({ items: { conflict: policy } })
          await tenant.put('items', { ...thing, ...whole })
          await tenant.sync()
          later(world)
          control.editItem(tenant.organisation, 'SIDE', off)
          later(world)
          await tenant.sync()
          const held = await record(tenant, 'items', 'i1')
          t.match(held, { ...whole, [flag]: false }, 'what Xero hides was not taken away')
          control.editItem(tenant.organisation, 'SIDE', on)
          const entered = itemIn(tenant, 'SIDE')
          later(world)
          await tenant.sync()
          const now = await record(tenant, 'items', 'i1')
          t.match(now, { ...stays, ...there, [flag]: true })
          for (const field of gone) t.notOk(now[field], field)
          const { [flag]: _, ...rest } = now
          await tenant.put('items', { ...rest, id: 'i1', name: 'Another' })
          later(world)
          await tenant.sync()
          await synced(t, tenant, 'items', 'i1')
          const { Name: _name, UpdatedDateUTC: _at, ...left } = entered
          t.match(itemIn(tenant, 'SIDE'), { ...left, Name: 'Another' })
          t.notOk(itemIn(tenant, 'SIDE').PurchaseDescription && flag === 'isPurchased')
          tenant.checkXero(t)
        },
      )

  t.test(
    'given an item that the product made inactive, when a person ticks a side, then no value is lost',
    async (t) => {
      const tenant = await openTenant(world, 'side-inactive', inNewZealand)
      await tenant.put('items', { ...thing, ...whole })
      await tenant.sync()
      later(world)
      await tenant.put('items', { ...thing, ...whole, active: false })
      await tenant.sync()
      t.match(itemIn(tenant, 'SIDE'), { IsSold: false, IsPurchased: false })
      later(world)
      control.editItem(tenant.organisation, 'SIDE', { IsPurchased: true })
      later(world)
      await tenant.sync()
      t.match(await record(tenant, 'items', 'i1'), { ...whole, active: false })
    },
  )
})
