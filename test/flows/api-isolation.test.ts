// One company never reaches what belongs to another: every operation of the document is tried with every wrong key, and
// with another company's ids, cursors, ETags and idempotency keys.
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { kiwi, somerset } from '../../src/simulator/index.ts'
import { operations } from '../support/contract.ts'
import { type Answer, openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, settingsForDemoOrganisation, vendor } from '../support/records.ts'

const canary = 'CANARY-OF-ACME'
const world = await openWorld(t)
const { api, send, simulator, database, work, house } = world
type Sent = Promise<Answer>

/** A connection with records of every type, a finished and an unfinished job, failed items and changes. */
async function furnish(company: string, organisation: string, mark: string) {
  const own = { 'x-company-id': company }
  simulator.control.consent({ mode: 'automatic', organisations: [organisation] })
  const { id: connectionId, authorizationUrl } = (await api('POST', '/v1/connections', {}, own)).body
  const c = `/v1/connections/${connectionId}`
  const completionCode = (await world.browse(authorizationUrl)).searchParams.get('code')
  await api('POST', `${c}/confirm`, { completionCode }, own)
  const patch = { ...settingsForDemoOrganisation, company: { timezone: 'Pacific/Auckland' } }
  await api('PATCH', `${c}/settings`, patch, { 'if-match': '*', ...own })
  const put = (path: string, body: object) => api('PUT', `${c}/${path}`, body, own)
  const many = [1, 2, 3].map((n) => customer(`r${n}`, { name: `${mark} ${n}`, email: `${n}@${mark}.example` }))
  await put('customers', { records: [customer('r', { name: mark }), ...many] })
  await put('vendors/r', vendor('r', { name: `${mark} vendor` }))
  await put('items/r', item('r', { name: mark, code: mark, kind: 'service' }))
  await put('invoices/r', invoice('r', 'r', ['r'], { number: mark }))
  await put('bills/r', bill('r', 'r', ['r'], { number: mark }))
  await put('invoices/bad', invoice('bad', 'absent', ['r'], { number: `${mark}-bad` }))
  await api('POST', `${c}/sync-jobs`, {}, own)
  await work()
  await put('customers/r', customer('r', { name: `${mark} again` }))
  const jobId = (await api('POST', `${c}/sync-jobs`, {}, own)).body.id
  await put('customers/r', customer('r', { name: `${mark} thrice` }))
  const [{ id: itemId }] = (await api('GET', `${c}/sync-queue-items`, undefined, own)).body.items
  const { id: keyId, secret } = (await api('POST', '/v1/api-keys', { companyId: company, name: mark })).body
  const incident = {
    kind: 'orphan',
    list: 'invoices',
    marker: mark,
    remote_ids: [],
    detected_at: '2026-11-25T00:00:00Z',
  }
  const { id: incidentId } = await database.db
    .insertInto('incidents')
    .values({ ...incident, id: randomUUID(), company_id: company, connection_id: connectionId } as never)
    .returning('id')
    .executeTakeFirstOrThrow()
  return { connectionId, jobId, itemId, keyId, incidentId, recordId: 'r', secret: String(secret) }
}

const acme = await furnish('acme', somerset, canary)
const globex = await furnish('globex', kiwi, 'globex')
const walked = operations.filter(({ path }) => path.startsWith('/v1/'))

const bodies: Readonly<Record<string, object>> = {
  createApiKey: { name: 'walker' },
  confirmConnection: { completionCode: 'none' },
  selectOrganisation: { organisationId: 'none' },
  resolveItemConflict: { keep: 'product' },
  resolveInvoiceConflict: { keep: 'product' },
  resolveBillConflict: { keep: 'product' },
  requeueRecords: { recordType: 'customer' },
  bulkPutItems: { records: [item('w')] },
  bulkPutCustomers: { records: [customer('w')] },
  bulkPutVendors: { records: [customer('w')] },
  bulkPutInvoices: { records: [invoice('w', 'r', ['r'])] },
  bulkPutBills: { records: [bill('w', 'r', ['r'])] },
  putItem: item('r'),
  putCustomer: customer('r'),
  putVendor: customer('r'),
  putInvoice: invoice('r', 'r', ['r']),
  putBill: bill('r', 'r', ['r']),
}
const linkBody = { xeroId: '01936f5a-7c1e-7b3a-9f4d-2a6b8c0d1e2f' }

