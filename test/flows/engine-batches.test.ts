// Batches: how many calls a job makes, by which method, with which parameters, and what needs none.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)
// biome-ignore lint/suspicious/noExplicitAny: bodies are read as the test expects them
const elementsOf = (entry: { body?: unknown }, list: string): any[] => (entry.body as any)[list]
/** Largest first: calls that are under way at once arrive in any order. */
const sizes = (entries: readonly { body?: unknown }[], list: string): number[] =>
  entries.map((entry) => elementsOf(entry, list).length).sort((a, b) => b - a)

t.test('batches', async (t) => {
  const world = await openWorld(t)

  t.test('given 120 customers and 60 invoices, when a job runs, then they go in calls of at most 50', async (t) => {
    const tenant = await openTenant(world, 'many')
    await tenant.put('items', item('s1', { kind: 'service' }))
    await tenant.put('customers', ...range(120).map((n) => customer(`c${n}`)))
    await tenant.put('invoices', ...range(60).map((n) => invoice(`v${n}`, `c${n}`, ['s1'])))
    const job = await tenant.sync()
    t.equal(job.status, 'completed')
    const contacts = tenant.calls('PUT /Contacts')
    t.strictSame(sizes(contacts, 'Contacts'), [50, 50, 20])
    const invoices = tenant.calls('PUT /Invoices')
    t.strictSame(sizes(invoices, 'Invoices'), [50, 10])
    t.equal(tenant.calls('POST ').length, 0, 'nothing was changed, so nothing was posted')
    const writes = [...contacts, ...invoices, ...tenant.calls('PUT /Items')]
    for (const entry of writes) {
      t.equal(entry.query.summarizeErrors, 'false', `${entry.path} settles each document for itself`)
      t.ok(entry.headers.idempotencyKey, `${entry.path} can be replayed`)
      if (!entry.path.endsWith('/Contacts')) t.equal(entry.query.unitdp, '4', `${entry.path} keeps four decimals`)
    }
    t.equal(new Set(writes.map((entry) => entry.headers.idempotencyKey)).size, writes.length, 'one key a call')
    t.equal(tenant.xero('Contacts').length, 120)
    t.equal(tenant.xero('Invoices').length, 60)
    t.match(job.progress, { customer: { queued: 120, sent: 120, failed: 0 }, invoice: { queued: 60, sent: 60 } })
    t.equal(job.sentRequests, tenant.calls().length, 'the job counts the calls that Xero saw')
    t.equal((await tenant.queue()).length, 0)
    tenant.checkXero(t)
  })

  t.test('given synced records, when they are changed, then only those are posted, with their ids', async (t) => {
    const tenant = await openTenant(world, 'changed')
    await tenant.put('items', item('s1', { kind: 'service' }), item('s2', { kind: 'service' }))
    await tenant.put('customers', customer('c1'), customer('c2'))
    await tenant.put('invoices', invoice('v1', 'c1', ['s1']), invoice('v2', 'c2', ['s2']))
    await tenant.sync()
    tenant.mark()
    await tenant.put('items', item('s1', { kind: 'service', salePrice: '13.125' }))
    await tenant.put('customers', customer('c1', { email: 'new@example.com' }))
    await tenant.put('invoices', invoice('v1', 'c1', ['s1', 's2']))
    const job = await tenant.sync()
    t.equal(job.status, 'completed')
    t.equal(tenant.calls('PUT ').length, 0, 'nothing was created')
    for (const [list, path, id] of [
      ['Contacts', 'customers', 'c1'],
      ['Items', 'items', 's1'],
      ['Invoices', 'invoices', 'v1'],
    ] as const) {
      const posts = tenant.calls(`POST /${list}`)
      t.equal(posts.length, 1, `one call for ${list}`)
      const [element, ...others] = elementsOf(posts[0] ?? {}, list)
      t.equal(others.length, 0, `only the changed one of ${list}`)
      t.equal(element[`${list.slice(0, -1)}ID`], (await tenant.state(path, id)).xero.id)
    }
    t.equal(tenant.xero('Contacts').find((one) => one.Name === 'Customer c1').EmailAddress, 'new@example.com')
    t.equal(tenant.xero('Items').find((one) => one.Code === 'SKU-s1').SalesDetails.UnitPrice, 13.125)
    t.equal(tenant.xero('Invoices').find((one) => one.InvoiceNumber === 'INV-v1').LineItems.length, 2)
    tenant.checkXero(t)
  })

  t.test(
    'given synced records, when the same content comes again, then no item opens and no call is made',
    async (t) => {
      const tenant = await openTenant(world, 'same')
      const records = [customer('c1'), customer('c2')]
      await tenant.put('customers', ...records)
      await tenant.sync()
      tenant.mark()
      await tenant.put('customers', ...records)
      t.equal((await tenant.queue()).length, 0, 'the same content is no change')
      // A change of what Xero has no field for opens an item, and costs no write either.
      await tenant.put('customers', customer('c1', { legalName: 'Customer Number One Ltd' }))
      t.equal((await tenant.queue()).length, 1)
      const job = await tenant.sync()
      t.equal(job.progress.customer.unchanged, 1)
      t.strictSame([tenant.calls('POST ').length, tenant.calls('PUT ').length], [0, 0])
      t.equal((await tenant.state('customers', 'c1')).state, 'synced')
      tenant.checkXero(t)
    },
  )

  t.test(
    'given a record queued again by hand, when a job runs, then it is compared, and sent only where Xero differs',
    async (t) => {
      const tenant = await openTenant(world, 'again')
      await tenant.put('customers', customer('c1'))
      await tenant.sync()
      tenant.mark()
      const queued = await tenant.api('POST', 'sync-queue-items', { recordType: 'customer', recordIds: ['c1'] })
      t.match(queued, { status: 200, body: { opened: 1 } }, JSON.stringify(queued.body))
      await tenant.sync()
      t.equal(tenant.calls('POST /Contacts').length, 0)
      t.match(await tenant.state('customers', 'c1'), { state: 'synced' })
      tenant.checkXero(t)
    },
  )

  t.test('given creations and changes together, when a job runs, then each kind has calls of its own', async (t) => {
    const tenant = await openTenant(world, 'mixed')
    await tenant.put('customers', ...range(60).map((n) => customer(`c${n}`)))
    await tenant.sync()
    tenant.mark()
    await tenant.put('customers', ...range(60).map((n) => customer(`c${n}`, { firstName: 'Ann' })))
    await tenant.put('customers', ...range(3).map((n) => customer(`n${n}`)))
    await tenant.sync()
    t.strictSame(sizes(tenant.calls('PUT /Contacts'), 'Contacts'), [3])
    t.strictSame(sizes(tenant.calls('POST /Contacts'), 'Contacts'), [50, 10])
    tenant.checkXero(t)
  })

  t.test('given items of both kinds, when inventory is not synced, then only services become items', async (t) => {
    const tenant = await openTenant(world, 'kinds')
    await tenant.put('items', item('p1'), item('s1', { kind: 'service' }))
    await tenant.sync()
    t.strictSame(
      tenant.xero('Items').map((one) => one.Code),
      ['SKU-s1'],
    )
    t.equal((await tenant.state('items', 'p1')).state, 'excluded')
    tenant.checkXero(t)
  })
})
