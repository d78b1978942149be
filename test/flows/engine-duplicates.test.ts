// Numbers that are taken, batches that were written in part, and jobs that end while an outcome is not known.
import t from 'tap'
import { openWorld, type World } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const workNow = async (world: World): Promise<void> => {
  while (await world.house.turn());
}

async function withInvoices(tenant: Tenant, ...ids: string[]): Promise<void> {
  await tenant.put('customers', customer('c1'))
  await tenant.put('items', item('s1', { kind: 'service' }))
  await tenant.put('invoices', ...ids.map((id) => invoice(id, 'c1', ['s1'])))
}

t.test('duplicates', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  /** What a person types into Xero that is the very invoice which the product hands over, save for its price. */
  const typedIn = (contact: string, price: number) => ({
    Type: 'ACCREC',
    Status: 'AUTHORISED',
    InvoiceNumber: 'INV-v1',
    Contact: { ContactID: contact },
    Date: '2026-11-21',
    DueDate: '2026-11-21',
    LineAmountTypes: 'Exclusive',
    LineItems: [
      {
        Description: 'Line of s1',
        Quantity: 2,
        UnitAmount: price,
        ItemCode: 'SKU-s1',
        AccountCode: '200',
        TaxType: 'OUTPUT',
      },
    ],
  })

  t.test('given the same invoice in Xero already, when it is sent, then it is adopted', async (t) => {
    const tenant = await openTenant(world, 'same')
    await withInvoices(tenant)
    await tenant.sync()
    const existing = control.createInvoice(
      tenant.organisation,
      typedIn((await tenant.state('customers', 'c1')).xero.id, 12.5),
    )
    await withInvoices(tenant, 'v1')
    const job = await tenant.sync()
    t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
    t.match(await tenant.state('invoices', 'v1'), { state: 'synced', xero: { id: existing.InvoiceID } })
    t.match((await tenant.api('GET', 'invoices/v1/attempts')).body.items, [{ outcome: 'adopted' }])
    t.equal(tenant.xero('Invoices').length, 1)
    tenant.checkXero(t)
  })

  t.test('given a taken number whose look-up is throttled, when it can be looked up, then it is adopted', async (t) => {
    const tenant = await openTenant(world, 'look-up-throttled')
    await withInvoices(tenant)
    await tenant.sync()
    control.createInvoice(tenant.organisation, typedIn((await tenant.state('customers', 'c1')).xero.id, 12.5))
    const tenantId = tenant.organisationId
    control.faults({ kind: 'http_429', problem: 'minute', retryAfter: 60, method: 'GET', path: '/Invoices', tenantId })
    await withInvoices(tenant, 'v1', 'v2')
    const job = await tenant.startJob()
    await workNow(world)
    t.equal((await tenant.state('invoices', 'v2')).state, 'synced', 'nothing else of the batch waits for it')
    t.not((await tenant.state('invoices', 'v1')).state, 'failed', 'nobody knows yet')
    await world.work()
    t.equal((await tenant.job(job)).status, 'completed', JSON.stringify(await tenant.errors(job)))
    t.equal((await tenant.state('invoices', 'v1')).state, 'synced')
    t.equal(tenant.xero('Invoices').length, 2)
    tenant.checkXero(t)
  })

  t.test('given taken numbers of which a part can be looked up, then each is asked for once', async (t) => {
    const tenant = await openTenant(world, 'looked-up-in-part')
    await withInvoices(tenant)
    await tenant.sync()
    const contact = (await tenant.state('customers', 'c1')).xero.id
    // Of such numbers one call does not look all up.
    const ids = Array.from({ length: 40 }, (_, n) => `${n}-${'0123456789'.repeat(5)}`)
    for (const id of ids)
      control.createInvoice(tenant.organisation, { ...typedIn(contact, 12.5), InvoiceNumber: `INV-${id}` })
    const tenantId = tenant.organisationId
    const throttled = { kind: 'http_429', problem: 'minute', retryAfter: 60, method: 'GET', path: '/Invoices' } as const
    control.faults({ ...throttled, tenantId, skip: 1 })
    tenant.mark()
    await withInvoices(tenant, ...ids)
    t.match(await tenant.sync(), { status: 'completed', progress: { invoice: { sent: 40 } } })
    const asked = tenant
      .calls('GET /Invoices')
      .filter(({ status }) => status === 200)
      .flatMap(({ query }) => String(query.InvoiceNumbers).split(','))
    t.strictSame(asked.sort(), ids.map((id) => `INV-${id}`).sort())
    t.equal(tenant.xero('Invoices').length, 40)
    tenant.checkXero(t)
  })

  t.test('given another invoice with the number, when one is sent, then a person decides', async (t) => {
    const tenant = await openTenant(world, 'different')
    await withInvoices(tenant)
    await tenant.sync()
    control.createInvoice(tenant.organisation, typedIn((await tenant.state('customers', 'c1')).xero.id, 99))
    await withInvoices(tenant, 'v1', 'v2')
    const job = await tenant.sync()
    t.equal(job.status, 'completed_with_errors')
    const conflict = await tenant.state('invoices', 'v1')
    t.match(conflict, { state: 'conflict', xero: null, lastError: { code: 'duplicate_number' } })
    t.match(conflict.lastError.cause, /total|lines/, 'says in what they differ')
    t.equal((await tenant.state('invoices', 'v2')).state, 'synced')
    t.equal(tenant.xero('Invoices').find((one) => one.InvoiceNumber === 'INV-v1').Total, 217.8, 'it was not touched')
    await tenant.put('invoices', invoice('v1', 'c1', ['s1'], { number: 'INV-v1-B' }))
    t.equal((await tenant.sync()).status, 'completed')
    tenant.checkXero(t)
  })

  t.test('given two records with one number, when they are sent, then the second is a conflict', async (t) => {
    const tenant = await openTenant(world, 'rivals')
    await withInvoices(tenant)
    await tenant.put(
      'invoices',
      invoice('v1', 'c1', ['s1'], { number: 'SAME' }),
      invoice('v2', 'c1', ['s1'], { number: 'SAME' }),
    )
    const job = await tenant.sync()
    t.equal(job.status, 'completed_with_errors')
    const errors = await tenant.errors(job.id)
    t.match(errors, [{ status: 'conflict', lastError: { code: 'duplicate_number', cause: /v[12]/ } }])
    t.equal(tenant.xero('Invoices').length, 1)
    t.equal((await tenant.sync()).status, 'completed_with_errors', 'and stays one')
    t.equal(tenant.xero('Invoices').length, 1)
    tenant.checkXero(t)
  })

  t.test(
    'given a batch of which one document is there, when its answer is lost, then only the others are sent',
    async (t) => {
      const tenant = await openTenant(world, 'partly')
      await withInvoices(tenant)
      await tenant.sync()
      control.createInvoice(tenant.organisation, typedIn((await tenant.state('customers', 'c1')).xero.id, 12.5))
      tenant.mark()
      const target = { method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId }
      control.faults({ kind: 'lost_request', times: 3, ...target })
      await withInvoices(tenant, 'v1', 'v2', 'v3')
      const job = await tenant.sync()
      t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
      const sent = tenant.calls('PUT /Invoices').at(-1)?.body as { Invoices: { InvoiceNumber: string }[] }
      const numbers = sent.Invoices.map((one) => one.InvoiceNumber)
      t.strictSame(numbers.sort(), ['INV-v2', 'INV-v3'])
      const lookUps = tenant.calls('GET /Invoices').filter((entry) => entry.query.InvoiceNumbers)
      t.equal(lookUps.length, 1, 'all were looked up with one call')
      t.equal(tenant.xero('Invoices').length, 3)
      tenant.checkXero(t)
    },
  )

  t.test(
    'given a lost answer with a faulty document in the batch, when it is replayed, then each is settled',
    async (t) => {
      const tenant = await openTenant(world, 'faulty')
      control.createContact(tenant.organisation, { Name: 'Taken', ContactNumber: 'elsewhere' })
      await tenant.settings({ customers: { matchBy: ['contactNumber'] } })
      await tenant.put('customers', customer('c1'), customer('c2', { name: 'Taken' }), customer('c3'))
      control.faults({ kind: 'lost_response', method: 'PUT', path: '/Contacts', tenantId: tenant.organisationId })
      const job = await tenant.sync()
      t.equal(job.status, 'completed_with_errors')
      t.match(await tenant.errors(job.id), [{ recordId: 'c2', attempts: 2, lastError: { code: 'contact_name_taken' } }])
      t.equal((await tenant.state('customers', 'c3')).state, 'synced')
      t.match(job.progress.customer, { sent: 2, failed: 1, uncertain: 0 })
      tenant.checkXero(t)
    },
  )

  t.test(
    'given an uncertain batch, when its job is cancelled, then the outcome is found out before it ends',
    async (t) => {
      const tenant = await openTenant(world, 'cancelled')
      await tenant.put('customers', customer('c1'))
      await tenant.put('items', item('s1', { kind: 'service' }))
      control.faults({
        kind: 'lost_response',
        times: 3,
        method: 'PUT',
        path: '/Contacts',
        tenantId: tenant.organisationId,
      })
      const job = await tenant.startJob()
      await workNow(world)
      await tenant.api('POST', `sync-jobs/${job}/cancel`)
      await workNow(world)
      t.match(await tenant.job(job), { status: 'waiting', completedAt: null }, 'it waits, and does not turn idly')
      await world.work()
      t.equal((await tenant.job(job)).status, 'cancelled')
      t.equal((await tenant.state('customers', 'c1')).state, 'synced')
      t.equal(tenant.xero('Contacts').length, 1)
      tenant.checkXero(t)
    },
  )

  t.test('given a cancelled job whose look-up is throttled, when it waits, then it does not turn idly', async (t) => {
    const tenant = await openTenant(world, 'cancelled-throttled')
    await tenant.put('customers', customer('c1'))
    const tenantId = tenant.organisationId
    control.faults([
      { kind: 'lost_response', times: 3, method: 'PUT', path: '/Contacts', tenantId },
      // The first read is the one for matching; the second one is the look-up.
      { kind: 'http_429', problem: 'minute', retryAfter: 60, method: 'GET', path: '/Contacts', skip: 1, tenantId },
    ])
    const job = await tenant.startJob()
    await workNow(world)
    await tenant.api('POST', `sync-jobs/${job}/cancel`)
    await world.work()
    t.equal((await tenant.job(job)).status, 'cancelled')
    t.equal((await tenant.state('customers', 'c1')).state, 'synced')
    tenant.checkXero(t)
  })

  t.test(
    'given a job that ends before an outcome is known, when the next one runs, then it finds it out first',
    async (t) => {
      const tenant = await openTenant(world, 'next-job')
      await tenant.put('customers', customer('c1'))
      const tenantId = tenant.organisationId
      control.faults({ kind: 'lost_response', times: 3, method: 'PUT', path: '/Contacts', tenantId })
      const job = await tenant.startJob()
      await workNow(world)
      control.disconnect(tenant.organisation)
      await world.work()
      t.match(await tenant.job(job), { status: 'failed', error: { code: 'disconnected' } })
      t.equal((await tenant.state('customers', 'c1')).state, 'uncertain')
      await tenant.reconnect()
      const next = await tenant.sync()
      t.equal(next.status, 'completed', JSON.stringify(await tenant.errors(next.id)))
      t.equal((await tenant.state('customers', 'c1')).state, 'synced')
      t.equal(tenant.xero('Contacts').length, 1)
      tenant.checkXero(t)
    },
  )

  t.test('given a job in the middle, when it is cancelled, then what was not sent is back in the queue', async (t) => {
    const tenant = await openTenant(world, 'middle')
    await tenant.put('customers', ...Array.from({ length: 210 }, (_, n) => customer(`c${n}`)))
    const job = await tenant.startJob()
    // Four batches are under way together.
    while (tenant.calls('PUT /Contacts').length === 0) await world.house.turn()
    t.equal((await tenant.api('POST', `sync-jobs/${job}/cancel`)).status, 200)
    await world.work()
    t.equal((await tenant.job(job)).status, 'cancelled')
    t.equal(tenant.xero('Contacts').length, 200)
    const queue = await tenant.queue()
    t.equal(queue.length, 10)
    t.ok(queue.every((one) => one.status === 'pending' && one.attempts === 0))
    t.equal((await tenant.state('customers', queue[0].recordId)).state, 'pending')
    t.equal((await tenant.sync()).status, 'completed')
    t.equal(tenant.xero('Contacts').length, 210)
    tenant.checkXero(t)
  })
})
