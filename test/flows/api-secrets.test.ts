// Secrets are in no row and in no log line: not those of Xero, not ours.
import { sql } from 'kysely'
import t from 'tap'
import { sealedBox } from '../../src/lib/sealed-box.ts'
import { somerset } from '../../src/simulator/index.ts'
import { locationOf, openBrowser } from '../support/browser.ts'
import { bootstrapKey, openWorld, testConfig } from '../support/house.ts'
import { customer } from '../support/records.ts'

t.test('given a connection that was used, when rows and log are searched, then no secret is in them', async (t) => {
  const world = await openWorld(t)
  const { api, database, simulator, clock, logLines, work } = world
  simulator.control.consent({ mode: 'automatic', organisations: [somerset] })
  const headers = { 'idempotency-key': 'the-key-of-the-test' }
  const created = await api('POST', '/v1/connections', {}, headers)
  const { id, authorizationUrl } = created.body
  const c = `/v1/connections/${id}`
  const replayed = await api('POST', '/v1/connections', {}, headers)
  t.equal(replayed.text, created.text, 'a sealed answer is replayed byte by byte')
  const browser = openBrowser(world)
  const page = await browser.open(authorizationUrl)
  const callback = await browser.consent(page)
  const end = locationOf(await browser.follow(callback))
  const completionCode = end.searchParams.get('code') ?? ''
  await api('POST', `${c}/confirm`, { completionCode })
  const key = (await api('POST', '/v1/api-keys', { name: 'a key' })).body.secret

  const { db } = database
  const { encryptionKeys } = testConfig(simulator)
  const box = sealedBox(encryptionKeys)
  const tokensNow = async (): Promise<string[]> => {
    const { id: setId, sealed } = await db.selectFrom('token_sets').select(['id', 'sealed']).executeTakeFirstOrThrow()
    return Object.values(JSON.parse(box.open(sealed, `token_sets|${setId}|sealed`)))
  }
  const tokens = await tokensNow()
  await api('PUT', `${c}/customers/c1`, customer('c1'))
  await api('POST', `${c}/sync-jobs`, {})
  await work()
  clock.advance(40 * 60_000)
  await api('POST', `${c}/accounts/refresh`)
  tokens.push(...(await tokensNow()))
  t.equal(new Set(tokens).size, 4, 'two access and two refresh tokens')
  // Failures must not let anything slip either.
  simulator.control.faults({ kind: 'http_500_before', path: '/Accounts' })
  await api('POST', `${c}/accounts/refresh`)
  simulator.control.clearFaults()
  await browser.follow(callback)
  await api('POST', `${c}/confirm`, { completionCode })

  const secrets: Record<string, string> = {
    'access token': tokens[0] ?? '',
    'refresh token': tokens[1] ?? '',
    'refreshed access token': tokens[2] ?? '',
    'refreshed refresh token': tokens[3] ?? '',
    'client secret': simulator.clientSecret,
    'link token': new URL(authorizationUrl).pathname.split('/').at(-1) ?? '',
    state: page.searchParams.get('state') ?? '',
    'authorization code': callback.searchParams.get('code') ?? '',
    'completion code': completionCode,
    'API key': key.slice('xsk_'.length + 32 + 1),
    'bootstrap key': bootstrapKey,
    'encryption key': encryptionKeys[0]?.key.toString('base64') ?? '',
  }
  const tables = await sql<{ name: string }>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`.execute(db)
  t.ok(tables.rows.length > 10)
  let rows = 0
  for (const { name } of tables.rows) {
    const found = await sql<{ row: string }>`SELECT t::text AS row FROM ${sql.table(name)} t`.execute(db)
    rows += found.rows.length
    const text = found.rows.map(({ row }) => row).join('\n')
    for (const [what, secret] of Object.entries(secrets)) {
      t.ok(secret.length > 10, what)
      t.notOk(text.includes(secret), `the ${what} is not in ${name}`)
    }
  }
  t.ok(rows > 10, 'there were rows to search')
  t.ok(logLines.length > 10, 'there were lines to search')
  for (const [what, secret] of Object.entries(secrets)) {
    t.notOk(
      logLines.some((line) => line.includes(secret)),
      `the ${what} is in no log line`,
    )
  }
})
