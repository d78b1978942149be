// What must hold when a schedule has come to rest: read from the simulator's state and journal, from the
// tables and from the logs of the processes.
import type pg from 'pg'
import { entityTypes } from '../../src/domain/entity-types.ts'
import type { JournalEntry, Simulator } from '../../src/simulator/index.ts'
import { centsOf } from '../support/drawn-records.ts'
import type { Product, Wanted } from './product.ts'
import type { Absence } from './replicas.ts'
import type { Stall } from './time.ts'

// biome-ignore lint/suspicious/noExplicitAny: rows and documents are read as they are expected
type Anything = any

export interface Evidence {
  readonly simulator: Simulator
  readonly products: readonly Product[]
  readonly database: pg.Client
  /** Texts that may stand in no log and no table. */
  readonly canaries: readonly string[]
  readonly minuteLimit: number
  readonly absences: readonly Absence[]
  /** When the machine itself stood still. */
  readonly stalls: readonly Stall[]
  /** What is no fault, and should be seen. */
  note(what: string): void
  /** How far from its time anything may be seen, because fast time magnifies the machine's own delays. */
  readonly jitterMs: number
}

const passing = ['internal', 'outcome_unknown', 'unreachable', 'throttled']
const ended = ['synced', 'failed', 'conflict', 'blocked', 'excluded', 'never_synced', 'outdated']
const fold = (value: unknown): string =>
  String(value ?? '')
    .trim()
    .toLowerCase()

export async function violationsOf(evidence: Evidence): Promise<string[]> {
  const { products, simulator, database, canaries } = evidence
  const found: string[] = []
  for (const product of products) {
    const standing = standingOf(simulator, product)
    found.push(...twice(standing), ...strangers(standing, product, products))
    found.push(...(await recordFaults(database, product, standing)))
    found.push(...(await restless(database, product)))
    found.push(...overLimit(evidence, product))
  }
  const { rows: moved } = await database.query('SELECT * FROM chaos.moved_links')
  found.push(...moved.map((row) => `I4: a link was moved: ${JSON.stringify(row)}`))
  found.push(...keyFaults(simulator.control.journal({ area: 'api' })))
  found.push(...(await unrecordedKeys(database, simulator.control.journal({ area: 'api' }))))
  found.push(...(await storedLeaks(database, canaries)))
  return [...new Set(found)]
}

interface Document {
  readonly list: string
  readonly id: string
  readonly marker: string
  readonly fields: Anything
}

const roleOf = (contactNumber: unknown): string => (fold(contactNumber).startsWith('v-') ? 'vendor' : 'customer')

/** The live documents of an organisation. What a person made may have no marker of ours. */
function standingOf({ control }: Simulator, { organisation, story }: Product): Document[] {
  const read = (list: 'Contacts' | 'Items' | 'Invoices'): Anything[] => control.read(organisation, list)
  const live = (status: string) => !['VOIDED', 'DELETED', 'ARCHIVED'].includes(status)
  const named = (list: string, fields: Anything, id: string, marker: unknown): Document[] =>
    marker ? [{ list, id, marker: fold(marker), fields }] : []
  return [
    ...read('Contacts').flatMap((one) =>
      live(one.ContactStatus) ? named(roleOf(one.ContactNumber), one, one.ContactID, one.ContactNumber) : [],
    ),
    ...read('Items').flatMap((one) => named('item', one, one.ItemID, one.Code)),
    ...read('Invoices').flatMap((one) => {
      if (!live(one.Status)) return []
      if (one.Type === 'ACCPAY') return named('bill', one, one.InvoiceID, one.Url)
      return named('invoice', one, one.InvoiceID, story.numberedByXero ? one.Reference : one.InvoiceNumber)
    }),
  ]
}

/** I1 */
function twice(standing: readonly Document[]): string[] {
  const names = standing.map(({ list, marker }) => `${list} ${marker}`)
  return names.filter((name, index) => names.indexOf(name) !== index).map((name) => `I1: ${name} stands in Xero twice`)
}

/** I9 */
function strangers(standing: readonly Document[], own: Product, products: readonly Product[]): string[] {
  const others = products.filter((each) => each !== own).map(({ story }) => story.tag)
  return standing
    .filter(({ marker }) => others.some((tag) => marker.includes(tag)))
    .map(({ marker }) => `I9: ${marker} is in the wrong organisation`)
}

const markerIs = ({ type, id }: Wanted, marker: string): boolean => {
  const endings = { customer: 'c-', vendor: 'v-', item: '', invoice: 'n-', bill: '/bills/' }
  const ending = `${endings[type]}${fold(id)}`
  return type === 'bill' ? marker.endsWith(ending) : marker === ending
}

