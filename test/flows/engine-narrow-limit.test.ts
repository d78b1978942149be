// A limit that is used up: calls come free one by one, and whatever takes several goes on where it was stopped.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const minute = 60_000
const hour = 60 * minute
// biome-ignore lint/suspicious/noExplicitAny: bodies are read as the test expects them
type Anything = any

t.test('a minute of one call', async (t) => {
  const world = await openWorld(t, { environment: { XERO_MINUTE_LIMIT: '1' }, simulator: { minuteLimit: 1 } })
  const { control } = world.simulator
  const ids = Array.from({ length: 40 }, (_, n) => `${n}`)
  /** Long ones: a look-up of all of them does not fit into one call. */
  const numberOf = (id: string) => `${id}-${'0123456789'.repeat(8)}`
  const prepared = async (name: string, seed: object = {}): Promise<Tenant> => {
    const tenant = await openTenant(world, name, { seed })
    await tenant.put('vendors', vendor('v1'))
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('s1', { kind: 'service' }))
    return tenant
  }
  const work = async (tenant: Tenant): Promise<Anything> => {
    const job = await tenant.startJob()
    await world.work({ forMs: 4 * hour })
    return tenant.job(job)
  }
  const lookedUp = (tenant: Tenant): string[] =>
    tenant.calls('GET /Invoices').flatMap(({ query }) =>
      String(query.InvoiceNumbers ?? '')
        .split(',')
        .filter(Boolean),
    )
  t.afterEach(() => control.clearFaults())

  t.test('given a bill that gets another number, when calls come one by one, then it is changed', async (t) => {
    const tenant = await prepared('narrow-renamed')
    await tenant.put('bills', bill('b1', 'v1', ['s1'], { vendorInvoiceNumber: 'V-1' }))
    t.equal((await work(tenant)).status, 'completed')
    tenant.mark()
    await tenant.put('bills', bill('b1', 'v1', ['s1'], { vendorInvoiceNumber: 'V-2' }))
    t.equal((await work(tenant)).status, 'completed')
    t.match(tenant.xero('Invoices'), [{ InvoiceNumber: 'V-2' }])
    t.strictSame(lookedUp(tenant), ['V-2'], 'the number is asked for once')
    tenant.checkXero(t)
  })

  t.test('given bills that never arrived, when they are looked up, then it comes to an end', async (t) => {
    const tenant = await prepared('narrow-bills')
    await tenant.put('bills', ...ids.map((id) => bill(id, 'v1', ['s1'], { vendorInvoiceNumber: numberOf(id) })))
    const { organisationId: tenantId } = tenant
    control.faults({ kind: 'lost_request', times: 3, method: 'PUT', path: '/Invoices', tenantId })
    t.equal((await work(tenant)).status, 'completed')
    t.equal(tenant.xero('Invoices').length, 40)
    const thrice = [...ids, ...ids, ...ids].map(numberOf).sort()
    t.strictSame(lookedUp(tenant).sort(), thrice, 'once before it was sent, and twice before it was sent again')
    tenant.checkXero(t)
  })

  t.test(
    'given invoices that a person changed in doubt, when they are renumbered, then each is asked for once',
    async (t) => {
      const tenant = await prepared('narrow-former')
      await tenant.put('invoices', ...ids.map((id) => invoice(id, 'c1', ['s1'], { number: numberOf(id) })))
      const { organisationId: tenantId } = tenant
      control.faults({ kind: 'lost_response', times: 2, method: 'PUT', path: '/Invoices', tenantId })
      const job = await tenant.startJob()
      for (; tenant.xero('Invoices').length === 0; world.clock.advance(minute)) while (await world.house.turn());
      const standing: string[] = tenant.xero('Invoices').map(({ InvoiceID }: Anything) => InvoiceID)
      const LineItems = [{ Description: 'By hand', Quantity: 1, UnitAmount: 1, AccountCode: '200', TaxType: 'OUTPUT' }]
      for (const id of standing) control.editInvoice(tenant.organisation, id, { LineItems })
      await world.work({ forMs: 4 * hour })
      t.match(await tenant.job(job), { status: 'completed_with_errors', progress: { invoice: { failed: 40 } } })

      await tenant.settings({ invoices: { prefix: 'NEW-' } })
      tenant.mark()
      t.match(await work(tenant), { status: 'completed_with_errors', progress: { invoice: { failed: 40 } } })
      t.strictSame(lookedUp(tenant).sort(), ids.map(numberOf).sort())
      for (const id of standing) control.voidInvoice(tenant.organisation, id)
      tenant.mark()
      t.match(await work(tenant), { status: 'completed', progress: { invoice: { sent: 40 } } })
      t.strictSame(lookedUp(tenant).sort(), ids.map(numberOf).sort())
      t.equal(tenant.xero('Invoices').filter(({ Status }: Anything) => Status === 'AUTHORISED').length, 40)
      tenant.checkXero(t)
    },
  )

  t.test(
    'given an item in use, when it is deleted, then it is refused once and switched off with the next call',
    async (t) => {
      const tenant = await prepared('narrow-used', { usedItemsDeletable: false })
      await tenant.put('invoices', invoice('1', 'c1', ['s1']))
      t.match(await work(tenant), { status: 'completed' })
      tenant.mark()
      await tenant.api('DELETE', 'items/s1')
      t.match(await work(tenant), { status: 'completed' })
      const writes = tenant.calls(' /Items').filter(({ method }) => method !== 'GET')
      t.strictSame(
        writes.map(({ method }) => method),
        ['DELETE', 'POST'],
      )
      t.match(tenant.xero('Items'), [{ IsSold: false, IsPurchased: false }])
      tenant.checkXero(t)
    },
  )

  t.test('given more documents than a page holds, when they are swept, then it comes to an end', async (t) => {
    const tenant = await prepared('narrow-sweep')
    const many = Array.from({ length: 1_010 }, (_, n) => invoice(`s${n}`, 'c1', ['s1']))
    await tenant.put('invoices', ...many.slice(0, 1_000))
    await tenant.put('invoices', ...many.slice(1_000))
    t.match(await work(tenant), { status: 'completed', progress: { invoice: { sent: 1_010 } } })
    await tenant.api('DELETE', 'invoices/s7/link')
    tenant.mark()
    const pages = () => tenant.calls('GET /Invoices').map(({ query }) => query.page)
    world.clock.advance(hour)
    for (; pages().length < 2; world.clock.advance(minute)) await world.house.sweep()
    t.strictSame(pages(), ['1', '2'], 'it went on at the next page')
    t.match((await tenant.api('GET', 'incidents')).body.items, [{ kind: 'orphan', marker: 'INV-s7' }])
    tenant.checkXero(t)
  })
})
