// Merge patch against its definition, settings that survive any patch, and hashes that depend on content alone.
import fc from 'fast-check'
import t from 'tap'
import { postedHash } from '../../src/domain/posting/hash.ts'
import type { PostedItem } from '../../src/domain/posting/posted.ts'
import { canonicalRecord, contentHash, type Item, recordFaults } from '../../src/domain/records/index.ts'
import { schemaFaults } from '../../src/domain/schema-faults.ts'
import { acceptedSettings, defaultSettings, mergePatch, Settings } from '../../src/domain/settings/index.ts'
import { noReference } from '../unit/support/builders.ts'

const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor')
const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(null, 1, 'x', true),
    fc.array(fc.constantFrom(1, null), { maxLength: 2 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
}))

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
const own = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined

/** RFC 7396, read as a statement about each member of the result. */
function agrees(target: unknown, patch: unknown, result: unknown): boolean {
  if (!isObject(patch)) return JSON.stringify(result) === JSON.stringify(patch)
  if (!isObject(result)) return false
  const names = new Set([...Object.keys(isObject(target) ? target : {}), ...Object.keys(patch), ...Object.keys(result)])
  return [...names].every((name) => {
    if (!Object.hasOwn(patch, name)) return JSON.stringify(own(result, name)) === JSON.stringify(own(target, name))
    if (own(patch, name) === null) return !Object.hasOwn(result, name)
    return agrees(own(target, name), own(patch, name), own(result, name))
  })
}

t.test(
  'given any documents, when merged, then each member is kept, removed, merged or replaced as RFC 7396 says',
  async () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        const before = JSON.stringify([target, patch])
        return agrees(target, patch, mergePatch(target, patch)) && JSON.stringify([target, patch]) === before
      }),
      { numRuns: 500 },
    )
  },
)

t.test(
  'given any patch, when applied to settings, then they are valid afterwards, or it is refused whole',
  async () => {
    const valid = fc.record(
      {
        items: fc.record(
          {
            inventoryMode: fc.constantFrom('sync_inventory', null),
            itemGroups: fc.dictionary(key, fc.constantFrom(null, {}, { income: '200' }, { income: null })),
          },
          { requiredKeys: [] },
        ),
        invoices: fc.record(
          { prefix: fc.constantFrom('SD-', null, 5), taxMap: fc.constantFrom({ a: 'b' }, { a: null }) },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    )
    const outcomes = new Set<boolean>()
    fc.assert(
      fc.property(fc.oneof(valid, json), valid, (first, second) => {
        const apply = (current: Settings, patch: unknown): Settings | null => {
          try {
            return acceptedSettings(mergePatch(current, patch), noReference)
          } catch (error) {
            if ((error as { code?: string }).code !== 'settings_invalid') throw error
            return null
          }
        }
        const one = apply(defaultSettings(), first)
        const two = one && apply(one, second)
        outcomes.add(two !== null)
        return two === null || schemaFaults(Settings, two).length === 0
      }),
    )
    t.equal(outcomes.size, 2)
  },
)

/** The same content in another order of keys. */
function shuffled(value: unknown, seed: number): unknown {
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(([name, child]) => [name, shuffled(child, seed)] as const)
  return Object.fromEntries(
    seed % 2 === 0
      ? entries.reverse()
      : [...entries.slice(seed % entries.length), ...entries.slice(0, seed % entries.length)],
  )
}

const word = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => text.trim() !== '')
const item = fc.record(
  {
    kind: fc.constantFrom('inventory', 'service'),
    code: word,
    name: word,
    description: word,
    salePrice: fc.integer({ min: 0, max: 99_999 }).map((value) => (value / 100).toFixed(2)),
    active: fc.boolean(),
    version: fc.nat(),
  },
  { requiredKeys: ['kind', 'code', 'name'] },
) as fc.Arbitrary<Item>

t.test('given any item, when written in another way, then its canonical form and hash are the same', async () => {
  fc.assert(
    fc.property(item, fc.nat({ max: 6 }), (body, seed) => {
      const one = canonicalRecord('item', body)
      const other = shuffled({ ...body, version: 7, salePrice: body.salePrice && `0${body.salePrice}0` }, seed) as Item
      const two = canonicalRecord('item', other)
      return (
        contentHash(one) === contentHash(two) &&
        contentHash(canonicalRecord('item', one)) === contentHash(one) &&
        recordFaults('item', one).length === 0 &&
        contentHash({ ...one, name: `${one.name}!` }) !== contentHash(one)
      )
    }),
  )
})

t.test('given any posted item, when its keys stand in another order, then the hash is the same', async () => {
  const posted = fc.record({
    list: fc.constant('items'),
    code: word,
    name: word,
    isSold: fc.boolean(),
    isPurchased: fc.boolean(),
    sales: fc.option(fc.record({ unitPrice: word, accountCode: word }), { nil: undefined }),
  }) as fc.Arbitrary<PostedItem>
  fc.assert(
    fc.property(posted, fc.nat({ max: 6 }), (document, seed) => {
      const other = shuffled(document, seed) as PostedItem
      return (
        postedHash(other) === postedHash(document) &&
        postedHash({ ...document, name: `${document.name}!` }) !== postedHash(document)
      )
    }),
  )
})

t.test(
  'given a fixed record, when hashed, then the hash never changes: a new one would send every record again',
  async (t) => {
    const body = canonicalRecord('item', { kind: 'service', code: 'FIT', name: 'Fitting', salePrice: '12.50' })
    t.equal(contentHash(body), '15f2cb497942de612b488ca1f1be726dbb4fa477ce278b9bdf878addbc82ed66')
  },
)
