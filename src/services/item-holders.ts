// Whose codes stand in the way of others: the records that hold the items that bear them, and those that are to leave them.
import type { Db } from '../db/tables.ts'
import { xeroItemCode } from '../domain/posting/long-code.ts'
import { findLinksByRemoteId } from '../stores/links.ts'
import { lockedRecords } from '../stores/queue-locking.ts'
import { findRecords } from '../stores/records.ts'
import type { RemoteEntity } from '../stores/remote-entities.ts'
import { keepsDocument } from './holding.ts'
import type { JobContext } from './job-context.ts'

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** By the id in Xero: the record of the product that it belongs to. One that was only imported, or left of a deleted record, may be adopted. */
export async function holdersOf(
  db: Db,
  context: JobContext,
  entities: readonly RemoteEntity[],
): Promise<Map<string, string>> {
  const { companyId } = context.job
  const connectionId = context.connection.id
  const ids = entities.map((entity) => entity.remoteId)
  const links = await findLinksByRemoteId(db, companyId, connectionId, ['item'], ids)
  const recordIds = links.map((link) => link.recordId)
  const records = await findRecords(db, companyId, connectionId, 'item', recordIds)
  const held = links.filter((link) => {
    const record = records.get(link.recordId)
    return record && keepsDocument(record)
  })
  return new Map(held.map((link) => [link.remoteId, link.recordId]))
}

/** Items whose records wait in this job to be written under another code than they bear in Xero. */
export async function leavers(
  db: Db,
  context: JobContext,
  recordIds: readonly string[],
  existing: ReadonlyMap<string, RemoteEntity>,
): Promise<Set<string>> {
  const { companyId, id: jobId } = context.job
  const connectionId = context.connection.id
  const waiting = await lockedRecords(db, companyId, jobId, { type: 'item', removal: false }, recordIds)
  const records = await findRecords(db, companyId, connectionId, 'item', [...waiting])
  const links = await findLinksByRemoteId(
    db,
    companyId,
    connectionId,
    ['item'],
    [...existing.values()].map(({ remoteId }) => remoteId),
  )
  const codes = new Map([...existing.values()].map(({ remoteId, code }) => [remoteId, code ?? '']))
  const { longCode } = context.settings.items
  const isLeaving = ({ recordId, remoteId }: { readonly recordId: string; readonly remoteId: string }): boolean => {
    const code = records.get(recordId)?.body.code
    const standing = codes.get(remoteId) ?? ''
    const posted = typeof code === 'string' ? xeroItemCode(code, longCode) : null
    return posted !== null && code !== standing && !same(posted, standing)
  }
  return new Set(links.filter(isLeaving).map(({ remoteId }) => remoteId))
}
