// Contacts that a person merged in Xero: the one that lost stays there archived and names the other (xero.md, Contacts). The
// records of the lost one are the other contact from now on (domain/merged-away.ts).
import type { Db } from '../db/tables.ts'
import { type EntityRecordType, recordTypes } from '../domain/entity-types.ts'
import { longestChain, mergedAway } from '../domain/merged-away.ts'
import { bodyOf, type Fields, fieldsOf } from '../domain/merging.ts'
import { contentHash, recordName } from '../domain/records/index.ts'
import { untakenOf } from '../domain/untaken-edits.ts'
import { appendChanges } from '../stores/changes.ts'
import { findLinksByRemoteId, saveAgreed, type TypedLink } from '../stores/links.ts'
import { moveLinks } from '../stores/merged-links.ts'
import { findOpenItems } from '../stores/queue-items.ts'
import { recordsWithOpenItem } from '../stores/queue-waiting.ts'
import { saveMergedBodies } from '../stores/record-writes.ts'
import { findRecords, type StoredRecord } from '../stores/records.ts'
import { tellDocumentsBack } from '../stores/relinked-documents.ts'
import { findRemoteEntities, type RemoteEntity } from '../stores/remote-entities.ts'
import { keepAtSurvivors } from '../stores/standing-documents.ts'
import { settingsOf } from './entity-merge.ts'
import type { JobContext } from './job-context.ts'
import { isMergedAway, theirFields } from './remote-rows.ts'

const contactTypes = recordTypes.filter(
  (type): type is 'customer' | 'vendor' => type === 'customer' || type === 'vendor',
)

/** The contact that is left, by the contact that was merged away. */
export async function survivors(
  tx: Db,
  context: Pick<JobContext, 'job' | 'connection'>,
  lost: readonly RemoteEntity[],
): Promise<{ readonly from: string; readonly to: string }[]> {
  const next = new Map(lost.flatMap(({ remoteId, mergedInto }) => (mergedInto ? [[remoteId, mergedInto]] : [])))
  for (let step = 0; step < longestChain; step += 1) {
    const unknown = [...new Set(next.values())].filter((id) => !next.has(id))
    const rows = await findRemoteEntities(tx, context.job.companyId, context.connection.id, 'contacts', unknown)
    const further = [...rows.values()].flatMap(({ remoteId, mergedInto }) =>
      mergedInto ? [[remoteId, mergedInto]] : [],
    )
    if (further.length === 0) break
    for (const [from = '', to = ''] of further) next.set(from, to)
  }
  return lost.map(({ remoteId }) => {
    let to = remoteId
    for (let step = 0; step < longestChain && next.has(to); step += 1) to = next.get(to) ?? to
    return { from: remoteId, to }
  })
}

/** Links of the contacts that are lost. A deletion that waits was meant for the lost one, which is archived: its link stays there. */
async function followingLinks(tx: Db, context: JobContext, lost: readonly RemoteEntity[]): Promise<TypedLink[]> {
  const [companyId, connectionId] = [context.job.companyId, context.connection.id]
  const remoteIds = lost.map(({ remoteId }) => remoteId)
  const links = await findLinksByRemoteId(tx, companyId, connectionId, contactTypes, remoteIds)
  const following: TypedLink[] = []
  for (const type of contactTypes) {
    const ofType = links.filter((link) => link.type === type)
    const ids = ofType.map(({ recordId }) => recordId)
    const open = await findOpenItems(tx, companyId, connectionId, type, ids)
    const ending = new Set(open.filter(({ action }) => action === 'delete').map(({ recordId }) => recordId))
    following.push(...ofType.filter(({ recordId }) => !ending.has(recordId)))
  }
  return following
}

/** Contacts that were merged away when they were read last, and that a person restored. Before they are saved as they are now. */
export async function keepRestored(
  tx: Db,
  context: JobContext,
  entities: readonly RemoteEntity[],
  seen: ReadonlyMap<string, RemoteEntity>,
): Promise<void> {
  const restored = entities.flatMap(({ remoteId, archived }) => {
    const before = seen.get(remoteId)
    return before?.mergedInto && !archived ? before : []
  })
  if (restored.length === 0) return
  await keepAtSurvivors(tx, context.job.companyId, context.connection.id, await survivors(tx, context, restored))
}

