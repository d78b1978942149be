// The address that a request comes from, and what of it counts as one caller.
import t from 'tap'
import { callerAddress, clientAddress } from '../../src/http/client-address.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { buildTestApp } from './support/build.ts'

const from = (ip: string) =>
  ({ ip, socket: { remoteAddress: '::ffff:10.0.0.9' } }) as Parameters<typeof clientAddress>[0]

t.test('given what a proxy says, when it is read, then it is an address, or the proxy stands in for it', async (t) => {
  const cases: [string, string, string][] = [
    ['1.1.1.3', '1.1.1.3', '1.1.1.3'],
    ['1.1.1.3:4711', '1.1.1.3', '1.1.1.3'],
    ['::ffff:1.1.1.3', '1.1.1.3', '1.1.1.3'],
    ['2001:db8::1', '2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0db8:0:0:ffff::2', '2001:0db8:0:0:ffff::2', '2001:db8:0:0::/64'],
    ['[2001:DB8::3]:443', '2001:DB8::3', '2001:db8:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80::1', 'fe80:0:0:0::/64'],
    ['<script>', '10.0.0.9', '10.0.0.9'],
    ['unknown', '10.0.0.9', '10.0.0.9'],
    ['1.1.1.3:x', '10.0.0.9', '10.0.0.9'],
    ['', '10.0.0.9', '10.0.0.9'],
  ]
  for (const [said, client, caller] of cases)
    t.same([clientAddress(from(said)), callerAddress(from(said))], [client, caller], said)
})

t.test('given one caller with many addresses behind a proxy, when it floods, then it is refused', async (t) => {
  const families: [string, (n: number) => string][] = [
    ['ports', (n) => `1.1.1.3:${4_000 + n}`],
    ['a network of IPv6', (n) => `2001:db8::${n}`],
    ['no addresses', (n) => `garbage-${n}`],
  ]
  for (const [what, addressOf] of families) {
    const lines: string[] = []
    const logger = createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } })
    const app = await buildTestApp({}, { logger, rateLimit: { max: 3, window: 60_000 }, trustProxy: ['127.0.0.1'] })
    t.teardown(() => app.close())
    const statuses: number[] = []
    for (let n = 1; n <= 6; n++) {
      const headers = { 'x-forwarded-for': addressOf(n) }
      statuses.push((await app.inject({ url: '/v1/connections', headers })).statusCode)
    }
    t.same(statuses, [401, 401, 401, 429, 429, 429], what)
    t.equal(lines.length, 4, `${what}: one line tells of the flood`)
    t.notMatch(lines.join(''), /garbage/)
  }
})
