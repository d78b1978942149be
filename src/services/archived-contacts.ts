// Xero refuses a write for an archived contact before the mirror shows that it is. Which contact, and of which record, is told with
// the refusal, as data: from the mirror and the links, without a call.
import type { Db } from '../db/tables.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import { findLinksByRemoteId } from '../stores/links.ts'
import { findRemoteEntities } from '../stores/remote-entities.ts'
import type { ContactType } from './contact-roles.ts'
import type { JobContext } from './job-context.ts'
import type { Outcome } from './outcome.ts'
import { archivedContact } from './plan-contacts.ts'

const isArchived = ({ outcome }: Outcome): boolean =>
  outcome.kind === 'rejected' && outcome.error.code === 'contact_archived'

/** The contact that a refused document stands at, or that the refused record is. */
const contactOf = ({ posted, remoteId }: BatchElement): string | null =>
  posted?.list === 'invoices' ? posted.contactRemoteId : posted?.list === 'contacts' ? remoteId : null

const roleOf = ({ recordType }: BatchElement): ContactType =>
  recordType === 'bill' || recordType === 'vendor' ? 'vendor' : 'customer'

/** The outcomes, with the archived contact of those that were refused for it: as it is told where the mirror shows it beforehand. */
export async function withArchived(
  db: Db,
  context: JobContext,
  pairs: readonly Outcome[],
): Promise<readonly Outcome[]> {
  const refused = pairs.filter((pair) => isArchived(pair))
  const ids = refused.flatMap(({ element }) => contactOf(element) ?? [])
  if (ids.length === 0) return pairs
  const { companyId } = context.job
  const entities = await findRemoteEntities(db, companyId, context.connection.id, 'contacts', ids)
  const links = await findLinksByRemoteId(db, companyId, context.connection.id, ['customer', 'vendor'], ids)
  return pairs.map((pair): Outcome => {
    const { element, outcome } = pair
    const entity = entities.get(contactOf(element) ?? '')
    if (outcome.kind !== 'rejected' || !entity || !refused.includes(pair)) return pair
    const role = roleOf(element)
    const link = links.find(({ type, remoteId }) => type === role && remoteId === entity.remoteId)
    const recordId = element.posted?.list === 'contacts' ? element.recordId : link?.recordId
    if (recordId === undefined) return pair
    const { xero, field } = outcome.error
    return { element, outcome: { ...outcome, error: { ...archivedContact(role, recordId, entity), xero, field } } }
  })
}
