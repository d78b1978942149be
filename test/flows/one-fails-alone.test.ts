// A record on which the service itself fails, wherever it does: it is failed alone and named, its write is neither forgotten nor
// repeated, and everything else of the job goes on.
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const minute = 60_000
const ids = Array.from({ length: 5 }, (_, n) => `n${n}`)
const invoices = (more: Record<string, unknown> = {}) => ids.map((id) => invoice(id, 'c1', ['i1'], more))

t.test('one fails alone', async (t) => {
  const world = await openWorld(t)
  const { clock } = world
  const { control } = world.simulator
  const { db } = world.database

  async function ready(name: string, more: ReturnType<typeof invoices> = []): Promise<Tenant> {
    control.clearFaults()
    const tenant = await openTenant(world, name)
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('i1', { kind: 'service' }))
    if (more.length > 0) await tenant.put('invoices', ...more)
    t.equal((await tenant.sync()).status, 'completed')
    clock.advance(60 * minute)
    tenant.mark()
    return tenant
  }

  /** How the document of n3 stood at the last write: nothing that the service can read. */
  const spoil = ({ connectionId }: Tenant) =>
    sql`
    UPDATE links SET content = '{"lines": 5}'::jsonb
    WHERE connection_id = ${connectionId}::uuid AND record_id = 'n3'`.execute(db)
  const mend = ({ connectionId }: Tenant) =>
    sql`
    UPDATE links SET content = NULL WHERE connection_id = ${connectionId}::uuid AND record_id = 'n3'`.execute(db)

  /** The database refuses the link of n3 with more in it than where it stands. */
  async function refuseLinks({ connectionId }: Tenant, condition: string): Promise<() => Promise<void>> {
    await sql`
      CREATE OR REPLACE FUNCTION refuse_link() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$ LANGUAGE plpgsql`.execute(
      db,
    )
    await sql`
      CREATE TRIGGER refuse_link BEFORE INSERT OR UPDATE ON links FOR EACH ROW
      WHEN (NEW.connection_id = ${sql.lit(connectionId)}::uuid AND NEW.record_id = 'n3' AND ${sql.raw(condition)})
      EXECUTE FUNCTION refuse_link()`.execute(db)
    return async () => {
      await sql`DROP TRIGGER refuse_link ON links`.execute(db)
    }
  }

  async function failsAlone(t: Test, tenant: Tenant, status = 'failed'): Promise<void> {
    const job = await tenant.sync()
    t.equal(job.status, 'completed_with_errors')
    const errors = await tenant.errors(job.id)
    t.match(errors, [{ recordId: 'n3', status, lastError: { code: 'internal' } }])
    t.equal(errors.length, 1)
  }

  t.test('given a change on which the comparison fails, then the others are changed', async (t) => {
    const tenant = await ready('change', invoices())
    await spoil(tenant)
    await tenant.put('invoices', ...invoices({ customerPo: 'PO' }))
    await failsAlone(t, tenant)
    const changed = tenant.xero('Invoices').filter(({ Reference }) => Reference?.includes('PO'))
    t.equal(changed.length, 4)
    await mend(tenant)
    await tenant.sync()
    t.match(await tenant.state('invoices', 'n0'), { state: 'synced' })
    tenant.checkXero(t)
  })

  t.test('given a change whose look the database refuses, then the others are changed', async (t) => {
    const tenant = await ready('look', invoices())
    const allow = await refuseLinks(tenant, 'NEW.looked_in IS NOT NULL')
    await tenant.put('invoices', ...invoices({ customerPo: 'PO' }))
    await failsAlone(t, tenant)
    t.equal(tenant.xero('Invoices').filter(({ Reference }) => Reference?.includes('PO')).length, 4)
    await allow()
    t.equal((await tenant.sync()).status, 'completed')
    t.match(await tenant.state('invoices', 'n3'), { state: 'synced' })
    tenant.checkXero(t)
  })

  t.test('given a deletion on which the comparison fails, then the others are removed', async (t) => {
    const tenant = await ready('deletion', invoices())
    await spoil(tenant)
    for (const id of ids) await tenant.api('DELETE', `invoices/${id}`)
    await failsAlone(t, tenant)
    t.strictSame(
      tenant
        .xero('Invoices')
        .flatMap(({ InvoiceNumber, Status }) => (Status === 'VOIDED' || Status === 'DELETED' ? [] : InvoiceNumber)),
      ['INV-n3'],
    )
    await sql`UPDATE links SET content = seen->'content' WHERE connection_id = ${tenant.connectionId}::uuid AND record_id = 'n3'`.execute(
      db,
    )
    t.equal((await tenant.sync()).status, 'completed')
    t.notOk(tenant.xero('Invoices').some(({ Status }) => Status === 'AUTHORISED' || Status === 'DRAFT'))
    tenant.checkXero(t)
  })

  t.test('given an answer that the database refuses, then it is written once, and the others are synced', async (t) => {
    const tenant = await ready('answer')
    const allow = await refuseLinks(tenant, 'NEW.content IS NOT NULL')
    await tenant.put('invoices', ...invoices())
    await failsAlone(t, tenant)
    for (const id of ids.filter((one) => one !== 'n3')) t.match(await tenant.state('invoices', id), { state: 'synced' })
    t.equal(tenant.xero('Invoices').length, 5)
    await allow()
    clock.advance(60 * minute)
    t.equal((await tenant.sync()).status, 'completed')
    t.match(await tenant.state('invoices', 'n3'), { state: 'synced' })
    t.equal(tenant.calls('PUT /Invoices').length, 1, 'it is created once')
    tenant.checkXero(t)
  })

  t.test(
    'given an answer of which not even the place is kept, then the write stays uncertain and is made once',
    async (t) => {
      const tenant = await ready('place')
      const allow = await refuseLinks(tenant, 'true')
      await tenant.put('invoices', ...invoices())
      const id = await tenant.startJob()
      await world.work()
      t.equal(tenant.xero('Invoices').length, 5)
      await allow()
      t.ok(await tenant.job(id))
      await tenant.sync()
      for (const one of ids) t.match(await tenant.state('invoices', one), { state: 'synced' })
      t.equal(tenant.xero('Invoices').length, 5)
      tenant.checkXero(t)
    },
  )

  for (const [what, lines] of [
    ['cannot be looked for', '5'],
    ['cannot be compared', '"abc"'],
  ] as const) {
    t.test(`given a lost answer and a document that ${what}, then the others are found`, async (t) => {
      const tenant = await ready(what.replaceAll(' ', '-'))
      const { organisationId: tenantId } = tenant
      await tenant.put('vendors', vendor('v1'))
      control.faults({ kind: 'lost_response', method: 'PUT', path: '/Invoices', tenantId, times: 3 })
      await tenant.put('bills', ...ids.map((id) => bill(id, 'v1', ['i1'])))
      const id = await tenant.startJob()
      await world.work({ forMs: 5 * minute })
      await sql`
      UPDATE write_batches SET elements = (
        SELECT jsonb_agg(CASE WHEN e->>'recordId' = 'n3' THEN jsonb_set(e, '{posted,lines}', ${lines}::jsonb) ELSE e END)
        FROM jsonb_array_elements(elements) e)
      WHERE connection_id = ${tenant.connectionId}::uuid AND state = 'uncertain'`.execute(db)
      await world.work()
      const errors = await tenant.errors(id)
      t.match(errors, [{ recordId: 'n3', status: 'conflict', lastError: { code: 'internal' } }])
      t.equal(errors.length, 1)
      t.match(await tenant.state('bills', 'n0'), { state: 'synced' })
      t.equal(tenant.xero('Invoices').length, 5, 'it is not written again')
      await tenant.sync()
      t.equal(tenant.xero('Invoices').length, 5)
      tenant.checkXero(t)
    })
  }

  t.test('given a document that the sweep cannot put on record, then the others are shown', async (t) => {
    const tenant = await ready('sweep', invoices())
    const allow = await refuseLinks(tenant, "NEW.status = 'PAID'")
    for (const id of ids) control.payInvoice(tenant.organisation, `INV-${id}`)
    for (const _ of [1, 2]) {
      clock.advance(60 * minute)
      await world.house.sweep()
    }
    const shown = async (id: string) => (await tenant.api('GET', `invoices/${id}`)).body.sync.xero.status
    t.strictSame(await Promise.all(ids.map(shown)), ['PAID', 'PAID', 'PAID', 'AUTHORISED', 'PAID'])
    await allow()
    tenant.checkXero(t)
  })
})
