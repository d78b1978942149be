// What becomes of customers and vendors in the export: adopted where Xero holds them already, created, or changed where they
// differ from what stands there.
import type { Db } from '../db/tables.ts'
import { candidatesOf } from '../domain/candidate.ts'
import { changedFields, type Fields, fieldsOf, ownFields, sparseBody } from '../domain/merging.ts'
import { postContact } from '../domain/posting/contact.ts'
import type { Contact } from '../domain/records/index.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import { findRemoteEntities, type RemoteEntity } from '../stores/remote-entities.ts'
import { matchContacts } from './export-contacts.ts'
import { type Candidate, type Plan, planOf } from './export-plan.ts'
import type { JobContext } from './job-context.ts'
import { theirFields } from './remote-rows.ts'

type ContactType = 'customer' | 'vendor'

/** No contact in Xero has them. */
const keptHere: readonly string[] = ['legalName', 'type']

/** The contact of a record is archived: it can be neither edited nor used (FACTS §3, Contacts). */
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

function planLinked(
  context: JobContext,
  type: ContactType,
  { record, link }: Candidate,
  entity: RemoteEntity | undefined,
): Plan {
  const agreed = link?.agreed ?? null
  const { fields, removed } = ownFields(record, agreed)
  const theirs = entity ? theirFields(type, entity) : {}
  const body = sparseBody(withStanding(fields, removed, theirs)) as Partial<Contact> & Pick<Contact, 'name'>
  const existingNumber = entity?.contactNumber ?? link?.marker ?? null
  const posting = postContact(body, { role: type, recordId: record.id }, context.settings, { existingNumber, removed })
  const standing = entity ?? null
  const plan = planOf(posting, link, { standing, fields: fieldsOf(record.body) })
  if (plan.kind !== 'send' || !link || !entity?.archived) return plan
  // Nothing can be changed in an archived contact; where the record is inactive too, there is nothing to change.
  const changed = changedFields(fieldsOf(record.body), agreed ?? {}).filter((key) => !keptHere.includes(key))
  const isInactive = record.body.active === false && changed.every((key) => key === 'active')
  if (isInactive) return { kind: 'in_line', document: plan.document, link, fields: fieldsOf(record.body) }
  return { kind: 'failed', error: archivedContact(type, record.id, entity) }
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
  return new Map(
    candidates.map((candidate): [string, Plan] => {
      const { item, record, link } = candidate
      if (link) return [item.id, planLinked(context, type, candidate, entities.get(link.remoteId))]
      const match = matches.get(record.id)
      if (match?.kind === 'match') return [item.id, { kind: 'adopt', type, entity: match.entity, by: match.by }]
      if (match?.kind === 'conflict') return [item.id, match]
      // In the form of later changes, so that the same content is recognised.
      const contact = sparseBody(fieldsOf(record.body)) as unknown as Contact
      const existingNumber = match?.number ?? null
      const posting = postContact(contact, { role: type, recordId: record.id }, context.settings, { existingNumber })
      return [item.id, planOf(posting, null, { standing: null, fields: fieldsOf(record.body) })]
    }),
  )
}
