// What the wire can do to a call: silence, trickles, cut answers, wrong compression. Each is an outcome, never a throw.
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { createXeroProvider } from '../../src/accounting/xero/provider.ts'
import { inWords } from './support/outcome.ts'
import { contact, id } from './support/samples.ts'
import { accessToken, call, type Script, scripted } from './support/scripted.ts'

const element = { posted: contact(1), remoteId: null, lineIds: {} }
const answer = JSON.stringify({
  Contacts: [{ ContactID: id(1), ContactNumber: 'customer:C-1', StatusAttributeString: 'OK' }],
})

const faults: Record<string, Script> = {
  'never answers': () => null,
  'answers a byte at a time, for ever'(_asked, response) {
    response.writeHead(200, { 'content-type': 'application/json' })
    const trickle = setInterval(() => response.write(' '), 10)
    response.on('close', () => clearInterval(trickle))
    return null
  },
  'closes the socket'(_asked, response) {
    response.socket?.destroy()
    return null
  },
  'closes the socket in the middle of the body'(_asked, response) {
    response.writeHead(200, { 'content-length': String(answer.length + 10) })
    response.write(answer, () => response.socket?.destroy())
    return null
  },
  'closes a chunked body without its end'(_asked, response) {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write(answer, () => response.socket?.destroy())
    return null
  },
  'says gzip and sends something else': () => ({ headers: { 'content-encoding': 'gzip' }, body: answer }),
  'cuts a compressed body short'(_asked, response) {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    response.end(gzipSync(answer).subarray(0, 30))
    return null
  },
  'sends bytes that are no text'(_asked, response) {
    response.end(Buffer.from([0xff, 0xfe, 0x00, 0x7b]))
    return null
  },
}

for (const [fault, script] of Object.entries(faults)) {
  t.test(`given a server that ${fault}, when something is written, then the outcome is unknown in time`, async (t) => {
    const { provider, asked } = await scripted(t, script)
    const frozen = provider.freeze('contacts', 'create', [element])
    const begun = performance.now()
    const outcome = await provider.write({ ...call, timeoutMs: 500 }, frozen, [element], 'key')
    t.equal(inWords(outcome), 'unknown outcome_unknown')
    t.ok(performance.now() - begun < 5_000)
    t.equal(asked.length, 1, 'nothing is retried here')
    t.notMatch(JSON.stringify(outcome), accessToken)
    const read = await provider.readItems({ ...call, timeoutMs: 500 }, null)
    t.equal(inWords(read), 'unknown unreachable')
  })
}

t.test('given a compressed answer, when it is read, then it is unpacked', async (t) => {
  const { provider } = await scripted(t, (_asked, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' })
    response.end(gzipSync(answer))
    return null
  })
  const frozen = provider.freeze('contacts', 'create', [element])
  t.equal(inWords(await provider.write(call, frozen, [element], 'key')), 'ok written')
})

t.test(
  'given texts that no database keeps, when an answer is read, then they are replaced, and digits stay',
  async (t) => {
    const rows = [
      { ItemID: id(1), Code: 'a\ud83d', Name: 'whole \u{1f600}, \\u0000', SalesDetails: { UnitPrice: 'price' } },
    ]
    const body = JSON.stringify({ Items: rows }).replace('\u{1f600}', '\\ud83d\\ude00').replace('"price"', '1.20000')
    const { provider } = await scripted(t, () => ({ body: body.replace('a\\ud83d', 'a\\uD83D\\u0000') }))
    const read = await provider.readItems(call, null)
    if (read.kind !== 'ok') return t.fail('the answer was not understood')
    t.match(read.value.entries, [
      { code: 'a\ufffd\ufffd', fields: { name: 'whole \u{1f600}, \\u0000', salePrice: '1.2' } },
    ])
  },
)

t.test('given NUL in an answer that is no JSON, when it is told, then it is replaced', async (t) => {
  const { provider } = await scripted(t, () => ({ status: 502, body: 'down \0 now' }))
  t.match(await provider.readItems(call, null), { kind: 'unknown', error: { xero: ['down \ufffd now'] } })
})

t.test('given nobody listens, when a call is made, then it is unknown and names the fault', async (t) => {
  const url = 'http://localhost:1'
  const provider = createXeroProvider({ clientId: 'a', clientSecret: 'b', identityUrl: url, apiUrl: url })
  const outcome = await provider.readItems(call, null)
  t.match(outcome, { kind: 'unknown', error: { code: 'unreachable', cause: /ECONNREFUSED/ } })
})

t.test('given a redirect, when it is answered, then nothing is sent to the other place', async (t) => {
  const elsewhere = await scripted(t, () => ({ body: {} }))
  const { provider } = await scripted(t, () => ({ status: 302, headers: { location: elsewhere.url } }))
  t.equal(inWords(await provider.readItems(call, null)), 'unknown unreachable')
  t.equal(elsewhere.asked.length, 0)
})
