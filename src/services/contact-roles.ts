// One contact may be several records: a customer and a vendor, or those of contacts that were merged in Xero. Who of them still
// needs it decides whether it is archived, which only a person can undo; and what they say of it must not contradict itself.
import type { Db } from '../db/tables.ts'
import { candidatesOf } from '../domain/candidate.ts'
import { normalisedKey } from '../domain/matching.ts'
import { type Fields, fieldsOf, givenFields } from '../domain/merging.ts'
import {
  asDifference,
  changesOf,
  type Disagreement,
  disagreements,
  stillGiven,
  unagreed,
} from '../domain/shared-contact.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { Difference, SyncError } from '../domain/sync-state.ts'
import { withUntaken } from '../domain/untaken-edits.ts'
import { findLinksByRemoteId, type Link } from '../stores/links.ts'
import { recordsWithOpenItem } from '../stores/queue-waiting.ts'
import { findRecords, namesComing, type StoredRecord } from '../stores/records.ts'
import { findRemoteEntities, type RemoteEntity } from '../stores/remote-entities.ts'
import { neededByDocuments } from './inactive-records.ts'
import type { JobContext } from './job-context.ts'
import { isMergedAway } from './remote-rows.ts'

export const contactTypes = ['customer', 'vendor'] as const
export type ContactType = (typeof contactTypes)[number]

export interface ContactRole {
  readonly type: ContactType
  readonly record: StoredRecord
  readonly link: Link
}

interface Scope {
  readonly companyId: string
  readonly connectionId: string
}

const scopeOf = ({ job: { companyId }, connection: { id: connectionId } }: JobContext): Scope => ({
  companyId,
  connectionId,
})

/** The live records of either role that these contacts are. */
async function rolesOf(db: Db, scope: Scope, remoteIds: readonly string[]): Promise<ContactRole[]> {
  const { companyId, connectionId } = scope
  const links = await findLinksByRemoteId(db, companyId, connectionId, contactTypes, remoteIds)
  const roles: ContactRole[] = []
  for (const type of contactTypes) {
    const ofType = links.filter((link) => link.type === type)
    const ids = ofType.map(({ recordId }) => recordId)
    const records = await findRecords(db, companyId, connectionId, type, ids)
    for (const link of ofType) {
      const record = records.get(link.recordId)
      if (record?.deletedAt === null) roles.push({ type, record, link })
    }
  }
  return roles
}

/** Contacts that an active record still is: they stay in Xero as long as one of them lives. */
export async function stillNeeded(db: Db, context: JobContext, remoteIds: readonly string[]): Promise<Set<string>> {
  const active = (await rolesOf(db, scopeOf(context), remoteIds)).filter(({ record }) => record.body.active !== false)
  return new Set(active.map(({ link }) => link.remoteId))
}

/** Contacts that a person merged into others: Xero archived them, and nobody can bring them back. */
export async function lostInMerges(
  db: Db,
  { job: { companyId }, connection }: JobContext,
  remoteIds: readonly string[],
): Promise<Set<string>> {
  const entities = await findRemoteEntities(db, companyId, connection.id, 'contacts', remoteIds)
  return new Set([...entities.values()].filter(isMergedAway).map(({ remoteId }) => remoteId))
}

/** Contacts that a record of this job, which has no contact yet, will take by their name. */
export async function aboutToBeNeeded(
  db: Db,
  { job }: JobContext,
  entities: readonly RemoteEntity[],
): Promise<Set<string>> {
  const names = entities.map(({ name }) => name)
  const coming = await namesComing(db, job.companyId, job.id, names)
  const isWanted = ({ name }: RemoteEntity) => coming.has(normalisedKey(name) ?? '')
  return new Set(entities.filter(isWanted).map(({ remoteId }) => remoteId))
}

/** Contacts that documents of this job name, by any of their records. */
export async function namedContacts(
  db: Db,
  context: JobContext,
  remoteIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (remoteIds.length === 0) return new Set()
  const roles = await rolesOf(db, scopeOf(context), remoteIds)
  const named = new Set<string>()
  for (const type of contactTypes) {
    const ofType = roles.filter((role) => role.type === type)
    const ids = ofType.map(({ record }) => record.id)
    const needed = await neededByDocuments(db, context, type, ids)
    for (const { record, link } of ofType) if (needed.has(record.id)) named.add(link.remoteId)
  }
  return named
}

