// Xero refuses documents dated on or before a lock date (xero.md, Invoices and bills). Advisers may post between its two lock
// dates, an app may not: the later one counts.
import type { Organisation } from './reference-lists.ts'

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
