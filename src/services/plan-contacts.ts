// What becomes of customers and vendors in the export: adopted where Xero holds them already, created, or changed where they
// differ from what stands there.
import type { Db } from '../db/tables.ts'
import { candidatesOf } from '../domain/candidate.ts'
import { changedFields, type Fields, fieldsOf, learnedFields, ownFields, sparseBody } from '../domain/merging.ts'
import { postContact } from '../domain/posting/contact.ts'
import { postedHash } from '../domain/posting/hash.ts'
import { agreeingWithoutPersons, holdsPersons, withoutPersons } from '../domain/posting/held-persons.ts'
import type { PostedContact } from '../domain/posting/posted.ts'
import { type Posting, posted } from '../domain/posting/posting.ts'
import { type StandingContact, standsAlready } from '../domain/posting/standing-contact.ts'
import type { Contact } from '../domain/records/index.ts'
import { undisputed } from '../domain/shared-contact.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import { toBeEmptied } from '../domain/taken-away.ts'
import { findRemoteEntities, type RemoteEntity } from '../stores/remote-entities.ts'
import { openBatches } from '../stores/write-batches.ts'
import {
  aboutToBeNeeded,
  type ContactType,
  type Dispute,
  disagreeing,
  namedContacts,
  stillNeeded,
} from './contact-roles.ts'
import { matchContacts, numbersToGive } from './export-contacts.ts'
import { type Candidate, type Plan, planOf } from './export-plan.ts'
import { neededByDocuments } from './inactive-records.ts'
import type { JobContext } from './job-context.ts'
import { theirFields } from './remote-rows.ts'
import { unlessUnshown, unshownRows } from './unshown-rows.ts'

/** No contact in Xero has them. */
const keptHere: readonly string[] = ['legalName', 'type']

/** The contact of a record is archived: it can be neither edited nor used (xero.md, Contacts). */
export function archivedContact(type: ContactType, recordId: string, entity: RemoteEntity): SyncError {
  return syncError('contact_archived', {
    cause: `The contact "${entity.name}" of the ${type} ${recordId} is archived in Xero.`,
    candidates: candidatesOf([entity]),
    blockedBy: { type, id: recordId },
  })
}

/** Persons that stand in Xero and that the record never held stay: a list that is sent replaces all of them. */
function withStanding(fields: Fields, removed: ReadonlySet<string>, theirs: Fields): Fields {
  const isPerson = (key: string) => key.startsWith('contactPersons/')
  if (!Object.keys(fields).some(isPerson) && ![...removed].some(isPerson)) return fields
  const standing = Object.entries(theirs).filter(([key]) => isPerson(key) && !(key in fields) && !removed.has(key))
  return { ...fields, ...Object.fromEntries(standing) }
}

const isInactive = ({ record }: Candidate): boolean => record.body.active === false

/**
 * A contact is archived with the record that says so: one that was active when both sides last agreed. What was met in Xero as
 * active, other records may need that nobody told us of; and whoever restored it there, restored it.
 */
function isLeaving(context: JobContext, type: ContactType, candidate: Candidate, needed: ReadonlySet<string>): boolean {
  const { link } = candidate
  if (!isInactive(candidate) || !link || needed.has(link.remoteId)) return false
  const { agreed = null } = link
  const isInsisted = agreed?.active === false && context.settings[`${type}s`].conflict === 'product_wins'
  return agreed === null || agreed.active === true || isInsisted
}

/** Fields that both sides agree on once they were sent: of a contact that stays active, not that it is inactive. */
const agreeable = (body: Fields, isKept: boolean): Fields => {
  const all = fieldsOf(body)
  const { active: _, ...fields } = all
  return isKept ? fields : all
}

/** The posting and its fields, without the persons where Xero would not take them. */
function unlessHeld(
  posting: Posting<PostedContact>,
  fields: Fields,
  { agreed, theirs }: { readonly agreed: Fields; readonly theirs: Fields | null },
): { readonly posting: Posting<PostedContact>; readonly fields: Fields } {
  if (posting.kind !== 'posted' || !holdsPersons(posting.document, theirs)) return { posting, fields }
  return {
    posting: posted(withoutPersons(posting.document)),
    fields: agreeingWithoutPersons(fields, { agreed, theirs: theirs ?? {} }),
  }
}

