// Calendar dates as YYYY-MM-DD. Computed in UTC, where every day has 24 hours; the zone matters only for "today".

const instantOf = (date: string): Date => new Date(`${date}T00:00:00Z`)
// Years have four digits, here and at Xero: what would come after the last day is the last day.
const lastInstant = instantOf('9999-12-31')
const dateOf = (instant: Date): string => (instant > lastInstant ? lastInstant : instant).toISOString().slice(0, 10)

export function addDays(date: string, days: number): string {
  const instant = instantOf(date)
  instant.setUTCDate(instant.getUTCDate() + days)
  return dateOf(instant)
}

/** That day of the month that is `months` after the date's; the last one when the month is shorter. */
export function dayOfMonth(date: string, months: number, day: number): string {
  const instant = instantOf(date)
  // Not Date.UTC, which takes a year below 100 for one of the 20th century.
  const last = new Date(instant)
  last.setUTCMonth(instant.getUTCMonth() + months + 1, 0)
  last.setUTCDate(Math.min(Math.max(day, 1), last.getUTCDate()))
  return dateOf(last)
}
export const endOfMonth = (date: string): string => dayOfMonth(date, 0, 31)

export function isTimezone(timezone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-CA', { timeZone: timezone })
    return true
  } catch {
    return false
  }
}

/** The calendar date of an instant in a zone. Throws RangeError for an unknown zone. */
export function localDate(instant: Date, timezone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    calendar: 'iso8601',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(instant)
  const part = (type: string): string => parts.find((entry) => entry.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}
