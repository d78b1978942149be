// A document of which nothing is due in Xero ends as synced, whatever would refuse a write of it by now: books are locked month
// by month, accounts, contacts, rates and tracking options are archived, and old documents are handed over again all the same.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { document, inNewZealand, later, synced, writes } from './support/books.ts'
import { bothDocumentKinds, type DocumentPath, line, openTrader } from './support/trading.ts'

const [region, branch] = ['Region', 'South']
const settings = inNewZealand.settings
const seed = { ...inNewZealand.seed, trackingCategories: { [region]: [branch, 'North'] } }

t.test('books: nothing is due', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  /** Hindrances of every write of the documents, and the code that says so. */
  const hindrances: Record<string, { readonly code: string; readonly arise: (tenant: Tenant) => void }> = {
    'a locked period': {
      code: 'period_locked',
      arise: ({ organisation }) => control.setLockDates(organisation, { period: '2026-11-22' }),
    },
    'archived accounts': {
      code: 'account_invalid',
      arise: ({ organisation }) => ['200', '300'].map((code) => control.archiveAccount(organisation, code)),
    },
    'archived tax types': {
      code: 'tax_not_allowed',
      arise: ({ organisation }) =>
        ['OUTPUT2', 'INPUT2'].map((type) => control.editTaxRate(organisation, type, { Status: 'ARCHIVED' })),
    },
    'archived contacts': {
      code: 'contact_archived',
      arise: ({ organisation }) =>
        ['Customer c1', 'Vendor v1'].map((name) => control.archiveContact(organisation, name)),
    },
    'an archived tracking option': {
      code: 'mapping_missing',
      arise: ({ organisation }) =>
        control.editTrackingOption(organisation, { category: region, option: branch }, { Status: 'ARCHIVED' }),
    },
  }

  /** A document that arrived before all that. */
  async function hindered(name: string, path: DocumentPath, record: object, arise: (tenant: Tenant) => void) {
    const tenant = await openTrader(world, name, { seed, settings })
    await tenant.api('POST', 'tracking-categories/refresh')
    const [category] = (await tenant.api('GET', 'tracking-categories')).body.items
    const trackingMap = { class: { categoryId: category.id } }
    await tenant.settings({ invoices: { trackingMap }, vendors: { trackingMap } })
    await tenant.put(path, record)
    await tenant.sync()
    later(world)
    arise(tenant)
    await tenant.sync()
    tenant.mark()
    return tenant
  }

  for (const [path, { make, type }] of bothDocumentKinds)
    for (const [what, { code, arise }] of Object.entries(hindrances)) {
      const lines = [line('1'), line('2', { quantity: '3' })]
      const asSent = make('d', lines, { class: branch })
      const name = `due-${path}-${code}`

      t.test(`given ${what}, when ${path} change in nothing that is posted, then they are synced`, async (t) => {
        const tenant = await hindered(name, path, asSent, arise)
        await tenant.put(path, { ...asSent, memo: 'Kept, not posted' })
        await tenant.sync()
        await synced(t, tenant, path, 'd')
        t.strictSame(writes(tenant, '/Invoices'), [])
        tenant.checkXero(t)
      })

      t.test(`given ${what}, when ${path} are queued again as they are, then they are synced`, async (t) => {
        const tenant = await hindered(`${name}-again`, path, asSent, arise)
        await tenant.api('POST', 'sync-queue-items', { recordType: path.slice(0, -1) })
        await tenant.sync()
        await synced(t, tenant, path, 'd')
        t.strictSame(writes(tenant, '/Invoices'), [])
        await tenant.put(path, make('d', [line('1', { unitPrice: '120' })], { class: branch }))
        await tenant.sync()
        t.equal((await tenant.state(path, 'd')).lastError.code, code, 'a change is refused as ever')
      })

      t.test(`given ${what}, when a refused change of ${path} is taken back, then they are synced`, async (t) => {
        const tenant = await hindered(`${name}-back`, path, asSent, arise)
        await tenant.put(path, make('d', [line('1', { unitPrice: '120' })], { class: branch }))
        await tenant.sync()
        const refused = await tenant.state(path, 'd')
        t.equal(refused.state, 'failed', 'a change is refused as ever')
        t.equal(refused.lastError.code, code)
        await tenant.put(path, asSent)
        await tenant.sync()
        await synced(t, tenant, path, 'd')
        t.strictSame(writes(tenant, '/Invoices'), [])
        t.equal(document(tenant, type).LineItems.length, 2)
        tenant.checkXero(t)
      })
    }

  t.test(
    'given a locked period, when the total of an invoice does not fit its lines, then it is no "unchanged"',
    async (t) => {
      const [, { make }] = bothDocumentKinds[0] as (typeof bothDocumentKinds)[number]
      const asSent = make('d', [line('1')])
      const tenant = await hindered('due-total', 'invoices', asSent, (one) => hindrances['a locked period']?.arise(one))
      await tenant.put('invoices', { ...asSent, total: '300' })
      await tenant.sync()
      t.equal((await tenant.state('invoices', 'd')).state, 'failed')
    },
  )
})
