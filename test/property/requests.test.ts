// Every reader can read whatever an operation lets in: bodies and queries are drawn from openapi.yaml, at the ends of their schemas
// and beyond them, for everything but records themselves (readers.test.ts). Whatever was sent, the answer is a success or a
// problem of the caller's, and afterwards every list and every single thing of the company is read, and its jobs run.
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { operations } from '../support/contract.ts'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, settingsForDemoOrganisation, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { drawn, type Node, type Usual } from './support/drawn-from-schema.ts'

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly schema: Node
}
interface Operation {
  readonly operationId: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema: Node }>> }
}
type Values = Readonly<Record<string, unknown>>
interface Draw {
  readonly query: Values
  readonly body?: unknown
}

const seed = 20_261_129
const drawsOfSettings = 10
const drawsOfOthers = 6

/** Beyond the schemas: what a faulty or hostile caller sends. */
const odd: readonly unknown[] = [
  ...[
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\ud800',
    '-1',
    '0',
    '201',
    '1e99',
    'NaN',
    '٣',
    'true',
    'null',
    '%00',
    '..',
    '__proto__',
  ],
  ...[
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:60Z',
    '9999-12-31T23:59:59-23:59',
    '0000-00-00',
    '10000-01-01T00:00:00Z',
  ],
  ...[
    'a'.repeat(9_000),
    'eyJ2IjoxfQ',
    'AAAA'.repeat(20),
    '!!!',
    null,
    -1,
    0,
    1e308,
    9_007_199_254_740_992,
    true,
    [],
    {},
  ],
  ...[[null], { a: { b: [] } }],
]

const usual: Usual = {
  recordIds: [['x'], ['x', 'y'], ['none']],
  recordId: ['x', 'y', 'none'],
  timezone: ['Pacific/Auckland', 'UTC', 'Etc/GMT+12', 'Europe/Nowhere', 'UTC+1'],
  cron: ['*/15 * * * *', '0 0 29 2 *', '0 0 31 2 *', '61 * * * *', 'a b c d e'],
  income: ['200', null, '999'],
  expense: ['300', null],
  ...Object.fromEntries(['sales', 'shipping', 'discount', 'rounding'].map((name) => [name, ['200', '260', null]])),
  ...Object.fromEntries(['purchases', 'otherCharges'].map((name) => [name, ['300', null]])),
  ...Object.fromEntries(['defaultTaxType', 'exemptTaxType', 'brandingThemeId'].map((name) => [name, [null]])),
  taxMap: [{ GST: 'OUTPUT' }, { GST: 'INPUT' }, {}],
  itemGroups: [{}, { '': { income: '200', expense: null } }, { a: { income: null, expense: '300' } }],
  trackingMap: [{}],
  number: ['document_number'],
  limit: [1, 2, 37, 200],
}

const isRecordBody = (path: string) => /\/(items|customers|vendors|invoices|bills)(\/\{recordId\})?$/.test(path)
const chosen = operations
  .filter(
    ({ method, path }) =>
      path.startsWith('/v1') && !(method === 'PUT' && !path.includes('settings') && isRecordBody(path)),
  )
  .map(({ method, path, operation }) => ({ method, path, ...(operation as unknown as Operation) }))

/** One value of it is replaced by something odd. */
function spoiled(value: unknown, at: readonly number[], by: unknown): unknown {
  const [first = 0, ...rest] = at
  if (value === null || typeof value !== 'object' || Object.keys(value).length === 0 || at.length === 0) return by
  const keys = Object.keys(value)
  const key = keys[first % keys.length] ?? ''
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...value }
  Object.assign(copy, { [key]: spoiled((value as Values)[key], rest, by) })
  return copy
}

function drawsOf({ parameters = [], requestBody, operationId }: Operation, count: number): Draw[] {
  const ofQuery = parameters.filter((one) => one.in === 'query')
  const [schema] = Object.values(requestBody?.content ?? {}).map((content) => content.schema)
  const query = drawn({ properties: Object.fromEntries(ofQuery.map((one) => [one.name, one.schema])) }, usual)
  const whole = fc.record({ query, ...(schema && { body: drawn(schema, usual) }) })
  const place = fc.array(fc.nat(30), { minLength: 2, maxLength: 4 })
  const arbitrary = fc
    .tuple(whole, fc.integer({ min: 0, max: 2 }), place, fc.constantFrom(...odd))
    .map(([fine, how, at, by]) => (how === 0 ? (spoiled(fine, [...at.slice(0, 1), ...at.slice(1)], by) as Draw) : fine))
  return fc.sample(arbitrary as fc.Arbitrary<Draw>, { seed: seed + operationId.length, numRuns: count })
}

