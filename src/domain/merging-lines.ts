// The lines of a street have no names of their own, and who adds or takes one away moves the others. Two editors of them are merged
// where they changed different lines; else the street is one part, as a city is.

type Lines = readonly unknown[]

/** Spaces and letter case make no other street, city or name. */
export const plain = (value: unknown): unknown =>
  typeof value === 'string' ? value.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase() : value

const isSame = (one: unknown, other: unknown): boolean => plain(one) === plain(other)

/** Lines from `from` and before `to` are these now; the first and the last ones are as before. */
interface Change {
  readonly from: number
  readonly to: number
  readonly lines: Lines
}

function changeOf(base: Lines, now: Lines): Change {
  const shortest = Math.min(base.length, now.length)
  let from = 0
  while (from < shortest && isSame(base[from], now[from])) from += 1
  let end = 0
  while (end < shortest - from && isSame(base.at(-1 - end), now.at(-1 - end))) end += 1
  return { from, to: base.length - end, lines: now.slice(from, now.length - end) }
}

const grows = ({ from, to, lines }: Change): number => lines.length - (to - from)

const most = 4

/** Null: both changed the same, or ours is another street, which nothing is added to that was said of the former one. */
export function mergeLines(base: Lines, ours: Lines, theirs: Lines): Lines | null {
  const [own, other] = [changeOf(base, ours), changeOf(base, theirs)]
  if (own.lines.length === 0 && grows(own) === 0) return theirs
  if (other.lines.length === 0 && grows(other) === 0) return ours
  if (grows(own) === 0 && grows(other) === 0) return lineByLine(base, ours, theirs)
  const isOtherStreet = own.from === 0 && own.to > 0
  if (isOtherStreet && grows(other) > 0) return null
  const isApart = own.from !== other.from && (own.to <= other.from || other.to <= own.from)
  if (!isApart) return null
  const [first, second] = own.from < other.from ? [own, other] : [other, own]
  const between = base.slice(first.to, second.from)
  const merged = [...base.slice(0, first.from), ...first.lines, ...between, ...second.lines, ...base.slice(second.to)]
  return merged.length > most ? null : merged
}

function lineByLine(base: Lines, ours: Lines, theirs: Lines): Lines | null {
  const isBoth = (_: unknown, at: number) =>
    !isSame(base[at], ours[at]) && !isSame(base[at], theirs[at]) && !isSame(ours[at], theirs[at])
  if (base.some(isBoth)) return null
  return base.map((line, at) => (isSame(line, ours[at]) ? theirs[at] : ours[at]))
}
