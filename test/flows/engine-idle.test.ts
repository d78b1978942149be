// Jobs without anything to send: what they ask Xero for, how often, and what they still find.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const minute = 60_000
const day = 24 * 60 * minute
type Row = { [name: string]: unknown }

t.test('idle jobs', async (t) => {
  const world = await openWorld(t)
  const { clock } = world
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  async function synced(name: string, count = 3): Promise<Tenant> {
    const tenant = await openTenant(world, name)
    const items = Array.from({ length: count }, (_, n) => item(`i${n + 1}`, { kind: 'service' }))
    await tenant.put('items', ...items)
    await tenant.put('customers', customer('c1'))
    await tenant.sync()
    // The first job after items were written compares the whole list once more.
    clock.advance(15 * minute)
    await tenant.sync()
    clock.advance(15 * minute)
    tenant.mark()
    return tenant
  }
  const asked = (tenant: Tenant) => tenant.calls().map(({ method, path }) => `${method} ${path.replace(/^.*\//, '/')}`)
  const deleted = async (tenant: Tenant) =>
    (await tenant.changes()).filter((one) => one.operation === 'deleted').map((one) => one.recordId)

  t.test('given nothing to send, when a job runs, then it asks only for what changed', async (t) => {
    const tenant = await synced('two-calls')
    const job = await tenant.sync()
    t.equal(job.status, 'completed')
    t.same(asked(tenant), ['GET /Contacts', 'GET /Items'])
    for (const { headers } of tenant.calls()) t.ok(headers.ifModifiedSince, 'since the last time')
  })

  t.test('given a job every quarter of an hour, when a day passes, then it took at most 250 calls', async (t) => {
    const tenant = await synced('whole-day')
    for (let n = 0; n < 96; n++) {
      clock.advance(15 * minute)
      await tenant.sync()
    }
    const all = asked(tenant)
    t.ok(all.length <= 250, `${all.length} calls`)
    t.equal(all.filter((one) => one === 'GET /Organisation').length, 1, 'each reference list once')
    const whole = tenant.calls('GET /Items').filter(({ headers }) => headers.ifModifiedSince === undefined)
    t.equal(whole.length, 1, 'the whole list of items once')
  })

  t.test('given an item that was deleted in Xero, when nothing is sent for a day, then that is found', async (t) => {
    const tenant = await synced('deleted')
    control.deleteItem(tenant.organisation, 'SKU-i1')
    await tenant.sync()
    t.same(await deleted(tenant), [], 'the whole list is not read with every job')
    clock.advance(day)
    await tenant.sync()
    t.same(await deleted(tenant), ['i1'])
  })

  t.test(
    'given an item that was deleted in Xero, when something is sent or a full job runs, then that is found',
    async (t) => {
      for (const how of ['work', 'full'] as const) {
        const tenant = await synced(`found-${how}`)
        control.deleteItem(tenant.organisation, 'SKU-i1')
        if (how === 'work') await tenant.put('customers', customer('c2'))
        await tenant.sync(how === 'full' ? 'full' : 'incremental')
        t.same(await deleted(tenant), ['i1'], how)
      }
    },
  )

  t.test(
    'given a comparison that is doubted, when idle jobs follow, then the list is read whole until it is believed',
    async (t) => {
      const tenant = await synced('doubted', 12)
      control.faults({
        ...{ kind: 'answer', method: 'GET', path: '/Items', tenantId: tenant.organisationId, times: 2 },
        answer: (real: { body?: Row } | undefined) => real && { ...real, body: { ...real.body, Items: [] } },
      } as never)
      clock.advance(day)
      await tenant.sync()
      clock.advance(15 * minute)
      tenant.mark()
      await tenant.sync()
      const whole = tenant.calls('GET /Items').filter(({ headers }) => headers.ifModifiedSince === undefined)
      t.ok(whole.length > 0, 'it is read whole again before a day has passed')
      t.same(await deleted(tenant), [])
    },
  )

  t.test(
    'given an invoice to send, when reference lists were read today, then they are read all the same',
    async (t) => {
      const tenant = await synced('work')
      await tenant.put('invoices', invoice('n1', 'c1', ['i1']))
      await tenant.sync()
      t.ok(asked(tenant).includes('GET /Accounts'), 'accounts decide what may be sent')
      t.ok(asked(tenant).includes('GET /Organisation'), 'and lock dates')
    },
  )

  t.test('given an invoice that Xero refused, when the account comes back, then the next job finds that', async (t) => {
    const tenant = await synced('refused')
    await tenant.put('invoices', invoice('n1', 'c1', ['i1']))
    control.faults({
      ...{ kind: 'answer', method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId, times: 1 },
      answer: () => ({
        status: 400,
        body: {
          ...{ ErrorNumber: 10, Type: 'ValidationException', Message: 'A validation exception occurred' },
          Elements: [{ ValidationErrors: [{ Message: 'The tax rate is not active' }] }],
        },
      }),
    } as never)
    await tenant.sync()
    t.equal((await tenant.state('invoices', 'n1')).state, 'failed')
    clock.advance(15 * minute)
    tenant.mark()
    await tenant.sync()
    t.ok(asked(tenant).includes('GET /TaxRates'), 'a job that holds what was refused reads the lists')
  })

  t.test(
    'given idle jobs, when a person adds a tax rate or archives an account, then a day later that is known',
    async (t) => {
      const tenant = await synced('reference')
      clock.advance(day)
      await tenant.sync()
      t.ok(asked(tenant).includes('GET /Accounts'))
      t.ok(asked(tenant).includes('GET /TaxRates'))
    },
  )
})
