// Which contact in Xero a customer or vendor without a link is: found among what was last read, so it costs no call. What
// is not found is created; what is found twice, or archived, is for a person to decide.
import type { Db } from '../db/tables.ts'
import { candidatesOf } from '../domain/candidate.ts'
import type { RecordType } from '../domain/entity-types.ts'
import { matchContact, recordKeys } from '../domain/matching.ts'
import type { Contact } from '../domain/records/index.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import { findLinksByRemoteId } from '../stores/links.ts'
import { findRecords, type StoredRecord } from '../stores/records.ts'
import { findContactsByKeys, type RemoteEntity } from '../stores/remote-entities.ts'
import { keepsDocument } from './holding.ts'
import type { JobContext } from './job-context.ts'

export type ContactMatch =
  | { readonly kind: 'none' }
  | { readonly kind: 'match'; readonly entity: RemoteEntity; readonly by: string }
  | { readonly kind: 'conflict'; readonly error: SyncError }

const lower = (values: readonly (string | undefined | null)[]): string[] =>
  values.flatMap((value) => (value ? value.trim().toLowerCase() : []))

/** By record id. */
export async function matchContacts(
  db: Db,
  context: JobContext,
  type: Extract<RecordType, 'customer' | 'vendor'>,
  records: readonly StoredRecord[],
): Promise<Map<string, ContactMatch>> {
  const { companyId } = context.job
  const connectionId = context.connection.id
  const settings = context.settings[`${type}s`]
  if (records.length === 0) return new Map()
  const keys = records.map((record) => recordKeys(record.body as unknown as Contact, type, record.id))
  const entities = await findContactsByKeys(db, companyId, connectionId, {
    contactNumbers: lower(keys.map((key) => key.contactNumber)),
    accountNumbers: lower(keys.map((key) => key.accountNumber)),
    taxNumbers: lower(keys.map((key) => key.taxNumber)),
    emails: lower(keys.map((key) => key.email)),
    names: lower(keys.map((key) => key.name)),
  })
  const taken = await takenBy(db, context, type, entities)
  const free = new Map(
    entities.filter((entity) => !taken.has(entity.remoteId)).map((entity) => [entity.remoteId, entity]),
  )
  const candidatesWith = (ids: readonly string[]) =>
    candidatesOf(entities.filter((entity) => ids.includes(entity.remoteId)))
  const matches = new Map<string, ContactMatch>()
  for (const [index, record] of records.entries()) {
    const key = keys[index]
    if (!key) continue
    const found = matchContact(key, [...free.values()], settings.matchBy)
    const entity = found.kind === 'match' ? free.get(found.remoteId) : undefined
    if (found.kind === 'match' && entity) {
      matches.set(record.id, { kind: 'match', entity, by: found.by })
      // Two records never become one contact by search: the second one finds another, or is created.
      free.delete(entity.remoteId)
    } else if (found.kind === 'ambiguous' && settings.onAmbiguous === 'conflict') {
      const cause = `Several contacts have the same ${found.by}: ${found.remoteIds.join(', ')}.`
      matches.set(record.id, {
        kind: 'conflict',
        error: syncError('contact_ambiguous', { cause, candidates: candidatesWith(found.remoteIds) }),
      })
    } else if (found.kind === 'archived') {
      const cause = `The contact that fits by ${found.by} is archived: ${found.remoteId}.`
      matches.set(record.id, {
        kind: 'conflict',
        error: syncError('contact_archived', { cause, candidates: candidatesWith(found.remoteIds) }),
      })
    } else matches.set(record.id, { kind: 'none' })
  }
  return matches
}

/** Contacts that belong to another record of the product already. Those that were only imported, or are left of a deleted record, may be adopted. */
async function takenBy(
  db: Db,
  context: JobContext,
  type: 'customer' | 'vendor',
  entities: readonly RemoteEntity[],
): Promise<Set<string>> {
  const { companyId } = context.job
  const connectionId = context.connection.id
  const ids = entities.map((entity) => entity.remoteId)
  const links = await findLinksByRemoteId(db, companyId, connectionId, [type], ids)
  const holders = await findRecords(
    db,
    companyId,
    connectionId,
    type,
    links.map((link) => link.recordId),
  )
  const isTaken = (recordId: string): boolean => {
    const holder = holders.get(recordId)
    return holder === undefined || keepsDocument(holder)
  }
  return new Set(links.filter((link) => isTaken(link.recordId)).map((link) => link.remoteId))
}
