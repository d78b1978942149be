// JSON in portions accepts what JSON.parse accepts, says the same, and lets others have their turn.
import fc from 'fast-check'
import t from 'tap'
import { parseInPortions } from '../../src/lib/json-portions.ts'
import { turnsDuring } from '../support/turns.ts'

const limits = {
  depth: 64,
  entries: 5_000,
  fields: 1_000,
  values: 25_000,
  bytes: 1024 * 1024,
  isEachApart: false,
  longFrom: 0,
}
const all = 100_000_000
const wide = { ...limits, depth: 1_000, entries: all, fields: all, values: all, bytes: all }
const parsed = async (text: string, within = wide) => parseInPortions(Buffer.from(text), JSON.parse, within)

const atOnce = (text: string): unknown => {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return 'refused'
  }
}
const inPortions = (text: string): Promise<unknown> => parsed(text).catch(() => 'refused')

t.test('given any JSON, then it says the same as JSON.parse', async () => {
  const text = fc.tuple(fc.json({ maxDepth: 4 }), fc.constantFrom(0, 1, 2)).map(([json, indent]) => {
    const value: unknown = JSON.parse(json)
    return JSON.stringify(indent === 2 ? { records: [value, [value], '"],\\'], more: value } : value, null, indent)
  })
  await fc.assert(
    fc.asyncProperty(text, async (json) => JSON.stringify(await inPortions(json)) === JSON.stringify(atOnce(json))),
    { numRuns: 500, seed: 20_261_129 },
  )
})

t.test('given JSON with one character changed, then what JSON.parse refuses is refused', async () => {
  const whole = '{"a":[{"b":"\\"]}"},[1,"x"],null , -1.5e3],"c":{"d":[2,{}]},"e":[]}'
  const changed = fc.tuple(fc.nat(whole.length), fc.constantFrom(...'{}[],:"\\ 1a\u000b\ufeff', ''), fc.boolean())
  await fc.assert(
    fc.asyncProperty(changed, async ([at, by, isMore]) => {
      const json = whole.slice(0, at) + by + whole.slice(at + (isMore ? 0 : 1))
      return JSON.stringify(await inPortions(json)) === JSON.stringify(atOnce(json))
    }),
    { numRuns: 2_000, seed: 20_261_129 },
  )
})

t.test('given more than the limits allow, then it says which, without parsing', async (t) => {
  const never = () => {
    throw new Error('parsed')
  }
  const beyond = async (text: string, isEachApart = false) =>
    parseInPortions(Buffer.from(text), never, { ...limits, isEachApart })
  const many = (count: number, of: (n: number) => string) => Array.from({ length: count }, (_, n) => of(n)).join()
  const fields = (count: number) => `{${many(count, (n) => `"k${n}":[0]`)}}`
  const lists = (count: number) => `[${many(count, () => `[${many(1_000, () => '0')}]`)}]`
  t.same(await beyond('['.repeat(65)), { beyond: 'depth', pointer: '' })
  t.same(await beyond(`{"records":[${many(6_000, () => '1')}]}`), { beyond: 'entries', pointer: '/records' })
  t.same(await beyond(`[1,{"a/\\"b~":{"x":[${many(6_000, () => '{}')}]}}]`), {
    beyond: 'entries',
    pointer: '/1/a~1"b~0/x',
  })
  t.same(await beyond(`{"a":1,"b":[[],${many(500, () => '0')},${fields(1_001)}]}`), {
    beyond: 'fields',
    pointer: '/b/501',
  })
  t.same(await beyond(`{"a":1,"b":${lists(26)}}`), { beyond: 'values', pointer: '' })
  t.same(await beyond(`{"records":[0,{"lines":${lists(26)}}]}`, true), { beyond: 'values', pointer: '/records/1' })
  t.same(await beyond(`[${many(6_000, () => '1')}]`), { beyond: 'entries', pointer: '' })
  const long = 'x'.repeat(limits.bytes + 1)
  t.same(await beyond(`{"records":["${long}"]}`), { beyond: 'bytes', pointer: '/records/0' })
  t.same(await beyond(`{"records":[],"more":{"a":"${long}"}}`), { beyond: 'bytes', pointer: '' })
  t.same(await beyond(`{"records":["${'\\'.repeat(limits.bytes)}"]}`), { beyond: 'bytes', pointer: '/records/0' })
})

t.test('given exactly what the limits allow, then it is parsed, of many records each', async (t) => {
  const zeros = (count: number) => Array.from({ length: count }, () => 0)
  const fields = Object.fromEntries(zeros(1_000).map((_, n) => [`"k${n},:[{`, n]))
  const record = { entries: zeros(5_000), fields, more: zeros(5_000) }
  const taken = async (value: unknown, isEachApart: boolean) =>
    parseInPortions(Buffer.from(JSON.stringify(value)), JSON.parse, { ...limits, isEachApart })
  t.same(await taken({ record }, false), { value: { record } })
  const many = { records: [record, record, record, record] }
  t.same(await taken(many, true), { value: many }, '44,000 values in four records')
  t.same(await taken(many, false), { beyond: 'values', pointer: '' })
})

t.test('given megabytes, then others have their turn meanwhile', async (t) => {
  const record = JSON.stringify({ id: 'r', text: 'x'.repeat(100_000) })
  const text = `{"records":[${Array.from({ length: 40 }, () => record).join()}]}`
  const { turns } = await turnsDuring(() => parsed(text))
  t.ok(turns >= 20, `${turns} turns in 4 MB`)
})
