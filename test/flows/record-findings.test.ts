// Findings: items whose code was changed in Xero, and items that Xero tracks, are named as long as it is so.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import { item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const service = (id: string, more: object = {}) => item(id, { kind: 'service', ...more })
const longCode = 'A-CODE-OF-MORE-THAN-THIRTY-CHARACTERS'
const tracked = {
  InventoryAssetAccountCode: '630',
  PurchaseDetails: { COGSAccountCode: '310' },
}

const findings = async (tenant: Tenant, query = '') => (await tenant.api('GET', `findings${query}`)).body.items
const named = async (tenant: Tenant) =>
  (await findings(tenant)).map(({ code, recordId }: { code: string; recordId: string }) => `${recordId} ${code}`)

t.test('findings about records', async (t) => {
  const world = await openWorld(t)
  const { clock } = world
  const { control } = world.simulator

  /** The clock moves, so that what is done in Xero now is later than what was written. */
  const rename = (tenant: Tenant, code: string, to: string) => {
    clock.advance(60_000)
    control.editItem(tenant.organisation, code, { Code: to })
  }
  const withItem = async (name: string, more: object = {}): Promise<Tenant> => {
    const tenant = await openTenant(world, name)
    await tenant.put('items', service('i1', more))
    await tenant.sync()
    t.strictSame(await named(tenant), [])
    return tenant
  }

  for (const mode of ['updates_and_new', 'off']) {
    t.test(`given items.import "${mode}", when a code is changed in Xero, then it is a finding`, async (t) => {
      const tenant = await withItem(`renamed-${mode}`)
      await tenant.settings({ items: { import: mode } })
      rename(tenant, 'SKU-i1', 'OTHER')
      await tenant.put('items', service('i2'))
      await tenant.sync()
      const [{ ItemID }] = tenant.xero('Items').filter(({ Code }) => Code === 'OTHER')
      t.match(await findings(tenant), [
        {
          code: 'item_renamed',
          recordType: 'item',
          recordId: 'i1',
          recordName: 'Item i1',
          xeroId: ItemID,
          detail: /SKU-i1.*OTHER/,
          action: /OTHER/,
          url: /^https:/,
        },
      ])
      await tenant.put('items', service('i1', { salePrice: '20' }))
      t.strictSame(await named(tenant), ['i1 item_renamed'], 'the code that is handed over again is no change of it')
      await tenant.sync()
      t.match(await named(tenant), ['i1 item_renamed'], 'and it is written under the code in Xero')
      t.equal(tenant.xero('Items').find((one) => one.ItemID === ItemID).Code, 'OTHER')
      tenant.checkXero(t)
    })
  }

  for (const [how, end] of [
    ['the product takes the code over', (tenant: Tenant) => tenant.put('items', service('i1', { code: 'other' }))],
    ['the product gives it a third code', (tenant: Tenant) => tenant.put('items', service('i1', { code: 'THIRD' }))],
    ['it is deleted', (tenant: Tenant) => tenant.api('DELETE', 'items/i1')],
    ['it is unlinked', (tenant: Tenant) => tenant.api('DELETE', 'items/i1/link')],
  ] as const) {
    t.test(`given a code changed in Xero, when ${how}, then the finding ends`, async (t) => {
      const tenant = await withItem(`ended-${how.replaceAll(' ', '-')}`)
      rename(tenant, 'SKU-i1', 'OTHER')
      await tenant.sync('full')
      t.strictSame(await named(tenant), ['i1 item_renamed'])
      await end(tenant)
      t.strictSame(await named(tenant), [])
      await tenant.sync('full')
      t.strictSame(await named(tenant), [])
    })
  }

  t.test('given a code that was changed back in Xero, then the finding ends', async (t) => {
    const tenant = await withItem('back')
    rename(tenant, 'SKU-i1', 'OTHER')
    await tenant.sync('full')
    rename(tenant, 'OTHER', 'SKU-i1')
    await tenant.sync('full')
    t.strictSame(await named(tenant), [])
  })

  t.test('given a change of its own code by the product, when no job ran yet, then it is no finding', async (t) => {
    const tenant = await withItem('own')
    await tenant.put('items', service('i1', { code: 'NEW' }))
    t.strictSame(await named(tenant), [])
    await tenant.sync()
    t.strictSame(await named(tenant), [])
  })

  t.test('given a code that is too long for Xero, then only a change of it in Xero is a finding', async (t) => {
    const tenant = await withItem('long', { code: longCode })
    const [{ Code }] = tenant.xero('Items')
    t.not(Code, longCode)
    await tenant.sync('full')
    t.strictSame(await named(tenant), [])
    rename(tenant, Code, 'SHORT')
    await tenant.sync('full')
    t.strictSame(await named(tenant), ['i1 item_renamed'])
  })

  t.test('given items that Xero tracks, then those of the product are findings, each by its code', async (t) => {
    const tenant = await openTenant(world, 'tracked')
    for (const id of ['i1', 'i2', 'elsewhere'])
      control.createItem(tenant.organisation, { Code: `SKU-${id}`, Name: id, ...tracked })
    await tenant.put('items', service('i1'), service('i2'), service('i3'), service('i4', { code: longCode }))
    await tenant.sync()
    t.strictSame(await named(tenant), ['i1 item_tracked', 'i2 item_tracked'])
    t.match(await findings(tenant), [{ detail: /SKU-i1.*purchase account/, action: /link/ }, {}])
    rename(tenant, 'SKU-i2', 'OTHER')
    await tenant.sync('full')
    t.strictSame(await named(tenant), ['i1 item_tracked', 'i2 item_renamed', 'i2 item_tracked'])
    await pages(t, tenant)
    tenant.checkXero(t)
  })

  t.test('given many shortened codes between findings, when they are read page by page, then all come', async (t) => {
    const tenant = await openTenant(world, 'many')
    const ids = Array.from({ length: 12 }, (_, n) => `i${String(n).padStart(2, '0')}`)
    await tenant.put('items', ...ids.map((id) => service(id, { code: `${longCode}-${id}` })))
    await tenant.sync()
    for (const id of ['i00', 'i11']) {
      const { Code } = tenant.xero('Items').find(({ Name }) => Name === `Item ${id}`)
      rename(tenant, Code, `SHORT-${id}`)
    }
    await tenant.sync('full')
    t.strictSame(await named(tenant), ['i00 item_renamed', 'i11 item_renamed'])
    await pages(t, tenant)
  })

  /** One by one they are the same as all at once, and no page is empty. */
  async function pages(t: Test, tenant: Tenant): Promise<void> {
    const all = await findings(tenant)
    const seen = []
    for (let cursor = ''; ; ) {
      const { body } = await tenant.api('GET', `findings?limit=1${cursor}`)
      t.equal(body.items.length, 1)
      seen.push(...body.items)
      if (body.nextCursor === null) break
      cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`
    }
    t.strictSame(seen, all)
  }
})
