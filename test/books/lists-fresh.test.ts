// A job that waits in the middle, for Xero's limit of the day perhaps, reads what changed in Xero once more before it sends
// on: what people entered meanwhile is laid beside what the product says.
import t from 'tap'
import { openWorld, type World } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, hour, itemIn, synced } from './support/books.ts'

const workNow = async (world: World): Promise<void> => {
  while (await world.house.turn());
}

t.test('books: lists that are fresh', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  /** The job's first write of the list is refused for the limit of a day, and waits. */
  const throttled = (tenantId: string, path: string) =>
    control.faults({ kind: 'http_429', problem: 'day', retryAfter: 7200, method: 'POST', path, tenantId })

  for (const [role, who] of [
    ['customers', 'Ann'],
    ['vendors', 'Vic'],
  ] as const)
    t.test(
      `given ${role} whose job waits for a day, when people edit them meanwhile, then the edits stand`,
      async (t) => {
        const tenant = await openTenant(world, `waits-${role}`)
        const { organisation } = tenant
        const address = (line: string) => ({ addresses: [{ kind: 'billing', lines: [line], city: 'Bath' }] })
        await tenant.put(role, { id: 'r', name: who, ...address('1 Old Road') })
        await tenant.sync()
        world.clock.advance(hour)
        await tenant.put(role, { id: 'r', name: who, ...address('2 New Road') })
        throttled(tenant.organisationId, '/Contacts')
        await tenant.startJob()
        await workNow(world)
        const { ContactID, Addresses } = contact(tenant, who)
        const [pobox] = Addresses.filter(({ City }: { City?: string }) => City === 'Bath')
        control.editContact(organisation, ContactID, { Addresses: [{ ...pobox, City: 'Wells', PostalCode: '99' }] })
        world.clock.advance(3 * hour)
        await world.work()
        await synced(t, tenant, role, 'r')
        const [now] = contact(tenant, who).Addresses.filter(({ City }: { City?: string }) => City !== undefined)
        t.match(now, { AddressLine1: '2 New Road', City: 'Wells', PostalCode: '99' })
        tenant.checkXero(t)
      },
    )

  t.test('given items whose job waits for a day, when people edit them meanwhile, then the edits stand', async (t) => {
    const tenant = await openTenant(world, 'waits-items')
    const lamp = { id: 'i', kind: 'service', code: 'LAMP', name: 'Lamp' }
    await tenant.put('items', { ...lamp, salePrice: '10' })
    await tenant.sync()
    world.clock.advance(hour)
    await tenant.put('items', { ...lamp, salePrice: '11' })
    throttled(tenant.organisationId, '/Items')
    await tenant.startJob()
    await workNow(world)
    control.editItem(tenant.organisation, 'LAMP', { Description: 'A lamp, as the catalogue has it' })
    control.editItem(tenant.organisation, 'LAMP', { SalesDetails: { UnitPrice: 10, AccountCode: '260' } })
    world.clock.advance(3 * hour)
    await world.work()
    await synced(t, tenant, 'items', 'i')
    t.match(itemIn(tenant, 'LAMP'), {
      Description: 'A lamp, as the catalogue has it',
      SalesDetails: { UnitPrice: 11, AccountCode: '260' },
    })
    tenant.checkXero(t)
  })
})
