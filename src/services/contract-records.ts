// The services' offer for records: handover, reading, links with Xero, conflicts. Part of contract.ts.
import type { Attempt } from '../domain/attempt.ts'
import type { DocumentType, RecordType } from '../domain/entity-types.ts'
import type { RecordBody } from '../domain/records/index.ts'
import type { SyncState } from '../domain/sync-state.ts'
import type { Page, PageRequest } from '../lib/page.ts'

export interface RecordView {
  readonly type: RecordType
  readonly id: string
  /** product: handed over. import: found in Xero and not yet adopted under an id of the product. */
  readonly origin: 'product' | 'import'
  readonly record: RecordBody
  readonly sync: SyncState
  readonly createdAt: string
  readonly updatedAt: string
  readonly deletedAt: string | null
}

export type UpsertResult = 'created' | 'updated' | 'unchanged' | 'stale'

export interface BulkResult {
  readonly id: string | null
  readonly result: UpsertResult | 'refused'
  readonly sync: SyncState | null
  /** With "refused": why, with pointers into this element. */
  readonly errors: readonly { readonly pointer: string; readonly detail: string; readonly action: string }[]
}

export interface RecordService {
  upsert(
    companyId: string,
    connectionId: string,
    type: RecordType,
    recordId: string,
    body: unknown,
  ): Promise<{ result: UpsertResult; record: RecordView }>
  /** Each element stands for itself: a refused one never stops the others. */
  upsertMany(
    companyId: string,
    connectionId: string,
    type: RecordType,
    bodies: readonly unknown[],
  ): Promise<BulkResult[]>
  get(companyId: string, connectionId: string, type: RecordType, recordId: string): Promise<RecordView>
  list(
    companyId: string,
    connectionId: string,
    type: RecordType,
    filter: { state: SyncState['state'] | null; search: string | null; updatedSince: string | null },
    page: PageRequest,
  ): Promise<Page<RecordView>>
  /** Marks it deleted and queues the deletion in Xero where it was synced. */
  remove(companyId: string, connectionId: string, type: RecordType, recordId: string): Promise<RecordView>
  attempts(
    companyId: string,
    connectionId: string,
    type: RecordType,
    recordId: string,
    page: PageRequest,
  ): Promise<Page<Attempt>>
  /** Links a record to a document in Xero by its id; adopts an unassigned or imported one. */
  link(companyId: string, connectionId: string, type: RecordType, recordId: string, xeroId: string): Promise<RecordView>
  unlink(companyId: string, connectionId: string, type: RecordType, recordId: string): Promise<RecordView>
  /** Decides a conflict with what stands in Xero. Throws invalid_state_transition when there is none. */
  resolveConflict(
    companyId: string,
    connectionId: string,
    type: DocumentType | 'item',
    recordId: string,
    keep: 'product' | 'xero',
  ): Promise<RecordView>
}
