// The environment → one configuration, or every fault at once.
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { fastify } from 'fastify'
import t from 'tap'
import { ConfigError, readConfig } from '../../src/config.ts'

const key = `k1:${Buffer.alloc(32, 1).toString('base64')}`
const enough = { XERO_CLIENT_ID: 'id', XERO_CLIENT_SECRET: 'very-secret-indeed', ENCRYPTION_KEYS: key }

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

t.test("given only what must be there, then Xero's own addresses and limits hold", async (t) => {
  const config = readConfig(enough)
  t.match(config, {
    port: 3000,
    publicUrl: 'http://localhost:3000',
    xero: {
      loginUrl: 'https://login.xero.com',
      identityUrl: 'https://identity.xero.com',
      apiUrl: 'https://api.xero.com',
      limits: { minute: 60, day: 5000, concurrent: 5 },
    },
    runHttp: true,
    runWorker: true,
    apiKey: null,
  })
  t.ok(config.xero.scopes.includes('accounting.invoices') && !config.xero.scopes.includes('accounting.transactions'))
})

t.test('given several faults, then all of them are named, each with its variable', async (t) => {
  const faults = faultsOf({
    PORT: 'http',
    DATABASE_URL: 'mysql://x',
    XERO_API_URL: 'api.xero.com',
    RETURN_URLS: 'javascript:alert(1)',
    LOG_LEVEL: 'loud',
    RUN_HTTP: 'perhaps',
  })
  for (const name of [
    'PORT',
    'DATABASE_URL',
    'XERO_CLIENT_ID and XERO_CLIENT_SECRET',
    'XERO_API_URL',
    'RETURN_URLS',
    'LOG_LEVEL',
    'RUN_HTTP',
    'ENCRYPTION_KEYS',
  ]) {
    t.ok(
      faults.some((fault) => fault.startsWith(name)),
      name,
    )
  }
})

t.test('given no credentials of Xero, then one line says what is missing and points to the demo', async (t) => {
  const faults = faultsOf({ ENCRYPTION_KEYS: key })
  t.equal(faults.length, 1)
  t.match(faults[0], /XERO_CLIENT_ID and XERO_CLIENT_SECRET.*npm run demo/)
})

t.test('given the embedded database, then several replicas, or roles apart, are refused', async (t) => {
  t.match(faultsOf({ ...enough, REPLICAS: '2' })[0], /DATABASE_URL/)
  t.match(faultsOf({ ...enough, RUN_WORKER: 'false' })[0], /DATABASE_URL/)
  t.same(faultsOf({ ...enough, REPLICAS: '2', DATABASE_URL: 'postgres://x/y' }), [])
})

t.test('given PostgreSQL without a key, then it is refused; given the embedded one, a key is made once', async (t) => {
  const { ENCRYPTION_KEYS: _, ...without } = enough
  t.match(faultsOf({ ...without, DATABASE_URL: 'postgres://x/y' })[0], /ENCRYPTION_KEYS/)
  const directory = join(mkdtempSync(join(tmpdir(), 'config-')), 'data')
  t.ok(faultsOf({ ...without, DATA_DIR: directory, PORT: 'x' }).length > 0)
  t.notOk(existsSync(directory), 'a faulty start leaves nothing behind')
  const first = readConfig({ ...without, DATA_DIR: directory }).encryptionKeys
  t.same(readConfig({ ...without, DATA_DIR: directory }).encryptionKeys, first)
  t.equal(first[0]?.key.length, 32)
})

t.test('given a key of the wrong length, then it is refused without being shown', async (t) => {
  const faults = faultsOf({ ...enough, ENCRYPTION_KEYS: `${key},short:YWJj` })
  t.equal(faults.length, 1)
  t.notMatch(faults[0], /YWJj/)
})

t.test('given two keys of one id, then they are refused: which one opens would be chance', async (t) => {
  t.match(faultsOf({ ...enough, ENCRYPTION_KEYS: `${key},${key}` }), [/names \w+ twice/])
})

t.test('given secrets, then no way of printing the configuration shows them', async (t) => {
  const config = readConfig({
    ...enough,
    API_KEY: 'bootstrap-secret-bootstrap-secret',
    DATABASE_URL: 'postgres://u:db-secret@x/y',
  })
  for (const text of [JSON.stringify(config), inspect(config, { depth: 9 }), `${config.xero.clientSecret}`]) {
    t.notMatch(text, /very-secret-indeed|bootstrap-secret|db-secret/)
  }
  t.equal(config.xero.clientSecret.reveal(), 'very-secret-indeed')
})

t.test('given a bootstrap key that can be guessed, then it is refused without being shown', async (t) => {
  const [fault, ...others] = faultsOf({ ...enough, API_KEY: 'short-secret' })
  t.match(fault, /API_KEY is shorter than 32 characters/)
  t.notMatch(fault, /short-secret/)
  t.same(others, [])
})