function fill(path: string, ids: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => {
    const id = ids[name]
    if (id === undefined) throw new Error(`the walker has no ${name}: add it to its furniture`)
    return id
  })
}

function call(
  entry: (typeof walked)[number],
  ids: Readonly<Record<string, string>>,
  headers: object,
  address?: string,
): Sent {
  const { method, path, operation } = entry
  const takesBody = ['POST', 'PUT', 'PATCH'].includes(method) && !/\/(cancel|refresh|resolve)$/.test(path)
  const body = bodies[operation.operationId] ?? (operation.operationId.startsWith('link') ? linkBody : {})
  return send(method, fill(path, ids), {
    headers: { ...(takesBody && { 'content-type': 'application/json' }), 'if-match': '*', ...headers },
    payload: takesBody ? JSON.stringify(body) : undefined,
    address,
  })
}

/** Everything stored for a company. lastUsedAt of keys aside, nothing of it may move. */
async function stored(company: string): Promise<string> {
  const tables = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'company_id'
      AND table_name <> 'api_keys' ORDER BY 1`.execute(database.db)
  const parts = []
  for (const { name } of tables.rows) {
    const found = await sql<{ row: string }>`
      SELECT t::text AS row FROM ${sql.table(name)} t WHERE company_id = ${company} ORDER BY 1`.execute(database.db)
    parts.push(`${name}: ${found.rows.map(({ row }) => row).join('\n')}`)
  }
  return parts.join('\n\n')
}

t.test('given every route below /v1, when the document is compared, then the walker walks it', async (t) => {
  const routes = [...house.app.knownRoutes].filter(([url]) => url.startsWith('/v1'))
  const known = routes.flatMap(([url, { methods }]) =>
    [...methods]
      .filter((method) => method !== 'HEAD')
      .map((method) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`),
  )
  t.ok(known.length > 60)
  t.same(walked.map(({ method, path }) => `${method} ${path}`).sort(), known.sort())
})

t.test(
  'given no key, a malformed or a revoked one, when any operation is called, then 401 and nothing else',
  async (t) => {
    const { id, secret } = (await api('POST', '/v1/api-keys', { companyId: 'acme', name: 'gone' })).body
    await api('DELETE', `/v1/api-keys/${id}`)
    const before = await stored('acme')
    const wrong: Record<string, string>[] = [
      {},
      { authorization: 'Bearer ' },
      { authorization: 'Bearer xsk_nonsense' },
      { authorization: acme.secret },
      { authorization: `Basic ${Buffer.from(`x:${acme.secret}`).toString('base64')}` },
      { authorization: `Bearer ${secret}` },
      { 'x-api-key': acme.secret },
    ]
    for (const [index, entry] of walked.entries()) {
      for (const headers of wrong) {
        // Wrong keys of one address are limited.
        const answer = await call(entry, acme, headers, `10.0.0.${index}`)
        const name = `${entry.operation.operationId} with ${JSON.stringify(Object.keys(headers))}`
        if (answer.status !== 401 || answer.text.includes(canary)) t.fail(`${name}: ${answer.status} ${answer.text}`)
      }
    }
    t.equal(await stored('acme'), before)
  },
)

