// What the services offer to http and worker, in one place to read. Everything is scoped by company: a method that takes
// a companyId answers not_found for what belongs to another company. Faults are thrown as ProblemError (domain/errors.ts).
import type { ApiKey } from '../domain/api-key.ts'
import type { Attempt } from '../domain/attempt.ts'
import type { Change } from '../domain/change.ts'
import type { RecordType } from '../domain/entity-types.ts'
import type { Incident } from '../domain/incident.ts'
import type { OddRow } from '../domain/odd-row.ts'
import type { QueueFilter, QueueItem, QueueSort } from '../domain/queue-item.ts'
import type { RecordFinding } from '../domain/record-finding.ts'
import type { ReferenceEntry, ReferenceListName } from '../domain/reference-lists.ts'
import type { Finding, Settings } from '../domain/settings/index.ts'
import type { SyncJob } from '../domain/sync-job.ts'
import type { UnassignedContact } from '../domain/unassigned-contact.ts'
import type { Page, PageRequest } from '../lib/page.ts'
import type { ConnectionService, ConnectService } from './contract-connections.ts'
import type { RecordService } from './contract-records.ts'

export { queueSorts } from '../domain/queue-item.ts'
export type { Position } from '../lib/page.ts'
export type * from './contract-connections.ts'
export type * from './contract-records.ts'
export type { ApiKey, Attempt, Page, PageRequest, QueueFilter, QueueSort, UnassignedContact }

/** companyId null: the bootstrap key, which may act for every company. */
export interface Principal {
  readonly keyId: string
  readonly companyId: string | null
}

export interface AccessService {
  /** Null for an unknown, expired or revoked key: the three are not told apart to the caller. */
  authenticate(bearer: string, address: string): Promise<Principal | null>
  /** Whether it is a key that was right within a day. Costs no statement, but for one a minute. */
  wasRight(bearer: string): Promise<boolean>
  /**
   * `madeBy`: the id of the key that asks; null for the bootstrap key. The new key does not outlive it, and is revoked with it.
   * Throws limit_reached, and validation_failed for a later end.
   */
  createKey(input: {
    companyId: string | null
    name: string
    expiresAt: string | null
    madeBy?: string | null
  }): Promise<{
    key: ApiKey
    /** Shown once, never stored. */
    secret: string
  }>
  /** companyId null: the keys of all companies. */
  listKeys(companyId: string | null, page: PageRequest): Promise<Page<ApiKey>>
  revokeKey(companyId: string | null, keyId: string): Promise<void>
}

export interface VersionedSettings {
  readonly settings: Settings
  /** The ETag's content. */
  readonly version: number
}

export interface SettingsService {
  get(companyId: string, connectionId: string): Promise<VersionedSettings>
  /** Merge patch (RFC 7396). Throws precondition_failed when ifMatch is not the stored version. */
  patch(companyId: string, connectionId: string, patch: unknown, ifMatch: number): Promise<VersionedSettings>
  /** Replaces one section; fields left out take their defaults. */
  replaceSection(
    companyId: string,
    connectionId: string,
    section: keyof Settings,
    value: unknown,
    ifMatch: number,
  ): Promise<VersionedSettings>
  check(companyId: string, connectionId: string): Promise<Finding[]>
}

export interface ContactService {
  /** Contacts that Xero knows and that are neither customer nor vendor yet. */
  unassigned(
    companyId: string,
    connectionId: string,
    filter: { search: string | null },
    page: PageRequest,
  ): Promise<Page<UnassignedContact>>
}

export interface ReferenceView<N extends ReferenceListName = ReferenceListName> {
  readonly entries: ReferenceEntry<N>[]
  /** Null while it was never read. */
  readonly fetchedAt: string | null
}

export interface ReferenceService {
  get<N extends ReferenceListName>(companyId: string, connectionId: string, name: N): Promise<ReferenceView<N>>
  /** Reads it from Xero now. */
  refresh<N extends ReferenceListName>(companyId: string, connectionId: string, name: N): Promise<ReferenceView<N>>
}

