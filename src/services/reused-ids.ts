// Ids that the product uses again after a deletion. What the settings keep in Xero stays linked to the deleted record, and is the
// record's again when it comes back. Handed over for somebody else, it would rename the contact or item that stays, and take its
// documents along: so the record starts without it, and finds or creates its own.
import type { Db } from '../db/tables.ts'
import { entityTypes, isDocumentType, type RecordType } from '../domain/entity-types.ts'
import { isSameIdentity } from '../domain/matching.ts'
import { recordName } from '../domain/records/index.ts'
import type { Link } from '../stores/links.ts'
import type { StoredRecord } from '../stores/records.ts'
import { findRemoteEntities } from '../stores/remote-entities.ts'
import type { Said } from './handovers.ts'
import { leaveLink } from './unlinking.ts'

interface Scope {
  readonly companyId: string
  readonly connectionId: string
  readonly type: RecordType
}

const identityOf = (type: RecordType, body: Said['body']): string | null =>
  type === 'item' ? String((body as { code?: string }).code ?? '') : recordName(type, body)

/** `said`: deleted records that come back to life. `links` loses those of records that are somebody else by now. */
export async function leaveReused(
  tx: Db,
  scope: Scope,
  said: readonly Said[],
  { stored, links }: { readonly stored: ReadonlyMap<string, StoredRecord>; readonly links: Map<string, Link> },
): Promise<void> {
  const { companyId, connectionId, type } = scope
  const back = said.flatMap((entry) => {
    const [known, link] = [stored.get(entry.id), links.get(entry.id)]
    return known && link ? [{ entry, known, link }] : []
  })
  if (back.length === 0) return
  const { list } = entityTypes[type]
  const ids = back.map(({ link }) => link.remoteId)
  const there = list === 'invoices' ? null : await findRemoteEntities(tx, companyId, connectionId, list, ids)
  for (const { entry, known, link } of back) {
    const [entity, field] = [there?.get(link.remoteId), type === 'item' ? 'code' : 'name']
    const told = isDocumentType(type) ? [link.number] : [link.agreed?.[field], entity?.fields[field], entity?.code]
    const former = [identityOf(type, known.body as Said['body']), ...told].map((one) => (one ? String(one) : null))
    const now = identityOf(type, entry.body)
    if (former.some((one) => isSameIdentity(type, one, now))) continue
    await leaveLink(tx, scope, known, link)
    links.delete(entry.id)
  }
}
