// Intake: records that the inventory product hands over, any number at once. A record and its queue item are written in
// one transaction; an item opens only when the content really changed and its trigger status is reached. A change while a
// job holds the record opens a second item, so that it is never lost.

import type { Db } from '../db/tables.ts'
import { isDocumentType, type RecordType } from '../domain/entity-types.ts'
import type { ProblemFault } from '../domain/errors.ts'
import { changedFields, type Fields, fieldsOf, handedOver } from '../domain/merging.ts'
import { sameValue } from '../domain/merging-entries.ts'
import { isSent, keptAsSent, keptOutBy } from '../domain/posting/kept-out.ts'
import { decimalsAsSent } from '../domain/records/decimals-as-sent.ts'
import { isPostedAlike } from '../domain/records/document.ts'
import {
  canonicalRecord,
  contentHash,
  type RecordBody,
  recordFaults,
  recordName,
  recordStatus,
} from '../domain/records/index.ts'
import { fault, idFaults, shownId, withIdFaults } from '../domain/records/own-id.ts'
import { isPlainObject } from '../domain/schema-node.ts'
import type { Settings } from '../domain/settings/index.ts'
import { type SyncErrorCode, syncError } from '../domain/sync-errors.ts'
import type { SyncError, SyncStateName } from '../domain/sync-state.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { gently, giveWay } from '../lib/portions.ts'
import { findLinks, type Link } from '../stores/links.ts'
import { doubtPosted, forgetRequest } from '../stores/posted-marks.ts'
import { findOpenItems } from '../stores/queue-items.ts'
import {
  endWaiting,
  forgetRefusals,
  openQueueItems,
  type QueueRequest,
  recordsWithOpenItem,
} from '../stores/queue-waiting.ts'
import {
  type RecordWrite,
  raiseVersions,
  saveDecimalsAsSent,
  saveHanded,
  saveRecords,
} from '../stores/record-writes.ts'
import { findRecords, type StoredRecord } from '../stores/records.ts'
import { saveRecordHashes } from '../stores/standing-documents.ts'
import { type RecordSyncChange, setSyncStates } from '../stores/sync-states.ts'
import { alone } from './alone.ts'
import type { UpsertResult } from './contract.ts'
import { handovers, type Said } from './handovers.ts'
import { isHeld, isHeldItem } from './holding.ts'
import { type Handed, type Place, portionsToStore, weightOf } from './intake-portions.ts'
import { isRemovedItem } from './removed-items.ts'
import { leaveReused } from './reused-ids.ts'
import { loadSettings } from './settings.ts'

export interface IntakeResult {
  readonly id: string | null
  readonly result: UpsertResult | 'refused' | 'being_deleted'
  readonly faults: readonly ProblemFault[]
}

/** Records and lines that are judged before other requests have their turn: some milliseconds. */
const atOnce = 300