export interface QueueService {
  /** Without a status filter: the open items. */
  list(
    companyId: string,
    connectionId: string,
    filter: QueueFilter,
    sort: QueueSort,
    page: PageRequest,
  ): Promise<Page<QueueItem>>
  count(companyId: string, connectionId: string, filter: QueueFilter): Promise<number>
  get(companyId: string, connectionId: string, itemId: string): Promise<QueueItem>
  /** Queues stored records again: the named ones, or all of a type (recordIds null); skips what settings keep out. */
  requeue(
    companyId: string,
    connectionId: string,
    input: { recordType: RecordType; recordIds: readonly string[] | null },
  ): Promise<{ opened: number; alreadyQueued: number; skipped: number }>
  /** force: also takes an entity's item away, at the price that Xero may overwrite the record at the next import. */
  remove(companyId: string, connectionId: string, itemId: string, input: { force: boolean }): Promise<QueueItem>
}

export interface JobService {
  /** Throws job_in_progress, naming the unfinished job, when there is one. */
  create(companyId: string, connectionId: string, input: { kind: SyncJob['kind'] }): Promise<SyncJob>
  list(companyId: string, connectionId: string, page: PageRequest): Promise<Page<SyncJob>>
  get(companyId: string, connectionId: string, jobId: string): Promise<SyncJob>
  /** Ends it after the call in flight; items that were not sent return to the queue. */
  cancel(companyId: string, connectionId: string, jobId: string): Promise<SyncJob>
  /** The items that this job could not bring over, with cause and remedy. */
  errors(companyId: string, connectionId: string, jobId: string, page: PageRequest): Promise<Page<QueueItem>>
}

export interface ChangeService {
  /** Changes after a sequence number, in order. `latest` is the highest number there is. */
  list(
    companyId: string,
    connectionId: string,
    input: { after: number; limit: number },
  ): Promise<{ items: Change[]; latest: number }>
}

export interface StoredResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface IdempotencyService {
  /**
   * Takes a key: "new" may run, "replay" carries the stored answer. Throws idempotency_mismatch when the key came with
   * another request, idempotency_in_progress while the first one still runs.
   */
  begin(scope: {
    companyId: string
    route: string
    key: string
    fingerprint: string
  }): Promise<{ kind: 'new' } | { kind: 'replay'; response: StoredResponse }>
  finish(scope: { companyId: string; route: string; key: string }, response: StoredResponse): Promise<void>
  /** Seals stored answers under the active encryption key. Returns how many were sealed under another one. */
  rotateKeys(): Promise<number>
  /** Gives up the answers that no configured encryption key opens: begin throws idempotency_answer_lost for them. */
  acceptLoss(): Promise<void>
  /** The request failed in a way that may be tried again: the key is free. */
  abandon(scope: { companyId: string; route: string; key: string }): Promise<void>
}

export interface IncidentService {
  list(
    companyId: string,
    connectionId: string,
    filter: { readonly open: boolean },
    page: PageRequest,
  ): Promise<Page<Incident>>
  /** A person has looked at it. A duplicate that still stands comes back with the next sweep. */
  resolve(companyId: string, connectionId: string, incidentId: string): Promise<Incident>
}

export interface OddRowService {
  /** Rows of lists in Xero that could not be understood. */
  list(companyId: string, connectionId: string, page: PageRequest): Promise<Page<OddRow>>
}

export interface RecordFindingService {
  /** Items that Xero has something to say about, although nothing is wrong. */
  list(companyId: string, connectionId: string, page: PageRequest): Promise<Page<RecordFinding>>
}

export interface HealthService {
  /** Database reachable, schema current, encryption keys right, not draining. Never asks Xero. */
  ready(): Promise<{ ready: boolean; checks: Record<string, { ok: boolean; detail: string }> }>
}

export interface Services {
  readonly access: AccessService
  readonly connections: ConnectionService
  readonly connect: ConnectService
  readonly settings: SettingsService
  readonly records: RecordService
  readonly contacts: ContactService
  readonly reference: ReferenceService
  readonly queue: QueueService
  readonly jobs: JobService
  readonly changes: ChangeService
  readonly incidents: IncidentService
  readonly oddRows: OddRowService
  readonly recordFindings: RecordFindingService
  readonly idempotency: IdempotencyService
  readonly health: HealthService
}
