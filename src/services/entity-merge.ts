// What was seen of contacts and items is merged into the records linked to them, field by field, and told in the change feed.
// One contact may be a customer and a vendor, and after a merge in Xero several records of a type: each takes what another
// wrote. Runs inside the caller's transaction.
import type { Db } from '../db/tables.ts'
import { type EntityRecordType, isDocumentType } from '../domain/entity-types.ts'
import { isInterim } from '../domain/item-codes.ts'
import { bodyOf, changedFields, type Fields, fieldsOf, type Merge } from '../domain/merging.ts'
import { isBlank, isEntry, sameValue } from '../domain/merging-entries.ts'
import { hasHeldPersons } from '../domain/posting/held-persons.ts'
import { contentHash, recordName } from '../domain/records/index.ts'
import { beforeSwitch, mergeSeen } from '../domain/sighting-merge.ts'
import { stillUntaken, type Untaken, untakenOf, withUntaken } from '../domain/untaken-edits.ts'
import type { NewId } from '../lib/ids.ts'
import { appendChanges, type NewChange } from '../stores/changes.ts'
import { type Link, saveAgreed } from '../stores/links.ts'
import { forgetPosted } from '../stores/posted-marks.ts'
import { endWaiting, openQueueItems, type QueueRequest } from '../stores/queue-waiting.ts'
import { type RecordWrite, saveMergedBodies } from '../stores/record-writes.ts'
import { findRecords, type StoredRecord } from '../stores/records.ts'
import type { RemoteEntity } from '../stores/remote-entities.ts'
import { isHeld } from './holding.ts'
import type { JobContext } from './job-context.ts'
import { mappedFields } from './own-writes.ts'
import { theirFields } from './remote-rows.ts'
import { showState } from './show-state.ts'

export interface Sighting {
  readonly record: StoredRecord
  readonly link: Link
  readonly hasOpenItem: boolean
  readonly entity: RemoteEntity
  /** Fields whose values are new in Xero. */
  readonly changed: readonly string[]
  /** The fields that a call of unknown outcome sent of the record. */
  readonly sent?: Fields | null
  /** Another record of the same contact wrote it: that is no change of Xero's, whatever the policy. */
  readonly isOurs?: boolean
  /** Fields that a write was to take away and that stand in Xero all the same: the record's again. */
  readonly left?: Fields
}

export const settingsOf = (context: JobContext, type: EntityRecordType) => context.settings[`${type}s`]

/** A record as a write says it: edits that are not imported stay in Xero. */
export function asWritten(record: StoredRecord, link: Link | null): StoredRecord {
  if (isDocumentType(record.type) || Object.keys(link?.untaken ?? {}).length === 0) return record
  const fields = withUntaken(fieldsOf(record.body), link?.untaken ?? null)
  return { ...record, body: bodyOf(record.type, fields) }
}

/** By record, the edits that stay untaken after our writes. */
export async function untakenAfter(
  tx: Db,
  { job: { companyId }, connection }: JobContext,
  type: EntityRecordType,
  {
    links,
    written,
  }: {
    links: readonly (Link & { readonly type: string })[]
    written: readonly { type: string; recordId: string; written: Fields | null; isPartial?: boolean }[]
  },
): Promise<Map<string, Untaken>> {
  const untaken = links.filter((link) => link.type === type && Object.keys(link.untaken ?? {}).length > 0)
  const ids = untaken.map(({ recordId }) => recordId)
  const records = await findRecords(tx, companyId, connection.id, type, ids)
  return new Map(
    untaken.map((link) => {
      const record = records.get(link.recordId)
      const own = written.find((one) => one.type === type && one.recordId === link.recordId)
      // Parts that another record disputes were left as they stand: the rest of the record is still to be settled.
      if (own?.isPartial) return [link.recordId, link.untaken ?? {}]
      // Handed over again since the write was made, it says something that was not sent.
      const isSent = record !== undefined && record.contentHash === link.recordHash
      const sent = isSent ? fieldsOf(record.body) : {}
      return [link.recordId, stillUntaken(link.untaken ?? null, own?.written ?? {}, sent)]
    }),
  )
}

