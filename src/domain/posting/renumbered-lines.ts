// Ids of lines may be their places: the product numbers the lines anew when one is taken away or put before others. A line that says
// under its id something else than when it was sent, and just what was said under another id, is that other line.
import { canonicalJson } from '../../lib/json.ts'
import type { DocumentLine } from '../records/index.ts'

type Key = (line: DocumentLine) => string

/** All that is posted of it. */
const inFull: Key = ({ id: _, unitCost: __, ...said }: DocumentLine & { readonly unitCost?: string }) =>
  canonicalJson(said)
const inContent: Key = ({ itemId, description, quantity, unitPrice }) =>
  canonicalJson([itemId ?? null, description ?? null, quantity, unitPrice])
const inName: Key = ({ itemId, description }) => canonicalJson([itemId ?? null, description ?? null])
const inNothing: Key = () => ''

function groups(lines: Iterable<DocumentLine>, key: Key): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const line of lines) {
    const said = key(line)
    const ids = found.get(said)
    if (ids) ids.push(line.id)
    else found.set(said, [line.id])
  }
  return found
}

/** Contents of equal lines of which one has an id that was another line's, and none was added: their order counts, and not their ids. */
function movedUp(lines: readonly DocumentLine[], before: ReadonlyMap<string, DocumentLine>): Set<string> {
  const [now, then] = [groups(lines, inFull), groups(before.values(), inFull)]
  const isOthers = (id: string, said: string): boolean => {
    const was = before.get(id)
    return was !== undefined && inFull(was) !== said
  }
  const isMoved = ([said, ids]: [string, string[]]): boolean =>
    ids.length <= (then.get(said)?.length ?? 0) && ids.some((id) => isOthers(id, said))
  return new Set([...now].filter(isMoved).map(([said]) => said))
}

/** The id of a line → the one that it was sent under. Lines that are not in it are new. */
export function formerLineIds(
  lines: readonly DocumentLine[],
  sent: readonly DocumentLine[],
): ReadonlyMap<string, string> {
  const before = new Map(sent.map((line) => [line.id, line]))
  const free = new Map(before)
  const found = new Map<string, string>()
  const take = (id: string, former: string): void => {
    found.set(id, former)
    free.delete(former)
  }
  const open = () => lines.filter(({ id }) => !found.has(id))
  function byId(key: Key, otherwise: ReadonlySet<string> = new Set()): void {
    for (const line of open()) {
      const was = free.get(line.id)
      if (was && key(was) === key(line) && !otherwise.has(key(line))) take(line.id, line.id)
    }
  }
  function wherever(key: Key): void {
    const left = groups(free.values(), key)
    for (const line of open()) {
      const former = left.get(key(line))?.shift()
      if (former !== undefined) take(line.id, former)
    }
  }
  byId(inFull, movedUp(lines, before))
  wherever(inFull)
  byId(inContent)
  wherever(inContent)
  // Where lines were numbered anew, an id alone tells less than the name of what is bought or sold.
  const isRenumbered = [...found].some(([id, former]) => id !== former && before.has(id))
  if (isRenumbered) {
    byId(inName)
    wherever(inName)
  }
  byId(inNothing)
  return found
}