/** I2, I3, I5 and I11 of every record that the product handed over. */
async function recordFaults(database: pg.Client, product: Product, standing: readonly Document[]): Promise<string[]> {
  const { rows } = await database.query(
    `SELECT r.type, r.id, r.sync_state, r.last_error, r.deleted_at, l.remote_id FROM records r LEFT JOIN links l
       ON l.connection_id = r.connection_id AND l.type = r.type AND l.record_id = r.id WHERE r.connection_id = $1`,
    [product.connectionId],
  )
  const found: string[] = []
  for (const wanted of product.wanted.values()) {
    const row = rows.find(({ type, id }) => type === wanted.type && id === wanted.id)
    const fault = row ? faultOf(standing, wanted, row) : 'I2: the record is gone'
    if (fault) found.push(`${fault}: ${wanted.type} ${wanted.id}`)
    if (wanted.deleted || !row) continue
    const { status, body } = await product.api('GET', `${entityTypes[wanted.type].path}/${wanted.id}`)
    if (status !== 200 || body.sync.state !== row.sync_state)
      found.push(`I2: the API shows ${status} ${body.sync?.state} instead of ${row.sync_state}: ${wanted.id}`)
  }
  return found
}

function faultOf(standing: readonly Document[], wanted: Wanted, row: Anything): string | null {
  const { sync_state: state, last_error: error, remote_id: remoteId } = row
  if (!ended.includes(state)) return `I2: it is still ${state}`
  if (error && passing.includes(error.code)) return `I2: it ended ${state} with ${error.code}`
  if (wanted.deleted !== (row.deleted_at !== null)) return 'I2: deleted in one place and not in the other'
  // A person's invoice of the same number is not ours.
  const there = standing.find(
    ({ list, marker, fields }) =>
      list === wanted.type && markerIs(wanted, marker) && !String(fields.Contact?.Name).startsWith('Foreign'),
  )
  if (state === 'outdated') {
    // Nobody here keeps a change back. A used item that is deleted stays, and is neither sold nor purchased any more.
    const isEnded = wanted.deleted && wanted.type === 'item' && error?.code === 'item_deactivated'
    if (!isEnded || !there) return `I2: it ended outdated with ${error?.code}`
    const { IsSold, IsPurchased } = there.fields
    return IsSold || IsPurchased ? 'I2: it is deleted here, and sold or purchased in Xero' : null
  }
  if (wanted.deleted) {
    if (state === 'never_synced' || state === 'synced') return there ? 'I2: it is deleted here and lives in Xero' : null
    return state === 'failed' ? null : `I2: its deletion ended ${state}`
  }
  if (there && there.id !== remoteId) return `I2: it stands in Xero without its link (${state}, ${error?.code})`
  if (state === 'never_synced') return 'I2: it was never sent'
  if (state !== 'synced') return null
  return there ? difference(wanted, there, standing) : 'I3: it is synced, and not in Xero'
}

function difference({ type, body }: Wanted, { fields }: Document, standing: readonly Document[]): string | null {
  if (type === 'customer' || type === 'vendor') {
    const same = fields.Name === body.name && fields.EmailAddress === body.email
    return same ? null : `I3: ${fields.Name} instead of ${body.name}`
  }
  if (type === 'item') {
    const price = fields.SalesDetails?.UnitPrice
    const same = fields.Name === body.name && Number(price) === Number(body.salePrice)
    return same ? null : `I3: price ${price} instead of ${body.salePrice}`
  }
  const contact = standing.find(({ id }) => id === fields.Contact?.ContactID)
  const own = type === 'invoice' ? `c-${fold(body.customerId)}` : `v-${fold(body.vendorId)}`
  if (contact && contact.marker !== own) return `I5: the ${type} names another contact`
  const cents = centsOf(body)
  const theirs = Math.round(Number(fields.SubTotal) * 100)
  return cents === theirs ? null : `I11: ${theirs / 100} in Xero instead of ${cents / 100}`
}

