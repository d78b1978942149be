// The memo of a document, and the costs of its lines, are kept here and not posted: to change them is nobody's wish to have the
// document in Xero as today's defaults and contacts would make it.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { inNewZealand, later, record, synced, writes } from './support/books.ts'
import { bothDocumentKinds, content, lineWithout, openTrader, purchase, sale } from './support/trading.ts'

t.test('books: changes of what is not posted', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const owners = { invoices: 'Customer c1', bills: 'Vendor v1' } as const

  for (const [path] of bothDocumentKinds) {
    const documentOf = (more: object, cost = '1', quantity = '1') => {
      const lines = [{ ...lineWithout('1', 'taxCode'), quantity, ...(path === 'invoices' && { unitCost: cost }) }]
      return path === 'invoices' ? sale('a1', lines, more) : purchase('a1', lines, more)
    }

    t.test(
      `given ${path} whose contact has other defaults by now, when the memo changes, then they stay`,
      async (t) => {
        const tenant = await openTrader(world, `memo-${path}`, inNewZealand)
        await tenant.put(path, documentOf({ memo: 'one' }))
        await tenant.sync()
        await synced(t, tenant, path, 'a1')
        const before = tenant.xero('Invoices').map(content)
        control.editContact(tenant.organisation, owners[path], {
          AccountsReceivableTaxType: 'ZERORATED',
          AccountsPayableTaxType: 'ZERORATED',
          PaymentTerms: {
            Bills: { Day: 40, Type: 'DAYSAFTERBILLDATE' },
            Sales: { Day: 40, Type: 'DAYSAFTERBILLDATE' },
          },
        })
        later(world)
        await tenant.sync()
        tenant.mark()
        await tenant.put(path, documentOf({ memo: 'two' }, '2'))
        await synced(t, tenant, path, 'a1')
        t.equal((await tenant.api('GET', 'sync-queue-items/count')).body.count, 0, 'nothing waits')
        later(world)
        await tenant.sync()
        t.strictSame(writes(tenant), [])
        t.strictSame(tenant.xero('Invoices').map(content), before, 'tax, total and due date are as they were')
        t.match(await record(tenant, path, 'a1'), { memo: 'two' })

        await tenant.put(path, documentOf({ memo: 'three' }, '2', '3'))
        await tenant.sync()
        t.match(tenant.xero('Invoices'), [{ LineItems: [{ Quantity: 3 }] }], 'what is posted goes out as ever')
        tenant.checkXero(t)
      },
    )

    t.test(
      `given ${path} that are to move only when they are queued, when the memo changes, then they stay`,
      async (t) => {
        const tenant = await openTrader(world, `relinked-${path}`, inNewZealand)
        const owner = path === 'invoices' ? 'customers/c1' : 'vendors/v1'
        await tenant.put(path, documentOf({ memo: 'one' }))
        const other = control.createContact(tenant.organisation, { Name: 'Another' })
        await tenant.sync()
        await synced(t, tenant, path, 'a1')
        await tenant.api('DELETE', `${owner}/link`)
        later(world)
        const linked = await tenant.api('PUT', `${owner}/link`, { xeroId: other.ContactID })
        t.equal(linked.status, 200, JSON.stringify(linked.body))
        const told = { state: 'outdated', lastError: { code: 'contact_relinked' } }
        t.match(await tenant.state(path, 'a1'), told)
        tenant.mark()
        await tenant.put(path, documentOf({ memo: 'two' }))
        await tenant.sync()
        t.match(await tenant.state(path, 'a1'), told)
        t.strictSame(writes(tenant, '/Invoices'), [])
      },
    )
  }
})
