// An invoice or bill with a change in the queue whose customer or vendor is another one in Xero by now: deleted and handed over
// anew, or linked elsewhere. Nobody said that the document belongs there: its change arrives where it stands, or waits to be asked for.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { contact, later, synced, writes } from './support/books.ts'
import { relinked, staying, withheld } from './support/staying.ts'
import { bothPaths } from './support/trading.ts'

t.test('books: documents stay at their contacts', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  for (const path of bothPaths) {
    const documents = staying(t, world, path)
    const { role, owner, field, id, other, documentOf, sent, elsewhere, pull, quantity, at, there, ask, pay } =
      documents

    /** The contact is archived with its record, and a change of the document fails for want of it. */
    async function deleted(name: string) {
      const { tenant, first } = await sent(name)
      await tenant.api('DELETE', `${role}/${id}`)
      await pull(tenant)
      await tenant.put(path, documentOf('2'))
      await pull(tenant)
      t.match(await tenant.state(path, 'd'), { state: 'failed', lastError: { code: 'record_missing' } })
      tenant.mark()
      return { tenant, first }
    }

    for (const [how, more] of [
      ['for somebody else', { name: 'Somebody Else' }],
      ['again', {}],
    ] as const)
      t.test(
        `given a change of ${path} of a deleted ${field}, when it is handed over ${how}, then they stay`,
        async (t) => {
          const { tenant, first } = await deleted(`deleted-${how.replaceAll(' ', '-')}`)
          await tenant.put(role, owner(id, more))
          await pull(tenant)
          await synced(t, tenant, role, id)
          t.match(await tenant.state(path, 'd'), withheld)
          await pull(tenant)
          t.strictSame(writes(tenant, '/Invoices'), [], 'nothing moves unasked')
          await tenant.put(path, documentOf('2', { memo: 'new' }))
          await pull(tenant)
          await tenant.put(path, documentOf('3'))
          await pull(tenant)
          t.match(await tenant.state(path, 'd'), withheld)
          t.strictSame(writes(tenant, '/Invoices'), [], 'nor with one more change')
          t.equal(at(tenant), first)
          await ask(tenant)
          await pull(tenant)
          await synced(t, tenant, path, 'd')
          t.equal(at(tenant), (await tenant.state(role, id)).xero.id)
          t.not(at(tenant), first)
          t.equal(quantity(tenant), 3)
          tenant.checkXero(t)
        },
      )

    t.test(`given ${path} of a deleted ${field}, when their change is taken back, then they are in line`, async (t) => {
      const { tenant, first } = await deleted('taken-back')
      await tenant.put(path, documentOf('1', { memo: 'new' }))
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.strictSame(writes(tenant, '/Invoices'), [])
      t.equal(at(tenant), first)
      // What was taken back is known to be in line, and nothing is moved by the record that comes back.
      await tenant.put(role, owner(id))
      await pull(tenant)
      t.match(await tenant.state(path, 'd'), relinked)
      t.equal(at(tenant), first)
      tenant.checkXero(t)
    })

    t.test(
      `given ${path} of another contact, when they change, then the change arrives where they stand`,
      async (t) => {
        const { tenant, first } = await sent('changed')
        await tenant.put(path, documentOf('2'))
        const second = await elsewhere(tenant)
        for (const count of ['3', '4']) {
          await tenant.put(path, documentOf(count))
          await pull(tenant)
          t.match(await tenant.state(path, 'd'), relinked)
          t.equal(at(tenant), first)
          t.equal(quantity(tenant), Number(count))
        }
        await ask(tenant)
        const [item] = await tenant.queue()
        await tenant.api('DELETE', `sync-queue-items/${item?.id}?force=true`)
        await tenant.put(path, documentOf('5'))
        await pull(tenant)
        t.equal(at(tenant), first, 'who asked took it back')
        await ask(tenant)
        await pull(tenant)
        await synced(t, tenant, path, 'd')
        t.equal(at(tenant), second)
        t.equal(quantity(tenant), 5)
        await tenant.put(path, documentOf('6'))
        await pull(tenant)
        await synced(t, tenant, path, 'd')
        t.equal(at(tenant), second)
        tenant.checkXero(t)
      },
    )

    t.test(`given ${path} of another contact, when they name another ${field}, then they move`, async (t) => {
      const { tenant } = await sent('named')
      await elsewhere(tenant)
      await tenant.put(role, owner(other))
      await tenant.put(path, documentOf('1', { [field]: other }))
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.equal(at(tenant), (await tenant.state(role, other)).xero.id)
      tenant.checkXero(t)
    })

    t.test(
      `given ${path} of another contact that are paid, when nothing of them changes, then they are fine`,
      async (t) => {
        const { tenant, first } = await sent('paid')
        await tenant.put(path, documentOf('2'))
        await elsewhere(tenant)
        await tenant.put(path, documentOf('1', { memo: 'new' }))
        pay(tenant)
        tenant.mark()
        await pull(tenant)
        t.match(await tenant.state(path, 'd'), relinked)
        t.strictSame(writes(tenant, '/Invoices'), [])
        t.equal(at(tenant), first)
      },
    )

    t.test(`given ${path} of another contact, when a person moves them there, then they are in line`, async (t) => {
      const { tenant } = await sent('by-hand')
      await tenant.put(path, documentOf('2'))
      const second = await elsewhere(tenant)
      control.editInvoice(tenant.organisation, there(tenant).InvoiceID, { Contact: { ContactID: second } })
      later(world)
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.equal(at(tenant), second)
      t.equal(quantity(tenant), 2)
      tenant.checkXero(t)
    })

    t.test(`given ${path} that a person moved, when it is decided for the product, then they go back`, async (t) => {
      const { tenant, first } = await sent('decided')
      const third = control.createContact(tenant.organisation, { Name: 'Third' }).ContactID
      control.editInvoice(tenant.organisation, there(tenant).InvoiceID, { Contact: { ContactID: third } })
      later(world)
      await tenant.put(path, documentOf('2'))
      await pull(tenant)
      t.match(await tenant.state(path, 'd'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
      await elsewhere(tenant)
      await pull(tenant)
      t.match(await tenant.state(path, 'd'), { lastError: { differences: [{ field: '/contact', product: first }] } })
      t.equal((await tenant.api('POST', `${path}/d/resolve-conflict`, { keep: 'product' })).status, 200)
      await pull(tenant)
      t.match(await tenant.state(path, 'd'), relinked)
      t.equal(at(tenant), first)
      t.equal(quantity(tenant), 2)
      tenant.checkXero(t)
    })

    t.test(`given ${path} of another contact, when their own is merged, then they stay at the one left`, async (t) => {
      const { tenant } = await sent('merged')
      await tenant.put(path, documentOf('2'))
      await elsewhere(tenant)
      control.createContact(tenant.organisation, { Name: 'Third' })
      const { name } = owner(id)
      control.mergeContacts(tenant.organisation, name, 'Third')
      await pull(tenant)
      t.match(await tenant.state(path, 'd'), relinked)
      t.equal(at(tenant), contact(tenant, 'Third').ContactID)
      t.equal(quantity(tenant), 2)
      tenant.checkXero(t)
    })

    /** Its change is withheld at a contact that was archived after the record was linked to "Second". */
    async function archivedElsewhere(name: string) {
      const { tenant, first } = await sent(name)
      const second = await elsewhere(tenant)
      control.archiveContact(tenant.organisation, first)
      await pull(tenant)
      await tenant.put(path, documentOf('2'))
      await pull(tenant)
      t.match(await tenant.state(path, 'd'), withheld)
      t.equal(quantity(tenant), 1)
      // The name is free again.
      control.editContact(tenant.organisation, second, { Name: 'Second' })
      control.restoreContact(tenant.organisation, first)
      return { tenant, first }
    }

    t.test(`given a change of ${path} at an archived contact, when that is restored, then it is sent`, async (t) => {
      const { tenant, first } = await archivedElsewhere('restored')
      await pull(tenant)
      t.match(await tenant.state(path, 'd'), relinked)
      t.equal(at(tenant), first, 'where it stands')
      t.equal(quantity(tenant), 2)
      tenant.checkXero(t)
    })

    t.test(`given a change of ${path} at an archived contact, when it is linked again, then it is sent`, async (t) => {
      const { tenant, first } = await archivedElsewhere('back')
      await tenant.api('DELETE', `${role}/${id}/link`)
      t.equal((await tenant.api('PUT', `${role}/${id}/link`, { xeroId: first })).status, 200)
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.equal(at(tenant), first)
      t.equal(quantity(tenant), 2)
      tenant.checkXero(t)
    })

    t.test(
      `given a change of ${path} withheld by an earlier version, when it is linked again, then it is told`,
      async (t) => {
        const { tenant, first } = await archivedElsewhere('earlier')
        const { db } = world.database
        const of = { company_id: tenant.company, connection_id: tenant.connectionId, record_id: 'd' }
        // An earlier version put the change out of the queue.
        await db
          .updateTable('sync_queue_items')
          .set({ status: 'cancelled' })
          .where((one) => one.and(of))
          .execute()
        await db
          .updateTable('links')
          .set({ posted_hash: null })
          .where((one) => one.and(of))
          .execute()
        const { record_id: id_, ...scope } = of
        await db
          .updateTable('records')
          .set({ sync_state: 'outdated' })
          .where((one) => one.and({ ...scope, id: id_ }))
          .execute()
        await pull(tenant)
        await tenant.api('DELETE', `${role}/${id}/link`)
        t.equal((await tenant.api('PUT', `${role}/${id}/link`, { xeroId: first })).status, 200)
        t.match(await tenant.state(path, 'd'), { state: 'outdated', lastError: { code: 'change_withdrawn' } })
        await ask(tenant)
        await pull(tenant)
        await synced(t, tenant, path, 'd')
        t.equal(at(tenant), first)
        t.equal(quantity(tenant), 2)
        tenant.checkXero(t)
      },
    )

    t.test(`given a change of ${path} at an archived contact, when it is withdrawn, then nobody waits`, async (t) => {
      const { tenant, first } = await archivedElsewhere('withdrawn')
      control.archiveContact(tenant.organisation, first)
      await pull(tenant)
      const [item] = await tenant.queue()
      t.equal((await tenant.api('DELETE', `sync-queue-items/${item?.id}?force=true`)).status, 200)
      t.match(await tenant.state(path, 'd'), { state: 'outdated' })
      control.restoreContact(tenant.organisation, first)
      await pull(tenant)
      t.equal(quantity(tenant), 1)
      tenant.checkXero(t)
    })
  }
})
