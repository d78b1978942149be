// Documents that are to be removed and of which nothing is on record that we wrote, laid beside their records. What a person entered goes
// without a question only where the record says the same.
import type { Db } from '../db/tables.ts'
import { type DocumentType, documentSections } from '../domain/entity-types.ts'
import { isMet, laidBeside, leave, type Met, matchStandingLines } from '../domain/met-document.ts'
import type { TaxRate } from '../domain/reference-lists.ts'
import type { Settings } from '../domain/settings/index.ts'
import type { StandingDocument } from '../domain/standing-document.ts'
import type { Difference } from '../domain/sync-state.ts'
import type { Link } from '../stores/links.ts'
import { findRecords } from '../stores/records.ts'
import type { Plan } from './export-plan.ts'
import type { PostingDesk } from './export-posting.ts'
import type { JobContext } from './job-context.ts'
import type { HeldItem } from './refusals.ts'
import { inIdsOfNow } from './renumbered-links.ts'

/** The part of the basis of a removal that the record itself tells. */
export interface Laid {
  readonly met: Met | null
  readonly beside: readonly Difference[] | null
}

const isAccepted = ({ sent }: Link): boolean => sent?.isAccepted === true

/** Nobody knows how it stood when we wrote it, and it was changed since. */
const isUnknown = ({ content = null, remoteUpdatedAt, seen }: Link): boolean =>
  content === null && (remoteUpdatedAt === null || remoteUpdatedAt !== seen?.remote.updatedAt)

/** What the record says, whether or not the settings would send it now. */
const unrestricted = (settings: Settings): Settings => ({
  ...settings,
  invoices: { ...settings.invoices, sync: true, cutOverDate: null, triggerStatus: { invoice: ['any'] } },
  vendors: { ...settings.vendors, sync: true, cutOverDate: null, triggerStatus: { bill: ['any'] } },
})

/** Not every record can be posted, and then nothing says that both are the same. */
const unsaid = ({ total }: StandingDocument): Met => ({
  differences: [{ field: '/total', product: null, xero: total }],
  isLacking: false,
})

function lay(plan: Plan | undefined, standing: StandingDocument, taxRates: readonly TaxRate[] | null): Met {
  if (plan?.kind !== 'send' || plan.document.list !== 'invoices') return unsaid(standing)
  const { document, unheld = [] } = plan
  const lineIds = matchStandingLines(document.lines, standing.content.lines ?? [])
  return laidBeside(leave(document, standing, unheld, lineIds), standing, lineIds, taxRates)
}

export function laidBesideRecords({ db, desk }: { readonly db: Db; readonly desk: PostingDesk }) {
  /** By record id; what is not in it is ours. */
  return async (
    context: JobContext,
    type: DocumentType,
    items: readonly HeldItem[],
    links: ReadonlyMap<string, Link>,
  ): Promise<ReadonlyMap<string, Laid>> => {
    const { job, connection, settings, reference } = context
    if (settings[documentSections[type]].onRemoteEdit === 'overwrite') return new Map()
    const asked = items.flatMap((item) => {
      const link = links.get(item.recordId)
      return link?.seen && (isMet(link) || isAccepted(link) || isUnknown(link)) ? [{ item, link, seen: link.seen }] : []
    })
    if (asked.length === 0) return new Map()
    const ids = asked.map(({ item }) => item.recordId)
    const records = await findRecords(db, job.companyId, connection.id, type, ids)
    const candidates = asked.flatMap(({ item, link }) => {
      const record = records.get(item.recordId)
      return record ? [{ item, record, link: inIdsOfNow(record, link) }] : []
    })
    const plans = await desk.plan({ ...context, settings: unrestricted(settings) }, type, candidates)
    return new Map(
      asked.map(({ item, link, seen }): [string, Laid] => {
        const met = lay(plans.get(item.id), seen, reference.taxRates)
        return [item.recordId, isAccepted(link) ? { met: null, beside: met.differences } : { met, beside: null }]
      }),
    )
  }
}
