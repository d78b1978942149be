// Documents that are handed over once more and say what stands in Xero already, in other words of the product's: other line ids, another order, a
// contact that went into another one. Nothing is written, so that nothing can be refused either.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, later, type Row, synced, writes } from './support/books.ts'
import { bothDocumentKinds, content, line, openTrader } from './support/trading.ts'

t.test('books: documents in line', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const classes = {
    seed: { ...inNewZealand.seed, trackingCategories: { Region: ['Eastside', 'North'] }, currencies: { USD: 0.5 } },
  }
  async function openWithClasses(name: string): Promise<Tenant> {
    const tenant = await openTrader(world, name, { ...inNewZealand, ...classes })
    await tenant.api('POST', 'tracking-categories/refresh')
    const [category] = (await tenant.api('GET', 'tracking-categories')).body.items
    const trackingMap = { class: { categoryId: category.id } }
    await tenant.settings({
      invoices: { trackingMap, date: 'document_date' },
      vendors: { trackingMap, billDate: 'document_date' },
    })
    return tenant
  }

  const kept = {
    paid: (tenant: Tenant, id: unknown) => control.payInvoice(tenant.organisation, id as string),
    'in a locked period': (tenant: Tenant) => void control.setLockDates(tenant.organisation, { period: '2026-11-27' }),
    free: () => undefined,
  }
  type Kept = keyof typeof kept

  for (const [path, { make, type }] of bothDocumentKinds) {
    const role = path === 'invoices' ? 'customers' : 'vendors'
    const lines = [line('1', { unitPrice: '100' }), line('2', { unitPrice: '50' }), line('3', { unitPrice: '50' })]
    const inXero = (tenant: Tenant): Row => tenant.xero('Invoices').find((one) => one.Type === type)

    async function standing(t: Test, name: string, how: Kept): Promise<Tenant> {
      const tenant = await openTrader(world, `${name}-${path}-${how.replaceAll(' ', '-')}`, inNewZealand)
      await tenant.put(path, make('d', lines))
      await tenant.sync()
      await synced(t, tenant, path, 'd')
      later(world)
      kept[how](tenant, inXero(tenant).InvoiceID)
      later(world)
      tenant.mark()
      return tenant
    }
    const requeue = (tenant: Tenant) =>
      tenant.api('POST', 'sync-queue-items', { recordType: path.slice(0, -1), recordIds: ['d'] })

    for (const how of Object.keys(kept) as Kept[]) {
      t.test(`given ${path} ${how}, when their lines get other ids, then nothing is written`, async (t) => {
        const tenant = await standing(t, 'ids', how)
        const before = content(inXero(tenant))
        await tenant.put(
          path,
          make(
            'd',
            lines.map((one, n) => ({ ...one, id: `other-${n}` })),
          ),
        )
        await tenant.sync()
        await synced(t, tenant, path, 'd')
        t.strictSame(writes(tenant), [])
        t.strictSame(content(inXero(tenant)), before)
        if (how !== 'free') return
        const ids = before.LineItems.map((one: Row) => one.LineItemID)
        await tenant.put(
          path,
          make(
            'd',
            lines.map((one, n) => ({ ...one, id: `other-${n}`, unitPrice: '7' })),
          ),
        )
        await tenant.sync()
        await synced(t, tenant, path, 'd')
        t.strictSame(
          inXero(tenant).LineItems.map((one: Row) => [one.LineItemID, one.UnitAmount]),
          ids.map((id: string) => [id, 7]),
        )
      })

      t.test(`given ${path} ${how}, when the ids of two lines change places, then nothing is written`, async (t) => {
        const tenant = await standing(t, 'swapped', how)
        await tenant.put(path, make('d', [{ ...lines[0], id: '2' }, { ...lines[1], id: '1' }, lines[2] as object]))
        await tenant.sync()
        await synced(t, tenant, path, 'd')
        t.strictSame(writes(tenant), [])
      })

      t.test(`given ${path} ${how}, when a person merged their contact, then nothing is written`, async (t) => {
        const tenant = await standing(t, 'merged', how)
        const { xero } = await tenant.state(role, path === 'invoices' ? 'c1' : 'v1')
        control.createContact(tenant.organisation, { Name: 'Survivor' })
        control.mergeContacts(tenant.organisation, contact(tenant, xero.id).Name, 'Survivor')
        await tenant.sync()
        later(world)
        tenant.mark()
        await tenant.put(
          path,
          make(
            'd',
            lines.map((one) => ({ ...one, id: `m${one.id}` })),
          ),
        )
        await tenant.sync()
        await synced(t, tenant, path, 'd')
        t.strictSame(writes(tenant, '/Invoices'), [])
        await requeue(tenant)
        await tenant.sync()
        await synced(t, tenant, path, 'd')
        if (how !== 'free') t.strictSame(writes(tenant, '/Invoices'), [])
      })
    }

    for (const how of ['paid', 'in a locked period'] as const)
      t.test(`given ${path} ${how}, when their lines change places, then they are as good as in line`, async (t) => {
        const tenant = await standing(t, 'order', how)
        await tenant.put(path, make('d', [lines[2] as object, lines[0] as object, lines[1] as object]))
        await tenant.sync()
        await synced(t, tenant, path, 'd')
        t.strictSame(writes(tenant), [])
      })

    t.test(`given open ${path}, when their lines change places, then so they do in Xero`, async (t) => {
      const tenant = await standing(t, 'reordered', 'free')
      await tenant.put(path, make('d', [lines[2] as object, lines[0] as object, lines[1] as object]))
      await tenant.sync()
      await synced(t, tenant, path, 'd')
      t.strictSame(
        inXero(tenant).LineItems.map((one: Row) => one.Description),
        ['Line 3', 'Line 1', 'Line 2'],
      )
    })

    for (const decided of [false, true])
      t.test(
        `given a line that a person added to ${path}, when the product says it elsewhere, then it is in line (${decided ? 'kept as in Xero' : 'at once'})`,
        async (t) => {
          const tenant = await standing(t, `added-${decided}`, 'free')
          const { LineItemID: _, Description: _text, ...like } = inXero(tenant).LineItems[2]
          control.addLine(tenant.organisation, inXero(tenant).InvoiceID, { ...like, Description: 'Line 4' })
          later(world)
          if (decided) {
            await tenant.put(path, make('d', [line('1', { unitPrice: '101' }), ...lines.slice(1)]))
            await tenant.sync()
            const kept = await tenant.api('POST', `${path}/d/resolve-conflict`, { keep: 'xero' })
            t.equal(kept.status, 200)
            later(world)
          }
          tenant.mark()
          await tenant.put(path, make('d', [...lines.slice(0, 1), line('4', { unitPrice: '50' }), ...lines.slice(1)]))
          await tenant.sync()
          await synced(t, tenant, path, 'd')
          t.strictSame(writes(tenant), [])
        },
      )

    t.test(`given ${path} whose lines get other ids, then what a person entered in them stays`, async (t) => {
      const tenant = await openWithClasses(`theirs-${path}`)
      await tenant.settings({ invoices: { onRemoteEdit: 'overwrite' }, vendors: { onRemoteEdit: 'overwrite' } })
      await tenant.put(path, make('d', lines))
      await tenant.sync()
      later(world)
      control.editInvoice(tenant.organisation, inXero(tenant).InvoiceID, {
        LineItems: inXero(tenant).LineItems.map(({ LineItemID }: Row) => ({
          LineItemID,
          Tracking: [{ Name: 'Region', Option: 'North' }],
        })),
      })
      await tenant.put(path, make('d', lines, { date: '2026-11-23' }))
      await tenant.sync()
      await synced(t, tenant, path, 'd')
      for (const more of [{}, { date: '2026-11-24' }]) {
        await tenant.put(
          path,
          make(
            'd',
            lines.map((one) => ({ ...one, id: `n${one.id}` })),
            { date: '2026-11-23', ...more },
          ),
        )
        await tenant.sync()
        await synced(t, tenant, path, 'd')
        t.strictSame(
          inXero(tenant).LineItems.map((one: Row) => one.Tracking[0]?.Option),
          ['North', 'North', 'North'],
        )
      }
    })

    const changes: [string, object, object?][] = [
      ['a description', { description: 'Other' }],
      ['a blank in a description', { description: 'Line  1' }],
      ['a quantity', { quantity: '2' }],
      ['a price', { unitPrice: '100.0001' }],
      ['a tax code', { taxCode: 'ZERO' }],
      ['a tax code that is taken away', { itemId: undefined, taxCode: undefined }],
      ['a tax amount', { taxAmount: '15.01' }],
      ['a class', { class: 'North' }],
      ['an item', { itemId: 's2' }],
      ['the due date', {}, { dueDate: '2027-03-01' }],
      ['the date', {}, { date: '2026-11-24' }],
      ['the currency', {}, { currency: 'USD', exchangeRate: '0.5' }],
      ['the number', {}, { number: 'N-OTHER' }],
      ...(path === 'invoices'
        ? ([
            ['a discount', { discountRate: '10' }],
            ['the reference', {}, { customerPo: 'other' }],
          ] as [string, object, object?][])
        : []),
    ]
    t.test(`given ${path} of a locked period, when anything that is sent changes, then that is told`, async (t) => {
      const tenant = await openWithClasses(`differs-${path}`)
      await tenant.put('items', { id: 's2', kind: 'service', code: 'S2', name: 'Second' })
      const ids = changes.map((_, n) => `d${n}`)
      const dated = { date: '2026-11-20' }
      await tenant.put(path, ...ids.map((id) => make(id, [line('1')], dated)))
      await tenant.sync()
      await synced(t, tenant, path, ...ids)
      later(world)
      control.setLockDates(tenant.organisation, { period: '2026-11-27' })
      tenant.mark()
      for (const [n, [, ofLine, more = {}]] of changes.entries())
        await tenant.put(path, make(`d${n}`, [line('x', { description: 'Line 1', ...ofLine })], { ...dated, ...more }))
      await tenant.sync()
      for (const [n, [what]] of changes.entries()) t.not((await tenant.state(path, `d${n}`)).state, 'synced', what)
    })
  }
})
