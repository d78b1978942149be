// Invoices and bills that a look-up finds at another contact than they were sent for. Where a person merged the two contacts, the
// document went along with its contact (xero.md, Contacts): that is no difference. Any other contact is a person's choice.
import type { Db } from '../db/tables.ts'
import type { FoundDocument } from '../domain/found-document.ts'
import { markerOf } from '../domain/posting/marker.ts'
import type { Posted } from '../domain/posting/posted.ts'
import { findImportState } from '../stores/import-states.ts'
import type { Importer } from './import.ts'
import type { JobContext, StepResult } from './job-context.ts'
import type { LookUp } from './look-up.ts'
import { mergesOf } from './moved-contacts.ts'

const isElsewhere = ({ differences }: FoundDocument): boolean => differences.includes('contact')

/** As far as the mirror knows of merges. */
async function atSurvivors(
  db: Db,
  context: JobContext,
  posted: readonly Posted[],
  found: readonly FoundDocument[],
): Promise<readonly FoundDocument[]> {
  const sentTo = new Map(
    posted.flatMap((one) => (one.list === 'invoices' ? [[markerOf(one).value, one.contactRemoteId]] : [])),
  )
  const moved = found.filter(isElsewhere).flatMap(({ marker, remote, standing }) => {
    const [was, is] = [sentTo.get(marker), standing?.content.contactRemoteId]
    return was && is ? [{ id: remote.remoteId, was, is }] : []
  })
  if (moved.length === 0) return found
  const isMerged = await mergesOf(db, context, moved)
  const followed = new Set(moved.filter(({ was, is }) => isMerged(was, is)).map(({ id }) => id))
  return found.map((one) =>
    followed.has(one.remote.remoteId)
      ? { ...one, differences: one.differences.filter((field) => field !== 'contact') }
      : one,
  )
}

/** A look-up that knows of the merges that were read. */
export const followingMerges =
  (db: Db, lookUp: LookUp): LookUp =>
  async (context, list, posted, asking) => {
    const seen = await lookUp(context, list, posted, asking)
    return { ...seen, found: await atSurvivors(db, context, posted, seen.found) }
  }

export type FoundAtSurvivors = ReturnType<typeof foundAtSurvivors>

export function foundAtSurvivors({ db, importer }: { readonly db: Db; readonly importer: Importer }) {
  /**
   * The documents, or how the step goes on: the contacts are read first, where one of the documents stands at another contact
   * and no read since the look tells why.
   */
  return async (
    context: JobContext,
    { posted, found }: { readonly posted: readonly Posted[]; readonly found: readonly FoundDocument[] },
    lookedAt: string,
  ): Promise<{ readonly kind: 'known'; readonly found: readonly FoundDocument[] } | StepResult> => {
    const known = await atSurvivors(db, context, posted, found)
    if (!known.some(isElsewhere)) return { kind: 'known', found: known }
    const { watermark } = await findImportState(db, context.job.companyId, context.connection.id, 'contacts')
    if (watermark !== null && watermark >= lookedAt) return { kind: 'known', found: known }
    const read = await importer.readContacts(context, false)
    // The look is remembered: the next step goes on with it.
    return read.kind === 'done' ? { kind: 'known', found: await atSurvivors(db, context, posted, found) } : read
  }
}
