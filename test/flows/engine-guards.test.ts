// Guards that only show when a process stands still at the wrong moment, or when two of them are at the same thing: calls
// are held at Xero, and clocks go on meanwhile. Each was found by taking the guard away (test/mutants).
import { sql } from 'kysely'
import t from 'tap'
import { assertNoTransaction, inTransaction } from '../../src/db/transaction.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { sleep } from '../../src/lib/sleep.ts'
import { heldRequests } from '../support/held-requests.ts'
import { openWorld, type World } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openSecondHouse } from '../support/second-house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { before, openWatchedHouse, workWith } from '../support/watched-house.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

const workNow = async (house: World['house']): Promise<void> => {
  while (await house.turn());
}

t.test('writing', async (t) => {
  const { watch, hold } = heldRequests()
  const world = await openWorld(t, { simulator: { watch } })
  const { clock, house } = world
  const { db } = world.database
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  /** Invoices that Xero numbers: nothing there keeps a second one out. */
  async function openNumbered(name: string): Promise<Tenant> {
    const tenant = await openTenant(world, name)
    await tenant.settings({ invoices: { number: 'xero', reference: 'document_number' } })
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('s1', { kind: 'service' }))
    await tenant.sync()
    await tenant.put('invoices', invoice('v1', 'c1', ['s1']))
    tenant.mark()
    return tenant
  }

  t.test('given a pause between the intent and the send, when it is over, then nothing is sent', async (t) => {
    const tenant = await openNumbered('late-send')
    let [uptime, pauseMs] = [0, 10_001]
    const pause = before('insert into "attempts"', () => {
      uptime += pauseMs
      pauseMs = 0
    })
    const paused = await openWatchedHouse(t, world, { plugin: pause, clock: { ...clock, uptime: () => uptime } })
    await tenant.startJob()
    await workNow(paused)
    t.equal(pauseMs, 0, 'the process was paused')
    t.equal(tenant.calls('PUT ').length, 0, 'others may be finding out by now what became of it')
    t.equal((await tenant.state('invoices', 'v1')).state, 'uncertain')
    await workWith(world, paused)
    t.equal((await tenant.state('invoices', 'v1')).state, 'synced')
    t.equal(tenant.xero('Invoices').length, 1)
    tenant.checkXero(t)
  })

  t.test(
    'given a long wait for the connection before the intent, when it is over, then the document is sent',
    async (t) => {
      const tenant = await openNumbered('late-lock')
      let uptime = 0
      // What holds the connection for so long is another request or job; nothing was put on record before it ended.
      const waits = before('pg_advisory_xact_lock', () => {
        uptime += 10_001
      })
      const late = await openWatchedHouse(t, world, { plugin: waits, clock: { ...clock, uptime: () => uptime } })
      await tenant.startJob()
      await workNow(late)
      t.equal(tenant.calls('PUT ').length, 1)
      t.equal((await tenant.state('invoices', 'v1')).state, 'synced')
      tenant.checkXero(t)
    },
  )

  t.test(
    'given a service that renders otherwise by now, when it replays, then it sends what is on record',
    async (t) => {
      const tenant = await openNumbered('other-version')
      control.faults({ kind: 'lost_response', method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId })
      await tenant.startJob()
      await workNow(house)
      // What an upgrade between send and replay does: other settings and another mapping, so that the text would be another.
      await tenant.settings({ invoices: { taxMap: { GST: 'EXEMPTOUTPUT' } } })
      await sql`UPDATE write_batches SET elements = jsonb_set(elements, '{0,posted,sentToContact}', 'true')
      WHERE connection_id = ${tenant.connectionId}::uuid AND settled_at IS NULL`.execute(db)
      await world.work()
      const [first, replay] = tenant.calls('PUT /Invoices')
      t.strictSame(replay?.body, first?.body)
      t.equal(replay?.replayed, true, 'Xero knew it again')
      t.equal(tenant.xero('Invoices').length, 1)
      t.equal((await tenant.state('invoices', 'v1')).state, 'synced')
      tenant.checkXero(t)
    },
  )

  t.test(
    'given a refusal that comes when the call was sent again, when that is lost, then it is still found out',
    async (t) => {
      const tenant = await openNumbered('late-refusal')
      const other = await openSecondHouse(t, world)
      const target = { method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId }
      control.faults([
        { kind: 'http_429', problem: 'minute', retryAfter: 1, ...target },
        { kind: 'lost_response', ...target },
      ])
      const refusal = hold('carried_out', 'PUT', '/Invoices')
      const job = await tenant.startJob()
      const late = workNow(house)
      await refusal.reached
      clock.advance(minute + 1)
      await workNow(other)
      t.equal(tenant.calls('PUT /Invoices').length, 2, 'another process took over and replayed')
      t.equal((await tenant.state('invoices', 'v1')).state, 'uncertain')
      refusal.release()
      await late
      await workWith(world, other)
      t.equal((await tenant.job(job)).status, 'completed')
      t.equal(tenant.xero('Invoices').length, 1, 'what was refused is the first send, not the second')
      t.match(await tenant.state('invoices', 'v1'), {
        state: 'synced',
        xero: { id: tenant.xero('Invoices')[0].InvoiceID },
      })
      tenant.checkXero(t)
    },
  )

  t.test('given a lost answer and a copy by hand, when both are found, then a person decides', async (t) => {
    const tenant = await openNumbered('copied')
    const target = { method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId }
    control.faults({ kind: 'lost_response', times: 3, ...target })
    const job = await tenant.startJob()
    await workNow(house)
    const [{ Reference, Contact, Date: date, DueDate, LineAmountTypes, LineItems }] = tenant.xero('Invoices')
    const lines = LineItems.map((line: object) => ({ ...line, LineItemID: undefined, LineAmount: undefined }))
    const copy = { Type: 'ACCREC', Status: 'AUTHORISED', Reference, Date: date, DueDate, LineAmountTypes }
    control.createInvoice(tenant.organisation, {
      ...copy,
      Contact: { ContactID: Contact.ContactID },
      LineItems: lines,
    })
    await world.work()
    t.equal((await tenant.job(job)).status, 'completed_with_errors')
    t.match(await tenant.state('invoices', 'v1'), { state: 'conflict', lastError: { code: 'duplicate_found' } })
    t.equal(tenant.xero('Invoices').length, 2)
  })

  t.test('given a call that takes longer than the lease, when its process lives, then it keeps the job', async (t) => {
    const tenant = await openTenant(world, 'heartbeat')
    const other = await openSecondHouse(t, world)
    const sleepers: { at: number; wake: () => void }[] = []
    const sleeping: Clock = {
      ...clock,
      sleep: (milliseconds, signal) =>
        new Promise((wake) => {
          sleepers.push({ at: clock.now().getTime() + milliseconds, wake })
          signal?.addEventListener('abort', () => wake(), { once: true })
        }),
    }
    const slow = await openWatchedHouse(t, world, { clock: sleeping })
    await tenant.put('customers', customer('c1'))
    const call = hold('carried_out', 'PUT', '/Contacts')
    const job = await tenant.startJob()
    const worked = workNow(slow)
    await call.reached
    const isRenewed = async () => {
      const { lease_until: until } = await db
        .selectFrom('sync_jobs')
        .select('lease_until')
        .where('id', '=', job)
        .executeTakeFirstOrThrow()
      return Date.parse(until ?? '') >= clock.now().getTime() + minute
    }
    for (let passed = 0; passed < 3; passed++) {
      clock.advance(25 * second)
      for (const { at, wake } of sleepers) if (at <= clock.now().getTime()) wake()
      for (let looks = 0; looks < 200 && !(await isRenewed()); looks++) await sleep(5)
    }
    t.equal(await other.turn(), false, 'nobody else takes the job')
    call.release()
    await worked
    await workWith(world, slow)
    t.equal((await tenant.job(job)).status, 'completed')
    t.equal(tenant.calls('PUT /Contacts').length, 1)
    tenant.checkXero(t)
  })

  t.test('given a worker that lost its job, when its answer comes, then what was written is on record', async (t) => {
    const tenant = await openNumbered('late-answer')
    const other = await openSecondHouse(t, world)
    const answer = hold('carried_out', 'PUT', '/Invoices')
    await tenant.startJob()
    const late = workNow(house)
    await answer.reached
    clock.advance(minute + 1)
    t.equal(await other.turn(), true, 'another process took the job over')
    t.equal((await tenant.state('invoices', 'v1')).state, 'uncertain')
    answer.release()
    await late
    t.equal((await tenant.state('invoices', 'v1')).state, 'synced', 'a fact counts, whoever learned it')
    await workWith(world, other)
    t.equal(tenant.calls('PUT /Invoices').length, 1, 'and nobody has to find it out')
    tenant.checkXero(t)
  })

  t.test('given a worker that lost its job, when the page that it read comes, then it is not stored', async (t) => {
    const tenant = await openTenant(world, 'late-page')
    const other = await openSecondHouse(t, world)
    const { ContactID: id } = control.createContact(tenant.organisation, {
      Name: 'Buyer',
      EmailAddress: 'old@example.com',
    })
    const page = hold('carried_out', 'GET', '/Contacts')
    await tenant.startJob()
    const late = workNow(house)
    await page.reached
    control.editContact(tenant.organisation, String(id), { EmailAddress: 'new@example.com' })
    clock.advance(minute + 1)
    await workWith(world, other)
    page.release()
    await late
    const stored = db.selectFrom('remote_entities').select('email').where('remote_id', '=', String(id))
    t.strictSame(await stored.execute(), [{ email: 'new@example.com' }])
  })

  t.test('given as many calls as jobs may make at once, when a person asks, then there is a slot', async (t) => {
    const tenant = await openTenant(world, 'slots')
    const batches = Array.from({ length: 5 }, () => hold('carried_out', 'PUT', '/Contacts'))
    await tenant.put('customers', ...Array.from({ length: 250 }, (_, n) => customer(`c${n}`)))
    await tenant.startJob()
    const worked = workNow(house)
    await Promise.all(batches.slice(0, 4).map(({ reached }) => reached))
    t.equal((await tenant.api('POST', 'accounts/refresh')).status, 200)
    for (const batch of batches) batch.release()
    await worked
    await world.work()
    t.equal(tenant.xero('Contacts').length, 250)
    tenant.checkXero(t)
  })

  t.test('given a transaction, when a call is about to be made inside it, then it fails', async (t) => {
    t.doesNotThrow(assertNoTransaction)
    await t.rejects(
      inTransaction(db, async () => assertNoTransaction()),
      /inside a database transaction/,
    )
  })
})

