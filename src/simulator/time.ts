// The many ways in which Xero writes and reads instants and calendar days. Every instant is milliseconds UTC here; a
// calendar day is 'YYYY-MM-DD'. The simulator never reads the machine's clock: `now` always comes from the injected one.

export const minutes = (count: number) => count * 60_000
export const days = (count: number) => count * 86_400_000

/** `/Date(1552327126117+0000)/`: how most members are written. */
export const stamp = (ms: number) => `/Date(${ms}+0000)/`

/** `/Date(1552327126117)/`: envelope and an item's UpdatedDateUTC in answers to writes. */
export const bareStamp = (ms: number) => `/Date(${ms})/`

/** `2026-04-20T11:47:10Z` */
export const isoSeconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** `2026-04-20T11:47:10.3360000`: GET /connections writes seven digits and no zone. */
export const connectionStamp = (ms: number) => `${new Date(ms).toISOString().slice(0, 23)}0000`

/** `01/23/2020 18:21:16`: the detail of a TokenExpired answer. */
export function americanStamp(ms: number): string {
  const [day = '', time = ''] = new Date(ms).toISOString().split('T')
  const [year, month, date] = day.split('-')
  return `${month}/${date}/${year} ${time.slice(0, 8)}`
}

export const dayToMs = (day: string) => Date.parse(`${day}T00:00:00Z`)
export const msToDay = (ms: number) => new Date(ms).toISOString().slice(0, 10)
export const addDays = (day: string, count: number) => msToDay(dayToMs(day) + days(count))

/** A calendar day and its twin, as documents carry them. */
export const dayPair = (name: string, day: string | undefined): Record<string, string> =>
  day === undefined ? {} : { [`${name}String`]: `${day}T00:00:00`, [name]: stamp(dayToMs(day)) }

export const localToday = (ms: number, zone: string) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms)

/** `31 December 2025`, as the messages about lock dates write it. */
export const longDay = (day: string) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' }).format(
    dayToMs(day),
  )

export function readStamp(value: string): number | undefined {
  const match = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/.exec(value)
  return match ? Number(match[1]) : undefined
}

/** Reads a date of a request. A timestamp with an offset is turned to UTC first, which can move it to another day. */
export function readDay(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const plain = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/.exec(value)
  if (plain?.[1] !== undefined) {
    const ms = Date.parse(`${plain[1]}T00:00:00Z`)
    return Number.isNaN(ms) || msToDay(ms) !== plain[1] ? undefined : plain[1]
  }
  const ms = readStamp(value) ?? Date.parse(value)
  return Number.isNaN(ms) ? undefined : msToDay(ms)
}

/** If-Modified-Since: UTC whether or not it says so, to the second. */
export function readModifiedSince(value: string): number | undefined {
  const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2})?/.test(value)
  const text =
    iso && !/(Z|[+-]\d{2}:?\d{2})$/.test(value) ? `${value.length === 10 ? `${value}T00:00:00` : value}Z` : value
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000) * 1000
}