export async function followMerges(
  tx: Db,
  context: JobContext,
  entities: readonly RemoteEntity[],
  now: string,
): Promise<void> {
  const lost = entities.filter(isMergedAway)
  if (lost.length === 0) return
  const { companyId, id: jobId } = context.job
  const connectionId = context.connection.id
  const links = await followingLinks(tx, context, lost)
  if (links.length === 0) return
  const left = new Map((await survivors(tx, context, lost)).map(({ from, to }) => [from, to]))
  const moves = links.flatMap((link) => {
    const to = left.get(link.remoteId) ?? link.remoteId
    return to === link.remoteId ? [] : [{ link, to }]
  })
  await moveLinks(tx, companyId, connectionId, moves, now)
  const targets = await findRemoteEntities(
    tx,
    companyId,
    connectionId,
    'contacts',
    moves.map(({ to }) => to),
  )
  for (const type of contactTypes) {
    await tellMoved(
      type,
      links.filter((link) => link.type === type),
    )
  }

  async function tellMoved(type: EntityRecordType, moved: readonly TypedLink[]): Promise<void> {
    const ids = moved.map(({ recordId }) => recordId)
    const records = await findRecords(tx, companyId, connectionId, type, ids)
    const open = await recordsWithOpenItem(tx, companyId, connectionId, type, ids)
    const told = moved.flatMap((link) => {
      const record = records.get(link.recordId)
      const to = moves.find((move) => move.link === link)?.to
      const target = to === undefined ? undefined : targets.get(to)
      if (!record || to === undefined) return []
      const isMet = target !== undefined && record.deletedAt === null
      const from = lost.find(({ remoteId }) => remoteId === link.remoteId)
      const left = from ? theirFields(type, from) : {}
      const sides = {
        agreed: link.agreed ?? null,
        untaken: link.untaken,
        left,
        theirs: target ? theirFields(type, target) : {},
      }
      const how = { hasOpenItem: open.has(record.id), policy: settingsOf(context, type).conflict }
      const after = isMet ? mergedAway(record, { ...sides, ...how }) : null
      if (!after) return { record, to, body: record.body, agreed: fieldsOf(record.body), untaken: {} }
      const fields = { ...keptOwn(record), ...after.fields }
      // A record that learns nothing is written as one that had learned: what it knows of the contact that lost went with that one.
      if (settingsOf(context, type).import === 'off') {
        const untaken = untakenOf(fieldsOf(record.body), fields)
        return { record, to, body: record.body, agreed: after.agreed, untaken }
      }
      return { record, to, body: bodyOf(type, fields), agreed: after.agreed, untaken: {} }
    })
    const writes = told.map(({ record, body }) => ({
      id: record.id,
      body,
      contentHash: contentHash(body as never),
      name: recordName(type, body as never),
    }))
    await saveMergedBodies(tx, companyId, connectionId, type, writes, now)
    await saveAgreed(
      tx,
      companyId,
      connectionId,
      type,
      told.map(({ record, agreed, untaken }) => ({ recordId: record.id, agreed, untaken })),
    )
    const changes = told
      .filter(({ record }) => record.deletedAt === null)
      .map(({ record, to, body }) => ({
        recordType: type,
        recordId: record.id,
        operation: 'updated' as const,
        record: { ...body, id: record.id },
        xeroId: to,
        jobId,
      }))
    await appendChanges(tx, companyId, connectionId, changes, now)
    context.progress[type].imported += changes.length
  }
}

/**
 * Documents that stood at another contact than their customer or vendor stand at its own one where just these two were merged, whichever of
 * them is left. After the links have followed.
 */
export async function tellBroughtTogether(
  tx: Db,
  context: JobContext,
  entities: readonly RemoteEntity[],
  seen: ReadonlyMap<string, RemoteEntity>,
): Promise<void> {
  const lost = entities.filter((one) => isMergedAway(one) && seen.get(one.remoteId)?.mergedInto !== one.mergedInto)
  if (lost.length === 0) return
  const scope = { companyId: context.job.companyId, connectionId: context.connection.id }
  const left = new Set((await survivors(tx, context, lost)).map(({ to }) => to))
  const links = await findLinksByRemoteId(tx, scope.companyId, scope.connectionId, contactTypes, [...left])
  for (const type of contactTypes) {
    const ofType = links.filter((link) => link.type === type)
    await tellDocumentsBack(tx, { ...scope, type }, ofType)
  }
}

/** Fields that no contact in Xero has: they stay whatever contact the record is. */
function keptOwn(record: StoredRecord): Fields {
  const { legalName, type } = fieldsOf(record.body)
  return { ...(legalName !== undefined && { legalName }), ...(type !== undefined && { type }) }
}
