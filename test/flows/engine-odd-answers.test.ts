// Answers that are not Xero's, questions that it refuses, documents that are too large, and records on which the service
// itself fails: each stops only itself, and everything else goes on.
import { sql } from 'kysely'
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const minute = 60_000
const gateway = '<html><head><title>Gateway</title></head><body>Bad request</body></html>'
const bytesOf = (body: unknown) => Buffer.byteLength(JSON.stringify(body))
const large = (id: string, lines: number, characters: number) =>
  invoice(id, 'c1', [], {
    lines: Array.from({ length: lines }, (_, n) => ({
      id: String(n + 1),
      description: `${n} `.padEnd(characters, 'x'),
      quantity: '1',
      unitPrice: '1',
    })),
  })

t.test('odd answers', async (t) => {
  const world = await openWorld(t)
  const { clock } = world
  const { control } = world.simulator
  const { db } = world.database
  const fault = (tenant: Tenant, method: string, path: string, more: object) =>
    control.faults({ kind: 'answer', method, path, tenantId: tenant.organisationId, ...more })

  /** A company with a customer and an item in Xero. */
  async function ready(name: string): Promise<Tenant> {
    const tenant = await openTenant(world, name)
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('i1', { kind: 'service' }))
    await tenant.sync()
    clock.advance(60 * minute)
    tenant.mark()
    return tenant
  }

  t.test("given a gateway's 4xx on a read, when a job runs, then it goes on by itself", async (t) => {
    const tenant = await ready('reads')
    for (const path of ['/Organisation', '/Contacts', '/Items']) {
      for (const answer of [{ status: 400, raw: gateway }, { status: 404, raw: gateway }, { status: 400 }]) {
        fault(tenant, 'GET', path, { answer })
      }
    }
    t.equal((await tenant.sync('full')).status, 'completed')
    t.strictSame(control.pendingFaults(), [])
    t.strictSame(await tenant.changes(), [])
    tenant.checkXero(t)
  })

  t.test("given a gateway's page for a write that was saved, then it is found out and not sent twice", async (t) => {
    const tenant = await ready('writes')
    fault(tenant, 'PUT', '/Invoices', {
      answer: (real: object | undefined) => real && { status: 405, raw: gateway, contentType: 'text/html' },
    })
    await tenant.put('invoices', invoice('n1', 'c1', ['i1']))
    t.equal((await tenant.sync()).status, 'completed')
    t.match(await tenant.state('invoices', 'n1'), { state: 'synced' })
    t.equal(tenant.xero('Invoices').length, 1)
    tenant.checkXero(t)
  })

  t.test('given a look-up for several that is refused, then each is looked up alone', async (t) => {
    const tenant = await ready('several')
    control.faults({
      kind: 'lost_request',
      method: 'PUT',
      path: '/Invoices',
      tenantId: tenant.organisationId,
      times: 3,
    })
    const isForSeveral = ({ query }: { query: URLSearchParams }) => query.get('InvoiceNumbers')?.includes(',') ?? false
    const refusal = { status: 400, body: { ErrorNumber: 16, Type: 'QueryParseException', Message: 'Cannot parse' } }
    fault(tenant, 'GET', '/Invoices', {
      times: 99,
      answer: (_real: unknown, request: { query: URLSearchParams }) => (isForSeveral(request) ? refusal : undefined),
    })
    await tenant.put('invoices', invoice('n1', 'c1', ['i1']), invoice('n2', 'c1', ['i1']))
    t.equal((await tenant.sync()).status, 'completed')
    t.match(await tenant.state('invoices', 'n2'), { state: 'synced' })
    t.equal(tenant.xero('Invoices').length, 2)
    control.clearFaults()
    tenant.checkXero(t)
  })

  t.test('given a look-up that is refused in every way, then the job ends and a person is asked', async (t) => {
    const tenant = await ready('refused')
    control.faults({
      kind: 'lost_request',
      method: 'PUT',
      path: '/Invoices',
      tenantId: tenant.organisationId,
      times: 3,
    })
    const json = { ErrorNumber: 16, Type: 'QueryParseException', Message: 'Cannot parse the number.' }
    fault(tenant, 'GET', '/Invoices', { times: 99, answer: { status: 400, json } })
    await tenant.put('invoices', invoice('n1', 'c1', ['i1']))
    const job = await tenant.sync()
    t.equal(job.status, 'completed_with_errors')
    t.match(await tenant.errors(job.id), [{ status: 'conflict', lastError: { code: 'look_up_refused' } }])
    t.ok(tenant.calls('GET /Invoices').length < 6)
    t.equal(tenant.xero('Invoices').length, 0)
    control.clearFaults()
    t.equal((await tenant.sync()).status, 'completed')
    t.match(await tenant.state('invoices', 'n1'), { state: 'synced' })
    tenant.checkXero(t)
  })

  t.test('given documents of many bytes, when a job runs, then no call is larger than Xero takes', async (t) => {
    const tenant = await ready('bytes')
    for (const id of ['b1', 'b2', 'b3', 'b4', 'b5', 'b6']) await tenant.put('invoices', large(id, 500, 1_500))
    await tenant.put('invoices', large('huge', 1_000, 4_000), invoice('small', 'c1', ['i1']))
    const job = await tenant.sync()
    const [error, ...others] = await tenant.errors(job.id)
    t.match(error, { recordId: 'huge', status: 'failed', lastError: { code: 'too_large', cause: /4\.\d MB/ } })
    t.strictSame(others, [])
    const sizes = tenant.calls('PUT /Invoices').map(({ body }) => bytesOf(body))
    t.equal(sizes.length, 2)
    t.ok(Math.max(...sizes) < 3_500_000)
    t.equal(tenant.xero('Invoices').length, 7)
    tenant.checkXero(t)
  })

  t.test(
    'given a gateway that takes less, when a batch is refused for its size, then it is sent in parts',
    async (t) => {
      const tenant = await ready('gateway')
      fault(tenant, 'PUT', '/Contacts', {
        times: 99,
        stage: 'before',
        answer: (_real: unknown, { bodyText }: { bodyText: string }) =>
          bodyText.length > 1_000 ? { status: 413, raw: gateway, contentType: 'text/html' } : undefined,
      })
      const people = Array.from({ length: 8 }, (_, n) =>
        customer(`p${n}`, { website: `https://example.com/${'x'.repeat(150)}` }),
      )
      await tenant.put(
        'customers',
        ...people,
        customer('wide', { addresses: [{ kind: 'billing', lines: ['x'.repeat(500), 'y'.repeat(500)] }] }),
      )
      const job = await tenant.sync()
      t.match(await tenant.errors(job.id), [{ recordId: 'wide', lastError: { code: 'too_large' } }])
      t.equal(tenant.xero('Contacts').length, 9)
      t.ok(tenant.calls('PUT /Contacts').length < 16)
      control.clearFaults()
      tenant.checkXero(t)
    },
  )

  t.test('given a record on which the service fails, when a job runs, then it fails alone and is named', async (t) => {
    const tenant = await ready('internal')
    const ids = Array.from({ length: 9 }, (_, n) => `n${n}`)
    await tenant.put('invoices', ...ids.map((id) => invoice(id, 'c1', ['i1'])))
    const spoil = (id: string, path: string) =>
      sql`
      UPDATE records SET body = jsonb_set(body, ${path}::text[], '"abc"'::jsonb)
      WHERE connection_id = ${tenant.connectionId}::uuid AND id = ${id}`.execute(db)
    await spoil('n4', '{lines,0,quantity}')
    const job = await tenant.sync()
    t.equal(job.status, 'completed_with_errors')
    const [error, ...others] = await tenant.errors(job.id)
    t.match(error, { recordId: 'n4', status: 'failed', lastError: { code: 'internal' } })
    t.strictSame(others, [])
    t.equal(tenant.xero('Invoices').length, 8)
    t.equal(tenant.calls('PUT /Invoices').length, 1, 'the others go together')
    tenant.checkXero(t)
  })
})
