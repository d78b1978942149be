// A customer or vendor that a person linked to another contact than that of its documents, and two contacts that a person merges
// afterwards: the documents stand at its own contact, unasked.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { synced, writes } from './support/books.ts'
import { relinked, staying, withheld } from './support/staying.ts'
import { bothPaths } from './support/trading.ts'

t.test('books: documents that stand elsewhere, and a merge', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  /** The contacts that are merged one after the other, each into the next; and the one that is left. */
  const merges = {
    'the former contact into the linked one': { ways: [['first', 'second']], left: 'second' },
    'the linked contact into the former one': { ways: [['second', 'first']], left: 'first' },
    'both contacts into a third one': {
      ways: [
        ['first', 'third'],
        ['second', 'third'],
      ],
      left: 'third',
    },
    'the former contact into a third one, and that into the linked one': {
      ways: [
        ['first', 'third'],
        ['third', 'second'],
      ],
      left: 'second',
    },
  } as const

  for (const path of bothPaths) {
    const { role, owner, id, there, documentOf, pull, at, quantity, sent, elsewhere } = staying(t, world, path)

    async function relinkedElsewhere(t: Test, name: string) {
      const { tenant, first } = await sent(name)
      const third = control.createContact(tenant.organisation, { Name: 'Third' }).ContactID as string
      const second = await elsewhere(tenant)
      await tenant.put(role, owner(id, { name: 'Second' }))
      await pull(tenant)
      t.match(await tenant.state(path, 'd'), relinked)
      return { tenant, ids: { first, second, third } }
    }

    async function stands(t: Test, tenant: Tenant, contactId: string) {
      await synced(t, tenant, path, 'd')
      t.equal(at(tenant), contactId)
      t.equal((await tenant.state(role, id)).xero.id, contactId)
    }

    for (const [index, [what, { ways, left }]] of Object.entries(merges).entries())
      for (const isAtOnce of ways.length > 1 ? [true, false] : [true])
        t.test(
          `given ${path}, when a person merges ${what}${isAtOnce ? '' : ' by and by'}, then in line`,
          async (t) => {
            const { tenant, ids } = await relinkedElsewhere(t, `way-${index}-${isAtOnce}`)
            tenant.mark()
            for (const [n, [from, into]] of ways.entries()) {
              control.mergeContacts(tenant.organisation, ids[from], ids[into])
              if (isAtOnce && n + 1 < ways.length) continue
              await pull(tenant)
              if (n + 1 < ways.length) t.match(await tenant.state(path, 'd'), relinked, 'not together yet')
            }
            await stands(t, tenant, ids[left])
            t.strictSame(writes(tenant, '/Invoices'), [], 'nothing is sent for it')
            await tenant.put(path, documentOf())
            await stands(t, tenant, ids[left])
            await tenant.put(path, documentOf('2'))
            await pull(tenant)
            await stands(t, tenant, ids[left])
            t.equal(quantity(tenant), 2)
            tenant.checkXero(t)
          },
        )

    t.test(`given ${path}, when their contact is merged into one of nobody, then they stand elsewhere`, async (t) => {
      const { tenant, ids } = await relinkedElsewhere(t, 'stranger')
      control.createContact(tenant.organisation, { Name: 'Stranger' })
      control.mergeContacts(tenant.organisation, 'Stranger', ids.second)
      await pull(tenant)
      t.match(await tenant.state(path, 'd'), relinked, 'nor does another merge bring them there')
      control.mergeContacts(tenant.organisation, ids.first, ids.third)
      await pull(tenant)
      t.match(await tenant.state(path, 'd'), relinked)
      t.equal(at(tenant), ids.third)
      await tenant.api('DELETE', `${role}/${id}/link`)
      t.equal((await tenant.api('PUT', `${role}/${id}/link`, { xeroId: ids.third })).status, 200)
      await stands(t, tenant, ids.third)
      tenant.checkXero(t)
    })

    t.test(`given ${path} of a contact that two merges led elsewhere, when that is linked, then in line`, async (t) => {
      const { tenant, ids } = await relinkedElsewhere(t, 'chain')
      const last = control.createContact(tenant.organisation, { Name: 'Last' }).ContactID as string
      control.mergeContacts(tenant.organisation, ids.first, ids.third)
      await pull(tenant)
      control.mergeContacts(tenant.organisation, ids.third, last)
      await pull(tenant)
      t.match(await tenant.state(path, 'd'), relinked)
      await tenant.api('DELETE', `${role}/${id}/link`)
      t.equal((await tenant.api('PUT', `${role}/${id}/link`, { xeroId: last })).status, 200)
      await stands(t, tenant, last)
      tenant.checkXero(t)
    })

    for (const [from, into] of [
      ['first', 'second'],
      ['second', 'first'],
    ] as const)
      t.test(
        `given ${path} withheld at an archived contact, when ${from} is merged into ${into}, then sent`,
        async (t) => {
          const { tenant, ids } = await relinkedElsewhere(t, `withheld-${into}`)
          control.archiveContact(tenant.organisation, ids.first)
          await tenant.put(path, documentOf('2'))
          await pull(tenant)
          t.match(await tenant.state(path, 'd'), withheld)
          control.restoreContact(tenant.organisation, ids.first)
          control.mergeContacts(tenant.organisation, ids[from], ids[into])
          await pull(tenant)
          await stands(t, tenant, ids[into])
          t.equal(quantity(tenant), 2)
          t.equal(there(tenant).LineItems.length, 1)
          tenant.checkXero(t)
        },
      )
  }
})
