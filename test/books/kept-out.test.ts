// A record that stands in Xero, and whose change the settings keep back: it says that Xero holds the older content, and which
// setting did it. With that setting back, the change goes out by itself.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { itemIn, synced } from './support/books.ts'
import { line, openTrader, purchase, sale, service } from './support/trading.ts'

interface Kind {
  readonly make: (value: string, more?: object) => object
  /** The value as it stands in Xero. */
  readonly there: (tenant: Tenant) => unknown
  /** Keep the change back, and let it go; the reason names the setting. */
  readonly ways: readonly { readonly off: object; readonly on: object; readonly cause: RegExp }[]
}

const total = (tenant: Tenant) => String(Number(tenant.xero('Invoices')[0]?.SubTotal))

const kinds: Record<string, Kind> = {
  invoices: {
    make: (unitPrice, more) => sale('x', [line('1', { unitPrice })], more),
    there: total,
    ways: [
      { off: { invoices: { sync: false } }, on: { invoices: { sync: true } }, cause: /invoices\.sync is off/ },
      {
        off: { invoices: { cutOverDate: '2027-01-01' } },
        on: { invoices: { cutOverDate: null } },
        cause: /before the cut-over date 2027-01-01/,
      },
    ],
  },
  bills: {
    make: (unitPrice, more) => purchase('x', [line('1', { unitPrice })], more),
    there: total,
    ways: [{ off: { vendors: { sync: false } }, on: { vendors: { sync: true } }, cause: /vendors\.sync is off/ }],
  },
  items: {
    make: (salePrice) => service('x', { code: 'X', salePrice }),
    there: (tenant) => String(itemIn(tenant, 'X')?.SalesDetails.UnitPrice),
    ways: [
      {
        off: { items: { syncNonInventory: false } },
        on: { items: { syncNonInventory: true } },
        cause: /items\.syncNonInventory is off/,
      },
    ],
  },
}
const stocked: Kind = {
  make: (salePrice) => ({ id: 'x', kind: 'inventory', code: 'X', name: 'X', salePrice }),
  there: kinds.items?.there ?? total,
  ways: [
    {
      off: { items: { inventoryMode: 'do_not_sync' } },
      on: { items: { inventoryMode: 'sync_inventory' } },
      cause: /items\.inventoryMode keeps/,
    },
  ],
}

const cases = [
  ...Object.entries(kinds).map(([path, kind]) => ({ path, name: path, kind })),
  { path: 'items', name: 'inventory items', kind: stocked },
].flatMap(({ ways, ...rest }: { path: string; name: string; kind: Kind; ways?: never }) =>
  rest.kind.ways.map((way) => ({ ...rest, ...way })),
)

