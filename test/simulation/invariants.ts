// What must hold when a schedule has come to rest (RELIABILITY §1.5 in docs/reliability.md): read from the tables and from
// the model of Xero, never from what the service says of itself.
import { round } from '../../src/domain/decimal.ts'
import { centsOf } from '../support/drawn-records.ts'
import { type Agreed, disagreement, isFollowed } from './agreement.ts'
import type { Company, Wanted } from './company.ts'
import type { SimulationDatabase } from './database.ts'
import type { Stage } from './stage.ts'
import { fold, isLive, markerOf, type Organisation, type Stored, standsFor } from './xero/organisation.ts'
import { totalOf } from './xero/standing.ts'

interface RecordRow {
  readonly type: string
  readonly id: string
  readonly sync_state: string
  readonly last_error: { readonly code: string } | null
  readonly remote_id: string | null
  readonly left_documents: readonly string[] | null
  readonly deleted_at: string | null
  readonly body: Readonly<Record<string, unknown>>
}

/** Faults of ours or of the moment: nothing may end with one. */
const passing = ['internal', 'outcome_unknown', 'unreachable', 'throttled']
const ended = ['synced', 'failed', 'conflict', 'blocked', 'excluded', 'never_synced', 'outdated']

export async function violationsOf(
  stage: Stage,
  database: SimulationDatabase,
  companies: readonly Company[],
): Promise<string[]> {
  const found: string[] = [...stage.violations, ...stage.model.violations]
  const reach = (what: string) => stage.reached.set(what, (stage.reached.get(what) ?? 0) + 1)
  const all = async (text: string, values: readonly unknown[] = []) => (await database.execute(text, values)).rows
  const moves = await all('SELECT * FROM moved_links')
  const mergedAt = (organisation: Organisation, id: string): number | null => {
    const times = moves.filter(({ record_id }) => record_id === id).map((one) => String(one.old_remote_id))
    return times.length > 0 ? Math.max(...times.map((one) => organisation.get(one)?.updatedAt ?? 0)) : null
  }
  for (const company of companies) {
    const organisation = stage.model.organisations.get(company.organisationId)
    if (!organisation) throw new Error('a company has its organisation')
    const records = (await all(
      `SELECT r.type, r.id, r.sync_state, r.last_error, r.deleted_at, r.body, r.left_documents, l.remote_id FROM records r LEFT JOIN links l
         ON l.connection_id = r.connection_id AND l.type = r.type AND l.record_id = r.id WHERE r.connection_id = $1`,
      [company.connectionId],
    )) as unknown as RecordRow[]
    found.push(...twice(organisation), ...foreignMarkers(company, organisation))
    for (const wanted of company.wanted.values()) {
      const record = records.find(({ type, id }) => type === wanted.type && id === wanted.id)
      const isEdited = company.edited.has(wanted.id)
      const context = {
        trail: stage.model.trail,
        organisation,
        reach,
        company,
        isEdited,
        records,
        movedAt: mergedAt(organisation, wanted.id),
      }
      const fault = record ? faultOf(context, wanted, record) : 'I2: the record is gone'
      if (record?.last_error?.code === 'contact_archived') reach('an archived contact was met')
      if (record?.last_error?.code === 'edited_in_xero') reach('a conflict on a document')
      if (fault) found.push(`${fault}: ${wanted.type} ${wanted.id}`)
    }
    const places = (role: string) =>
      new Set(
        records.flatMap((one) => (one.type === role && company.wanted.has(`${role}:${one.id}`) && one.remote_id) || []),
      )
    const vendors = places('vendor')
    if ([...places('customer')].some((id) => vendors.has(id))) reach('a customer and a vendor were one contact')
    found.push(...(await restless(company, all)))
    const incidents = await all('SELECT kind, marker FROM incidents WHERE connection_id = $1', [company.connectionId])
    // What a person changed in Xero before we knew of it belongs to no record, and that is an incident.
    const real = incidents.filter(
      ({ kind, marker }) =>
        kind !== 'orphan' || ![...company.edited].some((id) => fold(String(marker)).endsWith(fold(id))),
    )
    found.push(...real.map((incident) => `the sweep opened an incident: ${JSON.stringify(incident)}`))
  }
  const { organisations } = stage.model
  const illegal = moves.filter(({ old_remote_id: from, new_remote_id: to }) => {
    const isLegal = isFollowed([...organisations.values()], String(from), String(to))
    if (isLegal) reach('a merge was followed')
    return !isLegal
  })
  found.push(...illegal.map((row) => `I4: a link was moved: ${JSON.stringify(row)}`))
  found.push(...stage.model.identity.lostTokens.map((user) => `I10: a refresh token of ${user} was lost`))
  return [...new Set([...found, ...overLimit(stage)])]
}

