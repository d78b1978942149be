// The import desk: lays what was read beside what was last seen and the records linked to it, and merges what changed into
// them. Contacts that were merged in Xero are followed; what is new becomes records. Runs inside the page's transaction.
import type { ImportedContact, ImportedItem } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import type { EntityRecordType } from '../domain/entity-types.ts'
import { bodyOf, type Fields, mergeFirst } from '../domain/merging.ts'
import { comparable } from '../domain/posting/item.ts'
import { contentHash, recordName } from '../domain/records/index.ts'
import { withoutHidden } from '../domain/sighting-merge.ts'
import { leftOver } from '../domain/taken-away.ts'
import type { Untaken } from '../domain/untaken-edits.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import type { Logger } from '../observability/logger.ts'
import { appendChanges } from '../stores/changes.ts'
import { refreshItemCodes } from '../stores/link-numbers.ts'
import { findLinksByRemoteId, type Link, recordLinks, refreshLinks, saveAgreed } from '../stores/links.ts'
import { forgetPosted } from '../stores/posted-marks.ts'
import { recordsWithOpenItem } from '../stores/queue-waiting.ts'
import { saveRecords } from '../stores/record-writes.ts'
import { findRecords } from '../stores/records.ts'
import {
  countRemoteEntities,
  findRemoteEntities,
  findUnlinked,
  neverListed,
  type RemoteEntity,
  saveRemoteEntities,
} from '../stores/remote-entities.ts'
import { openBatches } from '../stores/write-batches.ts'
import {
  changedInXero,
  isEcho,
  mergeSightings,
  type Sighting,
  settingsOf,
  stillLeft,
  untakenAfter,
} from './entity-merge.ts'
import { followMerges, keepRestored, tellBroughtTogether } from './import-merged.ts'
import { vanishedItems } from './import-vanished.ts'
import type { JobContext } from './job-context.ts'
import { agreedBy, notOurs, sentFields, type WrittenEntity } from './own-writes.ts'
import { importedFields, isOlder, remoteRow, theirFields } from './remote-rows.ts'
import { tellReturned } from './returned-items.ts'

const chunk = 500

type Pair = Omit<Sighting, 'record' | 'hasOpenItem' | 'sent'>

export type ImportDesk = ReturnType<typeof importDesk>

const typesOf = (list: RemoteEntity['list']): readonly EntityRecordType[] =>
  list === 'items' ? ['item'] : ['customer', 'vendor']

/** Edits that were kept from the record come in with the first read after `import: off` ends. */
const isToLearn = (context: JobContext, type: EntityRecordType, { untaken }: Link): boolean =>
  settingsOf(context, type).import !== 'off' && Object.keys(untaken ?? {}).length > 0

/** Linked items that bear another code than their links say. */
const recoded = (links: readonly Link[], byId: ReadonlyMap<string, RemoteEntity>) =>
  links.flatMap(({ recordId, remoteId, number }) => {
    const code = byId.get(remoteId)?.code ?? null
    return code === null || code === number ? [] : { recordId, number: code }
  })

