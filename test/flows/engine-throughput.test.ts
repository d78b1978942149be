// While a backlog exists, nearly every call that Xero allows is made, and none that it does not.
import t from 'tap'
import type { House } from '../../src/house.ts'
import { openWorld, type World } from '../support/house.ts'
import { openSecondHouse } from '../support/second-house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const minute = 60_000
/** As long as the calls of a turn may take together. */
const turnMs = 400

/** An organisation whose items are all to be deleted: a call each. */
async function backlog(world: World, name: string, size: number): Promise<Tenant> {
  const tenant = await openTenant(world, name)
  world.simulator.control.bulk(tenant.organisation, { items: size })
  await tenant.sync()
  for (const { ItemID } of tenant.xero('Items')) {
    const { status } = await tenant.api('DELETE', `items/${ItemID}`)
    if (status !== 200) throw new Error(`DELETE items/${ItemID} answered ${status}`)
  }
  return tenant
}

/** Works as the processes would: turns take time, and whoever has nothing to do waits until something is due. */
async function workFor(world: World, houses: readonly House[], milliseconds: number): Promise<void> {
  const { clock } = world
  const end = clock.now().getTime() + milliseconds
  while (clock.now().getTime() < end) {
    const worked = await Promise.all(houses.map((house) => house.turn()))
    const due = Date.parse((await world.house.nextDueAt()) ?? '') - clock.now().getTime()
    if (worked.includes(true)) clock.advance(turnMs)
    else if (due > 0) clock.advance(due)
    else return
  }
}

function checkUse(t: import('tap').Test, tenant: Tenant): void {
  const at = tenant.calls().map((entry) => Date.parse(entry.at))
  const [first = 0] = at
  const inTwoMinutes = at.filter((call) => call < first + 2 * minute).length
  t.ok(inTwoMinutes >= 118, `${inTwoMinutes} calls in the first two minutes, of 120`)
  t.notOk(
    tenant.calls().some((entry) => entry.status === 429),
    'none was refused',
  )
  const most = Math.max(...at.map((from) => at.filter((call) => call >= from && call < from + minute).length))
  t.equal(most, 60, 'and no minute has more, wherever it begins')
}

t.test('a backlog', async (t) => {
  const world = await openWorld(t)
  const second = await openSecondHouse(t, world)

  t.test('given more than two minutes of calls, when one process works, then it uses the minutes', async (t) => {
    const tenant = await backlog(world, 'alone', 180)
    world.clock.advance(2 * minute)
    tenant.mark()
    await tenant.startJob()
    await workFor(world, [world.house], 4 * minute)
    checkUse(t, tenant)
    await world.work()
    t.equal(tenant.xero('Items').length, 0)
    tenant.checkXero(t)
  })

  t.test('given three such connections, when two processes work, then each has its minutes', async (t) => {
    const tenants = []
    for (const name of ['one', 'two', 'three']) tenants.push(await backlog(world, name, 130))
    world.clock.advance(2 * minute)
    for (const tenant of tenants) {
      tenant.mark()
      await tenant.startJob()
    }
    await workFor(world, [world.house, second], 4 * minute)
    for (const tenant of tenants) {
      checkUse(t, tenant)
      t.equal(tenant.xero('Items').length, 0)
      tenant.checkXero(t)
    }
    await world.work()
  })
})