/** I1: two live documents with one marker. */
function twice(organisation: Organisation): string[] {
  const seen = new Set<string>()
  return organisation.all().flatMap((stored) => {
    if (!isLive(stored)) return []
    const { posted } = stored
    // What Xero numbers itself is marked by its reference, and that may be another document's number.
    const kind = posted.list === 'invoices' && posted.number === undefined ? 'invoices by reference' : posted.list
    const marker = `${kind} ${fold(markerOf(posted))}`
    // What a person made has no address.
    if (markerOf(posted) === '') return []
    if (seen.has(marker)) return [`I1: ${marker} stands in Xero twice`]
    seen.add(marker)
    return []
  })
}

/** I9: what one company sent stands in no other organisation. */
const foreignMarkers = ({ tag }: Company, organisation: Organisation): string[] =>
  organisation
    .all()
    .filter(
      (stored) =>
        stored.byApp && !fold(markerOf(stored.posted)).includes(tag) && markerOf(stored.posted) !== 'OT-PROXY',
    )
    .map((stored) => `I9: ${markerOf(stored.posted)} is in the wrong organisation`)

/** What lives in Xero of a record, under whatever number. */
const liveOf = (organisation: Organisation, { type, id }: Wanted): Stored[] =>
  organisation
    .all()
    .filter(
      (stored) => stored.byApp && isLive(stored) && stored.status !== 'ARCHIVED' && standsFor(stored.posted, type, id),
    )

interface Context extends Agreed {
  readonly company: Company
  readonly isEdited: boolean
  readonly records: readonly RecordRow[]
}

function faultOf(context: Context, wanted: Wanted, record: RecordRow): string | null {
  const { organisation, company, isEdited, records, reach } = context
  const { sync_state: state, last_error: error, remote_id: remoteId } = record
  if (!ended.includes(state)) return `I2: it is still ${state}`
  if (error && passing.includes(error.code)) return `I2: it ended ${state} with ${error.code}`
  if (wanted.deleted !== (record.deleted_at !== null)) return 'I2: deleted in one place and not in the other'
  const [standing, another] = liveOf(organisation, wanted)
  if (standing && another) return `I1: it stands in Xero under two numbers, ${standing.number} and ${another.number}`
  if (wanted.deleted) {
    // A contact stays for the other record that it is.
    const isShared = records.some((one) => one.remote_id === standing?.id && one.id !== wanted.id && !one.deleted_at)
    const isEnded = state === 'outdated' && error?.code === 'item_deactivated' && wanted.type === 'item'
    // A document that somebody unlinked stays there, whatever becomes of the record.
    const isLeft = standing !== undefined && standing.id !== remoteId && record.left_documents?.includes(standing.id)
    if (isLeft) reach('a record that left what it was unlinked from was deleted')
    if (state === 'never_synced' || state === 'synced' || isEnded)
      return standing && !isDeactivated(standing) && !isShared && !isLeft
        ? 'I2: it is deleted here and lives in Xero'
        : null
    if (error?.code === 'edited_in_xero' || error?.code === 'xero_version_kept') {
      const isRight = state === (error.code === 'edited_in_xero' ? 'conflict' : 'outdated')
      if (!isRight || !isEdited) return `I2: its deletion ended ${state} with ${error.code}, and nobody edited it`
      reach(state === 'conflict' ? 'a deletion in conflict' : 'a deletion ended by a person')
      // A person may have changed what the document is told by, so it is asked for by its id.
      const kept = remoteId === null ? null : organisation.get(remoteId)
      return kept && isLive(kept) ? null : `I17: what a person edited is gone, and its deletion is ${state}`
    }
    return state === 'failed' ? null : `I2: its deletion ended ${state} with ${error?.code}`
  }
  // What a person changed before we knew of it is a conflict until the person decides, whatever else happens to the record.
  const isOpen = isEdited && state !== 'synced'
  // The one that it was unlinked from stays; the record is the one that has its name by now, or a person decides.
  const isDecidedByHand = ['contact_ambiguous', 'contact_disputed', 'contact_name_taken'].includes(error?.code ?? '')
  const isLeft = company.unlinked.has(`${wanted.type}:${wanted.id}`) && (state === 'synced' || isDecidedByHand)
  if (isLeft && standing?.id !== remoteId) reach('a record is not what it was unlinked from')
  if (standing && standing.id !== remoteId && !isOpen && !isLeft)
    return `I2: it stands in Xero without its link (${state}, ${error?.code})`
  if (state === 'never_synced') return 'I2: it was never sent'
  if (state !== 'synced') return null
  const there = remoteId === null ? null : organisation.get(remoteId)
  if (!there || !isLive(there)) return 'I3: it is synced, and not in Xero'
  if (company.plot.conflict && there.posted.list !== 'invoices') {
    const others = records.filter((one) => one.remote_id === there.id && one !== record)
    const keys = others.map((one) => `${one.type}:${one.id}`)
    return disagreement(
      { ...context, others: keys, isUntold: company.plot.importOff?.includes(wanted.type) },
      wanted,
      record.body,
      there,
    )
  }
  return isEdited ? null : difference(wanted, there, context)
}

/** A used item cannot be deleted: it is neither sold nor purchased any more. */
const isDeactivated = ({ posted }: Stored): boolean =>
  posted.list === 'items' && posted.isSold === false && posted.isPurchased === false

