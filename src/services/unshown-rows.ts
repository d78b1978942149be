// Contacts and items whose rows could not be understood when their list was read last. Whether somebody changed them is not known, so that
// nothing is written to them before a row shows them again: each holds up its own records only.
import type { Db } from '../db/tables.ts'
import { postedHash } from '../domain/posting/hash.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import { findOddRows } from '../stores/odd-rows.ts'
import type { Plan } from './export-plan.ts'
import type { JobContext } from './job-context.ts'

const names = { contacts: 'contact', items: 'item' } as const

/** By id in Xero, of these. */
export async function unshownRows(
  db: Db,
  { job, connection }: JobContext,
  list: 'contacts' | 'items',
  remoteIds: readonly string[],
): Promise<ReadonlyMap<string, SyncError>> {
  const of = { companyId: job.companyId, connectionId: connection.id, list }
  const odd = await findOddRows(db, of, remoteIds)
  return new Map(
    [...odd].map(([id, reason]) => {
      const cause = `The row of the ${names[list]} ${id} in Xero's list cannot be understood (${reason}), so that it is not known whether somebody changed it. Nothing was written to it.`
      const action = `Nothing to do: the next sync job asks for the ${names[list]} once more. If it lasts, GET …/odd-rows shows the row; correct the ${names[list]} in Xero.`
      return [id, syncError('answer_incomplete', { cause, action })]
    }),
  )
}

/** What stands there as it was last sent needs no write. */
export function unlessUnshown(plan: Plan, unshown: SyncError | undefined): Plan {
  if (!unshown || plan.kind !== 'send' || !plan.link) return plan
  return plan.link.postedHash === postedHash(plan.document) ? plan : { kind: 'failed', error: unshown }
}
