// The calls that come next after a sync error, as data: a program follows them where a person reads `action`. Only calls whose
// whole path is known are named; what has to change in Xero, or in the record itself, is for `action` alone.

import { entityTypes } from '../domain/entity-types.ts'
import type { SyncErrorCode } from '../domain/sync-errors.ts'
import type { RecordReference, SyncError } from '../domain/sync-state.ts'

export type ErrorCall = NonNullable<SyncError['actions']>[number]

/** The surroundings of an error. */
export interface ErrorPlace {
  readonly connectionId: string
  /** The record that could not be brought over; null: the error is that of a job. */
  readonly record: RecordReference | null
  /** The record's deletion failed: there is nothing left to correct. */
  readonly isDeletion?: boolean
  /** The record is linked: before it is linked to another one, it is unlinked. */
  readonly isLinked?: boolean
  /** The open item that asks for what failed. */
  readonly queueItemId?: string | undefined
}

interface At extends Pick<ErrorPlace, 'isDeletion' | 'isLinked' | 'queueItemId'> {
  /** Path of the connection. */
  readonly c: string
  /** Path of the record. */
  readonly record: string | null
  readonly error: SyncError
}
type Rule = (at: At) => readonly ErrorCall[]

const call =
  (method: ErrorCall['method']) =>
  (path: string): ErrorCall => ({ method, path })
const [get, post, put, patch, remove] = [call('GET'), call('POST'), call('PUT'), call('PATCH'), call('DELETE')]

const recordPath = (c: string, { type, id }: RecordReference): string =>
  `${c}/${entityTypes[type].path}/${encodeURIComponent(id)}`

const job = ({ c }: At): ErrorCall => post(`${c}/sync-jobs`)
const ofRecord = ({ record }: At, make: (path: string) => ErrorCall): ErrorCall[] =>
  record === null ? [] : [make(record)]
const link = (at: At): ErrorCall[] => ofRecord(at, (path) => put(`${path}/link`))
const unlink = (at: At): ErrorCall[] => ofRecord(at, (path) => remove(`${path}/link`))
const relink = (at: At): ErrorCall[] => [...(at.isLinked ? unlink(at) : []), ...link(at)]
const withdraw = ({ c, queueItemId }: At): ErrorCall[] =>
  queueItemId === undefined ? [] : [remove(`${c}/sync-queue-items/${queueItemId}`)]
/** The record that another one names. */
const missing = ({ c, error: { blockedBy } }: At): ErrorCall[] => (blockedBy ? [put(recordPath(c, blockedBy))] : [])
const decide = (at: At): ErrorCall[] => ofRecord(at, (path) => post(`${path}/resolve-conflict`))
const correct = (at: At): ErrorCall[] => ofRecord(at, put)
const requeue = ({ c }: At): ErrorCall => post(`${c}/sync-queue-items`)

const nothing: Rule = () => []
const again: Rule = (at) => [job(at)]
const correctThenAgain: Rule = (at) => [...correct(at), job(at)]
const settings: Rule = (at) => [patch(`${at.c}/settings`), job(at)]
const reconnect: Rule = ({ c }) => [post(`${c}/reconnect`)]
const decision: Rule = (at) => decide(at)

