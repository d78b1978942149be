// Handovers that the product repeats, and names that it exchanges.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, later, synced } from './support/books.ts'

t.test('books: contacts said again', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  for (const role of ['customers', 'vendors'] as const)
    t.test(
      `given inactive ${role} whose contact a person restored, when they are handed over again, then it stays`,
      async (t) => {
        const tenant = await openTenant(world, `restored-${role}`)
        const said = { id: 'r', name: 'Restored', active: false }
        await tenant.put(role, { ...said, active: true })
        await tenant.sync()
        await tenant.put(role, said)
        await tenant.sync()
        t.equal(contact(tenant, 'Restored').ContactStatus, 'ARCHIVED')
        later(world)
        control.restoreContact(tenant.organisation, 'Restored')
        for (const more of [{}, { firstName: 'F' }, {}]) {
          await tenant.put(role, { ...said, ...more })
          await tenant.sync()
          t.equal(contact(tenant, 'Restored').ContactStatus, 'ACTIVE')
          later(world)
          await tenant.sync('full')
          t.equal(contact(tenant, 'Restored').ContactStatus, 'ACTIVE')
          await synced(t, tenant, role, 'r')
        }
        tenant.checkXero(t)
      },
    )

  t.test('given names that three customers exchange in a ring, then the told steps end it', async (t) => {
    const tenant = await openTenant(world, 'ring')
    const ids = ['a', 'b', 'c']
    await tenant.put('customers', ...ids.map((id) => ({ id, name: `Name ${id}` })))
    await tenant.sync()
    const contacts = new Map<string, string>()
    for (const id of ids) contacts.set(id, (await tenant.state('customers', id)).xero.id)
    const next = { a: 'b', b: 'c', c: 'a' } as Record<string, string>
    await tenant.put('customers', ...ids.map((id) => ({ id, name: `Name ${next[id]}` })))
    await tenant.sync()
    await tenant.sync()
    const waiting: string[] = []
    for (const id of ids) if ((await tenant.state('customers', id)).state !== 'synced') waiting.push(id)
    if (waiting.length > 0) {
      t.match((await tenant.state('customers', waiting[0] ?? '')).lastError, {
        code: 'contact_name_taken',
        action: String,
      })
      // One of them gets a third name, until the others have arrived.
      await tenant.put('customers', { id: 'a', name: 'Name for the moment' })
      for (let turn = 0; turn < 3; turn += 1) await tenant.sync()
      await synced(t, tenant, 'customers', 'b', 'c')
      await tenant.put('customers', { id: 'a', name: `Name ${next.a}` })
      await tenant.sync()
    }
    await synced(t, tenant, 'customers', ...ids)
    for (const id of ids)
      t.match(contact(tenant, contacts.get(id)), { Name: `Name ${next[id]}`, ContactStatus: 'ACTIVE' })
    t.equal(tenant.xero('Contacts').length, 3)
    tenant.checkXero(t)
  })
})