/** It is not newer than our own last write of it. */
export const isEcho = (entity: RemoteEntity, link: Link): boolean =>
  link.remoteUpdatedAt !== null && (entity.remoteUpdatedAt ?? '') <= link.remoteUpdatedAt

/** The fields of a record that changed in Xero since they were last seen. What our own write produced is no change. */
export function changedInXero(
  type: EntityRecordType,
  seen: RemoteEntity | undefined,
  entity: RemoteEntity,
  link: Link,
): string[] {
  if (!seen && isEcho(entity, link) && link.postedHash !== null) return []
  const [agreed, theirs] = [link.agreed ?? {}, theirFields(type, entity)]
  const changed = changedFields(seen ? beforeSwitch(theirFields(type, seen), theirs, agreed) : agreed, theirs)
  // A code for the moment is our own, and so is the way back to the code before.
  const isBack = isInterim(seen) && sameValue(link.agreed?.code, entity.code)
  return isInterim(entity) || isBack ? changed.filter((field) => field !== 'code') : changed
}

/** Of the fields that Xero would not give up, those that it holds yet. */
export const stillLeft = ({ leftOver }: Link, agreed: Fields): readonly string[] =>
  (leftOver ?? []).filter((key) => key in agreed)

/** Two records of one contact that both win would write it over and over again. */
const policyOf = (context: JobContext, type: EntityRecordType, { isOurs = false }: Sighting) => {
  const { conflict } = settingsOf(context, type)
  return isOurs && conflict === 'product_wins' ? 'pending_wins' : conflict
}

function merged(context: JobContext, type: EntityRecordType, sighting: Sighting): Merge {
  const { record, link, entity, ...seen } = sighting
  const { agreed = null, untaken = null } = link
  const isDisputed = record.lastError?.code === 'contact_disputed'
  const baseCurrency = context.reference.organisation?.baseCurrency ?? null
  return mergeSeen(
    { ...seen, record, agreed, untaken, theirs: theirFields(type, entity), isDisputed },
    { type, policy: policyOf(context, type, sighting), baseCurrency },
  )
}

/** The record says no more than what both sides agree on: a request that waits has nothing left to send. */
const isInLine = (fields: Fields, agreed: Fields): boolean => changedFields(fields, agreed).length === 0

/** Fields that Xero does not show, or shows in words of its own. */
const notShown: readonly string[] = ['active', 'kind', ...mappedFields]

/** Xero shows what both sides are said to agree on: otherwise the product wins back what somebody changed, with a request that waits. */
const standsAsAgreed = (agreed: Fields, theirs: Fields): boolean =>
  Object.entries(agreed).every(([key, value]) => {
    const there = theirs[key]
    if (notShown.includes(key)) return true
    if (!isEntry(key, value)) return sameValue(value, there)
    return (
      isEntry(key, there) && Object.entries(value).every(([part, own]) => isBlank(own) || sameValue(own, there[part]))
    )
  })

/** An item that a list shows under a code for the moment, and nothing waits that would change it: the database was restored. */
const isLeftInterim = ({ record, entity, hasOpenItem }: Sighting): boolean =>
  isInterim(entity) &&
  !hasOpenItem &&
  record.deletedAt === null &&
  record.origin === 'product' &&
  record.lastError?.code !== 'change_withdrawn'

/** Somebody gave the contact an e-mail address, and the record says persons that could not be sent without one. */
const isReadyForPersons = ({ record, link, entity, changed, hasOpenItem }: Sighting): boolean =>
  changed.includes('email') &&
  link.agreed?.email === undefined &&
  entity.fields.email !== undefined &&
  !hasOpenItem &&
  record.syncState === 'synced' &&
  hasHeldPersons(withUntaken(fieldsOf(record.body), link.untaken ?? null), link.agreed ?? {})

