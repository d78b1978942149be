// What a schema lets in, every reader can read: records drawn from the schemas of all types are handed over one by one and
// many at a time, then read in every place where they are shown, and brought to Xero.
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { entityTypes, type RecordType, recordTypes } from '../../src/domain/entity-types.ts'
import { canonicalRecord, recordFaults, recordSchemas } from '../../src/domain/records/index.ts'
import { idFaults } from '../../src/domain/records/own-id.ts'
import { canonicalJson } from '../../src/lib/json.ts'
import { openWorld } from '../support/house.ts'
import { settingsForDemoOrganisation } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { drawn, type Node, type Usual } from './support/drawn-from-schema.ts'

type Body = Readonly<Record<string, unknown>> & { readonly id: string }

interface View {
  readonly id: string
  readonly record: unknown
  readonly sync: { readonly state: string; readonly lastError: { readonly code: string } | null }
}

const seed = 20_261_120
const drawsOfType = 40
// A drawn name or address is too often that of another record: it would rightly be one contact, with values of both.
const matchBy = ['contactNumber']
const settings = {
  ...settingsForDemoOrganisation,
  items: { ...settingsForDemoOrganisation.items, inventoryMode: 'sync_inventory' },
  customers: { matchBy },
  vendors: { ...settingsForDemoOrganisation.vendors, matchBy },
}

const codes: Usual = {
  taxCode: ['GST'],
  salesTaxCode: ['GST'],
  purchaseTaxCode: ['GST'],
  incomeAccount: ['200'],
  expenseAccount: ['300'],
  account: ['425'],
  currency: ['AUD'],
  days: [20],
  date: ['2026-11-20', '2024-02-29', '0001-01-01', '0050-01-31', '9999-12-31'],
}

/** Why a record is not let in; the schema alone lets in all of them. */
const refusals = (type: RecordType, body: Body) => [...idFaults(body.id), ...recordFaults(type, body)]

function drawnRecords(type: RecordType, usual: Usual, count = drawsOfType): Body[] {
  const schema = recordSchemas[type] as Node
  const arbitrary = drawn({ ...schema, required: [...(schema.required ?? []), 'id'] }, { ...codes, ...usual })
  const ids = new Set<string>()
  const all = fc.sample(arbitrary, { seed: seed + recordTypes.indexOf(type), numRuns: 12 * count }) as Body[]
  // Few drawn totals are those of the drawn lines.
  const distinct = all
    .map((body, n) => (n % 8 === 0 ? body : { ...body, total: undefined }))
    .filter(({ id }) => !ids.has(id) && ids.add(id))
  // Most are such that the rules beyond the schema let them in too.
  const [fit, unfit] = [true, false].map((isFit) =>
    distinct.filter((body) => isFit === (refusals(type, body).length === 0)),
  )
  return [...(fit ?? []).slice(0, count - 4), ...(unfit ?? []).slice(0, 4)]
}

const world = await openWorld(t)

function drawAll(): Map<RecordType, Body[]> {
  const of = new Map<RecordType, Body[]>()
  for (const type of ['item', 'customer', 'vendor'] as const) of.set(type, drawnRecords(type, {}))
  const ids = (type: RecordType) =>
    (of.get(type) ?? []).filter((body) => refusals(type, body).length === 0).map(({ id }) => id)
  const itemId = ids('item')
  of.set('invoice', drawnRecords('invoice', { itemId, customerId: ids('customer'), status: ['shipped'] }))
  of.set('bill', drawnRecords('bill', { itemId, vendorId: ids('vendor'), status: ['received'] }))
  return of
}

