// Xero's dates. Instants come as /Date(ms)/ or /Date(ms+0000)/, also negative ones, which once stopped a whole sync
// elsewhere; calendar dates are midnight-UTC stamps of the organisation's local date (xero.md, Reading).

const stamp = /^\/Date\((-?\d{1,16})([+-]\d{4})?\)\/$/
const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/

function moment(value: unknown): Date | null {
  if (typeof value !== 'string') return null
  const milliseconds = stamp.exec(value)?.[1]
  const parts = iso.exec(value)
  // Without a zone it is UTC; Date would read it as local time. Seven fractional digits are Xero's habit too.
  const date = milliseconds
    ? new Date(Number(milliseconds))
    : parts
      ? new Date(`${value.slice(0, 19)}${parts[1]?.slice(0, 4) ?? ''}${parts[2] ?? 'Z'}`)
      : null
  return date && !Number.isNaN(date.getTime()) ? date : null
}

/** A UTC instant, ISO-8601, or null where it cannot be read. The offset in /Date(ms+0000)/ does not move the instant. */
export const instant = (value: unknown): string | null => moment(value)?.toISOString() ?? null

/** YYYY-MM-DD. The text twin is preferred: it needs no zone at all. */
export function calendarDate(value: unknown, textTwin: unknown = null): string | null {
  const twin = typeof textTwin === 'string' ? textTwin : value
  if (typeof twin === 'string' && /^\d{4}-\d{2}-\d{2}/.test(twin)) return twin.slice(0, 10)
  return moment(value)?.toISOString().slice(0, 10) ?? null
}

/** The form that If-Modified-Since takes: seconds, no zone, UTC (xero.md, Reading). Rounded down, so that nothing is missed. */
export const modifiedSinceHeader = (at: string): string => new Date(at).toISOString().slice(0, 19)
