// What a schema lets in, every reader can read: records drawn from the schemas of all types are handed over one by one and
// many at a time, then read in every place where they are shown, and brought to Xero.
import fc from 'fast-check'
import t from 'tap'
import { entityTypes, type RecordType, recordTypes } from '../../src/domain/entity-types.ts'
import { canonicalRecord, recordFaults, recordSchemas } from '../../src/domain/records/index.ts'
import { canonicalJson } from '../../src/lib/json.ts'
import { openWorld } from '../support/house.ts'
import { settingsForDemoOrganisation } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { drawn, type Node, type Usual } from './support/drawn-from-schema.ts'

type Body = Readonly<Record<string, unknown>> & { readonly id: string }

const seed = 20_261_120
const drawsOfType = 40
const settings = { ...settingsForDemoOrganisation, items: { ...settingsForDemoOrganisation.items, inventoryMode: 'sync_inventory' } }

const codes: Usual = {
  taxCode: ['GST'],
  salesTaxCode: ['GST'],
  purchaseTaxCode: ['GST'],
  incomeAccount: ['200'],
  expenseAccount: ['300'],
  account: ['425'],
  currency: ['AUD'],
  date: ['2026-11-20', '2024-02-29', '0001-01-01', '0050-01-31', '9999-12-31'],
}

function drawnRecords(type: RecordType, usual: Usual, count = drawsOfType): Body[] {
  const schema = recordSchemas[type] as Node
  const arbitrary = drawn({ ...schema, required: [...(schema.required ?? []), 'id'] }, { ...codes, ...usual })
  const ids = new Set<string>()
  return (fc.sample(arbitrary, { seed: seed + recordTypes.indexOf(type), numRuns: count }) as Body[]).map((body, n) => {
    const id = ids.has(body.id) ? `${type}-${n}` : body.id
    ids.add(id)
    // Fields that must be unique, or unlike each other, are drawn alike too often.
    const lines = body.lines as readonly { id: string }[] | undefined
    return { ...body, id, ...(lines && { lines: lines.map((line, index) => ({ ...line, id: `${index}${line.id}`.slice(0, 60) })) }) }
  })
}

const world = await openWorld(t)

async function drawAll(): Promise<Map<RecordType, Body[]>> {
  const of = new Map<RecordType, Body[]>()
  for (const type of ['item', 'customer', 'vendor'] as const) of.set(type, drawnRecords(type, {}))
  const ids = (type: RecordType) =>
    (of.get(type) ?? []).filter((body) => recordFaults(type, body).length === 0).map(({ id }) => id)
  const itemId = ids('item')
  of.set('invoice', drawnRecords('invoice', { itemId, customerId: ids('customer'), status: ['shipped'] }))
  of.set('bill', drawnRecords('bill', { itemId, vendorId: ids('vendor'), status: ['received'] }))
  return of
}

async function all(tenant: Tenant, t: Tap, path: string) {
  const found = []
  for (let cursor = ''; ; ) {
    const { status, body } = await tenant.api('GET', `${path}?limit=37${cursor}`)
    if (!t.equal(status, 200, path)) return found
    found.push(...body.items)
    if (!body.nextCursor) return found
    cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`
  }
}
type Tap = typeof t | Parameters<Parameters<typeof t.test>[1] & object>[0]

for (const way of ['one by one', 'many at a time'] as const) {
  t.test(`given records at the ends of their schemas, when they are handed over ${way}, then every reader reads them`, async (t) => {
    const tenant = await openTenant(world, way.replaceAll(' ', '-'), { settings })
    const taken = new Map<RecordType, Map<string, Body>>()
    for (const [type, bodies] of await drawAll()) {
      const { path } = entityTypes[type]
      const held = new Map<string, Body>()
      taken.set(type, held)
      if (way === 'one by one') {
        for (const body of bodies) {
          const { status } = await tenant.api('PUT', `${path}/${encodeURIComponent(body.id)}`, body)
          const faults = recordFaults(type, body)
          if (status >= 500 || status < 300 !== (faults.length === 0)) {
            t.fail(`PUT ${path} answers ${status}`, { body, faults })
          }
          if (status < 300) held.set(body.id, body)
        }
      } else {
        const { status, body: answer } = await tenant.api('PUT', path, { records: bodies })
        t.equal(status, 200, path)
        for (const [n, { result }] of (answer.results ?? []).entries()) {
          const body = bodies[n] as Body
          if (result !== 'refused') held.set(body.id, body)
        }
      }
      t.ok(held.size > bodies.length / 3, `${held.size} of ${bodies.length} ${path} were taken`)
    }

    const read = async () => {
      for (const [type, held] of taken) {
        const { path } = entityTypes[type]
        const listed = new Map((await all(tenant, t, path)).map((view) => [view.id, view]))
        for (const [id, body] of held) {
          const view = await tenant.api('GET', `${path}/${encodeURIComponent(id)}`)
          const expected = canonicalJson(canonicalRecord(type, body as never))
          for (const shown of [view.body, listed.get(id)]) {
            const actual = shown && canonicalJson(canonicalRecord(type, shown.record))
            if (view.status !== 200 || actual !== expected) t.match({ status: view.status, actual }, { status: 200, actual: expected })
          }
        }
      }
      const queued = await all(tenant, t, 'sync-queue-items')
      return queued
    }
    t.ok((await read()).length > 50, 'most wait in the queue')

    const job = await tenant.sync()
    t.match(job.status, /^completed/, JSON.stringify(job.error))
    const errors = await tenant.errors(job.id)
    for (const error of errors) if (error.error?.code === 'internal') t.fail('fails inside', error)
    await read()
    await tenant.changes()
    const tally: Record<string, number> = {}
    for (const [type, held] of taken) {
      for (const id of held.keys()) {
        const sync = await tenant.state(entityTypes[type].path, id)
        const key = `${type} ${sync.state} ${sync.lastError?.code ?? ''}`
        tally[key] = (tally[key] ?? 0) + 1
        if (['failed', 'blocked', 'conflict', 'outdated'].includes(sync.state)) t.ok(sync.lastError, `${type} ${id} says why`)
        if (sync.lastError?.code === 'internal') t.fail(`${type} fails inside`, { id, sync })
        if (['pending', 'locked'].includes(sync.state)) t.fail(`${type} is left behind`, { id, sync })
      }
    }
    t.comment(tally)
    tenant.checkXero(t)
    const unexpected = world.logLines.filter((line) => /"level":(50|60|"error"|"fatal")/.test(line))
    t.strictSame(unexpected, [], 'nothing unexpected is in the log')
  })
}