export function intake(deps: { db: Db; clock: Clock; newId: NewId }) {
  const { db, clock, newId } = deps

  /** Values that came from Xero may be handed back as they are: faulty bodies are judged beside what is stored. */
  async function judgedBodies(
    companyId: string,
    connectionId: string,
    type: RecordType,
    bodies: readonly Handed[],
  ): Promise<(Handed & { faults: ProblemFault[] })[]> {
    const alone: (Handed & { faults: ProblemFault[] })[] = []
    const faultsOf = ({ id, body, idFault }: Handed, stored: unknown = null): ProblemFault[] =>
      withIdFaults(idFault ? [idFault] : isPlainObject(body) ? idFaults(id) : [], recordFaults(type, body, stored))
    for await (const handed of gently(bodies, atOnce, weightOf)) {
      const faults = faultsOf(handed)
      // To say what is wrong takes many times as long as to see that nothing is.
      if (faults.length > 0 && bodies.length > 1) await giveWay()
      alone.push({ ...handed, faults })
    }
    const ids = alone.flatMap(({ id, faults }) =>
      typeof id === 'string' && faults.length > 0 && idFaults(id).length === 0 ? [id] : [],
    )
    const stored = await findRecords(db, companyId, connectionId, type, ids)
    const judged: typeof alone = []
    for (const entry of alone) {
      const held = typeof entry.id === 'string' && entry.faults.length > 0 ? stored.get(entry.id) : undefined
      const isHeldLive = held?.deletedAt === null
      judged.push(isHeldLive ? { ...entry, faults: faultsOf(entry, held.body) } : entry)
      if (isHeldLive) await giveWay()
    }
    return judged
  }

  /** Stores one portion of a request. `taken` collects the ids of all its portions. */
  async function takePortion(
    { companyId, connectionId, type }: Place,
    bodies: readonly Handed[],
    taken: Set<string>,
  ): Promise<IntakeResult[]> {
    const results: (IntakeResult | null)[] = []
    const checked = new Map<string, { index: number; entry: Said }>()
    const judged = await judgedBodies(companyId, connectionId, type, bodies)
    let index = -1
    for await (const { id, body, faults } of gently(judged, atOnce, weightOf)) {
      index += 1
      if (typeof id === 'string' && taken.has(id)) {
        faults.push(fault('/id', `The id ${id} comes twice in this request.`, 'Send each record once.'))
      }
      if (faults.length > 0 || typeof id !== 'string') {
        results[index] = { id: typeof id === 'string' ? shownId(id) : null, result: 'refused', faults }
        continue
      }
      const canonical = canonicalRecord(type, body as never) as RecordBody
      results[index] = null
      taken.add(id)
      const handed = isDocumentType(type) ? null : handedOver(type, body as Record<string, unknown>)
      const entry = { id, body: canonical, hash: contentHash(canonical), handed }
      checked.set(id, { index, entry: { ...entry, decimalsAsSent: decimalsAsSent(type, body) } })
    }
    await alone(db, connectionId, async (tx) => {
      const { settings } = await loadSettings(tx, companyId, connectionId)
      const ids = [...checked.keys()]
      const stored = await findRecords(tx, companyId, connectionId, type, ids)
      const links = await findLinks(tx, companyId, connectionId, type, ids)
      const said = [...checked.values()].map(({ entry }) => entry)
      const deleted = ids.filter((id) => (stored.get(id)?.deletedAt ?? null) !== null && links.has(id))
      const deleting = await recordsWithOpenItem(tx, companyId, connectionId, type, deleted)
      const back = said.filter((entry) => judge(stored.get(entry.id), entry, deleting.has(entry.id)) === 'created')
      await leaveReused(tx, { companyId, connectionId, type }, back, { stored, links })
      const handover = await handovers(tx, { companyId, connectionId, type, settings }, { said, stored, links })
      const writes: RecordWrite[] = []
      const requests: QueueRequest[] = []
      const withdrawn: string[] = []
      const unsent: RecordSyncChange[] = []
      const strayed: string[] = []
      const sameDocument: { recordId: string; recordHash: string }[] = []
      const unchanged: { id: string; version: number | null }[] = []
      const rewritten: Pick<Said, 'id' | 'decimalsAsSent'>[] = []
      const learned: { id: string; handed: Fields }[] = []
      for (const { index, entry: given } of checked.values()) {
        const known = stored.get(given.id)
        const entry = handover.taken(given)
        const result = judge(known, entry, deleting.has(entry.id))
        results[index] = { id: entry.id, result, faults: [] }
        if (result === 'unchanged') {
          unchanged.push({ id: entry.id, version: entry.body.version ?? null })
          // A product that took over what the change feed told holds it from now on, and may take it away.
          if (entry.handed && !sameValue(known?.handed, entry.handed))
            learned.push({ id: entry.id, handed: entry.handed })
          if (!sameValue(known?.decimalsAsSent, entry.decimalsAsSent)) rewritten.push(entry)
        }
        if (result !== 'created' && result !== 'updated') continue
        const link = links.get(entry.id)
        const shown = stateAfter(type, entry, link, settings)
        // A change of what is only kept here is nobody's wish to have the document as today's settings and contact would make it.
        const isKept = known !== undefined && link !== undefined && staysAsPosted(type, known, entry)
        const isLeft = isKept || (known !== undefined && isHeld(known))
        writes.push({
          id: entry.id,
          origin: 'product',
          body: entry.body,
          contentHash: entry.hash,
          // One without a version does not make older ones welcome again.
          version: entry.body.version ?? known?.version ?? null,
          name: recordName(type, entry.body),
          status: recordStatus(type, entry.body),
          syncState: isLeft ? known.syncState : shown.state,
          handed: entry.handed,
          spokenOver: entry.spokenOver ?? [],
          decimalsAsSent: entry.decimalsAsSent,
        })
        if (isKept) {
          if (link.recordHash === known.contentHash) sameDocument.push({ recordId: entry.id, recordHash: entry.hash })
          continue
        }
        if (shown.state === 'pending') {
          const action = link ? 'update' : 'create'
          // The record may say again what was sent last, and somebody may have edited the document meanwhile: a look tells.
          if (link && known?.syncState !== 'synced' && isDocumentType(type)) strayed.push(entry.id)
          requests.push({ itemId: newId(), recordId: entry.id, recordName: recordName(type, entry.body), action })
          continue
        }
        withdrawn.push(entry.id)
        if (!isLeft) unsent.push({ id: entry.id, ...shown, synced: false, nextStepAt: null })
      }
      const now = clock.now().toISOString()
      await saveRecords(tx, companyId, connectionId, type, writes, now)
      await saveRecordHashes(tx, companyId, connectionId, type, sameDocument)
      await doubtPosted(tx, companyId, connectionId, type, strayed)
      await raiseVersions(tx, companyId, connectionId, type, unchanged)
      const again = unchanged.map(({ id }) => id)
      await forgetRefusals(tx, companyId, connectionId, type, again)
      await saveHanded(tx, companyId, connectionId, type, learned)
      await saveDecimalsAsSent(tx, { companyId, connectionId, type }, rewritten)
      await handover.agree(
        writes.map(({ id }) => id),
        now,
      )
      await openQueueItems(tx, companyId, connectionId, type, requests, now)
      await endWaiting(tx, companyId, connectionId, type, withdrawn, 'cancelled', now)
      // Nor is one that comes back later made anew for a request of before.
      const held = (await findOpenItems(tx, companyId, connectionId, type, withdrawn)).filter(isHeldItem)
      const heldIds = held.map(({ id }) => id)
      await forgetRequest(tx, companyId, connectionId, type, withdrawn, heldIds)
      await setSyncStates(tx, companyId, connectionId, type, unsent, now)
    })
    return results.filter((result) => result !== null)
  }

  /**
   * Each body stands for itself: a faulty one never stops the others. Many are stored in portions, each in a transaction of
   * its own. The connection must be the company's.
   */
  return async (
    companyId: string,
    connectionId: string,
    type: RecordType,
    bodies: readonly Handed[],
  ): Promise<IntakeResult[]> => {
    const results: IntakeResult[] = []
    const taken = new Set<string>()
    for await (const portion of portionsToStore(db, { companyId, connectionId, type }, bodies)) {
      if (results.length > 0) await giveWay()
      results.push(...(await takePortion({ companyId, connectionId, type }, portion, taken)))
    }
    return results
  }
}