export function importDesk(deps: { db: Db; clock: Clock; newId: NewId; log: Logger }) {
  const { db, clock, newId } = deps
  const judgeVanished = vanishedItems(deps)

  /** Sightings of one type, with what a change of the record whose outcome is not known has sent. */
  async function sightingsOf(
    tx: Db,
    context: JobContext,
    type: EntityRecordType,
    pairs: readonly Pair[],
  ): Promise<Sighting[]> {
    const { companyId } = context.job
    const ids = pairs.map(({ link }) => link.recordId)
    const records = await findRecords(tx, companyId, context.connection.id, type, ids)
    const open = await recordsWithOpenItem(tx, companyId, context.connection.id, type, ids)
    const uncertain = await openBatches(tx, companyId, context.connection.id)
    const sent = new Map(
      uncertain
        .filter(({ operation }) => operation === 'update')
        .flatMap(({ elements }) => elements)
        .filter(({ recordType }) => recordType === type)
        .map((element) => [element.recordId, sentFields(element, records.get(element.recordId))]),
    )
    return pairs.flatMap((pair) => {
      const record = records.get(pair.link.recordId)
      return record ? { ...pair, record, hasOpenItem: open.has(record.id), sent: sent.get(record.id) } : []
    })
  }

  async function take(tx: Db, context: JobContext, rows: readonly RemoteEntity[], sweep: number): Promise<void> {
    const [first] = rows
    if (!first) return
    const { list } = first
    const [companyId, connectionId] = [context.job.companyId, context.connection.id]
    const ids = rows.map((entity) => entity.remoteId)
    const seen = await findRemoteEntities(tx, companyId, connectionId, list, ids)
    // A list that lags behind our own write shows the state before it.
    const entities = rows.map((entity) => {
      const before = seen.get(entity.remoteId)
      return before && isOlder(entity, before) ? before : entity
    })
    const links = await findLinksByRemoteId(tx, companyId, connectionId, typesOf(list), ids)
    const now = clock.now().toISOString()
    const byId = new Map(entities.map((entity) => [entity.remoteId, entity]))
    for (const type of typesOf(list)) {
      const changed = links.flatMap((link) => {
        const entity = byId.get(link.remoteId)
        const before = seen.get(link.remoteId)
        // One that was merged into another goes there, and says nothing of the record any more.
        if (link.type !== type || !entity || entity.mergedInto) return []
        if (before?.fieldsHash === entity.fieldsHash && !isToLearn(context, type, link)) return []
        return { link, entity, changed: changedInXero(type, before, entity, link) }
      })
      if (changed.length === 0) continue
      const foreign = changed.filter(({ entity, link }) => !isEcho(entity, link)).map(({ link }) => link.recordId)
      // It no longer stands in Xero as it was last sent: the same content again would be a change there.
      await forgetPosted(tx, companyId, connectionId, type, foreign)
      await mergeSightings(tx, context, type, await sightingsOf(tx, context, type, changed), { now, newId })
      const refreshed = changed.map(({ link, entity }) => ({
        recordId: link.recordId,
        // An item that is listed stands there, also one that was missing for a while.
        status: list === 'contacts' ? (entity.archived ? 'ARCHIVED' : 'ACTIVE') : null,
        remoteUpdatedAt: entity.remoteUpdatedAt,
      }))
      await refreshLinks(tx, companyId, connectionId, type, refreshed, now)
      if (list === 'items') await tellReturned(tx, context, links, { now, newId })
    }
    if (list === 'items') await refreshItemCodes(tx, { companyId, connectionId }, recoded(links, byId))
    await keepRestored(tx, context, entities, seen)
    await saveRemoteEntities(tx, companyId, connectionId, entities, sweep, now)
    await followMerges(tx, context, entities, now)
    await tellBroughtTogether(tx, context, entities, seen)
  }

  /**
   * What our own writes left in Xero is in the mirror at once. What somebody else changed there meanwhile is merged into the
   * record; what we changed, into the others that are the same contact.
   */
  async function takeWritten(tx: Db, context: JobContext, written: readonly WrittenEntity[]): Promise<void> {
    const list = written[0]?.entity.list
    if (!list) return
    const [companyId, connectionId] = [context.job.companyId, context.connection.id]
    const rows = written.map(({ entity }) => remoteRow(entity))
    const ids = rows.map(({ remoteId }) => remoteId)
    const seen = await findRemoteEntities(tx, companyId, connectionId, list, ids)
    const links = await findLinksByRemoteId(tx, companyId, connectionId, typesOf(list), ids)
    const now = clock.now().toISOString()
    for (const type of typesOf(list)) {
      const agreements: { recordId: string; agreed: Fields; leftOver: readonly string[]; untaken: Untaken }[] = []
      const untaken = await untakenAfter(tx, context, type, { links, written })
      const pairs = links.flatMap((link): Pair | Pair[] => {
        const index = rows.findIndex(({ remoteId }) => remoteId === link.remoteId)
        const [entity, own] = [rows[index], written[index]]
        if (link.type !== type || !entity || !own) return []
        const before = seen.get(link.remoteId)
        if (own.type !== type || own.recordId !== link.recordId) {
          return {
            link,
            entity,
            changed: before ? changedInXero(type, before, entity, link) : [],
            isOurs: own.written !== null,
          }
        }
        const pair = ofOwnWrite(context, type, link, { own, before, entity })
        const { recordId, agreed, leftOver: left } = pair.link
        if (agreed) agreements.push({ recordId, agreed, leftOver: left ?? [], untaken: untaken.get(recordId) ?? {} })
        return pair
      })
      await saveAgreed(tx, companyId, connectionId, type, agreements)
      const touched = pairs.filter(({ changed, left = {} }) => changed.length + Object.keys(left).length > 0)
      if (touched.length === 0) continue
      // A contact or item that somebody changed, before it was found or beside our write, does not stand there as it was sent.
      const own = written.filter((one) => one.type === type && one.how !== 'created')
      const sent = new Set(own.map(({ recordId }) => recordId))
      const edited = touched.filter(({ changed, link }) => changed.length > 0 && sent.has(link.recordId))
      const otherwise = edited.map(({ link }) => link.recordId)
      await forgetPosted(tx, companyId, connectionId, type, otherwise)
      await mergeSightings(tx, context, type, await sightingsOf(tx, context, type, touched), { now, newId })
    }
    const roles = rows.map((row) => {
      const before = seen.get(row.remoteId)
      // Roles follow documents, and the answer to a write does not always show them (xero.md, Contacts).
      return {
        ...row,
        isCustomer: row.isCustomer || before?.isCustomer === true,
        isVendor: row.isVendor || before?.isVendor === true,
      }
    })
    await saveRemoteEntities(tx, companyId, connectionId, roles, neverListed, now)
  }

  /** The record's link after our own write, and what of the record was not written. */
  function ofOwnWrite(
    context: JobContext,
    type: EntityRecordType,
    link: Link,
    { own, before, entity }: { own: WrittenEntity; before: RemoteEntity | undefined; entity: RemoteEntity },
  ): Pair {
    const written = agreedBy(type, own, entity)
    const foreign = notOurs(type, own, before, entity)
    if (own.how !== 'updated' || !written) return { link: { ...link, agreed: written }, entity, changed: foreign }
    const currency = type === 'item' ? (context.reference.organisation?.baseCurrency ?? null) : written.currency
    const base = comparable(link.agreed ?? {}, written, currency as string | null)
    const { fields: left, kept } = leftOver(base, written, theirFields(type, entity), context.settings)
    const arrived = type === 'item' ? withoutHidden(written, theirFields(type, entity), base) : written
    const agreed = { ...arrived, ...left }
    const known = { ...link, agreed, leftOver: [...new Set([...stillLeft(link, agreed), ...kept])] }
    return { link: known, entity, changed: foreign.filter((key) => key in written || !(key in base)), left }
  }

  return {
    takeContacts: (tx: Db, context: JobContext, contacts: readonly ImportedContact[], sweep: number) =>
      take(tx, context, contacts.map(remoteRow), sweep),

    takeItems: (tx: Db, context: JobContext, items: readonly ImportedItem[], sweep: number) =>
      take(tx, context, items.map(remoteRow), sweep),

    takeWritten,

    knownItems: (context: JobContext) => countRemoteEntities(db, context.job.companyId, context.connection.id, 'items'),

    /** Whether there is anything to assign: mostly not, and then no transaction is begun. */
    async hasUnassigned(context: JobContext, type: EntityRecordType): Promise<boolean> {
      if (settingsOf(context, type).import !== 'updates_and_new') return false
      return (await findUnlinked(db, context.job.companyId, context.connection.id, type, 1)).length > 0
    },

    /** Entities without a record of this type become records, under Xero's id until the product adopts them. */
    async assign(tx: Db, context: JobContext, type: EntityRecordType): Promise<boolean> {
      const [{ companyId, id: jobId }, connectionId] = [context.job, context.connection.id]
      const entities = await findUnlinked(tx, companyId, connectionId, type, chunk)
      const now = clock.now().toISOString()
      const bodies = entities.map((entity) => ({ entity, body: bodyOf(type, importedFields(type, entity)) }))
      await saveRecords(
        tx,
        companyId,
        connectionId,
        type,
        bodies.map(({ entity, body }) => ({
          id: entity.remoteId,
          origin: 'import',
          body: { ...body, id: entity.remoteId },
          contentHash: contentHash(body),
          version: null,
          name: recordName(type, body),
          status: null,
          syncState: 'synced',
        })),
        now,
      )
      const links = entities.map((entity) => ({
        recordId: entity.remoteId,
        remoteId: entity.remoteId,
        number: entity.contactNumber ?? entity.code,
        status: type === 'item' ? null : 'ACTIVE',
        remoteUpdatedAt: entity.remoteUpdatedAt,
        lineIds: {},
        marker: entity.contactNumber ?? entity.code,
        postedHash: null,
        matchedBy: 'import',
        agreed: mergeFirst({}, theirFields(type, entity), 'xero_wins').agreed,
      }))
      await recordLinks(tx, companyId, connectionId, type, links, now)
      const changes = bodies.map(({ entity, body }) => ({
        recordType: type,
        recordId: entity.remoteId,
        operation: 'created' as const,
        record: { ...body, id: entity.remoteId },
        xeroId: entity.remoteId,
        jobId,
      }))
      await appendChanges(tx, companyId, connectionId, changes, now)
      context.progress[type].imported += entities.length
      return entities.length === chunk
    },

    judgeVanished,
  }
}