t.test("given another company's key, when any operation names acme's ids, then as if there were none", async (t) => {
  const before = await stored('acme')
  const unknown = '01936f5a-0000-7000-8000-000000000000'
  const ofAcme = Object.values(acme).filter((id) => id.length === 36)
  const blank = (text: string) =>
    [...ofAcme, unknown].reduce((rest, id) => rest.replaceAll(id, '…'), text).replace(/"requestId":"[^"]*"/, '')
  const headers = { authorization: `Bearer ${globex.secret}`, 'x-company-id': 'acme' }
  for (const entry of walked.filter(({ path }) => path.includes('{'))) {
    const name = entry.operation.operationId
    const nothing = {
      connectionId: unknown,
      jobId: unknown,
      itemId: unknown,
      keyId: unknown,
      incidentId: unknown,
      recordId: 'r',
    }
    const foreign = await call(entry, acme, headers)
    const none = await call(entry, nothing, headers)
    if (foreign.status !== 404) t.fail(`${name} answers ${foreign.status}: ${foreign.text}`)
    if (foreign.text.includes(canary)) t.fail(`${name} lets something slip: ${foreign.text}`)
    t.equal(blank(foreign.text), blank(none.text), name)
    // A foreign part below a connection of one's own.
    if (!/\{(jobId|itemId|incidentId)\}/.test(entry.path)) continue
    const mixed = await call(entry, { ...acme, connectionId: globex.connectionId }, headers)
    const missing = await call(entry, { ...nothing, connectionId: globex.connectionId }, headers)
    t.match([mixed.status, missing.status], [404, 404], name)
    t.equal(blank(mixed.text), blank(missing.text), `${name}, below an own connection`)
  }
  t.equal(await stored('acme'), before, 'nothing of acme has changed')
})

t.test(
  "given acme's own key, when what may be read is read, then the walker's ids really lead somewhere",
  async (t) => {
    const reading = walked.filter(({ method }) => method === 'GET')
    const shown = []
    for (const entry of reading) {
      const answer = await call(entry, acme, { authorization: `Bearer ${acme.secret}` })
      t.equal(answer.status, 200, entry.operation.operationId)
      if (answer.text.includes(canary)) shown.push(entry.operation.operationId)
    }
    t.ok(shown.length > 12, `${shown.length} operations show the canary`)
  },
)

t.test('given two companies with the same record ids, when either lists, then it sees its own', async (t) => {
  const own = { authorization: `Bearer ${globex.secret}`, 'x-company-id': 'acme' }
  const lists = walked.filter(({ method, operation }) => method === 'GET' && operation.operationId.startsWith('list'))
  t.ok(lists.length > 10)
  for (const entry of lists) {
    const answer = await call(entry, globex, own)
    t.equal(answer.status, 200, entry.operation.operationId)
    t.notOk(answer.text.includes(canary), entry.operation.operationId)
    t.notOk(answer.text.includes(acme.connectionId), entry.operation.operationId)
  }
  const connections = (await send('GET', '/v1/connections', { headers: own })).body.items
  t.same(
    connections.map(({ id }: { id: string }) => id),
    [globex.connectionId],
  )
})

t.test(
  "given acme's cursor, ETag and idempotency key, when globex uses them, then they are worth nothing",
  async (t) => {
    const headers = (secret: string) => ({ authorization: `Bearer ${secret}`, 'content-type': 'application/json' })
    const [mine, theirs] = [headers(globex.secret), headers(acme.secret)]
    const page = await send('GET', `/v1/connections/${acme.connectionId}/customers?limit=1`, { headers: theirs })
    const cursor = page.body.nextCursor
    t.ok(cursor)
    for (const id of [acme.connectionId, globex.connectionId]) {
      const url = `/v1/connections/${id}/customers?limit=1&cursor=${cursor}`
      const answer = await send('GET', url, { headers: mine })
      t.ok([400, 404].includes(answer.status), `${id}: ${answer.status}`)
      t.notOk(answer.text.includes(canary))
    }
    const payload = '{}'
    const key = { 'idempotency-key': 'shared-by-chance' }
    const first = await send('POST', '/v1/connections', { headers: { ...theirs, ...key }, payload })
    const second = await send('POST', '/v1/connections', { headers: { ...mine, ...key }, payload })
    t.equal(second.headers['idempotency-replayed'], undefined)
    t.not(second.body.id, first.body.id)
    t.same([first.body.companyId, second.body.companyId], ['acme', 'globex'])
  },
)