function judge(known: StoredRecord | undefined, entry: Said, deleting: boolean): IntakeResult['result'] {
  if (!known) return 'created'
  const version = entry.body.version
  // A late retry brings nothing back, deleted or not.
  if (version !== undefined && known.version !== null && version < known.version) return 'stale'
  // A queued deletion is final: the record can be created anew only after it went through.
  if (known.deletedAt !== null) return deleting || isHeld(known) ? 'being_deleted' : 'created'
  return known.contentHash === entry.hash && known.origin === 'product' ? 'unchanged' : 'updated'
}

/** A document that moves, or goes out again, only when somebody asks for it. */
const onRequest: ReadonlySet<string> = new Set(['contact_relinked', 'xero_version_kept'] satisfies SyncErrorCode[])

/** The document stands as it was last decided on, and the record changes in nothing that is posted. */
function staysAsPosted(type: RecordType, known: StoredRecord, said: Said): boolean {
  const { syncState, lastError } = known
  const isSettled = syncState === 'synced' || (syncState === 'outdated' && onRequest.has(lastError?.code ?? ''))
  return isDocumentType(type) && isSettled && known.deletedAt === null && isPostedAlike(known.body, { ...said.body })
}

/** Whether what was last sent is what the record says now. */
function isAsSent(type: RecordType, { body, hash }: Said, { agreed, postedHash, recordHash }: Link): boolean {
  if (isDocumentType(type)) return postedHash !== null && recordHash === hash
  // Under a code for the moment, an item stands there as nobody said.
  return agreed != null && recordHash !== '' && changedFields(fieldsOf(body), agreed).length === 0
}

/** The state of a record that was handed over, where no job has it. */
function stateAfter(
  type: RecordType,
  said: Said,
  link: Link | undefined,
  settings: Settings,
): { state: SyncStateName; error: SyncError | null } {
  if (isSent(type, said.body, settings)) return { state: 'pending', error: null }
  const reason = keptOutBy(type, said.body, settings)
  if (!link || (reason !== null && isRemovedItem(type, link))) {
    return { state: reason === null ? 'never_synced' : 'excluded', error: null }
  }
  if (reason === null) return { state: 'outdated', error: syncError('status_not_sent') }
  return isAsSent(type, said, link)
    ? { state: 'synced', error: null }
    : { state: 'outdated', error: keptAsSent(reason) }
}