/** I3, I11: what stands in Xero is what was handed over last. */
function difference(
  { type, body }: Wanted,
  { posted, status }: Stored,
  { organisation, records, trail }: Context,
): string | null {
  if ((type === 'customer' || type === 'vendor') && posted.list === 'contacts') {
    if (status !== 'ACTIVE') return 'I3: the contact is archived'
    return posted.name === body.name && posted.email === body.email
      ? null
      : `I3: ${posted.name} instead of ${body.name}`
  }
  if (type === 'item' && posted.list === 'items') {
    const price = posted.sales?.unitPrice
    return posted.name === body.name && Number(price) === Number(body.salePrice)
      ? null
      : `I3: price ${price} instead of ${body.salePrice}`
  }
  if ((type === 'invoice' || type === 'bill') && posted.list === 'invoices') {
    const contact = organisation.get(posted.contactRemoteId)
    const named = contact ? fold(markerOf(contact.posted)) : ''
    const wanted = type === 'invoice' ? `C-${body.customerId}` : `V-${body.vendorId}`
    const customer = records.find(
      (one) =>
        one.id === (body.customerId ?? body.vendorId) && one.type === (type === 'invoice' ? 'customer' : 'vendor'),
    )
    // A record that was deleted is linked no more: the contact of a company's old books bears a name of its.
    const bearer = type === 'invoice' ? `customer:${body.customerId}` : `vendor:${body.vendorId}`
    const before = trail.remoteOf(bearer)
    // A deletion, or an unlinking, that came before the merge was known ends with the contact that is lost; its documents stand at the
    // other one. Once the record is another contact, they say so.
    const namesakes = organisation.all().filter(({ id }) => trail.hasBorneNameOf(id, bearer))
    const former = [...namesakes.map(({ id }) => id), ...(before === null ? [] : [before])]
    const isMerged = former.some((id) => isFollowed([organisation], id, posted.contactRemoteId))
    const isItsOwn = (customer?.deleted_at != null || customer?.remote_id == null) && isMerged
    if (named !== fold(wanted) && customer?.remote_id !== posted.contactRemoteId && !isItsOwn)
      return `I5: the ${type} names another contact than its own`
    if (type === 'bill' && ![body.vendorInvoiceNumber, body.number].includes(posted.number))
      return `I3: the bill bears the number ${posted.number}`
    const ours = centsOf(body)
    const theirs = totalOf(posted)
    return round(String(ours / 100), 2) === round(theirs, 2) ? null : `I11: ${theirs} in Xero instead of ${ours / 100}`
  }
  return 'I3: the document is of another kind'
}

/** I14, and jobs or connections that did not end well. */
async function restless(
  company: Company,
  all: (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>,
): Promise<string[]> {
  const { connectionId } = company
  const found: string[] = []
  const counts: [string, string][] = [
    ['unfinished jobs', 'SELECT id FROM sync_jobs WHERE connection_id = $1 AND completed_at IS NULL'],
    ['jobs with a lease', 'SELECT id FROM sync_jobs WHERE connection_id = $1 AND lease_owner IS NOT NULL'],
    ['open write calls', 'SELECT id FROM write_batches WHERE connection_id = $1 AND settled_at IS NULL'],
    [
      'held queue items',
      "SELECT id FROM sync_queue_items WHERE connection_id = $1 AND status IN ('locked', 'uncertain')",
    ],
    ['attempts without an outcome', 'SELECT id FROM attempts WHERE connection_id = $1 AND settled_at IS NULL'],
    [
      'token leases',
      'SELECT t.id FROM token_sets t JOIN connections c ON c.token_set_id = t.id WHERE c.id = $1 AND t.lease_owner IS NOT NULL',
    ],
  ]
  for (const [what, query] of counts) {
    const rows = await all(query, [connectionId])
    if (rows.length > 0) found.push(`I14: ${rows.length} ${what}`)
  }
  const jobs = await all(
    "SELECT error->>'code' AS code FROM sync_jobs WHERE connection_id = $1 AND status = 'failed'",
    [connectionId],
  )
  const legal = company.lostConsent ? ['disconnected', 'consent_expired', 'not_permitted'] : []
  for (const { code } of jobs) if (!legal.includes(String(code))) found.push(`a job failed with ${code}`)
  const [connection] = await all('SELECT status, reason FROM connections WHERE id = $1', [connectionId])
  if (connection?.status !== 'active') found.push(`I10: the connection is ${connection?.status}: ${connection?.reason}`)
  return found
}

/** I6: calls of processes that were not paused, in any 60 seconds. */
function overLimit({ model, limits }: Stage): string[] {
  const found: string[] = []
  for (const id of model.organisations.keys()) {
    const times = model.departures.filter((one) => one.organisationId === id && !one.paused).map(({ at }) => at)
    const over = times.some((at, index) => {
      const first = times[index - limits.minute]
      return first !== undefined && at - first < 60_000
    })
    if (over) found.push(`I6: more than ${limits.minute} calls in a minute`)
  }
  return found
}