/** Contacts that at least so many records of the product are. */
export async function sharedContacts(
  db: Db,
  scope: Scope,
  remoteIds: readonly string[],
  atLeast = 2,
): Promise<Set<string>> {
  const roles = (await rolesOf(db, scope, remoteIds)).filter(({ record }) => record.origin === 'product')
  const bearers = new Map<string, number>()
  for (const { link } of roles) bearers.set(link.remoteId, (bearers.get(link.remoteId) ?? 0) + 1)
  return new Set([...bearers].flatMap(([id, count]) => (count >= atLeast ? id : [])))
}

/** A record of a contact, as it comes to be sent. */
interface Speaker {
  readonly type: ContactType
  readonly record: StoredRecord
  readonly link: Link
}

/** The fields in which the records of a contact contradict each other, and the conflict that they make. */
export interface Dispute {
  readonly disputed: readonly Disagreement[]
  readonly error: SyncError
}

export type Disagree = (one: Speaker, entity: RemoteEntity) => Dispute | null

/**
 * Changes that a record is about to make are compared with what the others are about to change; what it said when it met their contact,
 * also with what they said before. A person who links it by hand decides the latter.
 */
export async function disagreeing(db: Db, context: JobContext, remoteIds: readonly string[]): Promise<Disagree> {
  const scope = scopeOf(context)
  /** Of two changes the one that is there first wins. What was in dispute before the setting was changed stays so. */
  const isDecided = (type: ContactType) => context.settings[`${type}s`].conflict === 'xero_wins'
  const roles = (await rolesOf(db, scope, [...new Set(remoteIds)])).filter(({ record }) => record.origin === 'product')
  const open = new Set<ContactRole>()
  for (const type of contactTypes) {
    const ofType = roles.filter((role) => role.type === type)
    const ids = ofType.map(({ record }) => record.id)
    const waiting = await recordsWithOpenItem(db, scope.companyId, scope.connectionId, type, ids)
    for (const role of ofType) if (waiting.has(role.record.id)) open.add(role)
  }
  return (one, entity) => {
    const { type, record } = one
    const others = roles.filter(
      (role) => role.link.remoteId === entity.remoteId && !(role.type === type && role.record.id === record.id),
    )
    const said = saidFirst(one)
    for (const other of others) {
      const changed = open.has(other) && !isDecided(type) ? disagreements(openChanges(one), openChanges(other)) : []
      const met = disagreements(said, stillGiven(spokenFields(other), givenFields(other.record)))
      const isKnown = ({ key, part }: Disagreement) => changed.some((known) => known.key === key && known.part === part)
      const disputed = [...changed, ...met.filter((disagreement) => !isKnown(disagreement))]
      if (disputed.length > 0) return { disputed, error: disagreement(other, entity, disputed.map(asDifference)) }
    }
    return null
  }
}

/** The fields of a record as a write says them: a value that it learned once, and that somebody changed there since, is none of its own. */
const spokenFields = ({ record, link }: Pick<Speaker, 'record' | 'link'>): Fields =>
  withUntaken(fieldsOf(record.body), link.untaken ?? null)

/** Fields that a record said when it met its contact, and that were not decided since. */
function saidFirst({ record, link }: Speaker): Fields {
  const { agreed = null, matchedBy } = link
  return agreed === null || matchedBy === 'hand' ? {} : unagreed(spokenFields({ record, link }), agreed)
}

const openChanges = ({ record, link }: Pick<ContactRole, 'record' | 'link'>) =>
  changesOf(link.agreed ? spokenFields({ record, link }) : givenFields(record), link.agreed ?? {})

function disagreement(
  { type, record }: ContactRole,
  entity: RemoteEntity,
  differences: readonly Difference[],
): SyncError {
  const told = differences.map(({ field, product, xero }) => `${field} is "${product}" here and "${xero}" there`)
  return syncError('contact_disputed', {
    cause: `The contact "${entity.name}" is the ${type} ${record.id} as well, which says otherwise: ${told.join('; ')}.`,
    candidates: candidatesOf([entity]),
    differences: [...differences],
  })
}
