// Texts as a database keeps them: PostgreSQL takes neither NUL nor half of a surrogate pair, such as half of an emoji.

/** Either of the two, in plain text or as JSON writes it. A whole pair looks the same, and stays. */
const perhapsUnkeepable = /\0|\\u(?:0000|d[89a-f][0-9a-f]{2})/i

/** Whether a body, of JSON or not, may hold such a text: most do not, and need no second look. */
export const mayBeUnkeepable = (body: string): boolean => perhapsUnkeepable.test(body)

/** The text with U+FFFD, which stands for what is no character, in place of each. */
export const keepableText = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed()

/** The same for every text of a value that JSON holds, names of members too. */
export function keepable(value: unknown): unknown {
  if (typeof value === 'string') return keepableText(value)
  if (Array.isArray(value)) return value.map(keepable)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [keepableText(name), keepable(inner)]))
}
