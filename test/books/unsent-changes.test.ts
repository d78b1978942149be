// A creation whose outcome is not known, and a change of the record meanwhile that is not to be sent. However the outcome
// becomes known, the record says that what stands in Xero is not what it says, and why.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, vendor } from '../support/records.ts'
import type { Tenant } from '../support/tenant.ts'
import { contact, itemIn, later, synced } from './support/books.ts'
import { line, openTrader, purchase, sale, service } from './support/trading.ts'

const second = 1_000
/** The answer comes with the replay, or a look-up finds what was written. */
const ways = { replay: { times: 1, forMs: 5 * second }, 'look-up': { times: 3, forMs: 4 * 60 * second } } as const
type Way = keyof typeof ways
const bothWays = Object.keys(ways) as Way[]

interface Kind {
  readonly list: string
  readonly make: (value: string, more?: object) => object
  /** The value as it stands in Xero. */
  readonly there: (tenant: Tenant) => unknown
}

const email = (value: string) => `e${value}@unsent.example`
const total = (tenant: Tenant) => String(Number(tenant.xero('Invoices')[0]?.SubTotal))
const mailOf = (tenant: Tenant) => contact(tenant, 'X')?.EmailAddress?.match(/\d+/)[0]

const kinds: Record<string, Kind> = {
  invoices: {
    list: '/Invoices',
    make: (unitPrice, more) => sale('x', [line('1', { unitPrice })], more),
    there: total,
  },
  bills: {
    list: '/Invoices',
    make: (unitPrice, more) => purchase('x', [line('1', { unitPrice })], more),
    there: total,
  },
  customers: { list: '/Contacts', make: (value) => customer('x', { name: 'X', email: email(value) }), there: mailOf },
  vendors: { list: '/Contacts', make: (value) => vendor('x', { name: 'X', email: email(value) }), there: mailOf },
  items: {
    list: '/Items',
    make: (salePrice) => service('x', { code: 'X', salePrice }),
    there: (tenant) => String(itemIn(tenant, 'X')?.SalesDetails.UnitPrice),
  },
}

t.test('books: changes that are not to be sent', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  function lose(tenant: Tenant, method: 'PUT' | 'POST', path: string, times: number): void {
    control.faults({ kind: 'lost_response', method, path, tenantId: tenant.organisationId, times })
  }

  /** The record of 100 is written, and nobody knows it yet. */
  async function created(name: string, path: string, way: Way): Promise<Tenant> {
    const { list, make, there } = kinds[path] as Kind
    const tenant = await openTrader(world, name)
    await tenant.sync()
    await tenant.put(path, make('100'))
    for (const method of ['PUT', 'POST'] as const) lose(tenant, method, list, ways[way].times)
    await tenant.startJob()
    await world.work({ forMs: ways[way].forMs })
    t.match(await tenant.state(path, 'x'), { state: 'uncertain' })
    t.equal(there(tenant), '100')
    return tenant
  }

  async function withdraw(t: Test, tenant: Tenant): Promise<void> {
    const [item] = await tenant.queue('pending')
    t.equal((await tenant.api('DELETE', `sync-queue-items/${item.id}?force=true`)).status, 200)
  }

  /** The outcome becomes known; full jobs show nothing else. */
  async function isOutdated(t: Test, tenant: Tenant, path: string, code: string): Promise<void> {
    const expected = { state: 'outdated', lastError: { code }, xero: { id: /./ } }
    await world.work()
    t.match(await tenant.state(path, 'x'), expected)
    await tenant.sync('full')
    t.match(await tenant.state(path, 'x'), expected)
    t.equal(kinds[path]?.there(tenant), '100')
    tenant.checkXero(t)
  }

  for (const path of Object.keys(kinds)) {
    const { make, there } = kinds[path] as Kind
    for (const way of bothWays) {
      t.test(`given ${path} of unknown outcome (${way}), when a change is taken out, then it says so`, async (t) => {
        const tenant = await created(`out-${path}-${way}`, path, way)
        await tenant.put(path, make('7'))
        await withdraw(t, tenant)
        await isOutdated(t, tenant, path, 'change_withdrawn')
        const requeued = { recordType: path.slice(0, -1), recordIds: ['x'] }
        t.match((await tenant.api('POST', 'sync-queue-items', requeued)).body, { opened: 1 })
        await tenant.sync()
        await synced(t, tenant, path, 'x')
        t.equal(there(tenant), '7', 'queued again, it arrives')
      })
    }

    t.test(`given ${path} of unknown outcome, when it says again what was sent, then it is in line`, async (t) => {
      const tenant = await created(`back-${path}`, path, 'replay')
      await tenant.put(path, make('7'))
      await tenant.put(path, make('100'))
      await withdraw(t, tenant)
      await world.work()
      await synced(t, tenant, path, 'x')
    })

    t.test(`given ${path} of unknown outcome, when it changes and is to be sent, then it arrives`, async (t) => {
      const tenant = await created(`sent-${path}`, path, 'look-up')
      await tenant.put(path, make('7'))
      await world.work()
      t.match(await tenant.state(path, 'x'), { state: 'pending', lastError: null })
      await tenant.sync()
      await synced(t, tenant, path, 'x')
      t.equal(there(tenant), '7')
    })
  }

  for (const [path, section] of [
    ['invoices', 'invoices'],
    ['bills', 'vendors'],
  ] as const) {
    const { make } = kinds[path] as Kind
    for (const way of bothWays) {
      t.test(`given ${path} of unknown outcome (${way}), when one is re-opened, then it says so`, async (t) => {
        const tenant = await created(`status-${path}-${way}`, path, way)
        await tenant.put(path, make('7', { status: 'open' }))
        await isOutdated(t, tenant, path, 'status_not_sent')
      })

      t.test(`given ${path} of unknown outcome (${way}), when settings keep it out, then it says so`, async (t) => {
        const tenant = await created(`off-${path}-${way}`, path, way)
        await tenant.settings({ [section]: { sync: false } })
        await tenant.put(path, make('7'))
        await isOutdated(t, tenant, path, 'kept_as_sent')
      })
    }
  }

  for (const way of bothWays) {
    t.test(`given an item of unknown outcome (${way}), when its kind is kept out, then it says so`, async (t) => {
      const tenant = await created(`kind-${way}`, 'items', way)
      await tenant.settings({ items: { syncNonInventory: false } })
      await tenant.put('items', kinds.items?.make('7') ?? {})
      await isOutdated(t, tenant, 'items', 'kept_as_sent')
    })
  }

  t.test(
    'given a customer of unknown outcome, when the vendor of its contact teaches it, then it is in line',
    async (t) => {
      const tenant = await openTrader(world, 'shared')
      await tenant.put('customers', customer('x', { name: 'X', email: email('1') }))
      await tenant.sync()
      await tenant.put('vendors', vendor('y', { name: 'X', email: email('1') }))
      await tenant.sync()
      later(world)
      lose(tenant, 'POST', '/Contacts', 1)
      await tenant.put('customers', customer('x', { name: 'X', email: email('1'), firstName: 'Fay' }))
      await tenant.put('vendors', vendor('y', { name: 'X', email: email('1'), lastName: 'Gray' }))
      await tenant.sync()
      t.match(contact(tenant, 'X'), { FirstName: 'Fay', LastName: 'Gray' })
      await synced(t, tenant, 'customers', 'x')
      await synced(t, tenant, 'vendors', 'y')
      tenant.checkXero(t)
    },
  )
})
