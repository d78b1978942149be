// Workers that die or pause in the middle: another one goes on, nothing is written twice, and the one that wakes up too
// late changes nothing.
import t from 'tap'
import { heldRequests } from '../support/held-requests.ts'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item, vendor } from '../support/records.ts'
import { openSecondHouse } from '../support/second-house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const leaseMs = 60_000

t.test('taking over', async (t) => {
  const { watch, hold } = heldRequests()
  const world = await openWorld(t, { simulator: { watch } })
  const { clock } = world
  const { control } = world.simulator
  const second = await openSecondHouse(t, world)

  /**
   * Works with the first house until Xero has carried out a call whose answer is still on its way, or until it has just
   * arrived there: from the database's point of view its process is dead. `wake` lets the answer come, and resolves when the
   * first house has done with it.
   */
  async function dieDuring(
    method: string,
    path: string,
    moment: 'carried_out' | 'arrived' = 'carried_out',
  ): Promise<{ wake(): Promise<void> }> {
    const answer = hold(moment, method, path)
    let isReached = false
    const reached = answer.reached.then(() => {
      isReached = true
    })
    for (;;) {
      const turn = world.house.turn()
      await Promise.race([turn, reached])
      if (!isReached) continue
      return {
        async wake() {
          answer.release()
          await turn
        },
      }
    }
  }

  const workWithSecond = async () => {
    for (;;) {
      while (await second.turn());
      const due = await second.nextDueAt()
      if (due === null) return
      clock.advance(Math.max(1, Date.parse(due) - clock.now().getTime()))
    }
  }

  for (const [path, list] of [
    ['/Contacts', 'Contacts'],
    ['/Items', 'Items'],
    ['/Invoices', 'Invoices'],
  ] as const) {
    t.test(
      `given a worker that died before the answer to PUT ${path}, when another takes over, then all is there once`,
      async (t) => {
        const tenant = await openTenant(world, `dead-${list}`)
        await tenant.put('customers', customer('c1'), customer('c2'))
        await tenant.put('items', item('s1', { kind: 'service' }))
        await tenant.put('invoices', invoice('v1', 'c1', ['s1']), invoice('v2', 'c2', ['s1']))
        const job = await tenant.startJob()
        const dead = await dieDuring('PUT', path)
        t.equal(await second.turn(), false, 'while the lease holds nobody else takes the job')
        clock.advance(leaseMs + 1)
        t.equal(await second.turn(), true, 'a minute later another one does')
        await workWithSecond()
        t.equal((await tenant.job(job)).status, 'completed', JSON.stringify(await tenant.errors(job)))
        const puts = tenant.calls(`PUT ${path}`)
        t.equal(new Set(puts.map((entry) => entry.headers.idempotencyKey)).size, 1, 'found out under the same key')
        await dead.wake()
        t.equal((await tenant.job(job)).status, 'completed', 'the late answer changes nothing')
        t.equal((await tenant.state('invoices', 'v2')).state, 'synced')
        t.equal(tenant.xero('Contacts').length, 2)
        t.equal(tenant.xero('Items').length, 1)
        t.equal(tenant.xero('Invoices').length, 2)
        tenant.checkXero(t)
      },
    )
  }

  t.test(
    'given a worker that died, when its job is cancelled, then what it was sending is still found out',
    async (t) => {
      const tenant = await openTenant(world, 'cancelled')
      await tenant.put('customers', customer('c1'))
      await tenant.put('items', item('s1', { kind: 'service' }))
      const job = await tenant.startJob()
      const dead = await dieDuring('PUT', '/Contacts')
      t.equal((await tenant.api('POST', `sync-jobs/${job}/cancel`)).status, 200)
      clock.advance(leaseMs + 1)
      await workWithSecond()
      t.equal((await tenant.job(job)).status, 'cancelled')
      t.equal((await tenant.state('customers', 'c1')).state, 'synced')
      t.match(await tenant.queue(), [{ recordId: 's1', status: 'pending' }], 'what was not sent is back in the queue')
      await dead.wake()
      t.equal(tenant.xero('Contacts').length, 1)
      tenant.checkXero(t)
    },
  )

  t.test(
    'given an answer that comes while its call is replayed, when the replay is lost, then it stays known',
    async (t) => {
      const tenant = await openTenant(world, 'known')
      await tenant.put('customers', customer('c1'))
      const job = await tenant.startJob()
      const paused = await dieDuring('PUT', '/Contacts')
      clock.advance(leaseMs + 1)
      control.faults({ kind: 'lost_response', method: 'PUT', path: '/Contacts', tenantId: tenant.organisationId })
      const replay = hold('carried_out', 'PUT', '/Contacts')
      const worked = workWithSecond()
      await replay.reached
      await paused.wake()
      t.equal((await tenant.state('customers', 'c1')).state, 'synced', 'what was written is put on record by anybody')
      replay.release()
      await worked
      t.equal((await tenant.state('customers', 'c1')).state, 'synced')
      t.equal((await tenant.job(job)).status, 'completed')
      tenant.checkXero(t)
    },
  )

  t.test(
    'given an answer that comes before its call is replayed, when the replay is due, then it is not sent',
    async (t) => {
      const tenant = await openTenant(world, 'overtaken')
      await tenant.put('customers', customer('c1'))
      await tenant.startJob()
      const paused = await dieDuring('PUT', '/Contacts')
      clock.advance(leaseMs + 1)
      // The replay has to wait for a token first: that is when the answer comes.
      await world.database.db.updateTable('token_sets').set({ access_expires_at: clock.now().toISOString() }).execute()
      const refresh = hold('arrived', 'POST', '/connect/token')
      const worked = workWithSecond()
      await refresh.reached
      await paused.wake()
      refresh.release()
      await worked
      t.equal(tenant.calls('PUT /Contacts').length, 1)
      t.equal((await tenant.state('customers', 'c1')).state, 'synced')
      tenant.checkXero(t)
    },
  )

  t.test(
    'given a late refusal of a call whose job another worker has ended, when it comes, then nothing is held by that job',
    async (t) => {
      const tenant = await openTenant(world, 'given-back')
      await tenant.put('customers', customer('c1'))
      await tenant.put('vendors', vendor('v1'))
      await tenant.put('items', item('s1', { kind: 'service' }))
      await tenant.put('invoices', invoice('v1', 'c1', ['s1']))
      const job = await tenant.startJob()
      const paused = await dieDuring('PUT', '/Contacts', 'arrived')
      control.disconnect(tenant.organisation)
      clock.advance(leaseMs + 1)
      await workWithSecond()
      t.match(await tenant.job(job), { status: 'failed', error: { code: 'disconnected' } })
      await paused.wake()
      t.match(await tenant.queue(), [
        { status: 'pending' },
        { status: 'pending' },
        { status: 'pending' },
        { status: 'pending' },
      ])
      t.equal((await tenant.state('customers', 'c1')).state, 'pending')
      await tenant.reconnect()
      t.equal((await tenant.sync()).status, 'completed')
      t.equal((await tenant.state('invoices', 'v1')).state, 'synced')
      tenant.checkXero(t)
    },
  )

  t.test('given a paused worker, when it wakes up after another took its job, then it saves nothing', async (t) => {
    const tenant = await openTenant(world, 'paused')
    control.bulk(tenant.organisation, { contacts: 30 })
    const job = await tenant.startJob()
    const paused = await dieDuring('GET', '/Contacts')
    clock.advance(leaseMs + 1)
    await workWithSecond()
    const before = await tenant.job(job)
    t.equal(before.status, 'completed')
    await paused.wake()
    t.strictSame(await tenant.job(job), before)
    t.ok(world.logLines.some((line) => line.includes(job) && line.includes('went to another worker')))
    tenant.checkXero(t)
  })

  t.test(
    'given an import that stopped between two pages, when another goes on, then no page is read again',
    async (t) => {
      const tenant = await openTenant(world, 'checkpoint')
      control.bulk(tenant.organisation, { contacts: 2_100 })
      const job = await tenant.startJob()
      const pages = () => tenant.calls('GET /Contacts').map((entry) => entry.query.page)
      while (pages().length < 1) await world.house.turn()
      await workWithSecond()
      t.equal((await tenant.job(job)).status, 'completed')
      t.strictSame(pages(), ['1', '2', '3'])
      tenant.checkXero(t)
    },
  )

  t.test(
    'given an import of changes that was left between two pages, when a full job runs, then it reads all',
    async (t) => {
      const tenant = await openTenant(world, 'left')
      await tenant.sync()
      clock.advance(60 * leaseMs)
      control.bulk(tenant.organisation, { contacts: 1_100 })
      tenant.mark()
      const job = await tenant.startJob()
      while (tenant.calls('GET /Contacts').length < 1) await world.house.turn()
      await tenant.api('POST', `sync-jobs/${job}/cancel`)
      await world.work()
      t.equal((await tenant.job(job)).status, 'cancelled')
      tenant.mark()
      clock.advance(60 * leaseMs)
      t.equal((await tenant.sync('full')).status, 'completed')
      t.strictSame(
        tenant.calls('GET /Contacts').map((entry) => [entry.query.page, entry.headers.ifModifiedSince]),
        [
          ['1', undefined],
          ['2', undefined],
        ],
      )
      tenant.checkXero(t)
    },
  )

  t.test('given many connections and two workers, when each has a long job, then all move on in turn', async (t) => {
    const tenants: Tenant[] = []
    for (const name of ['a', 'b', 'c']) {
      const tenant = await openTenant(world, `fair-${name}`)
      await tenant.put('customers', ...Array.from({ length: 120 }, (_, n) => customer(`c${n}`)))
      tenants.push(tenant)
    }
    for (const tenant of tenants) await tenant.startJob()
    for (let turn = 0; turn < 20; turn++) {
      clock.advance(1)
      await Promise.all([world.house.turn(), second.turn()])
      const calls = tenants.map((tenant) => tenant.calls().length)
      // A turn makes up to four calls at once.
      t.ok(Math.max(...calls) - Math.min(...calls) <= 4, `nobody is more than a turn ahead: ${calls.join(' ')}`)
    }
    await world.work()
    for (const tenant of tenants) {
      t.equal(tenant.xero('Contacts').length, 120)
      tenant.checkXero(t)
    }
  })
})
