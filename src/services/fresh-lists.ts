// A write is laid beside the last reading of Xero, and that may not be old: a job that waits for a limit of the day, or whose
// worker died, would write over what people entered meanwhile. So the list is read once more, which is one call for what changed.
import type { Db } from '../db/tables.ts'
import { lastReads } from '../stores/import-states.ts'
import type { JobContext } from './job-context.ts'
import type { Step } from './job-plan.ts'

/** The age at which what was read of a list is read again before more is sent. */
const readAtMostMs = 5 * 60_000

const lists = ['contacts', 'items'] as const

/** The types whose records stand in a list, or name what stands there. */
const readFirstFor = {
  contacts: ['customer', 'vendor', 'invoice', 'bill'],
  items: ['item', 'invoice', 'bill'],
} as const

const needsFirst = (progress: JobContext['progress'], list: (typeof lists)[number]): boolean =>
  readFirstFor[list].some((type) => progress[type].queued > 0)

/** A full job reads each list whole once: before the export, or where that had no need of it, after. */
export const readsWhole = ({ job, progress }: JobContext, list: (typeof lists)[number]): boolean =>
  job.kind === 'full' && (job.steps.some((step) => step.startsWith('export:')) || !needsFirst(progress, list))

/**
 * What changed in the lists that the job's records stand in is read before anything is sent: both sides are compared as they
 * are now, and what Xero holds already is found there.
 */
export const readsBeforeExport = ({ progress }: JobContext): string[] =>
  lists.filter((list) => needsFirst(progress, list)).flatMap((list) => [`read:${list}`, `recheck:${list}`])

/** The list that has to be read once more before the step sends anything. */
export async function outdatedList(
  db: Db,
  { job }: JobContext,
  { step, now }: { readonly step: Step; readonly now: Date },
): Promise<(typeof lists)[number] | undefined> {
  if (step.kind !== 'export' && step.kind !== 'remove') return undefined
  const reads = await lastReads(db, job.companyId, job.connectionId)
  const oldest = new Date(now.getTime() - readAtMostMs).toISOString()
  const needs = (list: (typeof lists)[number]) => readFirstFor[list].some((type) => type === step.type)
  return lists.find((list) => needs(list) && (reads.get(list) ?? '') < oldest)
}
