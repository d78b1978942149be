// Dates of a document: today in the organisation's zone when none is sent, payment terms for the due date, and lock dates.
import type { Contact, Invoice, Organisation, PaymentTerm } from '../../state.ts'
import { addDays, dayToMs, longDay, msToDay } from '../../time.ts'

function dayOfMonth(day: string, monthsAhead: number, wanted: number): string {
  const [year = 0, month = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + monthsAhead, 0)).getUTCDate()
  return msToDay(Date.UTC(year, month - 1 + monthsAhead, Math.min(wanted, last)))
}

const dueDates: Record<string, (date: string, days: number) => string> = {
  DAYSAFTERBILLDATE: (date, days) => addDays(date, days),
  DAYSAFTERBILLMONTH: (date, days) => addDays(dayOfMonth(date, 0, 31), days),
  OFCURRENTMONTH: (date, days) => dayOfMonth(date, 0, days),
  OFFOLLOWINGMONTH: (date, days) => dayOfMonth(date, 1, days),
}

/** The due date that payment terms give: those of the contact, else those of the organisation. */
export function dueDateByTerms(
  organisation: Organisation,
  contact: Contact | undefined,
  type: Invoice['Type'],
  date: string,
): string | undefined {
  const side = type === 'ACCREC' ? 'Sales' : 'Bills'
  const term: PaymentTerm | undefined = contact?.paymentTerms[side] ?? organisation.profile.paymentTerms[side]
  return term && dueDates[term.Type]?.(date, term.Day)
}

export function lockProblems(organisation: Organisation, dates: (string | undefined)[]): string[] {
  const { periodLockDate, endOfYearLockDate } = organisation.profile
  const locks: [name: string, lock: string | undefined][] = [
    ['end of year', endOfYearLockDate],
    ['period', periodLockDate],
  ]
  for (const [name, lock] of locks) {
    if (lock === undefined || !dates.some((date) => date !== undefined && dayToMs(date) <= dayToMs(lock))) continue
    return [`The document date cannot be before the ${name} lock date, currently set at ${longDay(lock)}`]
  }
  return []
}
