// What the simulation found (test/simulation): each case is a schedule of it, made as small as it goes.
import t from 'tap'
import { openWorld, type World } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { before, openWatchedHouse, workWith } from '../support/watched-house.ts'

const minute = 60_000

/** Xero numbers the invoices, so nothing there keeps a second one with the same reference out. */
const numberedByXero = { invoices: { number: 'xero', reference: 'document_number' } }

async function openNumbered(world: World, name: string): Promise<Tenant> {
  const tenant = await openTenant(world, name)
  await tenant.settings(numberedByXero)
  await tenant.put('customers', customer('c1'))
  await tenant.put('items', item('s1', { kind: 'service' }))
  await tenant.sync()
  await tenant.put('invoices', invoice('v1', 'c1', ['s1']))
  return tenant
}

t.test('what the simulation found', async (t) => {
  const world = await openWorld(t)
  const { clock } = world
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  t.test('given a pause between the decision to replay and the replay, then it is not sent any more', async (t) => {
    const tenant = await openNumbered(world, 'late-replay')
    let pauseMs = 0
    const pause = before('UPDATE budgets SET\n      recent_calls', () => {
      clock.advance(pauseMs)
      pauseMs = 0
    })
    const house = await openWatchedHouse(t, world, { plugin: pause })
    control.faults({ kind: 'lost_response', method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId })
    await tenant.startJob()
    while (await house.turn());
    t.equal((await tenant.state('invoices', 'v1')).state, 'uncertain')
    clock.advance(15_000)
    pauseMs = 7 * minute
    await workWith(world, house)
    t.equal(pauseMs, 0, 'the process was paused')
    t.equal(tenant.calls('PUT /Invoices').length, 1, 'the key had expired: a replay would have been a second invoice')
    t.equal(tenant.xero('Invoices').length, 1)
    t.match(await tenant.state('invoices', 'v1'), {
      state: 'synced',
      xero: { id: tenant.xero('Invoices')[0].InvoiceID },
    })
    tenant.checkXero(t)
  })

  t.test('given a customer that nothing holds and nobody brings over, when a job runs, then it ends', async (t) => {
    const tenant = await openTenant(world, 'held-by-nobody')
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('s1', { kind: 'service' }))
    await tenant.put('invoices', invoice('v1', 'c1', ['s1']))
    const { db } = world.database
    const ofCustomer = db.deleteFrom('sync_queue_items').where('connection_id', '=', tenant.connectionId)
    await ofCustomer.where('record_type', '=', 'customer').execute()
    const held = db
      .updateTable('records')
      .set({ sync_state: 'locked' })
      .where('connection_id', '=', tenant.connectionId)
    await held.where('type', '=', 'customer').execute()
    const job = await tenant.startJob()
    // Many more than it needs: a job that waited without end would take every one of them.
    for (let turn = 0; turn < 60; turn++) await world.house.turn()
    t.equal((await tenant.job(job)).status, 'completed_with_errors')
    const blocked = {
      state: 'blocked',
      lastError: { code: 'dependency_failed', blockedBy: { type: 'customer', id: 'c1' } },
    }
    t.match(await tenant.state('invoices', 'v1'), blocked)
    await tenant.api('POST', 'sync-queue-items', { recordType: 'customer', recordIds: ['c1'] })
    t.equal((await tenant.sync()).status, 'completed')
  })

  t.test('given a conflict that nothing in Xero keeps out, when the next job runs, then nothing is sent', async (t) => {
    const tenant = await openNumbered(world, 'conflict-again')
    const { organisationId } = tenant
    control.faults({ kind: 'lost_response', times: 3, method: 'PUT', path: '/Invoices', tenantId: organisationId })
    const job = await tenant.startJob()
    while (await world.house.turn());
    control.editInvoice(tenant.organisation, tenant.xero('Invoices')[0].InvoiceID, {
      LineItems: [{ Description: 'By hand', Quantity: 1, UnitAmount: 1, AccountCode: '200', TaxType: 'OUTPUT' }],
    })
    await world.work()
    t.equal((await tenant.job(job)).status, 'completed_with_errors')
    t.equal((await tenant.state('invoices', 'v1')).state, 'conflict')
    const sends = tenant.calls('PUT /Invoices').length
    await tenant.sync()
    t.equal((await tenant.state('invoices', 'v1')).state, 'conflict', 'a person decides')
    t.equal(tenant.calls('PUT /Invoices').length, sends)
    t.equal(tenant.xero('Invoices').length, 1)
  })

  /** An invoice whose answer was lost, and that a person changed before that was found out. */
  async function openEdited(name: string): Promise<{ tenant: Tenant; id: string; before: object[] }> {
    const tenant = await openTenant(world, name)
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('s1', { kind: 'service' }))
    await tenant.put('invoices', invoice('v1', 'c1', ['s1']))
    const target = { method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId }
    control.faults({ kind: 'lost_response', times: 3, ...target })
    await tenant.startJob()
    while (await world.house.turn());
    const [{ InvoiceID: id, LineItems: before }] = tenant.xero('Invoices')
    control.editInvoice(tenant.organisation, id, {
      LineItems: [{ Description: 'By hand', Quantity: 1, UnitAmount: 1, AccountCode: '200', TaxType: 'OUTPUT' }],
    })
    await world.work()
    t.match(await tenant.state('invoices', 'v1'), { state: 'conflict', xero: null })
    await tenant.settings({ invoices: { prefix: 'NEW-' } })
    tenant.mark()
    await tenant.sync()
    const state = await tenant.state('invoices', 'v1')
    t.match(state, { state: 'conflict', lastError: { code: 'duplicate_number', cause: /INV-v1/, action: /INV-v1/ } })
    t.equal(tenant.calls('PUT /Invoices').length, 0, 'the first one may be ours: no second one beside it')
    return { tenant, id, before }
  }

  t.test('given a conflict of ours, when its number changes, then it is sent once the first is void', async (t) => {
    const { tenant, id } = await openEdited('renumbered')
    control.voidInvoice(tenant.organisation, id)
    t.equal((await tenant.sync()).status, 'completed')
    t.equal((await tenant.state('invoices', 'v1')).xero.number, 'NEW-INV-v1')
    const standing = tenant.xero('Invoices').map(({ InvoiceNumber, Status }) => [InvoiceNumber, Status])
    t.strictSame(standing.sort(), [
      ['INV-v1', 'VOIDED'],
      ['NEW-INV-v1', 'AUTHORISED'],
    ])
    tenant.checkXero(t)
  })

  t.test('given a conflict of ours, when the person undoes the change, then it is adopted and renamed', async (t) => {
    const { tenant, id, before } = await openEdited('undone')
    control.editInvoice(tenant.organisation, id, {
      LineItems: before.map((line) => ({ ...line, LineItemID: undefined })),
    })
    t.equal((await tenant.sync()).status, 'completed')
    t.match(await tenant.state('invoices', 'v1'), { state: 'synced', xero: { id, number: 'NEW-INV-v1' } })
    t.equal(tenant.xero('Invoices').length, 1)
    tenant.checkXero(t)
  })

  t.test('given a conflict of ours, when its record is deleted, then a person is told what still stands', async (t) => {
    const { tenant, id } = await openEdited('deleted')
    t.equal((await tenant.api('DELETE', 'invoices/v1')).status, 200)
    await tenant.sync()
    t.match(await tenant.queue('failed'), [{ recordId: 'v1', action: 'delete', lastError: { cause: /INV-v1/ } }])
    control.voidInvoice(tenant.organisation, id)
    t.equal((await tenant.sync()).status, 'completed')
    t.strictSame(await tenant.queue(), [])
    tenant.checkXero(t)
  })

  t.test(
    'given a conflict of ours that is as it was sent again, when its record is deleted, then it is voided',
    async (t) => {
      const { tenant, id, before } = await openEdited('deleted-undone')
      control.editInvoice(tenant.organisation, id, {
        LineItems: before.map((line) => ({ ...line, LineItemID: undefined })),
      })
      t.equal((await tenant.api('DELETE', 'invoices/v1')).status, 200)
      t.equal((await tenant.sync()).status, 'completed')
      t.match(tenant.xero('Invoices'), [{ InvoiceID: id, Status: 'VOIDED' }])
      t.strictSame(await tenant.queue(), [])
      tenant.checkXero(t)
    },
  )

  t.test('given a deletion that waits, when another record fits the contact, then it is not handed over', async (t) => {
    const tenant = await openTenant(world, 'left-behind')
    await tenant.put('customers', customer('c1', { email: 'same@example.com' }))
    await tenant.sync()
    t.equal((await tenant.api('DELETE', 'customers/c1')).status, 200)
    await tenant.put('customers', customer('c2', { email: 'same@example.com' }))
    await tenant.sync()
    const [first, second] = ['C-c1', 'C-c2'].map((number) =>
      tenant.xero('Contacts').find((contact) => contact.ContactNumber === number),
    )
    t.equal(first?.ContactStatus, 'ARCHIVED', 'the deletion found what it had to delete')
    t.equal(second?.ContactStatus, 'ACTIVE')
    t.equal((await tenant.state('customers', 'c2')).xero.id, second?.ContactID)
  })

  t.test(
    'given a consent that was revoked, when time passes between two statements, then it is seen at once',
    async (t) => {
      const tenant = await openTenant(world, 'revoked')
      clock.advance(60 * minute)
      control.revokeUser('revoked@example.com')
      await tenant.put('customers', customer('c1'))
      const id = await tenant.startJob()
      let passed = 0
      const moving = { ...clock, now: () => new Date(clock.now().getTime() + passed++) }
      const house = await openWatchedHouse(t, world, { clock: moving })
      while (await house.turn());
      t.match(await tenant.job(id), { status: 'failed', error: { code: 'consent_expired' } })
      t.equal((await tenant.api('GET', '')).body.status, 'needs_reconnect')
    },
  )

  t.test('given a pause after the lease for a refresh, then the refresh is left to others', async (t) => {
    const tenant = await openTenant(world, 'slow-lease')
    clock.advance(60 * minute)
    control.clearJournal()
    await tenant.put('customers', customer('c1'))
    const id = await tenant.startJob()
    let uptime = 0
    // Every look at the clock costs 25 seconds: more than what is left of the lease after two of them.
    const paused = { ...clock, uptime: () => (uptime += 25_000) }
    const house = await openWatchedHouse(t, world, { clock: paused })
    await house.turn()
    while (await house.turn());
    t.equal(control.journal({ area: 'identity', path: '/connect/token' }).length, 0, 'nobody asked for a token')
    await world.work()
    t.equal((await tenant.job(id)).status, 'completed')
  })

  t.test('given a process that died during a refresh, when the duty comes, then the refresh is ended', async (t) => {
    const tenant = await openTenant(world, 'interrupted')
    clock.advance(60 * minute)
    control.clearJournal()
    const { db } = world.database
    const started = {
      refresh_started_at: clock.now().toISOString(),
      lease_until: clock.now().toISOString(),
      lease_owner: 'dead',
    }
    const before = await db
      .updateTable('token_sets')
      .set(started)
      .where('company_id', '=', tenant.company)
      .returning('version')
      .executeTakeFirstOrThrow()
    clock.advance(minute)
    await world.house.finishRefreshes()
    const ended = await db
      .selectFrom('token_sets')
      .selectAll()
      .where('company_id', '=', tenant.company)
      .executeTakeFirst()
    t.match(ended, { refresh_started_at: null, lease_owner: null, version: before.version + 1 })
  })
})