t.test('tokens', async (t) => {
  const { watch, hold } = heldRequests()
  const world = await openWorld(t, { simulator: { watch } })
  const { clock, house } = world
  const { db } = world.database
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  t.test(
    'given a refresh that was overtaken, when Xero refuses the old token, then the newer one is used',
    async (t) => {
      const tenant = await openTenant(world, 'overtaken')
      const slow = await openSecondHouse(t, world)
      clock.advance(hour)
      const call = hold('arrived', 'POST', '/connect/token')
      const read = slow.services.reference.refresh(tenant.company, tenant.connectionId, 'accounts')
      await call.reached
      clock.advance(31 * second)
      t.equal((await tenant.api('POST', 'accounts/refresh')).status, 200, 'another process refreshed meanwhile')
      clock.advance(31 * minute)
      call.release()
      await t.resolves(read, 'what is on record by now counts, not the refusal')
      t.equal((await tenant.api('GET', '')).body.status, 'active')
      tenant.checkXero(t)
    },
  )

  t.test('given a refresh that was overtaken, when it gives up, then it does not end the other one', async (t) => {
    const tenant = await openTenant(world, 'given-up')
    let uptime = 0
    const slow = await openWatchedHouse(t, world, { clock: { ...clock, uptime: () => uptime } })
    clock.advance(hour)
    control.faults({ kind: 'lost_request', path: '/connect/token' })
    const first = hold('arrived', 'POST', '/connect/token')
    const read = slow.services.reference.refresh(tenant.company, tenant.connectionId, 'accounts').catch(() => null)
    await first.reached
    clock.advance(31 * second)
    uptime += 31 * second
    const overtaking = hold('arrived', 'POST', '/connect/token')
    const other = house.services.reference.refresh(tenant.company, tenant.connectionId, 'accounts')
    await overtaking.reached
    first.release()
    await read
    const lease = db.selectFrom('token_sets').select('lease_owner').where('company_id', '=', tenant.company)
    t.not((await lease.executeTakeFirstOrThrow()).lease_owner, null, 'a third one would refresh beside it')
    overtaking.release()
    await t.resolves(other)
    tenant.checkXero(t)
  })
})