t.test('given plain http where tokens pass, then it is refused, but for this machine and for simulators', async (t) => {
  for (const [name, text] of [
    ['PUBLIC_URL', 'http://sync.example.com'],
    ['XERO_API_URL', 'http://api.xero.com'],
    ['XERO_IDENTITY_URL', 'http://identity.xero.com'],
  ] as const) {
    t.match(faultsOf({ ...enough, [name]: text }), [new RegExp(`^${name}=.*https`)])
  }
  const local = { PUBLIC_URL: 'http://localhost:3000', XERO_API_URL: 'http://simulator:3001' }
  t.same(faultsOf({ ...enough, ...local }), [])
})

t.test('given scopes without which nothing can be synced, then those that are missing are named', async (t) => {
  const [fault] = faultsOf({ ...enough, XERO_SCOPES: 'openid accounting.transactions accounting.settings.read' })
  t.match(fault, /XERO_SCOPES lacks offline_access, accounting.contacts/)
  t.same(
    faultsOf({
      ...enough,
      XERO_SCOPES: 'offline_access accounting.contacts accounting.transactions accounting.settings',
    }),
    [],
  )
})

t.test('given a misspelt variable, then the right one is named; what is only alike is let be', async (t) => {
  for (const [name, meant] of [
    ['API_KYE', 'API_KEY'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['ENCRYPTION_KEY', 'ENCRYPTION_KEYS'],
    ['XERO_CLIENT_SECRETT', 'XERO_CLIENT_SECRET'],
    ['xero_day_limit', 'XERO_DAY_LIMIT'],
    ['RATE_LIMIT', 'RATE_LIMIT_PER_MINUTE'],
    ['TRUST_PROXIES', 'TRUST_PROXY'],
    ['XERO_SECRET', 'XERO_CLIENT_SECRET'],
    ['RETURN_URL', 'RETURN_URLS'],
    ['PRT', 'PORT'],
    ['HOSTS', 'HOST'],
    ['Port', 'PORT'],
  ] as const) {
    const { [meant as 'ENCRYPTION_KEYS']: _, ...others } = enough
    t.ok(
      faultsOf({ ...others, [name]: 'x' }).some((fault) => fault.includes(`${name} is not`) && fault.includes(meant)),
      name,
    )
  }
  t.same(
    faultsOf({
      ...enough,
      SORT: '1',
      POST: '1',
      HOSTNAME: 'x',
      API_URL: 'x',
      PORT_RANGE: '1',
      PS1: 'x',
      LOG: '1',
      DATABASE_URLS: 'x',
      DATABASE_URL: 'postgres://x/y',
    }),
    [],
  )
})

t.test('given proxies, then addresses and networks are taken, and nothing else', async (t) => {
  t.same(readConfig({ ...enough, TRUST_PROXY: '10.0.0.0/8, ::1 loopback' }).trustProxy, [
    '10.0.0.0/8',
    '::1',
    'loopback',
  ])
  t.same(readConfig(enough).trustProxy, [])
  for (const text of ['true', '2', '10.0.0.0/33', '10.0.0', 'proxy.example.com', '1.2.3.4/8/9']) {
    t.match(faultsOf({ ...enough, TRUST_PROXY: text }), [/^TRUST_PROXY has /], text)
  }
})

t.test('given any network of proxies that is taken, then Fastify takes it, too', async (t) => {
  const everybody = ['0.0.0.0/0', '::/0', '1.2.3.4/0', '0.0.0.0/00', '10.0.0.0/8, ::/0', '::ffff:0.0.0.0/0', '::/1']
  everybody.push('0.0.0.0/1', '128.0.0.0/1', '::ffff:0:0/96', '::ffff:0:0/97', '8.0.0.0/7', '2000::/3')
  for (const text of everybody) {
    t.match(faultsOf({ ...enough, TRUST_PROXY: text }), [/^TRUST_PROXY has .*everybody/], text)
  }
  const forms = [
    '1.2.3.4/8',
    '1.2.3.4/032',
    '::ffff:10.0.0.0/104',
    '::1/128',
    'fe80::1%eth0',
    'fe80::1%1/64',
    'fc00::/7',
  ]
  for (const text of [
    ...forms,
    ...everybody,
    'linklocal',
    'uniquelocal',
    '1.2.3.4/255.0.0.0',
    '10.1',
    '0x7f.1',
    '/8',
  ]) {
    if (faultsOf({ ...enough, TRUST_PROXY: text }).length > 0) continue
    const { trustProxy } = readConfig({ ...enough, TRUST_PROXY: text })
    t.doesNotThrow(() => fastify({ trustProxy: [...trustProxy] }), text)
  }
})

t.test('given a bootstrap key that no request can send, or that is a pattern, then it is refused', async (t) => {
  const long = 'k3y-of-the-bootstrap-0123456789-'
  for (const [key, says] of [
    [`${long} ${long}`, /blank/],
    [`${long}\u0007x`, /control character/],
    [`${long}ä`, /outside ASCII/],
    ['a'.repeat(40), /fewer than 6 different/],
    ['ab'.repeat(40), /fewer than 6 different/],
    [long.repeat(16), /longer than 500/],
  ] as const) {
    const [fault = '', ...others] = faultsOf({ ...enough, API_KEY: key })
    t.match(fault, /^API_KEY .*openssl rand/)
    t.match(fault, says)
    t.notMatch(fault, key)
    t.same(others, [])
  }
  t.same(faultsOf({ ...enough, API_KEY: `  ${long}  ` }), [])
})

t.test('given return URLs where a code would be seen or lost, then each is refused', async (t) => {
  for (const url of [
    'http://app.example.com/done',
    'https://*.example.com/done',
    'https://app.example.com/*',
    'https://app.example.com/done#end',
    'https://app.example.com/done#',
    'https://user:s3cret@app.example.com/done',
  ]) {
    const faults = faultsOf({ ...enough, RETURN_URLS: `https://app.example.com/done,${url}` })
    t.match(faults, [/^RETURN_URLS /], url)
    t.notMatch(faults.join(), /s3cret/)
  }
  t.same(faultsOf({ ...enough, RETURN_URLS: 'https://a.example/x?y=1 http://localhost:4100/x http://127.0.0.1/x' }), [])
})

t.test('given what Xero or the database would not use, then it is refused', async (t) => {
  for (const host of ['127.0.0.1', '[::1]', 'sync.localhost']) {
    t.match(faultsOf({ ...enough, PUBLIC_URL: `http://${host}:3000` }), [/^PUBLIC_URL=.*refused by Xero.*localhost/])
  }
  t.same(faultsOf({ ...enough, XERO_API_URL: 'http://127.0.0.1:3001' }), [])
  t.match(faultsOf({ ...enough, DATABASE_POOL_SIZE: '20' }), [/^DATABASE_POOL_SIZE .*DATABASE_URL/])
  t.same(faultsOf({ ...enough, DATABASE_POOL_SIZE: '20', DATABASE_URL: 'postgres://x/y' }), [])
})

t.test('given addresses and numbers in forms that cannot work, then each is refused without being shown', async (t) => {
  const faulty: readonly [name: string, value: string][] = [
    ['DATABASE_URL', 'postgres://u:s3cret@db:99999/d'],
    ['DATABASE_URL', 'postgres://'],
    ['PUBLIC_URL', 'https://u:s3cret@sync.example.com'],
    ['PUBLIC_URL', 'https://sync.example.com?s3cret=1'],
    ['XERO_API_URL', 'https://api.xero.com#s3cret'],
    ['PORT', '1e3'],
    ['PORT', '0x10'],
  ]
  for (const [name, value] of faulty) {
    const faults = faultsOf({ ...enough, [name]: value })
    t.equal(faults.length, 1, `${name}: ${faults.join(' ')}`)
    t.ok(faults[0]?.startsWith(name), name)
    t.notMatch(faults.join(' '), /s3cret/)
  }
  const right = ['postgres://u:p@db/d', 'postgresql:///d?host=/var/run/postgresql', 'postgres://db:5433/d']
  for (const DATABASE_URL of right) t.same(faultsOf({ ...enough, DATABASE_URL }), [])
})

t.test('given a value that cannot work, then it is refused, each once', async (t) => {
  t.match(faultsOf({ ...enough, PORT: '0' }), [/^PORT="0" is not a whole number from 1 to 65535/])
  t.match(faultsOf({ ...enough, ENCRYPTION_KEYS: ',' }), [/^ENCRYPTION_KEYS has an entry/])
  t.equal(faultsOf({ ...enough, ENCRYPTION_KEYS: ',' }).length, 1)
  t.match(faultsOf({ ...enough, PUBLIC_URL: 'https://example.com/app' }), [/^PUBLIC_URL=.* has a path/])
  t.same(faultsOf({ ...enough, PUBLIC_URL: 'https://example.com/' }), [])
  for (const url of ['http://login.xero.com.', 'http://evil.example', 'http://172.32.0.1', 'http://[2001:db8::1]'])
    t.match(faultsOf({ ...enough, XERO_LOGIN_URL: url }), [/^XERO_LOGIN_URL=.* is not encrypted/], url)
  for (const url of ['http://10.1.2.3:3001', 'http://172.16.0.2', 'http://192.168.1.5', 'http://simulator'])
    t.same(faultsOf({ ...enough, XERO_LOGIN_URL: url }), [], url)
})
