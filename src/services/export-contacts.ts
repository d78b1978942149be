// Which contact in Xero a customer or vendor without a link is: found among what was last read, so it costs no call. What
// is not found is created; what is found twice, or under another name, is for a person to decide.
import type { Db } from '../db/tables.ts'
import { candidatesOf } from '../domain/candidate.ts'
import { type ContactKeys, isAlike, matchContact, normalisedKey, recordKeys, taxNumberKey } from '../domain/matching.ts'
import { contactNumber, longestContactNumber } from '../domain/posting/contact.ts'
import type { Contact } from '../domain/records/index.ts'
import { findLinksByRemoteId } from '../stores/links.ts'
import { findRecords, namesWithoutLink, type StoredRecord } from '../stores/records.ts'
import { findContactsByKeys, type RemoteEntity } from '../stores/remote-entities.ts'
import { type ContactMatch, doubt } from './contact-match.ts'
import type { Candidate } from './export-plan.ts'
import { keepsDocument } from './holding.ts'
import type { JobContext } from './job-context.ts'
import { matchMerged } from './merged-before.ts'
import { aboutToLeave } from './successors.ts'

type ContactType = 'customer' | 'vendor'

/** Counts of contact numbers that are looked for beside the record's own. */
const further = [2, 3, 4]

const numbersOf = (own: string | null): (string | null)[] => [own, ...further.map((count) => `${own}~${count}`)]

const lower = (values: readonly (string | undefined | null)[]): string[] =>
  values.flatMap((value) => normalisedKey(value ?? null) ?? [])

const candidateOf = (entity: RemoteEntity, isTaken: boolean): ContactKeys => ({
  ...entity,
  isTaken,
  spelledName: typeof entity.fields.name === 'string' ? entity.fields.name : null,
})

/** By record id. */
export async function matchContacts(
  db: Db,
  context: JobContext,
  type: ContactType,
  records: readonly StoredRecord[],
): Promise<Map<string, ContactMatch>> {
  const { companyId } = context.job
  const connectionId = context.connection.id
  const settings = context.settings[`${type}s`]
  if (records.length === 0) return new Map()
  const keyed = records.map((record) => ({
    record,
    key: recordKeys(record.body as unknown as Contact, type, record.id),
  }))
  const keys = keyed.map(({ key }) => key)
  const entities = await findContactsByKeys(db, companyId, connectionId, {
    contactNumbers: lower(keys.flatMap((key) => numbersOf(key.contactNumber))),
    accountNumbers: lower(keys.map((key) => key.accountNumber)),
    taxNumbers: keys.flatMap((key) => taxNumberKey(key.taxNumber) ?? []),
    emails: lower(keys.map((key) => key.email)),
    names: lower(keys.map((key) => key.name)),
  })
  const { taken, leaving } = await takenBy(db, context, type, entities)
  const known = new Map(entities.map((entity) => [entity.remoteId, entity]))
  const candidates = new Map(
    entities.map((entity) => [entity.remoteId, candidateOf(entity, taken.has(entity.remoteId))]),
  )
  const names = new Set(
    await namesWithoutLink(
      db,
      companyId,
      connectionId,
      type,
      entities.flatMap(({ remoteId, name }) => (taken.has(remoteId) ? [] : name)),
    ),
  )
  for (const { name } of keys) names.add(normalisedKey(name) ?? '')
  const numbersInUse = new Set(lower(entities.map((entity) => entity.contactNumber)))
  const matches = new Map<string, ContactMatch>()
  /** Candidates as a record of this name sees them: a contact that a record of this job leaves goes to its namesake alone. */
  const seenBy = ({ leftDocuments }: StoredRecord, name: string | null): readonly ContactKeys[] => {
    const known = [...candidates.values()]
    const isLeft = ({ remoteId }: ContactKeys) => leftDocuments.includes(remoteId)
    // Few records were ever unlinked: the others see the candidates as they are.
    const all = leftDocuments.length === 0 ? known : known.map((one) => ({ ...one, isLeft: isLeft(one) }))
    if (leaving.size === 0) return all
    return all.map((one) => (leaving.has(one.remoteId) && !isAlike(one.name, name) ? { ...one, isTaken: true } : one))
  }
  const decide = ({ record, key }: (typeof keyed)[number], matchBy: typeof settings.matchBy): void => {
    const found = matchContact(key, seenBy(record, key.name), { ...settings, matchBy }, names)
    const entity = found.kind === 'match' ? known.get(found.remoteId) : undefined
    if (found.kind === 'match' && entity) {
      matches.set(record.id, { kind: 'match', entity, by: found.by })
      // Two records never become one contact by search: the second one finds another, or is created.
      candidates.set(entity.remoteId, candidateOf(entity, true))
      return
    }
    const isCreated = found.kind === 'ambiguous' && settings.onAmbiguous !== 'conflict'
    if (found.kind === 'none' || found.kind === 'match' || isCreated) {
      matches.set(record.id, { kind: 'none', number: freeNumber(type, record.id, numbersInUse) })
      return
    }
    const meant = candidatesOf(entities.filter((one) => found.remoteIds.includes(one.remoteId)))
    matches.set(record.id, { kind: 'conflict', error: doubt(found, meant) })
  }
  // Names first, for all of them: no record takes by its mailbox the contact that another one bears the name of.
  const strong = settings.matchBy.filter((field) => field !== 'email')
  for (const one of keyed) decide(one, settings.matchBy[0] === 'email' ? settings.matchBy : strong)
  for (const one of keyed) if (matches.get(one.record.id)?.kind === 'none') decide(one, settings.matchBy)
  // A record that was in Xero has left its contact there, merged or not.
  const isNew = ({ record }: (typeof keyed)[number]) => record.lastSyncedAt === null
  const unmatched = keyed.filter((one) => matches.get(one.record.id)?.kind === 'none' && isNew(one))
  const claimed = [...matches.values()].flatMap((match) => (match.kind === 'match' ? match.entity.remoteId : []))
  const takenOf = async (left: readonly RemoteEntity[]) => {
    const theirs = await takenBy(db, context, type, left)
    return new Set([...claimed, ...theirs.taken, ...theirs.leaving])
  }
  const merged = await matchMerged(db, context, type, { records: unmatched, entities, takenOf })
  for (const [id, match] of merged) matches.set(id, match)
  return matches
}

