// Jobs without anything to send, which most jobs of a schedule are. Lists that change rarely, or tell something only as a whole, are
// read once a day: 96 jobs a day of ten calls each would be all that Xero's smallest plan has.
import type { Db } from '../db/tables.ts'
import { recordTypes } from '../domain/entity-types.ts'
import type { ReferenceListName } from '../domain/reference-lists.ts'
import { referenceListsReadAt } from '../stores/reference-lists.ts'
import type { JobContext } from './job-context.ts'

const dayMs = 24 * 60 * 60_000

/** A full job reads everything, and one that sends anything goes by what stands in Xero now. */
export const isIdle = ({ job, progress }: Pick<JobContext, 'job' | 'progress'>): boolean =>
  job.kind === 'incremental' && recordTypes.every((type) => progress[type].queued === 0)

/** Less than a day old. */
export const isOfToday = (at: string | null, now: Date): boolean =>
  at !== null && now.getTime() - Date.parse(at) < dayMs

/** Whether none of these lists has to be read by the job. */
export async function areListsFresh(
  db: Db,
  context: JobContext,
  names: readonly ReferenceListName[],
  now: Date,
): Promise<boolean> {
  if (!isIdle(context)) return false
  const readAt = await referenceListsReadAt(db, context.job.companyId, context.job.connectionId)
  return names.every((name) => isOfToday(readAt.get(name) ?? null, now))
}
