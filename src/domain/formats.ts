// What a date and an instant may be, for every schema: only what JavaScript and the database can hold both. What RFC 3339
// writes beyond that (the year 0, a leap second, an offset of a day, a thousand digits) would fail far from where it came in.
import { Format } from 'typebox/format'

/** There is no year 0, neither in the calendar nor at Xero. */
const isDate = (value: string): boolean => Format.IsDate(value) && !value.startsWith('0000')

/** No zone is further from UTC than 14 hours; PostgreSQL refuses 16, and fractions of any length. */
const form = /^[^.]{19}(\.\d{1,9})?(Z|[+-](0\d|1[0-4]):\d\d)$/i

/** Its year has four digits in UTC too, whatever its offset makes of it: so it sorts as text, and comes back as it went in. */
function isInstant(value: string): boolean {
  if (!Format.IsDateTime(value) || !form.test(value)) return false
  const parsed = new Date(value.toUpperCase())
  return !Number.isNaN(parsed.getTime()) && isDate(parsed.toISOString().slice(0, 10))
}

/** The registry is one for the process; schemas ask it when they check. */
export function registerFormats(): void {
  Format.Set('date', isDate)
  Format.Set('date-time', isInstant)
}
