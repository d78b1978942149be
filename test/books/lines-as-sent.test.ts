// Lines that come, change and get other ids beside lines that nobody named, which stay as they were sent.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { lines, openLine, sender, zeroRated } from './support/as-sent.ts'
import { inNewZealand, type Row, synced } from './support/books.ts'
import { line, lineWithout, openTrader, purchase, sale, service } from './support/trading.ts'

t.test('books: lines go on as they were sent', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const sent = sender(t, world)

  t.test(
    'given other accounts and taxes by now, when a line is added, then it is as of today and the old one stays',
    async (t) => {
      const tenant = await sent('added', 'invoices', sale('a1', [openLine]))
      control.editContact(tenant.organisation, 'Customer c1', zeroRated)
      await tenant.sync()
      await tenant.settings({ invoices: { accounts: { sales: '260' } } })
      const added = { ...openLine, id: '2', description: 'Added' }
      await tenant.put('invoices', sale('a1', [openLine, added]))
      // A second request before the job is no reason to begin anew.
      await tenant.put('invoices', sale('a1', [openLine, added], { customerPo: 'PO 1' }))
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      const [old, fresh] = [
        { AccountCode: '200', TaxType: 'OUTPUT2' },
        { AccountCode: '260', TaxType: 'ZERORATED' },
      ]
      t.match(lines(tenant), [old, fresh])
      const renamed = [
        { ...openLine, id: 'x' },
        { ...added, id: 'y' },
      ]
      await tenant.put('invoices', sale('a1', renamed, { customerPo: 'PO 2' }))
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      t.match(lines(tenant), [old, fresh], 'lines under other ids are the same lines')
      tenant.checkXero(t)
    },
  )

  for (const path of ['invoices', 'bills'] as const) {
    const make = path === 'invoices' ? sale : purchase
    const side = path === 'invoices' ? 'Description' : 'PurchaseDescription'

    t.test(`given ${path} whose text is the item's, when the item gets another one, then the text stays`, async (t) => {
      const own = [lineWithout('1', 'description'), line('2')]
      const tenant = await sent(`text-${path}`, path, make('a1', own))
      const [{ Description }] = lines(tenant) as [Row]
      control.editItem(tenant.organisation, 'SKU-s1', { [side]: 'A newer text' })
      await tenant.sync()
      await tenant.put(path, make('a1', [own[0] as object, line('2', { description: 'New' })]))
      await tenant.sync()
      await synced(t, tenant, path, 'a1')
      t.match(lines(tenant), [{ Description }, { Description: 'New' }])
      await tenant.put(path, make('a1', [line('1', { description: 'Own' }), line('2')]))
      await tenant.sync()
      t.match(lines(tenant), [{ Description: 'Own' }, {}])
      await tenant.put(path, make('a1', [own[0] as object, line('2')]))
      await tenant.sync()
      t.match(
        lines(tenant),
        [{ Description: 'A newer text' }, {}],
        'a text that is taken away gives way to that of today',
      )
    })
  }

  t.test('given a bill of items on two lines, when one names another item, then the other line stays', async (t) => {
    const of = (itemId: string) => [lineWithout('1', 'taxCode'), { ...lineWithout('2', 'taxCode'), itemId }]
    const tenant = await sent('items', 'bills', purchase('a1', of('s1')))
    await tenant.settings({ items: { accounts: { expense: '310' } } })
    await tenant.put('items', service('s2'))
    await tenant.put('bills', purchase('a1', of('s2')))
    await tenant.sync()
    await synced(t, tenant, 'bills', 'a1')
    t.match(lines(tenant), [{ AccountCode: '300' }, { AccountCode: '310' }])
  })

  t.test(
    'given items that stand for themselves or as the proxy, when the item changes, then account and text follow it',
    async (t) => {
      const tenant = await openTrader(world, 'proxy', inNewZealand)
      const stocked = (id: string, incomeAccount: string) => service(id, { kind: 'inventory', incomeAccount })
      await tenant.put('items', stocked('p1', '200'), stocked('p2', '260'))
      const of = (itemId: string) => sale('a1', [{ ...lineWithout('1', 'description'), itemId }])
      await tenant.put('invoices', of('p1'))
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      t.match(lines(tenant), [{ ItemCode: 'OT-PROXY', AccountCode: '200', Description: /^SKU-p1 / }])
      await tenant.put('invoices', of('p2'))
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      t.match(lines(tenant), [{ ItemCode: 'OT-PROXY', AccountCode: '260', Description: /^SKU-p2 / }])
      const [{ Description }] = lines(tenant) as [Row]
      await tenant.settings({ items: { inventoryMode: 'sync_inventory' } })
      await tenant.api('POST', 'sync-queue-items', { recordType: 'item' })
      await tenant.sync()
      await tenant.put('invoices', { ...of('p2'), customerPo: 'PO 1' })
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      t.match(lines(tenant), [{ ItemCode: 'SKU-p2' }])
      t.equal(lines(tenant)[0]?.Description, Description.slice('SKU-p2 '.length))
    },
  )

  t.test(
    'given a charge with an account of its own, when the product takes it away, then that of today holds',
    async (t) => {
      const charges = (...more: object[]) => ({ otherCharges: [{ amount: '5', ...more[0] }] })
      const tenant = await sent('charge', 'bills', purchase('a1', [openLine], charges({ account: '310' })))
      t.match(lines(tenant), [{ AccountCode: '300' }, { AccountCode: '310' }])
      await tenant.put('bills', purchase('a1', [openLine], charges()))
      await tenant.sync()
      await tenant.settings({ vendors: { accounts: { otherCharges: '310' } } })
      await tenant.put('bills', purchase('a1', [{ ...openLine, description: 'New' }], charges()))
      await tenant.sync()
      await synced(t, tenant, 'bills', 'a1')
      t.match(lines(tenant), [{ AccountCode: '300' }, { AccountCode: '425' }])
    },
  )

  t.test(
    'given a line that is made one unit, when the PO changes, then its figures stand in its text once',
    async (t) => {
      const fine = { ...lineWithout('1', 'description'), quantity: '10000', unitPrice: '0.012345' }
      const tenant = await sent('unit', 'invoices', sale('a1', [fine]), {
        invoices: { priceBeyondFourDecimals: 'one_unit' },
      })
      const [{ Description }] = lines(tenant) as [Row]
      await tenant.put('invoices', sale('a1', [fine], { customerPo: 'PO 1' }))
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      t.equal(lines(tenant)[0]?.Description, Description)
    },
  )
})
