// A further share of the schedules with existing books: the product and people say, change and take away parts of entries
// (each part of an address, telephones, persons, numbers, the web site; texts, prices and accounts of items), under every
// setting of who wins and what is learned. From dice of its own: what the other schedules draw from their seeds stays as it is.
import type { RecordType } from '../../src/domain/entity-types.ts'
import { conflictPolicies } from '../../src/domain/settings/common.ts'
import { type Body, drawnPrice } from '../support/drawn-records.ts'
import type { BookAct, BookContact, BookItem } from './books.ts'
import { type Parts, withParts } from './parts.ts'
import type { Act, Plot } from './plot.ts'
import type { Random } from './random.ts'

const entityTypes = ['customer', 'vendor', 'item'] as const
type EntityType = (typeof entityTypes)[number]
type At = { at: number; act: Act }

const every = 5
const minute = 60_000

export const hasParts = (seed: number): boolean => seed % every === 3

const persons = ['Pia Person', 'Max Muster']
const addressParts = ['line 1', 'line 2', 'city', 'region', 'postalCode', 'country']
const address = (kind: string) => addressParts.map((part) => `addresses/${kind}/${part}`)
/** Fields that have to do with each other: what is written of one may take another one along. */
const blocksOf: Readonly<Record<'contact' | 'item', readonly (readonly string[])[]>> = {
  contact: [
    address('billing'),
    address('billing'),
    [...address('billing'), ...address('shipping')],
    persons.flatMap((name) => [`contactPersons/${name}`, `contactPersons/${name}/email`]),
    ['phones/default', 'phones/mobile', 'phones/fax'],
    ['email', 'firstName', 'lastName', 'accountNumber', 'taxNumber', 'website'],
    ['email', 'taxNumber'],
  ],
  item: [
    ['salePrice', 'incomeAccount', 'description'],
    ['purchasePrice', 'expenseAccount', 'purchaseDescription'],
    ['description', 'purchaseDescription', 'salePrice', 'purchasePrice', 'incomeAccount', 'expenseAccount'],
  ],
}
const blocks = (type: EntityType) => blocksOf[type === 'item' ? 'item' : 'contact']

const isEntity = (type: RecordType): type is EntityType => type !== 'invoice' && type !== 'bill'

/** Values that stand nowhere else, so that each tells where it comes from. */
function valuesFrom(random: Random, tag: string) {
  let drawn = 0
  return (name: string): string => {
    drawn += 1
    const letters = [...String(drawn)].map((digit) => 'abcdefghij'[Number(digit)]).join('')
    if (name.endsWith('email')) return `part${drawn}.${tag}@example.com`
    if (name.startsWith('phones/')) return `55${String(10_000 + drawn)}`
    if (name.endsWith('Price')) return drawnPrice(random)
    if (name === 'incomeAccount') return random.pick(['201', '202'])
    if (name === 'expenseAccount') return '301'
    if (name === 'website') return `https://www.example.com/${tag}/${drawn}`
    if (name.endsWith('country')) return `Land ${letters}`
    return `${name.split('/').at(-1)} ${tag} ${drawn}`
  }
}

/** The same plot, in which parts of entries are said, changed and taken away. */
export function withDrawnParts(plot: Plot, random: Random, tag: string): Plot {
  const length = Math.max(...plot.acts.map(({ at }) => at))
  const drawnValue = valuesFrom(random, tag)
  const some = (names: readonly string[], most: number, empty: number): Parts =>
    Object.fromEntries(
      Array.from({ length: random.between(1, most) }, () => random.pick(names)).map((name) => [
        name,
        random.chance(empty) ? '' : drawnValue(name),
      ]),
    )
  const any = (type: EntityType, most: number): Parts => some(blocks(type).flat(), most, 0)
  const enriched = <T extends BookContact | BookItem>(type: EntityType, one: T): T =>
    random.chance(0.8) ? { ...one, parts: { ...one.parts, ...any(type, 9) } } : one
  const said = (type: EntityType, body: Body): Body => (random.chance(0.5) ? withParts(body, any(type, 5)) : body)
  const ids = new Map<EntityType, Set<string>>()
  /** More of the records meet a contact of the books. */
  const namesakes = (known: readonly BookContact[]): BookContact[] => {
    const all = plot.acts.flatMap(({ act }) =>
      act.kind === 'put' && (act.type === 'customer' || act.type === 'vendor') ? act.bodies : [],
    )
    const firsts = new Map(all.toReversed().map(({ id, name }) => [id, String(name)]))
    const taken = new Set(known.map(({ name }) => name.toLowerCase()))
    return [...new Set(firsts.values())]
      .filter((name) => !taken.has(name.toLowerCase()) && random.chance(0.5))
      .map((name) => ({ name }))
  }

  const acts = plot.acts.map(({ at, act }): At => {
    if (act.kind === 'books') {
      const contacts = [...act.contacts, ...namesakes(act.contacts)].map((one) => enriched('customer', one))
      return { at, act: { ...act, contacts, items: act.items.map((one) => enriched('item', one)) } }
    }
    if (act.kind !== 'put' || !isEntity(act.type)) return { at, act }
    const { type } = act
    const known = ids.get(type) ?? new Set()
    for (const { id } of act.bodies) known.add(id)
    ids.set(type, known)
    return { at, act: { ...act, bodies: act.bodies.map((body) => said(type, body)) } }
  })
  const types = [...ids.keys(), ...(ids.has('customer') ? ['customer' as const, 'customer' as const] : [])]

  /** Both sides change the same block of one record in turn, mostly with a job between them. */
  function story(begin: number): void {
    const type = random.pick(types)
    const id = random.pick([...(ids.get(type) ?? [])])
    const names = random.pick(blocks(type))
    let at = begin
    for (let steps = random.between(3, 5); steps > 0; steps--) {
      const [[field, value] = ['email', '']] = Object.entries(some(names, 1, 0.25))
      const isPersons = random.chance(0.5)
      const act: BookAct = isPersons
        ? { kind: 'touch', type, id, field, value }
        : { kind: 'amend', type, id, fields: {}, parts: some(names, 2, 0.3), isDeaf: random.chance(0.4) }
      acts.push({ at, act })
      at += random.between(1_000, minute)
      if (!random.chance(0.75)) continue
      acts.push({ at, act: { kind: 'job', full: false } })
      at += random.between(minute / 2, minute)
    }
  }
  story(random.between(minute, length))
  // Once all is calm, so that each job does what it is to do.
  const calmAt = Math.max(plot.calmAt, ...acts.map(({ at }) => at + minute))
  for (let n = random.between(1, 2); n > 0; n--) story(calmAt + random.between(minute, 3 * minute))

  // The product wins and learns nothing: then it must not win where it never said a word.
  const isStubborn = random.chance(0.35)
  const importOff = entityTypes.filter(() => random.chance(isStubborn ? 0.85 : 0.35))
  const conflict = isStubborn ? 'product_wins' : random.pick(conflictPolicies)
  const sections = plot.settings as Readonly<Record<string, object>>
  const wins = entityTypes.map((type) => [
    `${type}s`,
    { ...sections[`${type}s`], conflict, ...(importOff.includes(type) && { import: 'off' }) },
  ])
  const all = acts.sort((a, b) => a.at - b.at)
  return {
    ...plot,
    acts: all,
    conflict,
    importOff,
    settings: { ...sections, ...Object.fromEntries(wins) },
    calmAt,
  }
}
