// A restored backup has forgotten what was sent after it: everything is looked up before it is created, and nothing stands
// in Xero twice.
import t from 'tap'
import { openHouse } from '../../src/house.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { readIdentity } from '../../src/stores/restored.ts'
import { type Backup, backUp, restore } from '../support/backup.ts'
import { databaseKind, openTestDatabase } from '../support/database.ts'
import { openWorld, testConfig } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const minute = 60_000

t.test('a restored database', async (t) => {
  const world = await openWorld(t)
  const { clock, house } = world
  const { db } = world.database
  const { control } = world.simulator

  /** All that a company hands over, as its product does again after a restore. */
  async function handOver(tenant: Tenant, ...invoices: string[]): Promise<void> {
    await tenant.put('customers', customer('c1'), customer('c2'))
    await tenant.put('items', item('s1', { kind: 'service' }), item('s2', { kind: 'service' }))
    await tenant.put('invoices', ...invoices.map((id) => invoice(id, 'c2', ['s2'])))
  }

  /** Xero numbers the invoices: nothing there keeps a second one with the same reference out. */
  async function openForgetful(name: string): Promise<{ tenant: Tenant; backup: Backup }> {
    const tenant = await openTenant(world, name)
    await tenant.settings({ invoices: { number: 'xero', reference: 'document_number' } })
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('s1', { kind: 'service' }))
    await tenant.sync()
    const backup = await backUp(db)
    await handOver(tenant, 'v1', 'v2', 'v3')
    t.equal((await tenant.sync()).status, 'completed')
    t.equal(tenant.xero('Invoices').length, 3)
    clock.advance(minute)
    tenant.mark()
    return { tenant, backup }
  }

  /** Every record is linked, and each document stands once. */
  async function adopted(tenant: Tenant, ...ids: string[]): Promise<void> {
    const references = tenant.xero('Invoices').map((one) => one.Reference)
    t.same(
      references.toSorted(),
      ids.map((id) => `INV-${id}`),
    )
    for (const id of ids) t.equal((await tenant.state('invoices', id)).state, 'synced')
  }

  t.test('given the call after a restore, when all is handed over again, then it is adopted', async (t) => {
    const { tenant, backup } = await openForgetful('called')
    await restore(db, backup)
    t.equal((await tenant.api('GET', 'invoices/v1')).status, 404, 'it has forgotten them')
    const { status, body } = await tenant.api('POST', 'look-up-first')
    t.equal(status, 200)
    t.equal(body.lookUpFirstSince, clock.now().toISOString())
    await handOver(tenant, 'v1', 'v2', 'v3', 'v4')
    const before = clock.now().getTime()
    t.equal((await tenant.sync()).status, 'completed')
    await adopted(tenant, 'v1', 'v2', 'v3', 'v4')
    const [sent, ...others] = tenant.calls('PUT /Invoices')
    t.match(sent?.body, { Invoices: [{ Reference: 'INV-v4' }] }, 'only what was not there is created')
    t.equal(others.length, 0)
    t.ok(Date.parse(sent?.at ?? '') - before >= 8.5 * minute, 'after seven quiet minutes and two look-ups')
    t.equal(tenant.calls('PUT /Contacts').length + tenant.calls('PUT /Items').length, 0)
    tenant.checkXero(t)

    await house.sweep()
    t.match((await tenant.api('GET', '')).body, { lookUpFirstSince: null }, 'what was sent is known again')
    t.same((await tenant.api('GET', 'incidents')).body.items, [])
    tenant.mark()
    await tenant.put('invoices', invoice('v5', 'c2', ['s2']))
    await tenant.sync()
    t.equal(tenant.calls('PUT /Invoices').length, 1)
    const [look, ...more] = tenant.calls('GET /Invoices')
    t.match(JSON.stringify(look?.query), /INV-v5/, 'its number is looked for')
    t.equal(more.length, 0, 'and nothing else before a new document is sent')
  })

  t.test('given the sweep before all is handed over again, then its orphans are adopted', async (t) => {
    const { tenant, backup } = await openForgetful('swept')
    await restore(db, backup)
    t.equal(await house.lookUpFirst(), 2, 'on all connections')
    clock.advance(8 * minute)
    await house.sweep()
    const unswept = db.selectFrom('connections').select('id').where('look_up_first_since', 'is not', null)
    t.same(await unswept.execute(), [], 'every connection that was due')
    t.equal((await tenant.api('GET', 'incidents')).body.items.length, 3)
    t.equal((await tenant.api('GET', '')).body.lookUpFirstSince, null)
    await handOver(tenant, 'v1', 'v2', 'v3')
    t.equal((await tenant.sync()).status, 'completed')
    await adopted(tenant, 'v1', 'v2', 'v3')
    t.equal(tenant.calls('PUT /Invoices').length, 0)
    tenant.checkXero(t)
  })

  t.test('given a document that a person voided meanwhile, then it is not created anew', async (t) => {
    const { tenant, backup } = await openForgetful('voided')
    await restore(db, backup)
    await house.lookUpFirst()
    const [first] = tenant.xero('Invoices')
    control.voidInvoice(tenant.organisation, first.InvoiceID)
    await handOver(tenant, 'v1', 'v2', 'v3')
    t.equal((await tenant.sync()).status, 'completed_with_errors')
    t.match(await tenant.errors((await tenant.api('GET', 'health')).body.lastJob.id), [{ status: 'conflict' }])
    t.equal(tenant.xero('Invoices').length, 3)
  })

  t.test('given a database that is another one than at the last turn, then that is noticed', async (t) => {
    const tenant = await openTenant(world, 'copied')
    const since = async () => (await tenant.api('GET', '')).body.lookUpFirstSince
    await house.turn()
    t.equal(await since(), null, 'the same one')
    await db.updateTable('database_identity').set({ identity: 'the one it was copied from' }).execute()
    const lines: string[] = []
    const log = createLogger({ level: 'warn', destination: { write: (line: string) => void lines.push(line) } })
    const database = { ...world.database, close: async () => undefined }
    const other = await openHouse({ config: testConfig(world.simulator), log, clock, database })
    t.teardown(() => other.close())
    await other.turn()
    t.equal(await since(), clock.now().toISOString())
    t.match(lines.join(), /the database is another one/)
    clock.advance(minute)
    await other.turn()
    t.equal(await since(), new Date(clock.now().getTime() - minute).toISOString(), 'and only once')
  })
})

