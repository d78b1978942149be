// A contact or item after a handover: what the product says, and what it learned from Xero and nobody took away. A record
// that was deleted and still stands in Xero is met there anew. Runs inside the caller's transaction.
import type { Db } from '../db/tables.ts'
import { type EntityRecordType, entityTypes, isDocumentType, type RecordType } from '../domain/entity-types.ts'
import { bodyOf, type Fields, fieldsOf, givenFields, mergeFirst, mergeHandover, sparseBody } from '../domain/merging.ts'
import { comesBack } from '../domain/met-again.ts'
import { comparable } from '../domain/posting/item.ts'
import type { DecimalsAsSent } from '../domain/records/decimals-as-sent.ts'
import { contentHash, type RecordBody } from '../domain/records/index.ts'
import type { ConflictPolicy } from '../domain/settings/common.ts'
import type { Settings } from '../domain/settings/index.ts'
import { type Handover, isLess, laidOver, restored, type SpokenOver, spokenOver } from '../domain/taking-back.ts'
import { type Untaken, untakenOf } from '../domain/untaken-edits.ts'
import { appendChanges, type NewChange } from '../stores/changes.ts'
import { findConnection } from '../stores/connections.ts'
import { type Link, saveAgreed } from '../stores/links.ts'
import type { StoredRecord } from '../stores/records.ts'
import { findRemoteEntities } from '../stores/remote-entities.ts'
import { sharedContacts } from './contact-roles.ts'
import { endAgreements } from './left-agreements.ts'
import { theirFields } from './remote-rows.ts'

/** A record as the product says it. */
export interface Said {
  readonly id: string
  readonly body: RecordBody
  readonly hash: string
  /** Of a contact or item: the fields that the request really names. */
  readonly handed: Fields | null
  readonly decimalsAsSent: DecimalsAsSent | null
  /** Fields and parts of it that speak over what the record had learned. */
  readonly spokenOver?: SpokenOver
}

interface Place {
  readonly companyId: string
  readonly connectionId: string
  readonly type: RecordType
  readonly settings: Settings
}

interface Known {
  readonly said: readonly Said[]
  readonly stored: ReadonlyMap<string, StoredRecord>
  readonly links: ReadonlyMap<string, Link>
}

export interface Handovers {
  /** The record as it is from now on. */
  taken(said: Said): Said
  /** Saves of these, once they are stored, what both sides agree on, and tells what they took over. */
  agree(recordIds: readonly string[], now: string): Promise<void>
}

const asSaid: Handovers = { taken: (said) => said, agree: async () => undefined }

const flags: readonly string[] = ['isSold', 'isPurchased']

/** An item that is neither sold nor purchased was ended by our own deletion: the product that hands it over again takes that back. */
const endedBy = (theirs: Fields): boolean => flags.every((flag) => theirs[flag] === false)

/** The meeting in Xero of a record that was deleted, where nothing is known of what both sides had in common. */
function meeting(given: Fields, theirs: Fields, policy: ConflictPolicy): { fields: Fields; agreed: Fields } {
  const isEnded = endedBy(theirs)
  const lasting = Object.fromEntries(
    Object.entries(theirs).filter(([key]) => key !== 'active' && !(isEnded && flags.includes(key))),
  )
  const { fields, agreed } = mergeFirst(given, lasting, policy)
  return { fields, agreed: isEnded ? { ...agreed, isSold: false, isPurchased: false } : agreed }
}

