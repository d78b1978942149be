// Parts of entries under one name on both sides: "addresses/billing/city", "addresses/billing/line 2", "phones/mobile",
// "contactPersons/Ann Lee/email". A contact in Xero and a record's body hold them in the same form.

/** By name, the value; an empty text takes it away, an address ("addresses/billing") or a person as a whole too. */
export type Parts = Readonly<Record<string, string>>

type Entry = Record<string, unknown>
type Entries = readonly Entry[]

const without = <T extends Entry>(entry: T, part: string): T => {
  const { [part]: _, ...rest } = entry
  return rest as T
}
const set = (entry: Entry, part: string, value: string): Entry =>
  value === '' ? without(entry, part) : { ...entry, [part]: value }

function withAddressPart(address: Entry, part: string, value: string): Entry {
  const [, line] = /^line (\d)$/.exec(part) ?? []
  if (line === undefined) return set(address, part, value)
  const lines = [...((address.lines ?? []) as string[])]
  // A line has those before it.
  const at = Math.min(Number(line) - 1, lines.length)
  lines.splice(at, 1, ...(value === '' ? [] : [value]))
  return { ...address, lines }
}

const isAddress = ({ kind: _, lines = [], ...rest }: Entry): boolean =>
  (lines as string[]).length > 0 || Object.keys(rest).length > 0

const of = (name: string) => {
  const [firstName, lastName] = name.split(' ')
  return { firstName, lastName }
}

/** The list with one entry changed, added or taken away. */
function changed(
  entries: Entries,
  isIt: (entry: Entry) => boolean,
  change: (entry: Entry | undefined) => Entry | null,
) {
  const now = change(entries.find(isIt))
  if (entries.some(isIt)) return entries.flatMap((entry) => (isIt(entry) ? (now ?? []) : entry))
  return now ? [...entries, now] : entries
}

function withPart<T extends object>(whole: T, name: string, value: string): T {
  const [list = '', key = '', part] = name.split('/')
  const entries = ((whole as Entry)[list] ?? []) as Entries
  const isKind = ({ kind }: Entry) => kind === key
  if (list === 'phones') {
    return { ...whole, phones: changed(entries, isKind, () => (value === '' ? null : { kind: key, number: value })) }
  }
  if (list === 'addresses') {
    const addresses = changed(entries, isKind, (address = { kind: key, lines: [] }) => {
      const now = part === undefined ? null : withAddressPart(address, part, value)
      return now && isAddress(now) ? now : null
    })
    return { ...whole, addresses }
  }
  if (list === 'contactPersons') {
    const { firstName, lastName } = of(key)
    const isIt = (one: Entry) => one.firstName === firstName && one.lastName === lastName
    const contactPersons = changed(entries, isIt, (person = { firstName, lastName }) => {
      if (part === undefined) return value === '' ? null : person
      return set(person, part, value)
    })
    return { ...whole, contactPersons }
  }
  // What a person empties in Xero is an empty text there; a record has no such field.
  return 'list' in whole ? { ...whole, [name]: value } : (set(whole as Entry, name, value) as T)
}

export const withParts = <T extends object>(whole: T, parts: Parts): T =>
  Object.entries(parts).reduce((now, [name, value]) => withPart(now, name, value), whole)