/** The last write of a contact that leaves, before it is archived: Xero edits none that is archived, and archives none that is edited. */
function beforeArchiving(document: PostedContact, standing: StandingContact): PostedContact | null {
  const contents = { ...document, archived: false }
  return standsAlready(contents, standing) ? null : contents
}

function planLinked(
  context: JobContext,
  type: ContactType,
  candidate: Candidate,
  {
    entity,
    needed,
    number,
    dispute,
  }: {
    readonly entity: RemoteEntity | undefined
    readonly needed: ReadonlySet<string>
    /** The contact number that a contact without one gets; empty: none. */
    readonly number: string | undefined
    readonly dispute: Dispute | null
  },
): Plan {
  const { record, link } = candidate
  const agreed = link?.agreed ?? null
  const { fields, removed: gone } = ownFields(record, agreed)
  const leaves = 'active' in fields && isLeaving(context, type, candidate, needed)
  const theirs = entity ? theirFields(type, entity) : {}
  const removed = toBeEmptied(gone, { agreed: agreed ?? {}, theirs }, context.settings)
  // A field in dispute stays as it is there, and is not agreed on; everything else arrives.
  const disputed = dispute?.disputed ?? []
  const spoken = undisputed(withStanding(fields, removed, theirs), disputed, theirs)
  const given = sparseBody(spoken) as Partial<Contact> & Pick<Contact, 'name'>
  const body = { ...given, active: !leaves }
  // Refused once, it is left off: a contact that was merged away or archived bears it, wherever that is.
  const isRefused = candidate.item.lastError?.code === 'duplicate_number' || link?.marker === ''
  const existingNumber = entity?.contactNumber ?? (entity ? number : link?.marker) ?? null
  const numbering = { existingNumber, isUnnumbered: isRefused || existingNumber === '' }
  const taxes = { taxRates: context.reference.taxRates, learned: learnedFields(record), theirs }
  const how = { ...numbering, removed, ...taxes }
  const standing = entity ?? null
  const all = agreeable(record.body, isInactive(candidate) && !leaves)
  const agreeing = undisputed(all, disputed, agreed ?? {})
  const whole = postContact(body, { role: type, recordId: record.id }, context.settings, how)
  const sides = { agreed: agreed ?? {}, theirs: entity ? theirs : null }
  const { posting, fields: sent } = unlessHeld(whole, agreeing, sides)
  const plan = planOf(posting, link, { standing, fields: sent })
  if (plan.kind !== 'send' || !link || !entity) return plan
  if (!entity.archived) {
    const isLeft = [...gone].some((key) => key in theirs)
    const last = leaves ? beforeArchiving(plan.document as PostedContact, { ...entity, fields: theirs }) : null
    if (last && link.postedHash !== postedHash(last))
      return { ...plan, document: last, fields: { ...sent, active: true }, isPartial: true }
    const isThere = !isLeft && standsAlready(plan.document as PostedContact, { ...entity, fields: theirs })
    const isDone = isThere || link.postedHash === postedHash(plan.document)
    if (dispute) return isDone ? { kind: 'conflict', error: dispute.error } : { ...plan, isPartial: true }
    return isThere ? { kind: 'in_line', document: plan.document, link, fields: sent } : plan
  }
  // Nothing can be changed in an archived contact; where the record is inactive too, there is nothing to change.
  const changed = changedFields(fieldsOf(record.body), agreed ?? {}).filter((key) => !keptHere.includes(key))
  const isOver = isInactive(candidate) && changed.every((key) => key === 'active')
  if (isOver) return { kind: 'in_line', document: plan.document, link, fields: fieldsOf(record.body) }
  return { kind: 'failed', error: archivedContact(type, record.id, entity) }
}

