// JSON without loss: money must never pass through a `number`. Numbers are read as the text that stood in the document,
// and decimal strings are written as number literals (Xero's API wants numbers).

interface RawJson {
  rawJSON(text: string): number
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown
}
const lossless = JSON as unknown as RawJson

/** Parses JSON; every number becomes the string that was written. Throws SyntaxError as JSON.parse does. */
export const parseLossless = (text: string): unknown =>
  lossless.parse(text, (_key, value, context) =>
    typeof value === 'number' ? (context.source ?? String(value)) : value,
  )

const decimal = /^-?(0|[1-9]\d*)(\.\d+)?$/

/** A decimal string as a JSON number literal, digits untouched. Typed as number only because the SDK's models say so. */
export function numberLiteral(value: string): number {
  if (!decimal.test(value)) throw new TypeError(`not a decimal: ${value}`)
  return lossless.rawJSON(value)
}

/** Parses JSON that is to be written again: number literals keep their digits. */
export const parseForResend = (text: string): unknown =>
  lossless.parse(text, (_key, value, context) =>
    typeof value === 'number' ? lossless.rawJSON(context.source ?? String(value)) : value,
  )

/** JSON with object keys in a fixed order, so that equal content has equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner) && !('rawJSON' in inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