const rules: Readonly<Record<SyncErrorCode, Rule>> = {
  record_missing: (at) => [...missing(at), job(at)],
  dependency_failed: ({ c, error: { blockedBy } }) => (blockedBy ? [get(recordPath(c, blockedBy))] : []),
  mapping_missing: settings,
  tax_code_unmapped: settings,
  code_too_long: correctThenAgain,
  too_large: correctThenAgain,
  look_up_refused: (at) => [...link(at), job(at)],
  total_mismatch: correctThenAgain,
  negative_total: correctThenAgain,
  price_too_fine: correctThenAgain,
  tracked_item_price: correctThenAgain,
  kept_as_sent: ({ c }) => [get(`${c}/settings`)],
  unlinked: (at) => [...link(at), requeue(at)],
  contact_relinked: (at) => [requeue(at)],
  kept_in_xero: nothing,
  duplicate_number: (at) => [...link(at), job(at)],
  duplicate_found: link,
  contact_disputed: (at) => [...link(at), job(at)],
  inactive_not_sent: nothing,
  contact_name_taken: (at) => [...correct(at), ...relink(at), job(at)],
  contact_ambiguous: (at) => [...link(at), patch(`${at.c}/settings`)],
  contact_archived: (at) => [...link(at), ...unlink(at), job(at)],
  not_modifiable: (at) => [job(at), ...withdraw(at)],
  edited_in_xero: decision,
  removed_in_xero: decision,
  written_differently: decision,
  xero_version_kept: (at) => [requeue(at)],
  change_withdrawn: (at) => [requeue(at)],
  status_not_sent: nothing,
  account_invalid: ({ c }) => [get(`${c}/accounts`), patch(`${c}/settings`)],
  tax_not_allowed: ({ c }) => [get(`${c}/tax-rates`), patch(`${c}/settings`)],
  period_locked: (at) => [job(at), ...unlink(at)],
  currency_not_enabled: ({ c }) => [post(`${c}/currencies/refresh`)],
  plan_limit: again,
  item_in_use: (at) => [patch(`${at.c}/settings`), ...unlink(at), job(at)],
  item_deactivated: (at) => [requeue(at)],
  not_found: (at) => [...unlink(at), ...correct(at)],
  not_permitted: reconnect,
  disconnected: reconnect,
  disconnected_here: reconnect,
  consent_expired: reconnect,
  application_credentials: nothing,
  encryption_key_missing: reconnect,
  throttled: ({ c }) => [get(`${c}/health`)],
  // The job that goes on is among the latest; where none does, a new one finds the result out.
  outcome_unknown: (at) => [get(`${at.c}/sync-jobs`), job(at)],
  answer_incomplete: ({ c }) => [get(`${c}/odd-rows`)],
  unreachable: nothing,
  settings_invalid: (at) => [get(`${at.c}/settings/check`), ...settings(at)],
  wrong_organisation: ({ c }) => [patch(`${c}/settings`)],
  rejected: correctThenAgain,
  internal: again,
  account_number_taken: (at) => [...correct(at), ...link(at)],
  tax_type_invalid: ({ c }) => [post(`${c}/tax-rates/refresh`), patch(`${c}/settings`)],
  tracking_invalid: ({ c }) => [get(`${c}/tracking-categories`), patch(`${c}/settings`)],
  branding_theme_unknown: ({ c }) => [get(`${c}/branding-themes`), patch(`${c}/settings`)],
  multi_currency_plan: nothing,
  item_unknown: (at) => [job(at), requeue(at)],
  tracked_item: nothing,
  stock_insufficient: again,
  name_invalid: correctThenAgain,
  email_invalid: correctThenAgain,
  website_invalid: correctThenAgain,
  terms_invalid: correctThenAgain,
  persons_invalid: correctThenAgain,
  tax_number_invalid: correctThenAgain,
  address_invalid: correctThenAgain,
  text_too_long: correctThenAgain,
  negative_value: correctThenAgain,
  line_incomplete: correctThenAgain,
  date_invalid: correctThenAgain,
  deep_link_invalid: settings,
  organisation_offline: again,
}

/** An error left behind by an older version may have a code that the table does not know any more. */
const ruleOf = (code: string): Rule => (rules as Readonly<Partial<Record<string, Rule>>>)[code] ?? nothing

/** Customers and vendors have no call that decides a conflict (routes/record-links.ts); a PUT would bring back what is being deleted. */
const isThere = (
  { method, path }: ErrorCall,
  { record, isDeletion = false }: ErrorPlace,
  own: string | null,
): boolean =>
  path.endsWith('/resolve-conflict')
    ? record !== null && !['customer', 'vendor'].includes(record.type)
    : !(isDeletion && method === 'PUT' && path === own)

/** The record of a document that cannot be removed is unlinked, and leaves it there (domain/refused-deletions.ts). */
function ofDeletion(calls: readonly ErrorCall[], at: At): readonly ErrorCall[] {
  const [way] = unlink(at)
  if (!at.isDeletion || at.error.retryable || !way) return calls
  return [...calls.filter(({ path }) => path !== way.path), way]
}

/** The error as it is shown. */
export function withCalls(error: SyncError, place: ErrorPlace): SyncError {
  const { connectionId, record, ...more } = place
  const c = `/v1/connections/${connectionId}`
  const at = { c, record: record && recordPath(c, record), error, ...more }
  const calls = ruleOf(error.code)(at).filter((next) => isThere(next, place, at.record))
  return { ...error, actions: ofDeletion(calls, at) }
}
