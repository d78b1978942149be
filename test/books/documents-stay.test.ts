// An invoice or bill with a change in the queue whose customer, vendor or item is another one in Xero by now: deleted and handed over
// anew, or linked elsewhere. Nobody said that the document belongs there: its change arrives where it stands, or waits to be asked for.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, vendor } from '../support/records.ts'
import type { Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, itemIn, later, type Row, synced, writes } from './support/books.ts'
import { bothDocumentKinds, line, lineWithout, openTrader, service } from './support/trading.ts'

const keepItems = {
  ...inNewZealand,
  settings: { ...inNewZealand.settings, items: { ...inNewZealand.settings.items, onDelete: 'keep' } },
}
const relinked = { state: 'outdated', lastError: { code: 'contact_relinked' } }

t.test('books: documents stay at their contacts and items', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const pull = async (tenant: Tenant) => {
    await tenant.sync()
    later(world)
  }
  const there = (tenant: Tenant): Row => tenant.xero('Invoices')[0]
  const pay = (tenant: Tenant) => control.payInvoice(tenant.organisation, there(tenant).InvoiceID, { amount: 1 })

  for (const [path, { make }] of bothDocumentKinds) {
    const role = path === 'invoices' ? 'customers' : 'vendors'
    const owner = path === 'invoices' ? customer : vendor
    const field = path === 'invoices' ? 'customerId' : 'vendorId'
    const [id, other] = path === 'invoices' ? ['c1', 'c2'] : ['v1', 'v2']
    const type = path.slice(0, -1)
    const documentOf = (quantity = '1', more: object = {}, lineMore: object = {}) =>
      make('d', [line('1', { quantity, ...lineMore })], more)
    const quantity = (tenant: Tenant) => there(tenant).LineItems[0].Quantity
    const at = (tenant: Tenant) => there(tenant).Contact.ContactID
    const ask = (tenant: Tenant) => tenant.api('POST', 'sync-queue-items', { recordType: type, recordIds: ['d'] })

    async function sent(name: string, options: Parameters<typeof openTrader>[2] = inNewZealand) {
      const tenant = await openTrader(world, `${name}-${path}`, options)
      control.createContact(tenant.organisation, { Name: 'Second' })
      await tenant.put(path, documentOf())
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      return { tenant, first: at(tenant) }
    }

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

    /** The record is linked to "Second". */
    async function elsewhere(tenant: Tenant) {
      const { ContactID } = contact(tenant, 'Second')
      await tenant.api('DELETE', `${role}/${id}/link`)
      const linked = await tenant.api('PUT', `${role}/${id}/link`, { xeroId: ContactID })
      t.equal(linked.status, 200, JSON.stringify(linked.body))
      return ContactID
    }

    for (const [how, more] of [
      ['for somebody else', { name: 'Somebody Else' }],
      ['again', {}],
    ] as const)
      t.test(
        `given a change of ${path} of a deleted ${field}, when it is handed over ${how}, then they stay`,
        async (t) => {
          const { tenant, first } = await deleted(`deleted-${how.replaceAll(' ', '-')}`)
          await tenant.put(role, owner(id as string, more))
          await pull(tenant)
          await synced(t, tenant, role, id as string)
          const withheld = { code: 'contact_relinked', cause: /archived/, action: /restore that contact/ }
          t.match(await tenant.state(path, 'd'), { state: 'outdated', lastError: withheld })
          await pull(tenant)
          t.strictSame(writes(tenant, '/Invoices'), [], 'nothing moves unasked')
          await tenant.put(path, documentOf('2', { memo: 'new' }))
          await pull(tenant)
          await tenant.put(path, documentOf('3'))
          await pull(tenant)
          t.match(await tenant.state(path, 'd'), relinked)
          t.strictSame(writes(tenant, '/Invoices'), [], 'nor with one more change')
          t.equal(at(tenant), first)
          await ask(tenant)
          await pull(tenant)
          await synced(t, tenant, path, 'd')
          t.equal(at(tenant), (await tenant.state(role, id as string)).xero.id)
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
      await tenant.put(role, owner(id as string))
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
      await tenant.put(role, owner(other as string))
      await tenant.put(path, documentOf('1', { [field]: other }))
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.equal(at(tenant), (await tenant.state(role, other as string)).xero.id)
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
      const { name } = owner(id as string)
      control.mergeContacts(tenant.organisation, name, 'Third')
      await pull(tenant)
      t.match(await tenant.state(path, 'd'), relinked)
      t.equal(at(tenant), contact(tenant, 'Third').ContactID)
      t.equal(quantity(tenant), 2)
      tenant.checkXero(t)
    })

    t.test(
      `given ${path} whose change waits to be asked for, when their contact is back, then it is told`,
      async (t) => {
        const { tenant, first } = await sent('back')
        const second = await elsewhere(tenant)
        control.archiveContact(tenant.organisation, first)
        await pull(tenant)
        await tenant.put(path, documentOf('2'))
        await pull(tenant)
        t.match(await tenant.state(path, 'd'), relinked)
        t.equal(quantity(tenant), 1)
        // The name is free again.
        control.editContact(tenant.organisation, second, { Name: 'Second' })
        control.restoreContact(tenant.organisation, first)
        await pull(tenant)
        await tenant.api('DELETE', `${role}/${id}/link`)
        t.equal((await tenant.api('PUT', `${role}/${id}/link`, { xeroId: first })).status, 200)
        t.match(await tenant.state(path, 'd'), { state: 'outdated', lastError: { code: 'change_withdrawn' } })
        await ask(tenant)
        await pull(tenant)
        await synced(t, tenant, path, 'd')
        t.equal(at(tenant), first)
        t.equal(quantity(tenant), 2)
      },
    )

    const account = path === 'invoices' ? { incomeAccount: '260' } : { expenseAccount: '310' }
    const standsOn = (tenant: Tenant) => there(tenant).LineItems[0].ItemCode
    async function another(
      name: string,
      without: string[] = [],
      options: Parameters<typeof openTrader>[2] = keepItems,
    ) {
      const tenant = await openTrader(world, `${name}-${path}`, options)
      const named = (count: string, more: object = {}) =>
        make('d', [{ ...lineWithout('1', ...without), quantity: count, ...more }])
      await tenant.put(path, named('1'))
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      await tenant.api('DELETE', 'items/s1')
      await pull(tenant)
      await tenant.put('items', service('s1', { code: 'ELSE', name: 'Other', description: 'Other', ...account }))
      await pull(tenant)
      await synced(t, tenant, 'items', 's1')
      t.equal(itemIn(tenant, 'SKU-s1') !== undefined, options === keepItems)
      return { tenant, named }
    }

    t.test(`given ${path} of an item that was kept, when its id is another one, then the line stays`, async (t) => {
      const { tenant, named } = await another('item-kept')
      await tenant.put(path, named('2'))
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.equal(standsOn(tenant), 'SKU-s1')
      t.equal(quantity(tenant), 2)
      await ask(tenant)
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.equal(standsOn(tenant), 'ELSE')
      tenant.checkXero(t)
    })

    t.test(
      `given ${path} of an item that is gone, when its id is another one, then they move when asked`,
      async (t) => {
        const { tenant, named } = await another('item-gone', [], inNewZealand)
        for (const count of ['2', '1']) await tenant.put(path, named(count))
        tenant.mark()
        await pull(tenant)
        await synced(t, tenant, path, 'd')
        t.strictSame(writes(tenant, '/Invoices'), [], 'nothing of it changed')
        await tenant.put(path, named('2'))
        await pull(tenant)
        t.match(await tenant.state(path, 'd'), { state: 'failed', lastError: { code: 'item_unknown' } })
        t.equal(standsOn(tenant), 'SKU-s1')
        await ask(tenant)
        await pull(tenant)
        await synced(t, tenant, path, 'd')
        t.equal(standsOn(tenant), 'ELSE')
        t.equal(quantity(tenant), 2)
        tenant.checkXero(t)
      },
    )

    t.test(
      `given ${path} of an item that got another code since, when they change, then they stay on it`,
      async (t) => {
        const { tenant, named } = await another('item-recoded')
        control.editItem(tenant.organisation, 'SKU-s1', { Code: 'RECODED' })
        later(world)
        await tenant.put(path, named('2'))
        await pull(tenant)
        await synced(t, tenant, path, 'd')
        t.equal(standsOn(tenant), 'RECODED')
        t.equal(quantity(tenant), 2)
        tenant.checkXero(t)
      },
    )

    t.test(`given ${path} of the proxy item, when items are sent themselves, then lines go there`, async (t) => {
      const { items } = inNewZealand.settings
      const settings = { ...inNewZealand.settings, items: { ...items, syncNonInventory: false } }
      const tenant = await openTrader(world, `item-proxy-${path}`, { ...inNewZealand, settings })
      await tenant.put(path, documentOf())
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.not(standsOn(tenant), 'SKU-s1')
      await tenant.settings({ items: { syncNonInventory: true } })
      await tenant.api('POST', 'sync-queue-items', { recordType: 'item' })
      await tenant.put(path, documentOf('2'))
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.equal(standsOn(tenant), 'SKU-s1')
      tenant.checkXero(t)
    })

    t.test(
      `given ${path} with the text of an item whose id is another one, when they change, then it stays`,
      async (t) => {
        const { tenant, named } = await another('item-text', ['description', 'taxCode'])
        const before = there(tenant).LineItems[0]
        await tenant.put(path, named('2'))
        await pull(tenant)
        await synced(t, tenant, path, 'd')
        const [after] = there(tenant).LineItems
        t.equal(after.Quantity, 2)
        for (const name of ['ItemCode', 'Description', 'TaxType']) t.equal(after[name], before[name], name)
        tenant.checkXero(t)
      },
    )

    t.test(`given ${path} of an item whose id is another one, when a line names another, then it moves`, async (t) => {
      const { tenant, named } = await another('item-named')
      await tenant.put('items', service('s2'))
      await tenant.put(path, named('1', { itemId: 's2' }))
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.equal(standsOn(tenant), 'SKU-s2')
      await tenant.put(path, named('1', { itemId: 's1' }))
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.equal(standsOn(tenant), 'ELSE', 'named once more, it is the item of now')
      tenant.checkXero(t)
    })
  }
})
