// The proxy item and the modes of inventory: what documents carry in place of items that stay out of Xero.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const proxies = (tenant: Tenant) => tenant.xero('Items').filter((one) => one.Code === 'OT-PROXY')
const lines = (tenant: Tenant, number: string) =>
  tenant.xero('Invoices').find((one) => one.InvoiceNumber === number).LineItems

t.test('the proxy item', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  t.test('given invoices with inventory items, when jobs run, then one proxy item stands for them', async (t) => {
    const tenant = await openTenant(world, 'once')
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('i1'), item('i2'))
    await tenant.put('invoices', invoice('v1', 'c1', ['i1', 'i2']))
    t.equal((await tenant.sync()).status, 'completed')
    await tenant.put('invoices', invoice('v2', 'c1', ['i2']))
    t.equal((await tenant.sync()).status, 'completed')
    t.equal(tenant.calls('PUT /Items').length, 1, 'created once, when it was first needed')
    t.equal(tenant.xero('Items').length, 1)
    t.match(proxies(tenant), [{ Name: 'OT Proxy', SalesDetails: { AccountCode: '200' } }])
    for (const line of lines(tenant, 'INV-v1')) t.equal(line.ItemCode, 'OT-PROXY')
    t.match(lines(tenant, 'INV-v1')[0].Description, /SKU-i1/, 'the description names the code')
    t.match(lines(tenant, 'INV-v1')[1].Description, /SKU-i2/)
    t.equal((await tenant.state('items', 'i1')).state, 'excluded')
    t.strictSame(await tenant.changes(), [], 'it is no record of the product')
    t.equal((await tenant.api('GET', 'items')).body.items.length, 2)
    tenant.checkXero(t)
  })

  t.test(
    'given a proxy item whose answer was lost, when it seems to be needed again, then the job still ends',
    async (t) => {
      const tenant = await openTenant(world, 'held')
      await tenant.put('customers', customer('c1'))
      await tenant.put('items', item('i1'))
      await tenant.put('invoices', invoice('v1', 'c1', ['i1']))
      control.faults({ kind: 'lost_response', method: 'PUT', path: '/Items', tenantId: tenant.organisationId })
      const job = await tenant.startJob()
      for (let turn = 0; turn < 60; turn++) await world.house.turn()
      t.match(await tenant.job(job), { status: 'waiting', waitingReason: 'outcome_unknown' })
      const { db } = world.database
      const ofProxy = db.updateTable('records').set({ sync_state: 'pending' }).where('id', '=', 'proxy:OT-PROXY')
      await ofProxy.where('connection_id', '=', tenant.connectionId).execute()
      await db
        .updateTable('sync_jobs')
        .set({ steps: JSON.stringify(['export:invoice', 'settle']) as never })
        .where('id', '=', job)
        .execute()
      world.clock.advance(1)
      await db
        .updateTable('sync_jobs')
        .set({ status: 'exporting', waiting_until: null })
        .where('id', '=', job)
        .execute()
      await db
        .updateTable('sync_queue_items')
        .set({ next_step_at: null })
        .where('job_id', '=', job)
        .where('status', '=', 'locked')
        .execute()
      // Many more turns than it needs before it has to wait.
      for (let turn = 0; turn < 60; turn++) await world.house.turn()
      t.match(await tenant.job(job), { status: 'waiting', waitingReason: 'outcome_unknown' })
      await world.work()
      await tenant.sync()
      t.equal(proxies(tenant).length, 1)
      t.equal((await tenant.state('invoices', 'v1')).state, 'synced')
      tenant.checkXero(t)
    },
  )

  const theirs = {
    Code: 'OT-PROXY',
    Name: 'Their own proxy',
    Description: 'Whatever we sell',
    PurchaseDescription: 'Whatever we buy',
    SalesDetails: { UnitPrice: 20, AccountCode: '260', TaxType: 'EXEMPTOUTPUT' },
    PurchaseDetails: { UnitPrice: 6.5, AccountCode: '425', TaxType: 'EXEMPTEXPENSES' },
  }
  const bare = { Code: 'ot-proxy', Name: 'Bare', IsSold: false, IsPurchased: false }
  const standing = [
    { name: 'rich', was: theirs, settings: {} },
    { name: 'bare', was: bare, settings: {} },
    { name: 'unread', was: theirs, settings: { import: 'off' } },
    { name: 'product-wins', was: theirs, settings: { conflict: 'product_wins' } },
    { name: 'accounts', was: bare, settings: { accounts: { income: '260', expense: '425' } } },
  ]
  for (const { name, was, settings } of standing)
    t.test(
      `given a proxy item in Xero from before (${name}), when it is needed, then it is used as it stands`,
      async (t) => {
        const tenant = await openTenant(world, `adopted-${name}`)
        await tenant.settings({ items: settings })
        const before = control.createItem(tenant.organisation, was)
        await tenant.put('customers', customer('c1'))
        await tenant.put('items', item('i1'))
        await tenant.put('invoices', invoice('v1', 'c1', ['i1']))
        const job = await tenant.sync()
        t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
        await tenant.settings({ items: { proxyItem: { name: 'Another name' } } })
        await tenant.put('invoices', invoice('v2', 'c1', ['i1']))
        t.equal((await tenant.sync()).status, 'completed')
        t.strictSame(tenant.xero('Items'), [before])
        t.strictSame([...tenant.calls('PUT /Items'), ...tenant.calls('POST /Items')], [], 'nothing is written to it')
        for (const number of ['INV-v1', 'INV-v2']) t.match(lines(tenant, number)[0].ItemCode, /^ot-proxy$/i)
        t.strictSame(
          (await tenant.changes()).filter((one) => one.operation !== 'deleted'),
          [],
          'it did not become a record of the product',
        )
        tenant.checkXero(t)
      },
    )

  t.test('given a proxy item whose code a person changes in Xero, then later invoices name that', async (t) => {
    const tenant = await openTenant(world, 'recoded')
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('i1'))
    await tenant.put('invoices', invoice('v1', 'c1', ['i1']))
    await tenant.sync()
    world.clock.advance(60_000)
    control.editItem(tenant.organisation, 'OT-PROXY', { Code: 'MISC', Name: 'Miscellaneous' })
    await tenant.put('invoices', invoice('v2', 'c1', ['i1']))
    const job = await tenant.sync()
    t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
    t.match(tenant.xero('Items'), [{ Code: 'MISC', Name: 'Miscellaneous' }])
    t.equal(lines(tenant, 'INV-v2')[0].ItemCode, 'MISC')
    tenant.checkXero(t)
  })

  t.test('given a proxy item that was deleted in Xero, when it is needed again, then it is created anew', async (t) => {
    const tenant = await openTenant(world, 'anew')
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('i1'))
    await tenant.put('invoices', invoice('v1', 'c1', ['i1']))
    await tenant.sync()
    control.deleteItem(tenant.organisation, 'OT-PROXY')
    await tenant.put('invoices', invoice('v2', 'c1', ['i1']))
    // The job whose invoice is refused for it reads the whole list, and sees why.
    await tenant.sync()
    t.match(await tenant.state('invoices', 'v2'), { state: 'failed', lastError: { code: 'item_unknown' } })
    const job = await tenant.sync()
    t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
    t.equal(proxies(tenant).length, 1)
    t.equal(lines(tenant, 'INV-v2')[0].ItemCode, 'OT-PROXY')
    tenant.checkXero(t)
  })

  t.test('given a proxy item that Xero refuses, when a job runs, then its invoices name it as the cause', async (t) => {
    const tenant = await openTenant(world, 'refused')
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('i1'), item('s1', { kind: 'service', incomeAccount: '260' }))
    await tenant.put('invoices', invoice('v1', 'c1', ['i1']), invoice('v2', 'c1', ['s1']))
    control.archiveAccount(tenant.organisation, '200')
    const job = await tenant.sync()
    const blocked = (await tenant.errors(job.id)).find((one) => one.recordId === 'v1')
    t.match(blocked, { status: 'blocked', blockedBy: { type: 'item', id: 'proxy:OT-PROXY' } })
    t.equal((await tenant.state('invoices', 'v2')).state, 'synced')
    await tenant.settings({
      items: { accounts: { income: '260' } },
      invoices: { accounts: { sales: '260', discount: null } },
    })
    t.equal((await tenant.sync()).status, 'completed')
    t.equal((await tenant.state('invoices', 'v1')).state, 'synced')
    tenant.checkXero(t)
  })

  t.test('given sync_inventory, when a job runs, then inventory items are items of their own', async (t) => {
    const tenant = await openTenant(world, 'inventory')
    await tenant.settings({ items: { inventoryMode: 'sync_inventory' } })
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('i1'))
    await tenant.put('invoices', invoice('v1', 'c1', ['i1']))
    t.equal((await tenant.sync()).status, 'completed')
    t.strictSame(
      tenant.xero('Items').map((one) => one.Code),
      ['SKU-i1'],
    )
    t.equal(lines(tenant, 'INV-v1')[0].ItemCode, 'SKU-i1')
    tenant.checkXero(t)
  })

  t.test(
    'given invoices that the settings keep out, when jobs run, then they are excluded until that changes',
    async (t) => {
      const tenant = await openTenant(world, 'cut-over')
      await tenant.settings({ invoices: { cutOverDate: '2026-11-22' } })
      await tenant.put('customers', customer('c1'))
      await tenant.put('items', item('s1', { kind: 'service' }))
      await tenant.put('invoices', invoice('v1', 'c1', ['s1']), invoice('v2', 'c1', ['s1'], { status: 'open' }))
      t.equal((await tenant.sync()).status, 'completed')
      t.equal((await tenant.state('invoices', 'v1')).state, 'excluded')
      t.equal((await tenant.state('invoices', 'v2')).state, 'never_synced', 'its status is no trigger')
      t.strictSame(tenant.xero('Invoices'), [])
      await tenant.put('invoices', invoice('v2', 'c1', ['s1'], { status: 'shipped', shipDate: '2026-11-23' }))
      await tenant.sync()
      t.equal((await tenant.state('invoices', 'v2')).state, 'synced')
      tenant.checkXero(t)
    },
  )

  t.test(
    'given a proxy item that a person deletes, when it was made anew, then the refused documents go',
    async (t) => {
      const tenant = await openTenant(world, 'deleted-proxy')
      await tenant.put('customers', customer('c1'))
      await tenant.put('items', item('i1'))
      await tenant.put('invoices', invoice('v1', 'c1', ['i1']))
      await tenant.sync()
      control.deleteItem(tenant.organisation, 'OT-PROXY')
      await tenant.put('invoices', invoice('v2', 'c1', ['i1']))
      for (let job = 0; job < 2; job++) {
        world.clock.advance(3_600_000)
        await tenant.sync()
      }
      t.equal((await tenant.state('invoices', 'v2')).state, 'synced')
      t.equal(lines(tenant, 'INV-v2')[0].ItemCode, 'OT-PROXY')
      t.equal(proxies(tenant).length, 1)
      tenant.checkXero(t)
    },
  )
})
