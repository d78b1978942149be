// Cuts texts to a length without cutting a character that people see as one: half of an emoji is no text at all, which
// the database refuses and Xero too, and a letter without its accent is another letter.

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const startsInPair = (text: string, at: number): boolean =>
  /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(at))

/** The longest beginning of whole graphemes, at most `maxLength` UTF-16 units long, as Xero and our schemas count. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  const end = graphemes.segment(text).containing(maxLength)?.index ?? 0
  if (end > 0) return text.slice(0, end)
  // One grapheme alone, such as a letter under hundreds of accents, is longer than all there is room for.
  return text.slice(0, startsInPair(text, maxLength) ? maxLength - 1 : maxLength)
}
