// Lists of long rows: a page ends before it holds more than about a megabyte, whatever `limit` asks for, and the next one goes
// on exactly there. Long answers are written while others have their turn.
import { sql } from 'kysely'
import t from 'tap'
import { findRecordHeads } from '../../src/stores/shown-records.ts'
import { type Answer, openWorld } from '../support/house.ts'
import { bill, invoice } from '../support/records.ts'
import { turnsDuring } from '../support/turns.ts'

const { api, connect, database } = await openWorld(t)
const connectionId = await connect()
const c = `/v1/connections/${connectionId}`
const { db } = database
const mebibyte = 1024 * 1024
const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const many = (count: number) => Array.from({ length: count }, (_, n) => n)
const now = '2026-11-25T02:00:00.000Z'

/** Ids of the entries, by page. */
async function pagesOf(path: string, idOf: (entry: Record<string, unknown>) => unknown): Promise<unknown[][]> {
  const pages: unknown[][] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { status, body, text }: Answer = await api(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}limit=200${cursor}`,
    )
    if (status !== 200) throw new Error(text)
    const { items, nextCursor } = body as { items: Record<string, unknown>[]; nextCursor: string | null }
    if (items.length > 1 && text.length > 1.2 * mebibyte) throw new Error(`a page of ${text.length} characters`)
    pages.push(items.map(idOf))
    cursor = nextCursor === null ? null : `&cursor=${nextCursor}`
    if (pages.length > 50) throw new Error('the list does not end')
  }
  return pages
}

t.test('given records of very different length, when they are listed, then each page ends in time', async (t) => {
  const lines = (count: number, letters: number) =>
    many(count).map((n) => ({
      id: String(n),
      quantity: '1',
      unitPrice: '1.50',
      description: 'd'.repeat(letters),
    }))
  const lengths = [10, 3_900, 10, 400, 400, 400, 3_900, 3_900, 10, 10]
  for (const [n, letters] of lengths.entries()) {
    const record = { ...bill(`b${n}`, 'v', ['i']), lines: lines(letters === 10 ? 1 : 1_000, letters) }
    t.match((await api('PUT', `${c}/bills`, { records: [record] })).body.summary, { created: 1 })
  }
  const pages = await pagesOf(`${c}/bills`, ({ id }) => id)
  t.same(pages, [['b0'], ['b1'], ['b2', 'b3'], ['b4'], ['b5'], ['b6'], ['b7'], ['b8', 'b9']])
  const heads = await findRecordHeads(db, 'acme', connectionId, 'bill', ['b1', 'b2'])
  t.same(
    heads.map(({ id, body }) => [id, body.number !== undefined, body.lines]).sort(),
    [
      ['b1', true, undefined],
      ['b2', true, undefined],
    ],
    'what is queued again is judged without its lines',
  )
  const transactionsOf = async (...ids: string[]) => {
    const short = ids.map((id) => ({ ...bill(id, 'v', ['i']), memo: 'short' }))
    t.match((await api('PUT', `${c}/bills`, { records: short })).body.summary, { updated: ids.length })
    const rows = await sql<{ n: number }>`
      SELECT count(DISTINCT xmin::text)::int4 AS n FROM records WHERE type = 'bill' AND id = ANY (${ids}::text[])`.execute(
      db,
    )
    return rows.rows[0]?.n
  }
  t.equal(await transactionsOf('b0', 'b2', 'b8', 'b9'), 1)
  t.equal(await transactionsOf('b1', 'b6', 'b7'), 2, 'short bodies for records of four megabytes each')
  const short = await api('GET', `${c}/bills?limit=1`)
  t.same([short.body.items.length, typeof short.body.nextCursor], [1, 'string'])
  t.match(short.headers.link, /rel="next"/)
})

t.test('given lists of whatever has long values, when they are read, then each page ends in time', async (t) => {
  const long = (n: number) =>
    JSON.stringify({
      code: 'record_missing',
      title: 't',
      cause: 'c'.repeat(n),
      action: 'a',
      field: null,
      retryable: false,
      xero: [],
    })
  const ids = many(5)
  const owner = sql`'acme', ${connectionId}::uuid`
  await sql`INSERT INTO sync_jobs (id, company_id, connection_id, status, kind, trigger, steps, progress, error, last_served_at, created_at, completed_at)
    SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, ${owner}, 'failed', 'incremental', 'manual', '[]', '{}', ${long(400_000)}::jsonb,
      ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz FROM generate_series(0, 4) n`.execute(db)
  await sql`INSERT INTO sync_queue_items (id, company_id, connection_id, record_type, record_id, record_name, action, status, last_error, created_at, updated_at)
    SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, ${owner}, 'vendor', 'q' || n, 'q', 'create', 'failed', ${long(400_000)}::jsonb,
      ${now}::timestamptz, ${now}::timestamptz FROM generate_series(0, 4) n`.execute(db)
  await sql`INSERT INTO sync_job_errors (company_id, connection_id, job_id, queue_item_id, status, attempts, error, created_at)
    SELECT ${owner}, ${uuid(0)}::uuid, id, 'failed', 1, last_error, ${now}::timestamptz FROM sync_queue_items WHERE record_id LIKE 'q%'`.execute(
    db,
  )
  await sql`UPDATE sync_queue_items SET last_error = NULL WHERE record_id = 'q4'`.execute(db)
  t.equal((await api('PUT', `${c}/vendors/v`, { name: 'v' })).status, 201)
  await sql`INSERT INTO write_batches (id, company_id, connection_id, job_id, list, operation, body, elements, body_hash, idempotency_key, state, sends, first_sent_at, last_sent_at, created_at, settled_at)
    VALUES (${uuid(0)}::uuid, ${owner}, ${uuid(0)}::uuid, 'contacts', 'create', '', '[]', '', '', 'written', 1, ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz)`.execute(
    db,
  )
  await sql`INSERT INTO attempts (id, company_id, connection_id, batch_id, job_id, queue_item_id, record_type, record_id, action, idempotency_key, request_hash, outcome, error, warnings, started_at)
    SELECT id, ${owner}, ${uuid(0)}::uuid, ${uuid(0)}::uuid, id, 'vendor', 'v', 'create', '', '', 'rejected', ${long(400_000)}::jsonb, '[]', ${now}::timestamptz
    FROM sync_queue_items WHERE record_id LIKE 'q%'`.execute(db)
  await sql`INSERT INTO incidents (id, company_id, connection_id, kind, list, marker, remote_ids, detected_at)
    SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, ${owner}, 'duplicate', 'invoices', 'm' || n, ARRAY[repeat('x', 400000)], ${now}::timestamptz
    FROM generate_series(0, 4) n`.execute(db)
  await sql`INSERT INTO odd_rows (company_id, connection_id, list, remote_id, reason, rows, first_seen_at, last_seen_at)
    SELECT ${owner}, 'items', 'o' || n, repeat('x', 400000), 1, ${now}::timestamptz, ${now}::timestamptz FROM generate_series(0, 4) n`.execute(
    db,
  )

  const twoByTwo = (names: readonly unknown[]) => [names.slice(0, 2), names.slice(2, 4), names.slice(4)]
  const backwards = ids.toReversed().map(uuid)
  t.same(await pagesOf(`${c}/sync-jobs`, ({ id }) => id), twoByTwo(backwards), 'jobs')
  const items = await pagesOf(`${c}/sync-queue-items?recordType=vendor&status=failed`, ({ id }) => id)
  t.same(items, [[4, 3, 2].map(uuid), [1, 0].map(uuid)], 'queue items')
  const first = await pagesOf(`${c}/sync-queue-items?recordType=vendor&status=failed&sort=createdAt`, ({ id }) => id)
  t.same(first, [ids.slice(0, 2).map(uuid), ids.slice(2).map(uuid)], 'queue items, the oldest first')
  t.same(
    await pagesOf(`${c}/sync-jobs/${uuid(0)}/errors`, ({ id }) => id),
    ids.map((n) => [uuid(n)]),
    'errors of a job',
  )
  t.same(await pagesOf(`${c}/vendors/v/attempts`, ({ id }) => id), twoByTwo(backwards), 'attempts')
  t.same(await pagesOf(`${c}/incidents`, ({ id }) => id), twoByTwo(backwards), 'incidents')
  t.same(await pagesOf(`${c}/odd-rows`, ({ xeroId }) => xeroId), twoByTwo(ids.map((n) => `o${n}`)), 'odd rows')
})

t.test('given long records in the change feed, when it is read, then no change is left out', async (t) => {
  await sql`INSERT INTO change_counters (company_id, connection_id, latest) VALUES ('acme', ${connectionId}::uuid, 5)`.execute(
    db,
  )
  await sql`INSERT INTO changes (company_id, connection_id, sequence, record_type, record_id, operation, record, changed_at)
    SELECT 'acme', ${connectionId}::uuid, n, 'vendor', 'v', 'updated', jsonb_build_object('id', 'v', 'name', repeat('x', 400000)), ${now}::timestamptz
    FROM generate_series(1, 5) n`.execute(db)
  const read: unknown[] = []
  for (let after = 0; ; ) {
    const { body } = await api('GET', `${c}/changes?limit=200&after=${after}`)
    read.push([body.items.map(({ sequence }: { sequence: number }) => sequence), body.nextAfter, body.hasMore])
    after = body.nextAfter
    if (!body.hasMore) break
  }
  t.same(read, [
    [[1, 2], 2, true],
    [[3, 4], 4, true],
    [[5], 5, false],
  ])
})

t.test('given many invoices of many lines, when they are listed, then others have their turn', async (t) => {
  const long = many(150).map((n) => invoice(`i${n}`, 'c', many(100).map(String)))
  t.match((await api('PUT', `${c}/invoices`, { records: long })).body.summary, { created: 150 })
  const { turns, result } = await turnsDuring(() => api('GET', `${c}/invoices?limit=200`))
  t.ok(result.text.length > 500_000, `${result.text.length} characters`)
  t.ok(turns >= 8, `${turns} turns while ${result.text.length} characters were made`)
})
