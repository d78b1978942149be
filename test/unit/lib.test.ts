// The small tools that everything leans on.
import t from 'tap'
import { circuitBreaker } from '../../src/lib/circuit-breaker.ts'
import { cursors } from '../../src/lib/cursor.ts'
import { idGenerator } from '../../src/lib/ids.ts'
import { canonicalJson, numberLiteral, parseForResend, parseLossless } from '../../src/lib/json.ts'
import { oncePer } from '../../src/lib/once-per.ts'
import { sealedBox } from '../../src/lib/sealed-box.ts'
import { sameSecret } from '../../src/lib/secrets.ts'
import { cutText } from '../../src/lib/text.ts'

t.test('given what is worked out once per object, when it is asked for again, then it is not worked out', async (t) => {
  const asked: object[] = []
  const answer = oncePer((key: object) => void asked.push(key))
  const [one, other] = [{}, {}]
  for (const key of [one, other, one, one]) answer(key)
  t.same(asked.length, 2, 'also where the answer is undefined')
  t.equal(asked[0], one)
})

t.test('given a cursor, then only its own list and filter can read it, and no forged one is read', async (t) => {
  const { encode, decode } = cursors('secret')
  const cursor = encode('items?state=failed', ['2026-11-25T02:00:00.000Z', 'ü/1'])
  t.same(decode('items?state=failed', cursor), ['2026-11-25T02:00:00.000Z', 'ü/1'])
  t.equal(decode('items?state=synced', cursor), null)
  t.equal(cursors('other').decode('items?state=failed', cursor), null)
  const bytes = Buffer.from(cursor, 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const forged = Buffer.from(bytes)
    forged.writeUInt8(forged.readUInt8(at) ^ 1, at)
    t.equal(decode('items?state=failed', forged.toString('base64url')), null)
  }
  for (const odd of ['', 'x', cursor.slice(1), Buffer.from('{"a":1}').toString('base64url')]) {
    t.equal(decode('items?state=failed', odd), null, JSON.stringify(odd))
  }
})

t.test('given ids of one millisecond and of a clock that goes back, then they sort as they were made', async (t) => {
  let now = 1_795_572_000_000
  const newId = idGenerator(() => now)
  const ids = Array.from({ length: 10_000 }, (_, index) => {
    if (index === 5_000) now -= 60_000
    return newId()
  })
  t.same([...ids].sort(), ids)
  t.equal(new Set(ids).size, ids.length)
  t.match(ids[0], /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

t.test('given money in JSON, then no digit is lost on the way in or out', async (t) => {
  t.same(parseLossless('{"a":12.3400,"b":[1e3,12345678901234567890.12]}'), {
    a: '12.3400',
    b: ['1e3', '12345678901234567890.12'],
  })
  const text = canonicalJson({ b: numberLiteral('0.1000'), a: { d: 1, c: '2' } })
  t.equal(text, '{"a":{"c":"2","d":1},"b":0.1000}')
  t.equal(JSON.stringify(parseForResend(text)), text)
  for (const odd of ['', '1,5', 'NaN', '1e5', '00', '"', '1}']) t.throws(() => numberLiteral(odd), TypeError)
})

t.test('given a sealed text', async (t) => {
  const [a, b] = [1, 2].map((byte) => ({ id: `k${byte}`, key: Buffer.alloc(32, byte) })) as [never, never]
  const sealed = sealedBox([a]).seal('refresh token', 'token_sets|1|sealed')

  await t.test('then it opens where it belongs, also after the active key changed', async (t) => {
    t.equal(sealedBox([a]).open(sealed, 'token_sets|1|sealed'), 'refresh token')
    t.equal(sealedBox([b, a]).open(sealed, 'token_sets|1|sealed'), 'refresh token')
    t.ok(sealedBox([b, a]).isStale(sealed))
    t.notOk(sealedBox([a]).isStale(sealed))
    t.not(sealedBox([a]).seal('refresh token', 'token_sets|1|sealed'), sealed, 'no two look alike')
  })

  await t.test('then in another row, or without its key, it does not', async (t) => {
    t.throws(() => sealedBox([a]).open(sealed, 'token_sets|2|sealed'))
    t.throws(() => sealedBox([b]).open(sealed, 'token_sets|1|sealed'))
  })

  await t.test('then every flipped byte and every shortened tag is refused', async (t) => {
    const [version, id, ...parts] = sealed.split('.')
    for (const [index, part] of parts.entries()) {
      const bytes = Buffer.from(part, 'base64url')
      for (let at = 0; at < bytes.length; at++) {
        const changed = Buffer.from(bytes)
        changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
        const forged = [version, id, ...parts.with(index, changed.toString('base64url'))].join('.')
        t.throws(() => sealedBox([a]).open(forged, 'token_sets|1|sealed'))
      }
    }
    const tag = Buffer.from(parts[1] ?? '', 'base64url').subarray(0, 4)
    t.throws(() =>
      sealedBox([a]).open(
        [version, id, parts[0], tag.toString('base64url'), parts[2]].join('.'),
        'token_sets|1|sealed',
      ),
    )
  })
})

t.test('given many failures in a short time, then the breaker opens, and one call tries again', async (t) => {
  const breaker = circuitBreaker({ failures: 3, withinMs: 30_000, openMs: 15_000 })
  for (const at of [0, 40_000, 50_000]) breaker.record(false, at)
  t.equal(breaker.openUntil(50_000), null, 'failures far apart do not add up')
  breaker.record(false, 60_000)
  t.equal(breaker.openUntil(60_000), 75_000)
  t.equal(breaker.openUntil(75_000), null, 'one call tries')
  t.equal(breaker.openUntil(75_001), 90_000, 'the others wait for what it finds')
  breaker.record(true, 75_002)
  t.equal(breaker.openUntil(75_003), null)
})

t.test('given two secrets, then they are compared whole', async (t) => {
  t.ok(sameSecret('abc', 'abc'))
  t.notOk(sameSecret('abc', 'abcd'))
  t.notOk(sameSecret('abc', ''))
})

t.test('given a text that is too long, when cut, then no character that people see as one is cut apart', async (t) => {
  t.equal(cutText('plain', 5), 'plain')
  t.equal(cutText('plain', 4), 'plai')
  const family = '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}'
  t.equal(cutText(`ab${family}c`, 9), 'ab', 'joined emojis')
  t.equal(cutText(`ab${family}c`, 10), `ab${family}`)
  t.equal(cutText('ab\u{1F600}', 3), 'ab', 'a pair of surrogates')
  t.equal(cutText('abe\u0301', 3), 'ab', 'a letter with its accent')
  t.equal(cutText('\u{1F1F3}\u{1F1FF}\u{1F1E6}\u{1F1FA}', 6), '\u{1F1F3}\u{1F1FF}', 'a flag is two letters')
  t.equal(cutText(`e${'\u0301'.repeat(9)}`, 4), `e${'\u0301'.repeat(3)}`, 'one that is too long alone')
  t.equal(cutText(`\u{1F600}${'\u200D\u{1F600}'.repeat(9)}`, 4).isWellFormed(), true, 'which is well formed too')
  t.equal(cutText('\u{1F600}', 0), '')
})
