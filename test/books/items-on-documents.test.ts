// An invoice or bill names each item by the code that the linked item has in Xero, whatever its record says by now: nothing is booked
// on another item because a change of code has not arrived.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import { vendor } from '../support/records.ts'
import type { Tenant } from '../support/tenant.ts'
import { inNewZealand, itemIn, kiwiSettings, later, type Row, synced } from './support/books.ts'
import { oddAnswers } from './support/odd-answers.ts'
import {
  bothDocumentKinds,
  type DocumentPath,
  line,
  openWithItems,
  purchase,
  sale,
  service,
} from './support/trading.ts'

/** The items on which the lines of a document stand. */
const itemsOf = (tenant: Tenant, id: string): string[] =>
  tenant
    .xero('Invoices')
    .filter(({ InvoiceNumber }) => String(InvoiceNumber).endsWith(`-${id}`))
    .flatMap(({ LineItems }) => LineItems.map(({ Item }: Row) => Item?.ItemID))

t.test('books: items on documents', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())
  const odd = oddAnswers(world)

  /** Services s1 to s3 in Xero, with their ids there. */
  async function ready(name: string) {
    const { tenant } = await openWithItems(world, name, 3, inNewZealand.seed)
    await tenant.settings(kiwiSettings)
    await tenant.put('vendors', vendor('v1'))
    await tenant.sync()
    const ids = await Promise.all(['s1', 's2', 's3'].map(async (id) => (await tenant.state('items', id)).xero.id))
    later(world)
    return { tenant, ids: ids as [string, string, string] }
  }

  const recode = (tenant: Tenant, codes: Readonly<Record<string, string>>, more: object = {}) =>
    tenant.put('items', ...Object.entries(codes).map(([id, code]) => service(id, { code, ...more })))
  const of = (itemId: string) => [line('1', { itemId })]
  const refuseItems = (tenant: Tenant, skip = 0, times = 1) =>
    control.faults({
      ...{ kind: 'answer', method: 'POST', path: '/Items', tenantId: tenant.organisationId, skip, times },
      answer: { messages: ['Some refusal'] },
    })

  for (const [path, { make }] of bothDocumentKinds)
    t.test(`given a code that another item has, then ${path} stay on the item of their record`, async (t) => {
      const { tenant, ids } = await ready(`taken-${path}`)
      await tenant.put(path, make('d1', of('s1')))
      await tenant.sync()
      await recode(tenant, { s1: 'SKU-s2' })
      await tenant.put(path, make('d1', [line('1', { description: 'Changed' })]))
      await tenant.put(path, make('d2', of('s1')))
      await tenant.sync()
      t.match(await tenant.state('items', 's1'), { state: 'conflict', lastError: { code: 'duplicate_number' } })
      await synced(t, tenant, path, 'd1', 'd2')
      t.strictSame([itemsOf(tenant, 'd1'), itemsOf(tenant, 'd2')], [[ids[0]], [ids[0]]])
      tenant.checkXero(t)
    })

  t.test('given codes that go round in one job, then documents of them wait until all have arrived', async (t) => {
    const { tenant, ids } = await ready('round')
    await recode(tenant, { s1: 'SKU-s2', s2: 'SKU-s1' })
    await tenant.put('invoices', sale('d1', of('s1')), sale('d2', of('s2')), sale('d3', of('s3')))
    await tenant.put('bills', purchase('d4', of('s1')))
    tenant.mark()
    t.equal((await tenant.sync()).status, 'completed')
    await synced(t, tenant, 'invoices', 'd1', 'd2', 'd3')
    await synced(t, tenant, 'bills', 'd4')
    t.strictSame(
      ['d1', 'd2', 'd3', 'd4'].map((id) => itemsOf(tenant, id)),
      [[ids[0]], [ids[1]], [ids[2]], [ids[0]]],
    )
    const sent = tenant.calls('PUT /Invoices').map(({ bodyText }: Row) => String(bodyText))
    t.notMatch(sent.join(), /~/, 'no code for the moment is named')
    tenant.checkXero(t)
  })

  t.test('given a chain of codes, then documents of both items go out in the same job', async (t) => {
    const { tenant, ids } = await ready('chain')
    await recode(tenant, { s1: 'SKU-s2', s2: 'SKU-NEW' })
    await tenant.put('invoices', sale('d1', of('s1')), sale('d2', of('s2')))
    t.equal((await tenant.sync()).status, 'completed')
    await synced(t, tenant, 'invoices', 'd1', 'd2')
    t.strictSame([itemsOf(tenant, 'd1'), itemsOf(tenant, 'd2')], [[ids[0]], [ids[1]]])
    tenant.checkXero(t)
  })

  const held: readonly [how: string, arrange: (tenant: Tenant) => Promise<void>][] = [
    [
      'a chain whose end Xero refuses',
      async (tenant) => {
        await tenant.put('items', service('s2', { code: 'SKU-NEW', incomeAccount: '9999' }))
        await recode(tenant, { s1: 'SKU-s2' })
      },
    ],
    [
      'a code that Xero refuses',
      async (tenant) => {
        await recode(tenant, { s1: 'SKU-NEW' })
        refuseItems(tenant)
      },
    ],
    [
      'a change that was taken out of the queue',
      async (tenant) => {
        await recode(tenant, { s1: 'SKU-s2' })
        const [item] = await tenant.queue()
        t.equal((await tenant.api('DELETE', `sync-queue-items/${item.id}?force=true`)).status, 200)
      },
    ],
    [
      'a code that is too long now',
      async (tenant) => {
        await tenant.settings({ items: { longCode: 'reject' } })
        await recode(tenant, { s1: 'Z'.repeat(40) })
      },
    ],
  ]
  for (const [how, arrange] of held)
    t.test(`given ${how}, then documents name the item by its code in Xero`, async (t) => {
      const { tenant, ids } = await ready(how.replaceAll(' ', '-'))
      await arrange(tenant)
      await tenant.put('invoices', sale('d1', of('s1')))
      await tenant.sync()
      t.not((await tenant.state('items', 's1')).state, 'synced')
      await synced(t, tenant, 'invoices', 'd1')
      t.strictSame(itemsOf(tenant, 'd1'), [ids[0]])
      tenant.checkXero(t)
    })

  t.test('given a record linked by hand to another item, then documents name that one', async (t) => {
    const { tenant } = await ready('by-hand')
    control.createItem(tenant.organisation, { Code: 'OTHER', Name: 'Other' })
    await tenant.sync()
    const other = itemIn(tenant, 'OTHER').ItemID
    t.equal((await tenant.api('DELETE', 'items/s1/link')).status, 200)
    t.equal((await tenant.api('PUT', 'items/s1/link', { xeroId: other })).status, 200)
    await tenant.put('invoices', sale('d1', of('s1')))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1')
    t.strictSame(itemsOf(tenant, 'd1'), [other])
  })

  for (const kind of ['lost_response', 'lost_request'] as const)
    t.test(
      `given a change of code that is not answered (${kind}), then documents of the item wait for it`,
      async (t) => {
        const { tenant, ids } = await ready(kind)
        await recode(tenant, { s1: 'SKU-NEW' })
        await tenant.put('invoices', sale('d1', of('s1')))
        control.faults({ kind, method: 'POST', path: '/Items', tenantId: tenant.organisationId })
        tenant.mark()
        t.equal((await tenant.sync()).status, 'completed')
        await synced(t, tenant, 'items', 's1')
        await synced(t, tenant, 'invoices', 'd1')
        t.strictSame(itemsOf(tenant, 'd1'), [ids[0]])
        t.equal(tenant.calls('PUT /Invoices').length, 1)
        tenant.checkXero(t)
      },
    )

  async function sentUnder(t: Test, path: DocumentPath, name: string) {
    const made = await ready(name)
    const { make } = bothDocumentKinds.find(([one]) => one === path)?.[1] ?? { make: sale }
    await made.tenant.put(path, make('d1', of('s1')))
    await made.tenant.sync()
    await synced(t, made.tenant, path, 'd1')
    return { ...made, again: () => made.tenant.put(path, make('d1', of('s1'))) }
  }

  t.test('given a document that was sent under the former code, then it counts as unchanged', async (t) => {
    const { tenant, ids, again } = await sentUnder(t, 'invoices', 'unchanged')
    await recode(tenant, { s1: 'SKU-NEW' })
    await tenant.sync()
    await again()
    await tenant.api('POST', 'sync-queue-items', { recordType: 'invoice', recordIds: ['d1'] })
    control.setLockDates(tenant.organisation, { period: '2026-12-31' })
    tenant.mark()
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1')
    t.strictSame(tenant.calls('POST /Invoices'), [])
    t.strictSame(itemsOf(tenant, 'd1'), [ids[0]])
  })

  t.test('given a code that went to another item with the record, then the document follows when queued', async (t) => {
    const { tenant, ids, again } = await sentUnder(t, 'invoices', 'followed')
    control.createItem(tenant.organisation, { Code: 'OTHER', Name: 'Other' })
    const other = itemIn(tenant, 'OTHER').ItemID
    control.editItem(tenant.organisation, 'SKU-s1', { Code: 'FORMER' })
    control.editItem(tenant.organisation, 'OTHER', { Code: 'SKU-s1' })
    await tenant.sync()
    t.equal((await tenant.api('DELETE', 'items/s1/link')).status, 200)
    t.equal((await tenant.api('PUT', 'items/s1/link', { xeroId: other })).status, 200)
    await tenant.put('invoices', sale('d1', [line('1', { description: 'Changed' })]))
    await again()
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1')
    t.strictSame(itemsOf(tenant, 'd1'), [ids[0]], 'nobody said so of the document')
    await tenant.api('POST', 'sync-queue-items', { recordType: 'invoice', recordIds: ['d1'] })
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1')
    t.strictSame(itemsOf(tenant, 'd1'), [other])
  })

  for (const method of ['PUT', 'POST'])
    t.test(`given an answer to ${method} in which a line stands on another item, then it is a conflict`, async (t) => {
      const { tenant, ids } = await ready(`answer-${method}`)
      await tenant.put('invoices', sale('d1', of('s1')))
      if (method === 'POST') await tenant.sync()
      await tenant.put('invoices', sale('d1', [line('1', { description: 'Changed' })]))
      odd(tenant, method, '/Invoices', { replace: [[`"ItemID":"${ids[0]}"`, `"ItemID":"${ids[1]}"`]] })
      await tenant.sync()
      t.match(await tenant.state('invoices', 'd1'), {
        state: 'conflict',
        lastError: {
          code: 'written_differently',
          differences: [{ field: '/lines/1/itemCode', product: `SKU-s1 (${ids[0]})`, xero: `SKU-s1 (${ids[1]})` }],
        },
      })
    })
})