async function all(tenant: Tenant, t: Test, path: string) {
  const found = []
  for (let cursor = ''; ; ) {
    const { status, body } = await tenant.api('GET', `${path}?limit=37${cursor}`)
    if (!t.equal(status, 200, path)) return found
    found.push(...body.items)
    if (!body.nextCursor) return found
    cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`
  }
}
/** Letters that would break the report of the test are written as escapes. */
const readable = (text: string): string =>
  text.replaceAll(/[^\x20-\x7e]|#/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`)

/** The record at a place of a view or of a list, as text. */
const recordText = (type: RecordType, record: unknown): string => canonicalJson(canonicalRecord(type, record as never))

t.test(
  'given records at the ends of their schemas, when they are handed over, then every reader reads them',
  { timeout: 180_000 },
  async (t) => {
    const tenant = await openTenant(world, 'readers', { settings })
    const faults: string[] = []
    const same = (actual: unknown, expected: unknown, what: string) =>
      actual === expected || faults.push(readable(`${what}: ${actual} instead of ${expected}`).slice(0, 4000))
    const taken = new Map<RecordType, Map<string, Body>>()
    for (const [type, bodies] of drawAll()) {
      const { path } = entityTypes[type]
      const half = Math.floor(bodies.length / 2)
      const held = new Map<string, Body>()
      taken.set(type, held)
      for (const body of bodies.slice(0, half)) {
        const { status } = await tenant.api('PUT', `${path}/${encodeURIComponent(body.id)}`, body)
        const expected = refusals(type, body).length === 0 ? 201 : 422
        same(status, expected, `PUT ${path} ${JSON.stringify(body)}`)
        if (status === 201) held.set(body.id, body)
      }
      const { status, body: answer } = await tenant.api('PUT', path, { records: bodies.slice(half) })
      t.equal(status, 200, `PUT ${path}`)
      for (const [n, { result }] of answer.results.entries()) {
        const body = bodies[half + n] as Body
        if (result === 'created') held.set(body.id, body)
      }
      t.ok(held.size >= bodies.length - 4, `${held.size} of ${bodies.length} ${path} are taken`)
    }

    const readLists = async () => {
      const read = new Map<RecordType, Map<string, View>>()
      for (const [type, held] of taken) {
        const views = new Map((await all(tenant, t, entityTypes[type].path)).map((view: View) => [view.id, view]))
        read.set(type, views)
        for (const [id, body] of held) {
          const [actual, expected] = [views.get(id)?.record, body].map((record) => recordText(type, record ?? {}))
          same(actual, expected, `${type} ${id} in the list`)
        }
      }
      return read
    }
    await readLists()
    const waiting = await all(tenant, t, 'sync-queue-items')
    t.ok(waiting.length > 3 * drawsOfType, `${waiting.length} wait in the queue`)

    const job = await tenant.sync()
    t.match(job.status, /^completed/, JSON.stringify(job.error))
    await tenant.errors(job.id)
    await tenant.changes()
    const views = await readLists()
    const tally: Record<string, number> = {}
    for (const [type, held] of taken) {
      for (const [id, body] of held) {
        const { status, body: view } = await tenant.api('GET', `${entityTypes[type].path}/${encodeURIComponent(id)}`)
        const actual = status === 200 ? recordText(type, view.record) : String(status)
        same(actual, recordText(type, body), `${type} ${id}`)
        const { state, lastError } = views.get(type)?.get(id)?.sync ?? { state: 'missing', lastError: null }
        const of = `${type} ${state} ${lastError?.code ?? ''}`
        tally[of] = (tally[of] ?? 0) + 1
        // One that is inactive and that nobody needs says so.
        const isSettled =
          lastError === null || lastError.code === 'inactive_not_sent'
            ? ['synced', 'excluded', 'never_synced']
            : ['failed', 'blocked', 'conflict']
        same(lastError?.code !== 'internal' && isSettled.includes(state), true, `${type} ${id} is ${of}`)
      }
    }
    t.strictSame(faults, [], 'nothing is read otherwise than it was handed over')
    t.comment(JSON.stringify(tally))
    for (const { DateString, DueDateString } of tenant.xero('Invoices')) {
      for (const date of [DateString, DueDateString]) t.match(date, /^\d{4}-\d\d-\d\dT00:00:00$/, 'a date is a date')
    }
    tenant.checkXero(t)
    t.notMatch(world.logLines.join(''), /"level":"?(50|60|error|fatal)/, 'nothing unexpected is in the log')
  },
)
