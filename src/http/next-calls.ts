// The calls that come next after a problem, as data: a program follows them where a person reads `action`. Only calls whose
// whole path is known are named.
import type { ConnectionStatus } from '../domain/connection.ts'
import { entityTypes, type RecordType } from '../domain/entity-types.ts'
import type { ProblemCode, ProblemError } from '../domain/errors.ts'

export interface NextCall {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
}

/** The surroundings of a problem. */
export interface Place {
  /** Path of the request, without its query. */
  readonly self: string
  readonly connectionId: string | undefined
}

type Extra = NonNullable<ProblemError['extra']>
type Rule = (at: Place & { readonly connection: string; readonly extra: Extra }) => readonly NextCall[]

const get = (path: string): NextCall => ({ method: 'GET', path })
const post = (path: string): NextCall => ({ method: 'POST', path })
const remove = (path: string): NextCall => ({ method: 'DELETE', path })
const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'))

const ofJob: Rule = ({ connection, extra: { jobId } }) =>
  typeof jobId === 'string'
    ? [get(`${connection}/sync-jobs/${jobId}`), post(`${connection}/sync-jobs/${jobId}/cancel`)]
    : [get(`${connection}/sync-jobs`)]

/** The deletion goes on with a job, or ends with the link. */
const ofDeletion: Rule = ({ connection, extra: { recordType, recordId } }) => {
  const job = post(`${connection}/sync-jobs`)
  if (typeof recordId !== 'string' || typeof recordType !== 'string') return [job]
  const { path } = entityTypes[recordType as RecordType]
  return [job, remove(`${connection}/${path}/${encodeURIComponent(recordId)}/link`)]
}

/** The holder is a record of the same collection; without one, the record itself has another link. */
const ofLink: Rule = ({ self, extra: { recordId } }) =>
  typeof recordId === 'string'
    ? [remove(`${parentOf(parentOf(self))}/${encodeURIComponent(recordId)}/link`)]
    : [remove(self)]

const byStatus: Readonly<Partial<Record<ConnectionStatus, (connection: string) => readonly NextCall[]>>> = {
  pending_consent: (connection) => [post(`${connection}/reconnect`)],
  select_organisation: (connection) => [get(`${connection}/organisations`), post(`${connection}/select-organisation`)],
  needs_reconnect: (connection) => [post(`${connection}/reconnect`)],
  disconnected: (connection) => [post(`${connection}/reconnect`)],
}

const rules: Readonly<Partial<Record<ProblemCode, Rule>>> = {
  route_not_found: () => [get('/docs')],
  job_in_progress: ofJob,
  queue_item_locked: ofJob,
  queue_item_uncertain: ({ connection, extra: { jobId } }) =>
    typeof jobId === 'string' ? [get(`${connection}/sync-jobs/${jobId}`)] : [post(`${connection}/sync-jobs`)],
  delete_irreversible: ofDeletion,
  entity_item_not_removable: ({ self }) => [remove(`${self}?force=true`)],
  already_linked: ofLink,
  organisation_already_connected: ({ extra: { connectionId } }) =>
    typeof connectionId === 'string'
      ? [get(`/v1/connections/${connectionId}`), remove(`/v1/connections/${connectionId}`)]
      : [],
  connection_not_active: ({ connection, extra: { connectionStatus } }) =>
    byStatus[connectionStatus as ConnectionStatus]?.(connection) ?? [get(connection)],
  invalid_state_transition: ({ self }) => [get(parentOf(self))],
  limit_reached: ({ self }) =>
    self.startsWith('/v1/api-keys') ? [get('/v1/api-keys')] : [get('/v1/connections?status=pending_consent')],
  precondition_failed: ({ self }) => [get(self)],
  precondition_required: ({ self }) => [get(self)],
  settings_invalid: ({ connection }) => [get(`${connection}/settings/check`)],
  completion_code_invalid: ({ connection }) => [post(`${connection}/reconnect`)],
  xero_throttled: ({ connection }) => [get(`${connection}/health`)],
}

/** Empty where the request itself is what has to change, or where nothing but time helps. */
export function nextCalls({ code, extra = {} }: ProblemError, place: Place): readonly NextCall[] {
  const { connectionId } = place
  const calls = rules[code]?.({ ...place, extra, connection: `/v1/connections/${connectionId}` }) ?? []
  return calls.filter(({ path }) => !path.includes('/undefined'))
}