/** As text in an address; a list is one value with commas. */
function queryText(query: unknown): string {
  if (query === null || typeof query !== 'object') return String(query).toWellFormed()
  return Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value).toWellFormed())}`)
    .join('&')
}

const world = await openWorld(t, { environment: { RATE_LIMIT_PER_MINUTE: '1000000' } })

async function prepared(name: string): Promise<Tenant> {
  const tenant = await openTenant(world, name)
  await tenant.put('items', item('x'), item('y'))
  await tenant.put('customers', customer('x'))
  await tenant.put('vendors', vendor('x'))
  await tenant.sync()
  await tenant.put('invoices', invoice('x', 'x', ['x']), invoice('y', 'x', ['x']))
  await tenant.put('bills', bill('x', 'x', ['x']))
  return tenant
}

/** Ids that the paths need, of things that are there. */
async function idsOf({ api, connectionId }: Tenant): Promise<Record<string, string>> {
  const first = async (path: string) => (await api('GET', path)).body.items?.[0]?.id ?? crypto.randomUUID()
  return {
    connectionId,
    recordId: 'x',
    itemId: await first('sync-queue-items'),
    jobId: await first('sync-jobs'),
    incidentId: await first('incidents'),
    keyId: crypto.randomUUID(),
  }
}

const filled = (path: string, ids: Readonly<Record<string, string>>) =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'none')

async function everythingIsRead(t: Test, tenant: Tenant): Promise<void> {
  const ids = await idsOf(tenant)
  for (const { method, path } of chosen) {
    if (method !== 'GET' || /\{(incidentId|itemId)\}/.test(path)) continue
    const { status } = await world.api('GET', filled(path, ids), undefined, { 'x-company-id': tenant.company })
    t.equal(status, 200, path)
  }
  t.notMatch(world.logLines.join(''), /"level":"?(50|60|error|fatal)/, 'nothing unexpected is in the log')
}

const isFine = (status: number) => (status >= 200 && status < 300) || (status >= 400 && status < 500)
const readable = (value: unknown): string => JSON.stringify(value).replaceAll('#', '\\u0023').slice(0, 600)

t.test('given settings of any kind, when they are saved, then they are read, and a job runs with them', async (t) => {
  const tenant = await prepared('settings')
  const faults: string[] = []
  const tally: Record<string, number> = {}
  const changes = chosen.filter(({ method, path }) => path.includes('/settings') && method !== 'GET')
  for (const { method, path, ...operation } of changes) {
    const whole = `/v1/connections/${tenant.connectionId}/settings`
    for (const { body } of drawsOf(operation, drawsOfSettings)) {
      const scope = { 'x-company-id': tenant.company }
      const current = await world.api('GET', whole, undefined, scope)
      const headers = { ...scope, 'if-match': String(current.headers.etag) }
      const answer = await world.api(method, filled(path, { connectionId: tenant.connectionId }), body, headers)
      const what = `${operation.operationId} ${answer.status}`
      tally[what] = (tally[what] ?? 0) + 1
      if (!isFine(answer.status)) faults.push(`${what} ${readable(body)}`)
    }
    for (const recordType of ['item', 'invoice', 'bill']) await tenant.api('POST', 'sync-queue-items', { recordType })
    const { id } = (await tenant.api('POST', 'sync-jobs', {})).body
    await world.work({ forMs: 60_000 })
    if (id && (await tenant.job(id)).error?.code === 'internal') faults.push(`${operation.operationId}: the job failed`)
    t.equal((await tenant.api('GET', 'settings/check')).status, 200)
  }
  t.strictSame(faults, [])
  t.ok(
    Object.keys(tally).some((what) => / 200$/.test(what)),
    'some of them are saved',
  )
  t.comment(JSON.stringify(tally))
  await everythingIsRead(t, tenant)
})

t.test('given requests of any kind, when they are sent, then whose fault it is shows, and all is read', async (t) => {
  const tenant = await prepared('requests')
  await tenant.settings(settingsForDemoOrganisation)
  const faults: string[] = []
  for (const { method, path, ...operation } of chosen) {
    if (path.includes('/settings') && method !== 'GET') continue
    const isPlain = !operation.requestBody && !operation.parameters?.some((one) => one.in === 'query')
    const ids = await idsOf(tenant)
    // To end the connection would end the test.
    const isEnd = operation.operationId === 'disconnect'
    const url = filled(path, isEnd ? { ...ids, connectionId: crypto.randomUUID() } : ids)
    for (const { query, body } of drawsOf(operation, isPlain ? 1 : drawsOfOthers)) {
      const address = `${url}?${queryText(query)}`
      const sent = operation.requestBody ? body : undefined
      const { status } = await world.api(method, address, sent, { 'x-company-id': tenant.company })
      if (!isFine(status)) faults.push(`${status} ${method} ${readable(address)} ${readable(sent ?? null)}`)
    }
  }
  t.strictSame(faults, [])
  await world.work()
  await everythingIsRead(t, tenant)
})