t.test('books: changes that the settings keep back', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  async function sent(name: string, path: string, make: Kind['make'], on: object): Promise<Tenant> {
    const tenant = await openTrader(world, name)
    await tenant.settings(on)
    await tenant.put(path, make('100'))
    await tenant.sync()
    return tenant
  }

  async function isKept(t: Test, tenant: Tenant, path: string, { kind, cause }: { kind: Kind; cause: RegExp }) {
    const expected = { state: 'outdated', xero: { id: /./ }, lastError: { code: 'kept_as_sent', cause } }
    t.match(await tenant.state(path, 'x'), expected)
    t.equal(kind.there(tenant), '100')
  }

  for (const { path, name, kind, off, on, cause } of cases) {
    const { make, there } = kind
    const of = `${name} ${Object.values(off).flatMap(Object.keys)}`

    t.test(`given ${of}, when one changes while the setting is off, then it says so, and goes out after`, async (t) => {
      const tenant = await sent(`off-${of.replaceAll(' ', '-')}`, path, make, on)
      await synced(t, tenant, path, 'x')
      await tenant.settings(off)
      await synced(t, tenant, path, 'x')
      await tenant.put(path, make('7'))
      await tenant.sync('full')
      await isKept(t, tenant, path, { kind, cause })
      t.match(await tenant.queue(), [])
      await tenant.settings({ company: { timezone: 'Etc/UTC' } })
      t.match(await tenant.queue(), [], 'another setting queues nothing')
      await tenant.settings(on)
      t.match(await tenant.state(path, 'x'), { state: 'pending', lastError: null })
      t.match(await tenant.queue(), [{ recordId: 'x', action: 'update', status: 'pending' }])
      await tenant.sync()
      await synced(t, tenant, path, 'x')
      t.equal(there(tenant), '7')
      tenant.checkXero(t)
    })

    t.test(`given ${of}, when the setting goes off before the change went out, then the same`, async (t) => {
      const tenant = await sent(`late-${of.replaceAll(' ', '-')}`, path, make, on)
      await tenant.put(path, make('7'))
      await tenant.settings(off)
      await tenant.sync()
      await isKept(t, tenant, path, { kind, cause })
      await tenant.settings(on)
      await tenant.sync()
      await synced(t, tenant, path, 'x')
      t.equal(there(tenant), '7')
    })

    t.test(`given ${of}, when one changes back to what was sent, then it is in line`, async (t) => {
      const tenant = await sent(`back-${of.replaceAll(' ', '-')}`, path, make, on)
      await tenant.put(path, make('7'))
      await tenant.settings(off)
      await tenant.put(path, make('100'))
      await tenant.sync()
      await synced(t, tenant, path, 'x')
      t.equal(there(tenant), '100')
    })

    t.test(`given ${of}, when one that was never sent is kept out, then nothing of it is queued after`, async (t) => {
      const tenant = await openTrader(world, `new-${of.replaceAll(' ', '-')}`)
      await tenant.settings(off)
      await tenant.put(path, make('100'))
      await tenant.sync()
      t.match(await tenant.state(path, 'x'), { state: 'excluded', xero: null, lastError: null })
      await tenant.settings(on)
      t.match(await tenant.queue(), [])
    })
  }

  for (const [path, { make, there, ways }] of Object.entries(kinds)) {
    const [{ off, on } = { off: {}, on: {} }] = ways
    t.test(
      `given ${path} of unknown outcome, when the setting is off for a while, then the change goes out`,
      async (t) => {
        const tenant = await openTrader(world, `uncertain-${path}`)
        await tenant.sync()
        await tenant.put(path, make('100'))
        const lost = { kind: 'lost_response', tenantId: tenant.organisationId, times: 3 } as const
        for (const method of ['PUT', 'POST'] as const) control.faults({ ...lost, method })
        await tenant.startJob()
        await world.work({ forMs: 4 * 60_000 })
        t.match(await tenant.state(path, 'x'), { state: 'uncertain' })
        await tenant.settings(off)
        await tenant.put(path, make('7'))
        await tenant.settings(on)
        await world.work()
        await tenant.sync()
        await synced(t, tenant, path, 'x')
        t.equal(there(tenant), '7')
        tenant.checkXero(t)
      },
    )
  }

  for (const { path, section, type } of [
    { path: 'invoices', section: 'invoices', type: 'invoice' },
    { path: 'bills', section: 'vendors', type: 'bill' },
  ]) {
    const { make, there } = kinds[path] as Kind

    t.test(`given ${path} below the trigger status, when that status is sent too, then it goes out`, async (t) => {
      const tenant = await sent(`trigger-${path}`, path, make, {})
      await tenant.put(path, make('7', { status: 'open' }))
      t.match(await tenant.state(path, 'x'), { state: 'outdated', lastError: { code: 'status_not_sent' } })
      await tenant.settings({ [section]: { triggerStatus: { [type]: ['any'] } } })
      await tenant.sync()
      await synced(t, tenant, path, 'x')
      t.equal(there(tenant), '7')
    })

    t.test(`given ${path} kept out, when what they name is not in Xero, then they wait for nothing`, async (t) => {
      const tenant = await sent(`named-${path}`, path, make, {})
      await tenant.put(path, make('7', path === 'invoices' ? { customerId: 'none' } : { vendorId: 'none' }))
      await tenant.settings({ [section]: { sync: false } })
      await tenant.sync()
      t.match(await tenant.state(path, 'x'), { state: 'outdated', lastError: { code: 'kept_as_sent' } })
      t.match(await tenant.queue(), [])
    })
  }
})
