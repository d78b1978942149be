// The outline of a JSON text: read from its bytes before anything is parsed, so that a body that is made of far too many values is
// refused for the price of one look at it. Others have their turn while a long text is read.
import { giveWay } from './portions.ts'

/** Bytes that are looked at, or parsed, before the event loop is given back: some milliseconds. */
export const portion = 256 * 1024
/** Depth of the elements: in a list in the outermost value. */
const listDepth = 2

const [quote, backslash, comma, colon, openingBracket] = [0x22, 0x5c, 0x2c, 0x3a, 0x5b]
const isOpening = (byte: number): boolean => byte === 0x7b || byte === openingBracket
const isClosing = (byte: number): boolean => byte === 0x7d || byte === 0x5d
const isBlank = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)

export interface OutlineLimits {
  /** Levels of brackets. */
  readonly depth: number
  /** Entries of one list; elements of all lists directly in the outermost value. */
  readonly entries: number
  /** Fields of one object. */
  readonly fields: number
  /** Values, at any depth, of the text; with `isEachApart` of one element, and of the text around the elements. */
  readonly values: number
  /** Bytes of one element, and of the text around the elements. */
  readonly bytes: number
  /** Elements are records of their own, judged one by one. */
  readonly isEachApart: boolean
}

export interface Beyond {
  readonly beyond: Exclude<keyof OutlineLimits, 'isEachApart'>
  /** JSON pointer to what is too much; empty: the text as a whole. */
  readonly pointer: string
}

export interface Outline {
  /** The text with numbers in the place of the elements. */
  readonly text: string
  /** Beginning and end of each element. */
  readonly elements: readonly (readonly [number, number])[]
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

/** An object or list that is open where the text is being read. */
interface Open {
  readonly isList: boolean
  /** Entries before the present one. */
  commas: number
  fields: number
  /** The begin of its last string, and of the last one that was the name of a field. */
  stringAt: number
  nameAt: number
}

function stepOf({ isList, commas, nameAt }: Open, bytes: Buffer): string | null {
  if (isList) return `/${commas}`
  try {
    const name: unknown = JSON.parse(bytes.toString('utf8', nameAt, afterString(bytes, nameAt, bytes.length)))
    return `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`
  } catch {
    return null
  }
}

/** The place that is being read, as deep as its names can be read. */
function pointerTo(open: readonly Open[], bytes: Buffer): string {
  const steps = open.map((one) => stepOf(one, bytes))
  const unreadable = steps.indexOf(null)
  return steps.slice(0, unreadable < 0 ? undefined : unreadable).join('')
}

/** The outline, or the first limit that the text exceeds. What is no JSON has some outline, too: parsing it tells. */
export async function outlineOf(bytes: Buffer, limits: OutlineLimits): Promise<Outline | Beyond> {
  const elements: [number, number][] = []
  const parts: string[] = []
  const open: Open[] = []
  let [written, begin, nextPause, around, inside] = [0, -1, portion, 0, 0]
  const beyond = (what: Beyond['beyond'], depth: number): Beyond => ({
    beyond: what,
    pointer: pointerTo(open.slice(0, depth), bytes),
  })
  for (let at = 0; at < bytes.length; ) {
    if (at > nextPause) {
      nextPause = at + portion
      await giveWay()
    }
    const byte = bytes[at] as number
    const inner = open.at(-1)
    if (inner?.isList && open.length === listDepth) {
      if (byte === comma || isClosing(byte)) {
        if (begin >= 0) {
          if (at - begin > limits.bytes) return beyond('bytes', listDepth)
          parts.push(bytes.toString('utf8', written, begin), String(elements.length))
          elements.push([begin, at])
          if (elements.length > limits.entries) return beyond('entries', listDepth - 1)
          written = at
          begin = -1
        }
      } else if (begin < 0 && !isBlank(byte)) {
        begin = at
        inside = 0
      }
    }
    if (byte === comma || isOpening(byte)) {
      if (limits.isEachApart && begin >= 0) inside += 1
      else around += 1
      if (Math.max(around, inside) > limits.values) return beyond('values', inside > around ? listDepth : 0)
    }
    if (byte === quote) {
      if (inner) inner.stringAt = at
      at = afterString(bytes, at, limits.bytes)
      if (begin >= 0 && at - begin > limits.bytes) return beyond('bytes', listDepth)
      continue
    }
    if (isOpening(byte)) {
      open.push({ isList: byte === openingBracket, commas: 0, fields: 0, stringAt: 0, nameAt: 0 })
      if (open.length > limits.depth) return beyond('depth', 0)
    } else if (isClosing(byte)) open.pop()
    else if (byte === comma && inner) {
      inner.commas += 1
      if (inner.isList && inner.commas >= limits.entries) return beyond('entries', open.length - 1)
    } else if (byte === colon && inner) {
      inner.fields += 1
      inner.nameAt = inner.stringAt
      if (inner.fields > limits.fields) return beyond('fields', open.length - 1)
    }
    at += 1
  }
  const text = parts.join('') + bytes.toString('utf8', written)
  // An element that nothing ends belongs to the rest of a text that is no JSON.
  return text.length > limits.bytes ? { beyond: 'bytes', pointer: '' } : { text, elements }
}
