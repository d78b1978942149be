// A write is laid beside the last reading of Xero, and that may not be old: a job that waits for a limit of the day, or whose
// worker died, would write over what people entered meanwhile. So the list is read once more, which is one call for what changed.
import type { Db } from '../db/tables.ts'
import { lastReads } from '../stores/import-states.ts'
import type { JobContext } from './job-context.ts'
import type { Step } from './job-plan.ts'

/** The age at which what was read of a list is read again before more is sent. */
const readAtMostMs = 5 * 60_000

export const lists = ['contacts', 'items'] as const

/** The types whose records stand in a list, or name what stands there. */
export const readFirstFor = {
  contacts: ['customer', 'vendor', 'invoice', 'bill'],
  items: ['item', 'invoice', 'bill'],
} as const

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
