// What Xero hides of an item that is not sold or not purchased was not taken away by anybody: the record keeps it.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { inNewZealand, itemIn, kiwiSettings, later, type Row, record, synced, writes } from './support/books.ts'
import { bothDocumentKinds, line } from './support/trading.ts'

const whole = {
  id: 'i1',
  kind: 'service',
  code: 'A1',
  name: 'Named',
  salePrice: '10',
  purchasePrice: '5',
  description: 'sold',
  purchaseDescription: 'bought',
  incomeAccount: '260',
}

t.test('books: items that are not sold or not purchased', async (t) => {
  const world = await openWorld(t)
  for (const [name, change] of Object.entries({
    'not purchased': { isPurchased: false },
    'not sold': { isSold: false },
    inactive: { active: false },
  }))
    t.test(
      `given an item that the product says is ${name} for a while, then it is whole again afterwards`,
      async (t) => {
        const tenant = await openTenant(world, name.replaceAll(' ', '-'), inNewZealand)
        await tenant.put('items', whole)
        await tenant.sync()
        const before = itemIn(tenant, 'A1')
        later(world)
        await tenant.put('items', { ...whole, ...change })
        await tenant.sync()
        later(world)
        await tenant.sync('full')
        const { id: _, ...content } = whole
        t.match(await record(tenant, 'items', 'i1'), { ...content, ...change }, 'the record keeps what Xero hides')
        t.strictSame(await tenant.changes(), [], 'nothing of it is a change of somebody else')
        await tenant.put('items', { isSold: true, isPurchased: true, ...whole, active: true })
        await tenant.sync()
        await synced(t, tenant, 'items', 'i1')
        const now = itemIn(tenant, 'A1')
        for (const part of ['IsSold', 'IsPurchased', 'Description', 'PurchaseDescription', 'SalesDetails'])
          t.strictSame(now[part], before[part], part)
        t.equal(now.PurchaseDetails.UnitPrice, 5)
        tenant.checkXero(t)
      },
    )

  const dead = { ...whole, id: 'd', code: 'DEAD', active: false }
  const { control } = world.simulator
  const findings = async (tenant: Tenant) => (await tenant.api('GET', 'findings')).body.items

  t.test('given a new item that is not active, then nothing is created before it is', async (t) => {
    const tenant = await openTenant(world, 'dead', inNewZealand)
    await tenant.put('items', dead, { ...dead, id: 'e', code: 'x'.repeat(40) })
    const job = await tenant.sync()
    t.equal(job.status, 'completed')
    await tenant.sync('full')
    t.strictSame(tenant.xero('Items'), [])
    t.match(await tenant.state('items', 'd'), { state: 'excluded', lastError: { code: 'inactive_not_sent' } })
    await tenant.put('items', { ...dead, active: true })
    await tenant.sync()
    await synced(t, tenant, 'items', 'd')
    t.match(itemIn(tenant, 'DEAD'), { IsSold: true, IsPurchased: true })
    await tenant.put('items', dead)
    await tenant.sync()
    await synced(t, tenant, 'items', 'd')
    t.match(itemIn(tenant, 'DEAD'), { IsSold: false, IsPurchased: false })
    t.strictSame(await findings(tenant), [])
    await tenant.api('DELETE', 'items/e')
    await tenant.sync()
    t.equal((await tenant.state('items', 'e')).state, 'never_synced')
    tenant.checkXero(t)
  })

  t.test('given a new item that is not active and one of its code in Xero, then that stays as it is', async (t) => {
    const tenant = await openTenant(world, 'met', inNewZealand)
    control.createItem(tenant.organisation, {
      Code: 'DEAD',
      Name: 'Named',
      Description: 'sold',
      SalesDetails: { UnitPrice: 10, AccountCode: '260' },
      PurchaseDetails: { UnitPrice: 7.7, AccountCode: '310' },
    })
    const was = itemIn(tenant, 'DEAD')
    const { purchasePrice: _, purchaseDescription: _d, ...fewer } = dead
    await tenant.put('items', fewer)
    await tenant.sync()
    await tenant.sync('full')
    await synced(t, tenant, 'items', 'd')
    const { UpdatedDateUTC: _u, ...content } = was
    t.match(itemIn(tenant, 'DEAD'), content)
    t.match(await record(tenant, 'items', 'd'), { active: false, purchasePrice: '7.7' })
    t.match(await findings(tenant), [{ code: 'item_kept_active', recordId: 'd' }])
    await tenant.put('items', { ...fewer, name: 'Renamed' })
    await tenant.sync()
    t.match(itemIn(tenant, 'DEAD'), { Name: 'Renamed', IsSold: true, IsPurchased: true })
    later(world)
    control.editItem(tenant.organisation, 'DEAD', { IsPurchased: false })
    await tenant.sync()
    await tenant.put('items', { ...fewer, name: 'Again' })
    await tenant.sync()
    t.match(itemIn(tenant, 'DEAD'), { Name: 'Again', IsSold: true, IsPurchased: false })
    await tenant.put('items', { ...fewer, active: true })
    await tenant.sync()
    await tenant.put('items', fewer)
    await tenant.sync()
    await synced(t, tenant, 'items', 'd')
    t.match(itemIn(tenant, 'DEAD'), { IsSold: false, IsPurchased: false }, 'from active to inactive it leaves')
    t.strictSame(await findings(tenant), [])
    tenant.checkXero(t)
  })

  t.test('given an inactive item that somebody sells again in Xero, then it is sold there', async (t) => {
    const tenant = await openTenant(world, 'switched-on', inNewZealand)
    await tenant.put('items', whole)
    await tenant.sync()
    await tenant.put('items', { ...whole, active: false })
    await tenant.sync()
    later(world)
    control.editItem(tenant.organisation, 'A1', { IsSold: true, SalesDetails: { UnitPrice: 12 } })
    await tenant.sync()
    await tenant.put('items', { ...whole, name: 'Renamed', active: false })
    await tenant.sync()
    await synced(t, tenant, 'items', 'i1')
    t.match(itemIn(tenant, 'A1'), { Name: 'Renamed', IsSold: true, IsPurchased: false })
    t.match(await findings(tenant), [{ code: 'item_kept_active', recordId: 'i1' }])
    tenant.checkXero(t)
  })

  t.test('given two new items of one code in one job, then the active one has it', async (t) => {
    const tenant = await openTenant(world, 'one-code', inNewZealand)
    control.createItem(tenant.organisation, { Code: 'MET', Name: 'Met' })
    for (const code of ['NEW', 'MET'])
      await tenant.put(
        'items',
        { ...dead, id: `a-${code}`, code },
        { ...dead, id: `b-${code}`, code, active: true },
        { ...dead, id: `c-${code}`, code },
      )
    await tenant.sync()
    for (const code of ['NEW', 'MET']) {
      await synced(t, tenant, 'items', `b-${code}`)
      for (const id of ['a', 'c']) t.equal((await tenant.state('items', `${id}-${code}`)).state, 'excluded')
    }
    t.equal(tenant.xero('Items').length, 2)
    tenant.checkXero(t)
  })

  for (const [path, { make }] of bothDocumentKinds)
    for (const when of ['at once', 'later'])
      t.test(`given inactive items that ${path} name ${when}, then these go, and only for those that go`, async (t) => {
        const tenant = await openTenant(world, `named-${path}-${when.replace(' ', '-')}`, {
          ...inNewZealand,
          settings: {
            ...kiwiSettings,
            invoices: { ...kiwiSettings.invoices, cutOverDate: '2026-01-01' },
            vendors: { ...kiwiSettings.vendors, cutOverDate: '2026-01-01' },
          },
        })
        const role = path === 'invoices' ? 'customers' : 'vendors'
        const who = (id: string) => (path === 'invoices' ? { customerId: id } : { vendorId: id })
        const contact = { name: 'Dead Ltd', active: false }
        await tenant.put('items', dead, { ...dead, id: 'e', code: 'E' }, { ...dead, id: 'old', code: 'OLD' })
        await tenant.put(role, { ...contact, id: 'c' }, { ...contact, id: 'old', name: 'Older Ltd' })
        if (when === 'later') await tenant.sync()
        const lines = [line('1', { itemId: 'd' }), line('2', { itemId: 'e' })]
        await tenant.put(
          path,
          make('x', lines, who('c')),
          make('y', [line('1', { itemId: 'old' })], {
            ...who('old'),
            date: '2016-11-20',
            ...(path === 'bills'
              ? { receiveDate: '2016-11-20', vendorInvoiceDate: '2016-11-20' }
              : { shipDate: '2016-11-20' }),
          }),
        )
        await tenant.sync()
        await synced(t, tenant, path, 'x')
        await synced(t, tenant, 'items', 'd', 'e')
        t.match(itemIn(tenant, 'DEAD'), { IsSold: true, IsPurchased: true })
        t.match(await record(tenant, 'items', 'd'), { active: false })
        t.strictSame(await tenant.state(path, 'y').then(({ state }) => state), 'excluded')
        t.equal((await tenant.state('items', 'old')).state, 'excluded')
        t.equal((await tenant.state(role, 'old')).state, 'excluded')
        t.equal(tenant.xero('Items').length, 2)
        t.equal(tenant.xero('Contacts').length, 1)
        tenant.mark()
        later(world)
        await tenant.sync('full')
        t.strictSame(writes(tenant), [])
        t.strictSame((await findings(tenant)).map(({ code, recordId }: Row) => [code, recordId]).sort(), [
          ['contact_kept_active', 'c'],
          ['item_kept_active', 'd'],
          ['item_kept_active', 'e'],
        ])
        tenant.checkXero(t)
      })
})