export async function handovers(
  tx: Db,
  { companyId, connectionId, type, settings }: Place,
  { said: all, stored, links }: Known,
): Promise<Handovers> {
  if (isDocumentType(type)) return asSaid
  const { list } = entityTypes[type]
  const linked = [...links.values()].map(({ remoteId }) => remoteId)
  const shared = await sharedContacts(tx, { companyId, connectionId }, list === 'contacts' ? linked : [])
  const isGone = (id: string) => (stored.get(id)?.deletedAt ?? null) !== null
  const less = new Set(
    all.filter(({ id, handed }) => isLess(stored.get(id)?.handed ?? {}, handed ?? {})).map(({ id }) => id),
  )
  const left = [...links.values()]
    .filter(({ recordId }) => isGone(recordId) || less.has(recordId))
    .map(({ remoteId }) => remoteId)
  const entities = await findRemoteEntities(tx, companyId, connectionId, list as 'contacts' | 'items', left)
  const { conflict: policy, import: mode } = settings[`${type}s`]
  // A price in another currency than the organisation's is none of Xero's, nor Xero's one of the record's.
  const connection = type === 'item' ? await findConnection(tx, companyId, connectionId) : null
  const baseCurrency = connection?.organisation?.baseCurrency ?? null
  const inCurrency = (theirs: Fields, said: Fields): Fields =>
    type === 'item' ? comparable(theirs, said, baseCurrency) : theirs
  const ownOf = (fields: Fields, said: Fields): Fields => {
    const common = inCurrency(fields, said)
    return Object.fromEntries(Object.entries(fields).filter(([key]) => key in common || key in said))
  }
  const met = new Map<
    string,
    { agreed: Fields; body: RecordBody | null; untaken?: Untaken; leftOver?: readonly string[] }
  >()

  /** Deleted records without a link that are handed over again. */
  const over: StoredRecord[] = []

  const changed = (said: Said, fields: Fields): Said => {
    const { version } = said.body
    const body = { ...bodyOf(type, fields), ...(version !== undefined && { version }) } as RecordBody
    return { ...said, body, hash: contentHash(body) }
  }

  function cameBack(said: Said, given: Fields, known: StoredRecord, link: Link): Said {
    const entity = entities.get(link.remoteId)
    const theirs = entity ? inCurrency(theirFields(type as EntityRecordType, entity), given) : {}
    const { fields, agreed } = (() => {
      if (!entity || !link.agreed) return meeting(given, entity?.archived ? {} : theirs, policy)
      const isEnded = endedBy(theirs) || known.lastError?.code === 'item_deactivated'
      const sides = { given, theirs, isShared: shared.has(link.remoteId), isEnded }
      const left = { agreed: inCurrency(link.agreed, given), untaken: link.untaken ?? null }
      const before = { ...known, body: sparseBody(ownOf(fieldsOf(known.body), given)) }
      return comesBack(before, left, sides, { type: type as EntityRecordType, policy, baseCurrency })
    })()
    if (mode === 'off') {
      met.set(said.id, { agreed, body: null, untaken: untakenOf(fieldsOf(said.body), fields), leftOver: [] })
      return said
    }
    const taken = changed(said, fields)
    met.set(said.id, { agreed, body: taken.hash === said.hash ? null : taken.body, untaken: {}, leftOver: [] })
    return taken
  }

  /** Values taken back before they arrived, as the record had learned them or as they stand in Xero. */
  function takenBack(sides: Handover, spoken: SpokenOver, link: Link | undefined): Fields {
    const entity = entities.get(link?.remoteId ?? '')
    if (!link || !entity || entity.archived) return {}
    // A record that learns nothing has only what it had learned before.
    const theirs = mode === 'off' ? {} : inCurrency(theirFields(type as EntityRecordType, entity), sides.now)
    return restored(sides, { agreed: link.agreed ?? null, theirs }, spoken)
  }

  return {
    taken(said) {
      const [known, link] = [stored.get(said.id), links.get(said.id)]
      const { id, handed } = said
      if (!handed || !known || known.origin === 'service') return said
      if (isGone(id) && !link) over.push(known)
      if (isGone(id)) return link ? cameBack(said, handed, known, link) : said
      const how = { policy, isShared: shared.has(link?.remoteId ?? '') }
      const sides = { before: givenFields(known), now: handed, record: fieldsOf(known.body) }
      const back = takenBack(sides, known.spokenOver, link)
      const merged = laidOver(mergeHandover(sides.before, sides.record, handed, how), back)
      const spoken = spokenOver(sides, link?.agreed ?? null, known.spokenOver)
      const taken = { ...changed(said, ownOf(merged, handed)), spokenOver: spoken }
      if (Object.keys(back).length > 0) met.set(id, { agreed: laidOver(link?.agreed ?? {}, back), body: taken.body })
      return taken
    },

    async agree(recordIds, now) {
      const own = recordIds.flatMap((recordId) => {
        const meeting = met.get(recordId)
        return meeting ? [{ recordId, ...meeting }] : []
      })
      await endAgreements(
        tx,
        { companyId, connectionId, type },
        over.filter(({ id }) => recordIds.includes(id)),
      )
      const agreements = own.map(({ body: _, ...agreement }) => agreement)
      await saveAgreed(tx, companyId, connectionId, type, agreements)
      const told = own.flatMap(({ recordId, body }): NewChange[] => {
        const xeroId = links.get(recordId)?.remoteId ?? null
        const change = { recordType: type, recordId, operation: 'updated' as const, xeroId, jobId: null }
        return body ? [{ ...change, record: { ...body, id: recordId } }] : []
      })
      await appendChanges(tx, companyId, connectionId, told, now)
    },
  }
}