/** I14, I10, incidents, and jobs that did not end well. */
async function restless(database: pg.Client, { connectionId, lostConsent }: Product): Promise<string[]> {
  const found: string[] = []
  const counts: [string, string][] = [
    ['I14: unfinished jobs', 'SELECT 1 FROM sync_jobs WHERE connection_id = $1 AND completed_at IS NULL'],
    ['I14: jobs with a lease', 'SELECT 1 FROM sync_jobs WHERE connection_id = $1 AND lease_owner IS NOT NULL'],
    ['I14: open write calls', 'SELECT 1 FROM write_batches WHERE connection_id = $1 AND settled_at IS NULL'],
    [
      'I14: held queue items',
      "SELECT 1 FROM sync_queue_items WHERE connection_id = $1 AND status IN ('locked', 'uncertain')",
    ],
    ['I14: attempts without an outcome', 'SELECT 1 FROM attempts WHERE connection_id = $1 AND settled_at IS NULL'],
    [
      'I14: token leases',
      'SELECT 1 FROM token_sets t JOIN connections c ON c.token_set_id = t.id WHERE c.id = $1 AND t.lease_owner IS NOT NULL',
    ],
    [
      'I10: invalid consents',
      'SELECT 1 FROM token_sets t JOIN connections c ON c.token_set_id = t.id WHERE c.id = $1 AND t.invalid_since IS NOT NULL',
    ],
    ['incidents of the sweep', 'SELECT 1 FROM incidents WHERE connection_id = $1'],
  ]
  for (const [what, query] of counts) {
    const { rowCount } = await database.query(query, [connectionId])
    if (rowCount) found.push(`${what}: ${rowCount}`)
  }
  const { rows: jobs } = await database.query(
    "SELECT error->>'code' AS code FROM sync_jobs WHERE connection_id = $1 AND status = 'failed'",
    [connectionId],
  )
  const legal = lostConsent ? ['disconnected', 'consent_expired', 'not_permitted'] : []
  for (const { code } of jobs) if (!legal.includes(code)) found.push(`a job failed with ${code}`)
  const { rows } = await database.query('SELECT status, reason FROM connections WHERE id = $1', [connectionId])
  if (rows[0]?.status !== 'active') found.push(`I10: the connection is ${rows[0]?.status}: ${rows[0]?.reason}`)
  return found
}

/** I6: what the simulator counted, and the limit that the service was told, in any minute. */
function overLimit(evidence: Evidence, { organisationId }: Product): string[] {
  const { simulator, minuteLimit, absences, stalls, jitterMs, note } = evidence
  const pauses = absences.filter(({ kind }) => kind === 'paused')
  const found: string[] = []
  const counters = simulator.control.counters()[organisationId]
  for (const [limit, times] of Object.entries(counters?.refused ?? {}))
    found.push(`I6: ${times} calls over the ${limit} limit`)
  const times = simulator.control
    .journal({ area: 'api', tenantId: organisationId })
    .map(({ at }) => Date.parse(at))
    .sort((a, b) => a - b)
  for (const [index, at] of times.entries()) {
    const first = times[index - minuteLimit]
    if (first === undefined || at - first >= 60_000 - jitterMs) continue
    // A call that was taken before a pause is made after it.
    const isMeanwhile = ({ from, until }: Stall) => from <= at && until + jitterMs >= first
    if (pauses.some(isMeanwhile)) continue
    if (stalls.some(isMeanwhile)) {
      note('calls too close together while the machine stood still')
      continue
    }
    found.push(`I6: ${minuteLimit + 1} calls within ${Math.round((at - first) / 1000)} s`)
    break
  }
  return found
}

const isWrite = ({ method }: JournalEntry): boolean => method !== 'GET'

/** I8: a key stands for one request. */
function keyFaults(journal: readonly JournalEntry[]): string[] {
  const requests = new Map<string, string>()
  const found: string[] = []
  for (const { method, path, query, headers, body } of journal.filter(isWrite)) {
    const { idempotencyKey: key, tenantId } = headers
    if (!key) continue
    const request = JSON.stringify([method, path, query, tenantId, body])
    if ((requests.get(key) ?? request) !== request) found.push(`I8: the key ${key} came with two requests`)
    requests.set(key, request)
  }
  return found
}

/** I7, once more at the end: an intent is never taken back. */
async function unrecordedKeys(database: pg.Client, journal: readonly JournalEntry[]): Promise<string[]> {
  const keys = journal.filter(isWrite).flatMap(({ headers }) => headers.idempotencyKey ?? [])
  const { rows } = await database.query('SELECT idempotency_key FROM write_batches')
  const known = new Set(rows.map((row) => row.idempotency_key))
  return keys.filter((key) => !known.has(key)).map((key) => `I7: ${key} was sent and is not on record`)
}

const tokenPattern = /eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/

/** Of the simulator's refresh tokens, and of nothing that is logged. */
const refreshPattern = /\b[0-9a-f]{64}\b/

/** I12 of what the processes wrote. */
export function leaks(lines: readonly string[], canaries: readonly string[]): string[] {
  return lines
    .filter(
      (line) =>
        tokenPattern.test(line) || refreshPattern.test(line) || canaries.some((canary) => line.includes(canary)),
    )
    .map((line) => `I12: a secret stands in the log: ${line.slice(0, 200)}`)
}

async function storedLeaks(database: pg.Client, canaries: readonly string[]): Promise<string[]> {
  const { rows: tables } = await database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
  const found: string[] = []
  for (const { tablename } of tables) {
    const { rows } = await database.query(
      `SELECT 1 FROM ${tablename} t WHERE t::text ~ $1 OR t::text LIKE ANY ($2) LIMIT 1`,
      [tokenPattern.source, canaries.map((canary) => `%${canary}%`)],
    )
    if (rows.length > 0) found.push(`I12: a secret stands in the table ${tablename}`)
  }
  return found
}
