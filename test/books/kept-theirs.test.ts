// After a person kept Xero's side of a conflict, the record is handed over once more: its state never says that both sides
// are the same while they differ, and the person's edit stands until somebody decides otherwise.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { later, type Row, synced, writes } from './support/books.ts'
import { bothDocumentKinds, content, type DocumentPath, documentKinds, line, openTrader } from './support/trading.ts'

t.test('books: the version of Xero that was kept', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const inXero = (tenant: Tenant, id: string): Row => tenant.xero('Invoices').find((one) => one.InvoiceID === id)
  const bodyOf = (path: DocumentPath, quantity = '1') => documentKinds[path].make('a1', [line('1', { quantity })])
  const keep = async (tenant: Tenant, path: DocumentPath, side: string) =>
    (await tenant.api('POST', `${path}/a1/resolve-conflict`, { keep: side })).status

  /** The document was sent with one piece, and a person makes it seven there. */
  async function edited(path: DocumentPath, name: string): Promise<{ tenant: Tenant; id: string }> {
    const tenant = await openTrader(world, `${name}-${path}`)
    await tenant.put(path, bodyOf(path))
    await tenant.sync()
    later(world)
    const { xero } = await tenant.state(path, 'a1')
    const [{ LineItemID }] = inXero(tenant, xero.id).LineItems
    control.editLine(tenant.organisation, xero.id, LineItemID, { Quantity: 7 })
    return { tenant, id: xero.id }
  }
  /** By a deletion that a person ended, or a change that a person did not want. */
  const ways = ['deletion', 'update'] as const
  async function kept(tenant: Tenant, path: DocumentPath, way: (typeof ways)[number]): Promise<void> {
    if (way === 'deletion') await tenant.api('DELETE', `${path}/a1`)
    else await tenant.put(path, bodyOf(path, '2'))
    await tenant.sync()
    if ((await keep(tenant, path, 'xero')) !== 200) throw new Error('it is in conflict')
  }

  for (const [path] of bothDocumentKinds)
    for (const way of ways) {
      t.test(`given ${path} kept after a conflict of a ${way}, when what was sent comes again`, async (t) => {
        const { tenant, id } = await edited(path, `same-${way}`)
        const before = content(inXero(tenant, id))
        await kept(tenant, path, way)
        later(world)
        await tenant.put(path, bodyOf(path))
        await tenant.sync()
        const differences = [{ field: '/lines/1/quantity', product: '1', xero: '7' }]
        t.match(await tenant.state(path, 'a1'), {
          ...{ state: 'conflict', xero: { id } },
          lastError: { code: 'edited_in_xero', differences },
        })
        t.strictSame(content(inXero(tenant, id)), before, 'the edit stands')

        t.equal(await keep(tenant, path, 'xero'), 200)
        tenant.mark()
        await tenant.put(path, bodyOf(path))
        await tenant.sync()
        t.match(await tenant.state(path, 'a1'), {
          ...{ state: 'outdated', xero: { id } },
          lastError: { code: 'xero_version_kept', differences },
        })
        t.strictSame(writes(tenant), [], 'nothing new was handed over')

        await tenant.api('DELETE', `${path}/a1/link`)
        await tenant.api('PUT', `${path}/a1/link`, { xeroId: id })
        await tenant.sync()
        t.match(await tenant.state(path, 'a1'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
        t.strictSame(content(inXero(tenant, id)), before, 'linked anew, it asks again')
        t.equal(await keep(tenant, path, 'product'), 200)
        await tenant.sync()
        await synced(t, tenant, path, 'a1')
        t.match(inXero(tenant, id), { SubTotal: 100, Status: 'AUTHORISED' })
        tenant.checkXero(t)
      })

      t.test(`given ${path} kept after a conflict of a ${way}, when the person takes the edit back`, async (t) => {
        const { tenant, id } = await edited(path, `back-${way}`)
        await kept(tenant, path, way)
        later(world)
        control.editLine(tenant.organisation, id, inXero(tenant, id).LineItems[0].LineItemID, { Quantity: 1 })
        await tenant.put(path, bodyOf(path))
        await tenant.sync()
        await synced(t, tenant, path, 'a1')
        t.equal(inXero(tenant, id).SubTotal, 100)
      })

      t.test(`given ${path} kept after a conflict of a ${way}, when edits may be written over`, async (t) => {
        const { tenant, id } = await edited(path, `over-${way}`)
        await kept(tenant, path, way)
        await tenant.settings({ [path === 'bills' ? 'vendors' : 'invoices']: { onRemoteEdit: 'overwrite' } })
        later(world)
        await tenant.put(path, bodyOf(path))
        await tenant.sync()
        await synced(t, tenant, path, 'a1')
        t.match(inXero(tenant, id), { SubTotal: 100, LineItems: { length: 1 } })
      })
    }
})
