// JSON in portions accepts what JSON.parse accepts, says the same, and lets others have their turn.
import fc from 'fast-check'
import t from 'tap'
import { parseInPortions } from '../../src/lib/json-portions.ts'
import { turnsDuring } from '../support/turns.ts'

const limits = { depth: 64, elements: 5_000, bytes: 1024 * 1024 }
const wide = { depth: 1_000, elements: 100_000, bytes: 100_000_000 }
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
  const beyond = async (text: string) => parseInPortions(Buffer.from(text), never, limits)
  t.same(await beyond('['.repeat(65)), { beyond: 'depth' })
  t.same(await beyond(`{"records":[${'1,'.repeat(6_000)}1]}`), { beyond: 'elements' })
  const long = 'x'.repeat(limits.bytes + 1)
  t.same(await beyond(`{"records":["${long}"]}`), { beyond: 'bytes' })
  t.same(await beyond(`{"records":[],"more":{"a":"${long}"}}`), { beyond: 'bytes' })
  t.same(await beyond(`{"records":["${'\\'.repeat(limits.bytes)}"]}`), { beyond: 'bytes' })
})

t.test('given megabytes, then others have their turn meanwhile', async (t) => {
  const record = JSON.stringify({ id: 'r', text: 'x'.repeat(100_000) })
  const text = `{"records":[${Array.from({ length: 40 }, () => record).join()}]}`
  const { turns } = await turnsDuring(() => parsed(text))
  t.ok(turns >= 20, `${turns} turns in 4 MB`)
})
