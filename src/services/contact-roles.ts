// One contact may be several records: a customer and a vendor, or those of contacts that were merged in Xero. Who of them still
// needs it decides whether it is archived, which only a person can undo; and what they say of it must not contradict itself.
import type { Db } from '../db/tables.ts'
import { normalisedKey } from '../domain/matching.ts'
import { findLinksByRemoteId, type Link } from '../stores/links.ts'
import { findRecords, namesComing, type StoredRecord } from '../stores/records.ts'
import type { RemoteEntity } from '../stores/remote-entities.ts'
import type { JobContext } from './job-context.ts'

export const contactTypes = ['customer', 'vendor'] as const
export type ContactType = (typeof contactTypes)[number]

export interface ContactRole {
  readonly type: ContactType
  readonly record: StoredRecord
  readonly link: Link
}

/** The live records of either role that these contacts are. */
export async function rolesOf(
  db: Db,
  { job: { companyId }, connection }: Pick<JobContext, 'job' | 'connection'>,
  remoteIds: readonly string[],
): Promise<ContactRole[]> {
  const links = await findLinksByRemoteId(db, companyId, connection.id, contactTypes, remoteIds)
  const roles: ContactRole[] = []
  for (const type of contactTypes) {
    const ofType = links.filter((link) => link.type === type)
    const ids = ofType.map(({ recordId }) => recordId)
    const records = await findRecords(db, companyId, connection.id, type, ids)
    for (const link of ofType) {
      const record = records.get(link.recordId)
      if (record?.deletedAt === null) roles.push({ type, record, link })
    }
  }
  return roles
}

/** Contacts that an active record still is: they stay in Xero as long as one of them lives. */
export async function stillNeeded(db: Db, context: JobContext, remoteIds: readonly string[]): Promise<Set<string>> {
  const active = (await rolesOf(db, context, remoteIds)).filter(({ record }) => record.body.active !== false)
  return new Set(active.map(({ link }) => link.remoteId))
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
