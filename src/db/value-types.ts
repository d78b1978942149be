// The same value types from both databases. Their drivers disagree out of the box: pg gives int8 as a string and a date as
// local midnight (a day off east of Greenwich), PGlite gives a bigint and a UTC Date.
export type TextParser = (text: string) => unknown

const instant: TextParser = (text) => {
  const parsed = new Date(`${text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')}`)
  return Number.isNaN(parsed.getTime()) ? text : parsed.toISOString()
}

/** One beyond the safe integers is read as the nearest number: to throw would take every other row of the answer along. */
const integer: TextParser = (text) => Number(text)

const same: TextParser = (text) => text

/** One-dimensional arrays of plain values, the only kind the schema uses. */
const arrayOf =
  (parse: TextParser): TextParser =>
  (text) => {
    const elements: unknown[] = []
    for (const match of text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)) {
      const [, quoted, plain] = match
      if (plain === 'NULL') elements.push(null)
      else elements.push(parse(quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1')))
    }
    return elements
  }

/** By type id (OID): int8, numeric, date, timestamp, timestamptz, and arrays of int4, text, int8, date, timestamptz, numeric. */
export const parsers: Readonly<Record<number, TextParser>> = {
  20: integer,
  1700: same,
  1082: same,
  1114: (text) => instant(`${text}Z`),
  1184: instant,
  1007: arrayOf(integer),
  1009: arrayOf(same),
  1016: arrayOf(integer),
  1182: arrayOf(same),
  1185: arrayOf(instant),
  1231: arrayOf(same),
}