t.test('given a look-up that was made before the backup, and a creation after it, then it is made again', async (t) => {
  // A call a minute: the backup lies between the last look and what follows from it.
  const world = await openWorld(t, { environment: { XERO_MINUTE_LIMIT: '1' }, simulator: { minuteLimit: 1 } })
  const { clock, house } = world
  const { db } = world.database
  const tenant = await openTenant(world, 'looked')
  await tenant.settings({ invoices: { number: 'xero', reference: 'document_number' } })
  await tenant.put('customers', customer('c1'))
  await tenant.put('items', item('s1', { kind: 'service' }))
  await tenant.put('invoices', invoice('v1', 'c1', ['s1']))
  const target = { method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId }
  world.simulator.control.faults({ kind: 'lost_request', times: 2, ...target })
  await tenant.startJob()
  for (; tenant.calls('GET /Invoices').length < 2; clock.advance(15_000)) while (await house.turn());
  t.equal(tenant.calls('PUT /Invoices').length, 2)
  const backup = await backUp(db)
  await world.work({ forMs: 60 * minute })
  t.equal(tenant.xero('Invoices').length, 1, 'it was sent after the backup')

  clock.advance(7 * minute)
  await restore(db, backup)
  await house.lookUpFirst()
  await world.work({ forMs: 60 * minute })
  t.equal((await tenant.state('invoices', 'v1')).state, 'synced')
  t.equal(tenant.xero('Invoices').length, 1)
  tenant.checkXero(t)
})

t.test('given a copy of a database, then PostgreSQL tells it from the first one', async (t) => {
  const [one, other] = [await openTestDatabase(), await openTestDatabase()]
  const [first, again, copy] = [await readIdentity(one.db), await readIdentity(one.db), await readIdentity(other.db)]
  t.type(first, 'string')
  t.equal(again, first)
  if (databaseKind === 'postgres') t.not(copy, first)
  await one.close()
  await other.close()
})
