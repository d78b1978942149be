// Sync jobs as a caller sees them: one at a time, watched, cancelled, and what they could not bring over.
import { sql } from 'kysely'
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item, settingsForDemoOrganisation } from '../support/records.ts'

const { api, send, connect, work, house, clock, simulator, database } = await openWorld(t)
const c = `/v1/connections/${await connect()}`
const jobs = `${c}/sync-jobs`
await api('PATCH', `${c}/settings`, settingsForDemoOrganisation, { 'if-match': '*' })

t.test('given an unfinished job, when a second is asked for, then 409 leads to the first', async (t) => {
  await api('PUT', `${c}/customers/c1`, customer('c1'))
  const created = await api('POST', jobs, {})
  t.equal(created.status, 201)
  t.match(created.body, { status: 'queued', kind: 'incremental', trigger: 'manual', completedAt: null, error: null })
  const url = `${jobs}/${created.body.id}`
  t.equal(created.headers.location, url)
  t.same((await api('GET', url)).body, created.body)
  const second = await api('POST', jobs, { kind: 'full' })
  t.match([second.status, second.body.code, second.body.jobId], [409, 'job_in_progress', created.body.id])
  t.equal(second.headers.location, url)
  await house.turn()
  const running = (await api('GET', url)).body
  t.match(running, { startedAt: clock.now().toISOString(), completedAt: null, progress: { customer: { queued: 1 } } })
  await work()
  const ended = (await api('GET', url)).body
  t.match(ended, { status: 'completed', completedAt: /Z$/, progress: { customer: { queued: 1, sent: 1, failed: 0 } } })
  t.equal(ended.sentRequests, ended.receivedResponses)
  t.equal(ended.sentRequests, simulator.control.journal({ area: 'api' }).length)
  const full = await api('POST', jobs, { kind: 'full' })
  t.match([full.status, full.body.kind], [201, 'full'], 'then another may come')
  await work()
})

t.test(
  'given a job of a version that knew fewer types, when it goes on, then those are counted from zero',
  async (t) => {
    const { id } = (await api('POST', jobs, {})).body
    await database.db.updateTable('sync_jobs').set({ progress: sql`progress - 'bill'` }).where('id', '=', id).execute()
    await work()
    const { status, body } = await api('GET', `${jobs}/${id}`)
    t.match([status, body], [200, { status: 'completed', progress: { bill: { queued: 0, sent: 0 } } }])
  },
)

t.test('given ten callers at once, when each asks for a job, then one gets it', async (t) => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => api('POST', jobs, {})))
  t.same(answers.map(({ status }) => status).sort(), [201, ...Array(9).fill(409)])
  const made = answers.find(({ status }) => status === 201)?.body.id
  t.ok(answers.every(({ status, body }) => status === 201 || body.jobId === made))
  await work()
})

t.test('given a job, when it is cancelled, then it ends, what it held waits again, and it stays ended', async (t) => {
  await api('PUT', `${c}/customers/c2`, customer('c2'))
  const { id } = (await api('POST', jobs, {})).body
  t.equal((await api('GET', `${c}/customers/c2`)).body.sync.state, 'locked')
  t.match((await api('GET', `${jobs}/${id}`)).body, { cancelRequested: false })
  t.match(await api('POST', `${jobs}/${id}/cancel`), { status: 200, body: { cancelRequested: true } })
  t.match((await api('GET', `${jobs}/${id}`)).body, { cancelRequested: true, completedAt: null })
  t.equal((await api('POST', `${jobs}/${id}/cancel`)).status, 200, 'twice is once, while it runs')
  await work()
  t.match((await api('GET', `${jobs}/${id}`)).body, { status: 'cancelled', completedAt: /Z$/ })
  t.equal((await api('GET', `${c}/customers/c2`)).body.sync.state, 'pending')
  const late = await api('POST', `${jobs}/${id}/cancel`)
  t.match([late.status, late.body.code], [409, 'invalid_state_transition'])
  await api('POST', jobs, {})
  await work()
  t.equal((await api('GET', `${c}/customers/c2`)).body.sync.state, 'synced')
})

t.test(
  'given a job with failures, when its errors are paged, then each comes once with cause and remedy',
  async (t) => {
    await api('PUT', `${c}/items/i1`, item('i1', { kind: 'service' }))
    const records = [1, 2, 3, 4, 5].map((n) => invoice(`bad${n}`, 'absent', ['i1']))
    await api('PUT', `${c}/invoices`, { records })
    const { id } = (await api('POST', jobs, {})).body
    await work()
    t.match((await api('GET', `${jobs}/${id}`)).body, { status: 'completed_with_errors' })
    const seen: string[] = []
    let pages = 0
    for (let cursor: string | null = ''; cursor !== null; pages++) {
      const page: { body: { items: { recordId: string; lastError: object }[]; nextCursor: string | null } } = await api(
        'GET',
        `${jobs}/${id}/errors?limit=2${cursor && `&cursor=${cursor}`}`,
      )
      for (const { recordId, lastError } of page.body.items) {
        seen.push(recordId)
        t.match(lastError, { code: /\w/, cause: /\w/, action: /\w/ })
      }
      cursor = page.body.nextCursor
    }
    t.same(seen.sort(), ['bad1', 'bad2', 'bad3', 'bad4', 'bad5'])
    t.equal(pages, 3)
    t.match((await api('GET', `${c}/health`)).body, { healthy: false, reasons: [{ code: 'failed_items' }] })
    await api('PUT', `${c}/customers/absent`, customer('absent'))
    const next = (await api('POST', jobs, {})).body
    await work()
    t.equal((await api('GET', `${jobs}/${next.id}`)).body.status, 'completed', 'mended, they go through')
    t.equal(
      (await api('GET', `${jobs}/${id}/errors`)).body.items.length,
      5,
      'the errors of the first job stay readable',
    )
    t.equal((await api('GET', `${c}/health`)).body.healthy, true)
  },
)

t.test('given jobs, when they are listed, then newest first, page by page', async (t) => {
  const all = (await api('GET', `${jobs}?limit=200`)).body.items.map(({ id }: { id: string }) => id)
  t.ok(all.length >= 6)
  t.same(all, all.toSorted().toReversed())
  const first = await api('GET', `${jobs}?limit=4`)
  const second = await api('GET', `${jobs}?limit=200&cursor=${first.body.nextCursor}`)
  t.same(
    [...first.body.items, ...second.body.items].map(({ id }: { id: string }) => id),
    all,
  )
})

t.test('given what is no job, when it is asked for, then the answer says so', async (t) => {
  for (const id of ['7', '01936f5a-0000-7000-8000-000000000000']) {
    for (const [method, tail] of [
      ['GET', ''],
      ['POST', '/cancel'],
      ['GET', '/errors'],
    ] as const) {
      t.match(
        (await api(method, `${jobs}/${id}${tail}`)).body,
        { status: 404, code: 'not_found' },
        `${method} ${id}${tail}`,
      )
    }
  }
  const kind = await api('POST', jobs, { kind: 'partial' })
  t.match([kind.status, kind.body.errors?.[0]?.pointer], [422, '/kind'])
  t.equal((await api('POST', jobs)).status, 201, 'a job needs no body')
  t.equal((await send('POST', jobs)).status, 401)
})
