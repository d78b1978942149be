// After a restore the product hands its bills over again: they are adopted, and nobody is called for them.
import t, { type Test } from 'tap'
import { backUp, restore } from '../support/backup.ts'
import { openWorld, type World } from '../support/house.ts'
import { bill, item, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const minute = 60_000
const ids = ['b1', 'b2', 'b3']

async function handOver(tenant: Tenant): Promise<void> {
  await tenant.put('vendors', vendor('v1'))
  await tenant.put('items', item('s1', { kind: 'service' }))
  await tenant.put('bills', ...ids.map((id) => bill(id, 'v1', ['s1'])))
}

/** Three bills were sent after the backup that is now restored, and a person has said so. */
async function openRestored(world: World, name: string): Promise<Tenant> {
  const { db } = world.database
  const tenant = await openTenant(world, name)
  const backup = await backUp(db)
  await handOver(tenant)
  t.equal((await tenant.sync()).status, 'completed')
  await world.house.sweep()
  world.clock.advance(minute)
  await restore(db, backup)
  await world.house.lookUpFirst()
  tenant.mark()
  return tenant
}

const incidents = async (tenant: Tenant, open: boolean) =>
  (await tenant.api('GET', `incidents?open=${open}`)).body.items.map((one: { kind: string }) => one.kind)

async function adopted(t: Test, tenant: Tenant): Promise<void> {
  for (const id of ids) t.equal((await tenant.state('bills', id)).state, 'synced')
  t.equal(tenant.xero('Invoices').length, ids.length)
  t.equal(tenant.calls('PUT /Invoices').length, 0)
  tenant.checkXero(t)
}

t.test(
  'given bills handed over again at once, when the sweep falls into their look-up, then no incident appears',
  async (t) => {
    const world = await openWorld(t)
    const tenant = await openRestored(world, 'at-once')
    await handOver(tenant)
    await tenant.startJob()
    // As the process does it: turns, and a sweep each minute, which reads when it is due.
    for (let seconds = 0; seconds < 15 * 60; seconds += 30) {
      while (await world.house.turn());
      if (seconds % 60 === 0) await world.house.sweep()
      t.same(await incidents(tenant, false), [], `after ${seconds} s`)
      world.clock.advance(30_000)
    }
    await adopted(t, tenant)
  },
)

t.test('given bills that are queued only, when the sweep reads, then no incident appears', async (t) => {
  const world = await openWorld(t)
  const tenant = await openRestored(world, 'queued')
  await handOver(tenant)
  world.clock.advance(8 * minute)
  await world.house.sweep()
  t.same(await incidents(tenant, false), [])
  t.equal((await tenant.api('GET', '')).body.lookUpFirstSince, null)
  t.equal((await tenant.sync()).status, 'completed')
  await adopted(t, tenant)
  world.clock.advance(61 * minute)
  await world.house.sweep()
  t.same(await incidents(tenant, false), [])
})

t.test(
  'given incidents of the sweep, when the bills are handed over again, then their job resolves them',
  async (t) => {
    const world = await openWorld(t)
    const tenant = await openRestored(world, 'late')
    world.clock.advance(8 * minute)
    await world.house.sweep()
    t.same(await incidents(tenant, true), ['orphan', 'orphan', 'orphan'])
    await handOver(tenant)
    t.equal((await tenant.sync()).status, 'completed')
    await adopted(t, tenant)
    t.same(await incidents(tenant, true), [])
    world.clock.advance(61 * minute)
    await world.house.sweep()
    t.same(await incidents(tenant, true), [])
  },
)