/** Contacts of which a write has no answer yet, whichever record it is of: what stands there is not known. */
async function beingWritten(db: Db, { job, connection }: JobContext): Promise<ReadonlySet<string>> {
  const open = await openBatches(db, job.companyId, connection.id)
  const writes = open.filter(({ list }) => list === 'contacts')
  return new Set(writes.flatMap(({ elements }) => elements.flatMap(({ remoteId }) => remoteId ?? [])))
}

/** By queue item id. */
export async function planContacts(
  db: Db,
  context: JobContext,
  type: ContactType,
  candidates: readonly Candidate[],
): Promise<Map<string, Plan>> {
  const unlinked = candidates.filter(({ link }) => link === null).map(({ record }) => record)
  const matches = await matchContacts(db, context, type, unlinked)
  const linkedTo = candidates.flatMap(({ link }) => link?.remoteId ?? [])
  const { companyId } = context.job
  const entities = await findRemoteEntities(db, companyId, context.connection.id, 'contacts', linkedTo)
  const unshown = await unshownRows(db, context, 'contacts', linkedTo)
  const unnumbered = candidates.filter(({ link }) => link && !entities.get(link.remoteId)?.contactNumber)
  const numbers = await numbersToGive(db, context, type, unnumbered)
  const inactive = candidates.filter(isInactive)
  const leaving = inactive.flatMap(({ link }) => (link && entities.get(link.remoteId)) ?? [])
  const leavingIds = inactive.flatMap(({ link }) => link?.remoteId ?? [])
  const needed = new Set([
    ...(await stillNeeded(db, context, leavingIds)),
    ...(await aboutToBeNeeded(db, context, leaving)),
  ])
  const newcomers = inactive.flatMap(({ link, record }) => (link ? [] : record.id))
  const named = await neededByDocuments(db, context, type, newcomers)
  const inUse = await namedContacts(db, context, leavingIds)
  const disagree = await disagreeing(db, context, linkedTo)
  const written = new Set(await beingWritten(db, context))
  /** One after the other, so that each sees what the one before wrote. */
  const inTurn = (plan: Plan): Plan => {
    if (plan.kind !== 'send' || !plan.link || plan.link.postedHash === postedHash(plan.document)) return plan
    if (written.has(plan.link.remoteId)) return { kind: 'wait' }
    written.add(plan.link.remoteId)
    return plan
  }
  return new Map(
    candidates.map((candidate): [string, Plan] => {
      const { item, record, link } = candidate
      const entity = link ? entities.get(link.remoteId) : undefined
      if (link) {
        // Nothing names an archived contact any more: the documents of this job go first.
        if (inUse.has(link.remoteId) && isLeaving(context, type, candidate, needed)) return [item.id, { kind: 'wait' }]
        const dispute = entity ? disagree({ type, record, link }, entity) : null
        const number = numbers.get(record.id)
        const plan = planLinked(context, type, candidate, { entity, needed, number, dispute })
        return [item.id, inTurn(unlessUnshown(plan, unshown.get(link.remoteId)))]
      }
      const match = matches.get(record.id)
      if (match?.kind === 'match') {
        const { entity: met, by, lost } = match
        return [item.id, { kind: 'adopt', type, entity: met, by, ...(lost && { lost }) }]
      }
      const isUnneeded = isInactive(candidate) && !named.has(record.id)
      if (isUnneeded) return [item.id, { kind: 'not_needed', error: syncError('inactive_not_sent') }]
      if (match?.kind === 'conflict') return [item.id, match]
      // In the form of later changes, so that the same content is recognised.
      const contact = { ...sparseBody(fieldsOf(record.body)), active: true } as unknown as Contact
      const existingNumber = match?.number ?? null
      const how = { existingNumber, taxRates: context.reference.taxRates, learned: learnedFields(record) }
      const { posting, fields } = unlessHeld(
        postContact(contact, { role: type, recordId: record.id }, context.settings, how),
        agreeable(record.body, isInactive(candidate)),
        { agreed: {}, theirs: {} },
      )
      // Xero creates active contacts only, and a document needs one.
      return [item.id, planOf(posting, null, { standing: null, fields })]
    }),
  )
}
