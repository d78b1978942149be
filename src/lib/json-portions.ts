// JSON of many megabytes, parsed in portions: JSON.parse of a long list holds up every other request for a third of a second.
// Elements of lists directly in the outermost value are parsed one by one; a number stands for each of them in the rest of the
// text, which is parsed as a whole. So exactly what JSON.parse accepts is accepted.
import { giveWay } from './portions.ts'

/** Bytes that are looked at, or parsed, before the event loop is given back: some milliseconds. */
const portion = 256 * 1024
/** Depth of the elements: in a list in the outermost value. */
const listDepth = 2

const [quote, backslash, comma, openingBracket] = [0x22, 0x5c, 0x2c, 0x5b]
const isOpening = (byte: number): boolean => byte === 0x7b || byte === openingBracket
const isClosing = (byte: number): boolean => byte === 0x7d || byte === 0x5d
const isBlank = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)

export interface PortionLimits {
  /** Levels of brackets. */
  readonly depth: number
  /** Elements of all lists directly in the outermost value. */
  readonly elements: number
  /** Bytes of one element, and of the text around the elements. */
  readonly bytes: number
}

interface Outline {
  /** The text with numbers in the place of the elements. */
  readonly text: string
  /** Beginning and end of each element. */
  readonly elements: readonly (readonly [number, number])[]
  readonly depth: number
}

/** Whether an odd number of backslashes stands before a byte. */
function isEscaped(bytes: Buffer, at: number): boolean {
  let before = at
  while (bytes[before - 1] === backslash) before -= 1
  return (at - before) % 2 === 1
}

/** The byte after the end of a string that begins at `start`; of one that is too long, the end of the text. */
function afterString(bytes: Buffer, start: number, longest: number): number {
  let end = bytes.indexOf(quote, start + 1)
  while (end > 0 && end - start <= longest && isEscaped(bytes, end)) end = bytes.indexOf(quote, end + 1)
  return end < 0 || end - start > longest ? bytes.length : end + 1
}

/** Null: there are more elements than are allowed. */
async function outlineOf(bytes: Buffer, limits: PortionLimits): Promise<Outline | null> {
  const elements: [number, number][] = []
  const parts: string[] = []
  const isList: boolean[] = []
  let [depth, deepest, written, begin, nextPause] = [0, 0, 0, -1, portion]
  const endElement = (end: number) => {
    if (begin < 0) return
    parts.push(bytes.toString('utf8', written, begin), String(elements.length))
    elements.push([begin, end])
    written = end
    begin = -1
  }
  for (let at = 0; at < bytes.length; ) {
    if (at > nextPause) {
      nextPause = at + portion
      await giveWay()
    }
    const byte = bytes[at] as number
    if (depth === listDepth && isList[depth]) {
      if (byte === comma || isClosing(byte)) endElement(at)
      else if (begin < 0 && !isBlank(byte)) begin = at
      if (elements.length > limits.elements) return null
    }
    if (isOpening(byte)) {
      depth += 1
      isList[depth] = byte === openingBracket
      deepest = Math.max(deepest, depth)
    } else if (isClosing(byte)) depth -= 1
    at = byte === quote ? afterString(bytes, at, limits.bytes) : at + 1
  }
  return { text: parts.join('') + bytes.toString('utf8', written), elements, depth: deepest }
}

export type Parsed = { readonly value: unknown } | { readonly beyond: keyof PortionLimits }

/** `parse` parses a text as a whole and throws as JSON.parse does. */
export async function parseInPortions(
  bytes: Buffer,
  parse: (text: string) => unknown,
  limits: PortionLimits,
): Promise<Parsed> {
  const found = await outlineOf(bytes, limits)
  if (!found) return { beyond: 'elements' }
  const { text, elements, depth } = found
  if (depth > limits.depth) return { beyond: 'depth' }
  if (text.length > limits.bytes || elements.some(([from, to]) => to - from > limits.bytes)) return { beyond: 'bytes' }
  const outline = parse(text)
  const values: unknown[] = []
  let parsed = 0
  for (const [from, to] of elements) {
    // The blank keeps a byte order mark from being taken for the beginning of a text.
    values.push(parse(` ${bytes.toString('utf8', from, to)}`))
    parsed += to - from
    if (parsed < portion) continue
    parsed = 0
    await giveWay()
  }
  return { value: filled(outline, values) }
}

function filled(outline: unknown, values: readonly unknown[]): unknown {
  const listOf = (one: unknown) => (Array.isArray(one) ? one.map((place) => values[place as number]) : one)
  if (Array.isArray(outline)) return outline.map(listOf)
  if (outline === null || typeof outline !== 'object') return outline
  return Object.fromEntries(Object.entries(outline).map(([key, one]) => [key, listOf(one)]))
}