/**
 * The contact number that each of these records gives to a contact that has none: its own. Where one of its own stands on another
 * contact, archived or not, the record did not create this one, or left it: it gets none.
 */
export async function numbersToGive(
  db: Db,
  { job, connection }: JobContext,
  type: ContactType,
  linked: readonly Pick<Candidate, 'record' | 'link'>[],
): Promise<Map<string, string>> {
  if (linked.length === 0) return new Map()
  const ownOf = (recordId: string) => lower(numbersOf(contactNumber(type, recordId)))
  const entities = await findContactsByKeys(db, job.companyId, connection.id, {
    ...{ accountNumbers: [], taxNumbers: [], emails: [], names: [] },
    contactNumbers: linked.flatMap(({ record }) => ownOf(record.id)),
  })
  return new Map(
    linked.map(({ record, link }) => {
      const own = new Set(ownOf(record.id))
      const isElsewhere = entities.some(
        ({ contactNumber: number, remoteId }) => remoteId !== link?.remoteId && own.has(normalisedKey(number) ?? ''),
      )
      return [record.id, isElsewhere ? '' : contactNumber(type, record.id)]
    }),
  )
}

/** An archived contact keeps its number for ever: a new one beside it bears the same with a count. */
function freeNumber(type: ContactType, recordId: string, inUse: ReadonlySet<string>): string {
  const own = contactNumber(type, recordId)
  if (!inUse.has(own.toLowerCase())) return own
  for (let count = 2; ; count += 1) {
    const next = `${own.slice(0, longestContactNumber - `~${count}`.length)}~${count}`
    if (!inUse.has(next.toLowerCase())) return next
  }
}

/**
 * Contacts that belong to another record of the product already. Those that were only imported, or are left of a deleted record, may
 * be adopted; `leaving`: those of records that this job is about to delete.
 */
async function takenBy(
  db: Db,
  context: JobContext,
  type: ContactType,
  entities: readonly RemoteEntity[],
): Promise<{ readonly taken: ReadonlySet<string>; readonly leaving: ReadonlySet<string> }> {
  const { companyId } = context.job
  const connectionId = context.connection.id
  const ids = entities.map((entity) => entity.remoteId)
  const links = await findLinksByRemoteId(db, companyId, connectionId, [type], ids)
  const holderIds = links.map((link) => link.recordId)
  const holders = await findRecords(db, companyId, connectionId, type, holderIds)
  const keepers = links.filter(({ recordId }) => {
    const holder = holders.get(recordId)
    return holder === undefined || keepsDocument(holder)
  })
  const leavers = await aboutToLeave(db, context, type, holderIds)
  const taken = new Set(keepers.filter(({ recordId }) => !leavers.has(recordId)).map(({ remoteId }) => remoteId))
  const leaving = keepers.filter(({ recordId, remoteId }) => leavers.has(recordId) && !taken.has(remoteId))
  return { taken, leaving: new Set(leaving.map(({ remoteId }) => remoteId)) }
}
