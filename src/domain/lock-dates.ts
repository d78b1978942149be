// Xero refuses documents dated on or before a lock date (xero.md, Invoices and bills). Advisers may post between its two lock
// dates, an app may not: the later one counts.
import type { Organisation } from './reference-lists.ts'
import { leftByUnlinking } from './refused-deletions.ts'
import { syncError } from './sync-errors.ts'
import type { SyncError } from './sync-state.ts'

type Locks = Pick<Organisation, 'periodLockDate' | 'endOfYearLockDate'>

/** The last locked day, or null when nothing is locked. */
export function lockedUntil(organisation: Locks): string | null {
  const dates = [organisation.periodLockDate, organisation.endOfYearLockDate].filter((date) => date !== null)
  return dates.sort().at(-1) ?? null
}

export function isLocked(date: string, organisation: Locks): boolean {
  const locked = lockedUntil(organisation)
  return locked !== null && date <= locked
}

/** Why a document is not changed that stands in a locked period itself: another date of the record does not move it out. */
export function standsLocked(date: string): SyncError {
  return syncError('period_locked', {
    cause: `It stands in Xero dated ${date}, in a locked period: nothing of it can be changed there.`,
    action:
      'Move the lock date in Xero, then run a sync job. Or PUT the document as it stands in Xero: nothing has to be changed then.',
  })
}

/** The same of a deletion. */
export function staysLocked(date: string | null): SyncError {
  const dated = date === null ? '' : ` dated ${date},`
  return syncError('period_locked', {
    cause: `It stands in Xero${dated} in a locked period: nothing of it is deleted or voided there.`,
    action: `Move the lock date in Xero, then run a sync job. ${leftByUnlinking}`,
  })
}