interface Agreement {
  readonly recordId: string
  readonly agreed: Fields
  readonly untaken: Untaken
}

/** Merges what was seen into records of one type; where they are not to learn it, only a write of them takes it into account. */
export async function mergeSightings(
  tx: Db,
  context: JobContext,
  type: EntityRecordType,
  sightings: readonly Sighting[],
  { now, newId }: { readonly now: string; readonly newId: NewId },
): Promise<void> {
  const { companyId, id: jobId } = context.job
  const connectionId = context.connection.id
  const settings = settingsOf(context, type)
  const isOff = settings.import === 'off'
  const writes: Pick<RecordWrite, 'id' | 'body' | 'contentHash' | 'name'>[] = []
  const agreements: (Agreement & { leftOver: readonly string[] })[] = []
  const requests: QueueRequest[] = []
  const superseded: StoredRecord[] = []
  const changes: NewChange[] = []
  for (const sighting of sightings) {
    const { record, entity, hasOpenItem, changed, left = {} } = sighting
    // The proxy item is the service's own.
    const known = Object.keys(sighting.link.untaken ?? {})
    if (isLeftInterim(sighting)) {
      requests.push({ itemId: newId(), recordId: record.id, recordName: record.name, action: 'update' })
    }
    if (changed.length + Object.keys(left).length + known.length === 0) continue
    if (record.deletedAt !== null || record.origin === 'service') continue
    if (isReadyForPersons(sighting)) {
      requests.push({ itemId: newId(), recordId: record.id, recordName: record.name, action: 'update' })
    }
    const { fields, agreed, kept } = merged(context, type, sighting)
    const untaken = isOff ? untakenOf(fieldsOf(record.body), fields, sighting.link.untaken) : {}
    agreements.push({ recordId: record.id, agreed, leftOver: stillLeft(sighting.link, agreed), untaken })
    if (isOff) continue
    const isOverwritten = kept.length > 0 && policyOf(context, type, sighting) === 'product_wins'
    if (isOverwritten && !hasOpenItem && !isLeftInterim(sighting)) {
      requests.push({ itemId: newId(), recordId: record.id, recordName: record.name, action: 'update' })
    }
    const body = bodyOf(type, fields)
    const hash = contentHash(body)
    if (hash === record.contentHash) continue
    writes.push({ id: record.id, body, contentHash: hash, name: recordName(type, body) })
    const isWithdrawn = ['change_withdrawn', 'kept_as_sent'].includes(record.lastError?.code ?? '')
    const stands = standsAsAgreed(agreed, theirFields(type, entity))
    const isThere = kept.length === 0 && isInLine(fields, agreed) && stands && !isInterim(entity)
    if ((hasOpenItem || isWithdrawn) && isThere) superseded.push(record)
    const shown = { ...body, id: record.id }
    const change = { recordType: type, recordId: record.id, operation: 'updated' as const, record: shown }
    changes.push({ ...change, xeroId: entity.remoteId, jobId })
  }
  await saveMergedBodies(tx, companyId, connectionId, type, writes, now)
  await saveAgreed(tx, companyId, connectionId, type, agreements)
  await openQueueItems(tx, companyId, connectionId, type, requests, now)
  const requested = requests.map(({ recordId }) => recordId)
  // Their last words were written over there, however the stamp reads.
  await forgetPosted(tx, companyId, connectionId, type, requested)
  await showState(tx, context, type, requested, 'pending', now)
  const ended = superseded.map(({ id }) => id)
  await endWaiting(tx, companyId, connectionId, type, ended, 'superseded', now)
  const settled = superseded.filter((record) => !isHeld(record)).map(({ id }) => id)
  await showState(tx, context, type, settled, 'synced', now)
  await appendChanges(tx, companyId, connectionId, changes, now)
  context.progress[type].imported += changes.length
}
