// Rows that no reader expects: what older versions of the service let in, or a hand in the database. Each is written by SQL.
// None of them may take its neighbours along, and the product can always get rid of one.
import { sql } from 'kysely'
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, settingsForDemoOrganisation, vendor } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'

const world = await openWorld(t)
const { database, house, logLines, clock } = world
const paths = { items: item, customers: customer, vendors: vendor } as const
const beyond = 9_007_199_254_740_992n

t.test('given a stored version beyond what a number holds, when it is read, then it and its list answer', async (t) => {
  const tenant = await openTenant(world, 'version')
  for (const [path, make] of Object.entries(paths)) await tenant.put(path, make('a'), make('b'))
  await tenant.put('invoices', invoice('a', 'a', ['a']), invoice('b', 'b', ['b']))
  await tenant.put('bills', bill('a', 'a', ['a']), bill('b', 'b', ['b']))
  await sql`UPDATE records SET version = ${beyond.toString()}::int8,
    body = jsonb_set(body, '{version}', to_jsonb(${beyond.toString()}::int8))
    WHERE connection_id = ${tenant.connectionId}::uuid AND id = 'a'`.execute(database.db)
  const job = await tenant.sync()
  t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
  for (const path of [...Object.keys(paths), 'invoices', 'bills']) {
    t.equal((await tenant.api('GET', path)).body.items.length, 2, path)
    t.equal((await tenant.api('GET', `${path}/a`)).status, 200)
    t.equal((await tenant.state(path, 'a')).state, path === 'items' ? 'excluded' : 'synced')
  }
  const renewed = await tenant.api('PUT', 'customers/a', customer('a', { version: 5, name: 'Renewed' }))
  t.equal(renewed.body.result, 'updated', 'a proper version clears it')
  t.equal((await tenant.api('DELETE', 'vendors/a')).status, 200)
  tenant.checkXero(t)
})

t.test(
  'given bodies of another time, when they are read, then they are shown, and what they lack is absent',
  async (t) => {
    const tenant = await openTenant(world, 'bodies')
    await tenant.put('customers', customer('c1'))
    const odd = [
      {},
      [],
      'text',
      { customerId: 7, lines: 'none', former: true, date: '2026-99-99', status: 'shipped', number: 'X' },
      { lines: [null, 1, { quantity: {} }], discount: 'much' },
      { phones: {}, addresses: [{ lines: 5 }], terms: { days: 1.5 }, active: 'yes', name: 5 },
    ]
    for (const path of ['items', 'customers', 'vendors', 'invoices', 'bills']) {
      const type = path.slice(0, -1)
      for (const [n, body] of odd.entries()) {
        await sql`INSERT INTO records (company_id, connection_id, type, id, origin, body, content_hash, sync_state, created_at, updated_at)
        VALUES (${tenant.company}, ${tenant.connectionId}::uuid, ${type}, ${`odd${n}`}, 'product', ${JSON.stringify(body)}::jsonb, 'x',
          'never_synced', now(), now())`.execute(database.db)
      }
      const listed = await tenant.api('GET', `${path}?limit=200`)
      t.equal(listed.status, 200, path)
      for (const [n] of odd.entries()) {
        t.ok(
          listed.body.items.some(({ id }: { id: string }) => id === `odd${n}`),
          'none is left out',
        )
        t.equal((await tenant.api('GET', `${path}/odd${n}`)).status, 200)
        t.equal((await tenant.api('DELETE', `${path}/odd${n}`)).status, 200, 'and each can be deleted')
      }
    }
  },
)

t.test('given an error of another time, when the record is read, then it is shown', async (t) => {
  const tenant = await openTenant(world, 'errors')
  await tenant.put('customers', customer('c1'), customer('c2'))
  await sql`UPDATE records SET last_error = '{"code": "bygone"}'::jsonb
    WHERE connection_id = ${tenant.connectionId}::uuid AND id = 'c1'`.execute(database.db)
  await sql`UPDATE sync_queue_items SET last_error = '{"code": "bygone"}'::jsonb, blocked_by = '{}'::jsonb
    WHERE connection_id = ${tenant.connectionId}::uuid AND record_id = 'c1'`.execute(database.db)
  // Not held to openapi.yaml: it is incomplete, which is better than no list at all.
  for (const path of ['customers', 'customers/c1', 'sync-queue-items']) {
    const { statusCode } = await house.app.inject({
      method: 'GET',
      url: `/v1/connections/${tenant.connectionId}/${path}`,
      headers: { authorization: 'Bearer bootstrap-key-of-the-tests-0123456', 'x-company-id': tenant.company },
    })
    t.equal(statusCode, 200, path)
  }
})

t.test(
  'given settings that are refused today, when they were saved before, then they are mended on the way',
  async (t) => {
    const tenant = await openTenant(world, 'settings')
    const unknown = Object.fromEntries(Array.from({ length: 20_000 }, (_value, n) => [`u${n}`, 1]))
    const documents = [
      { ...settingsForDemoOrganisation, schedule: { everyMinutes: 1, enabled: true }, ...unknown },
      {
        ...settingsForDemoOrganisation,
        invoices: { taxMap: { GST: 'OUTPUT', X: 5 }, dueDate: 'soon' },
        customers: 'all',
      },
      { ...settingsForDemoOrganisation, customers: { matchBy: ['name', 'colour'] }, company: { timezone: 5 } },
      [],
    ]
    for (const document of documents) {
      await sql`UPDATE settings SET document = ${JSON.stringify(document)}::jsonb
      WHERE connection_id = ${tenant.connectionId}::uuid`.execute(database.db)
      const read = await tenant.api('GET', 'settings')
      t.equal(read.status, 200)
      t.equal(read.body.schedule.everyMinutes, 60)
      const check = await tenant.api('GET', 'settings/check')
      t.equal(check.status, 200)
      if (!Array.isArray(document)) t.match(JSON.stringify(check.body), 'stored_value_dropped')
      t.equal((await tenant.api('PUT', 'customers/c1', customer('c1'))).status < 300, true)
    }
    await tenant.settings(settingsForDemoOrganisation)
    t.notMatch(
      JSON.stringify((await tenant.api('GET', 'settings/check')).body),
      'stored_value_dropped',
      'a save clears it',
    )
  },
)

t.test('given a connection whose schedule cannot be reckoned, when the tick comes, then the others run', async (t) => {
  const poisoned = await openTenant(world, 'bad-zone')
  const other = await openTenant(world, 'good-zone')
  const daily = { schedule: { enabled: true, mode: 'daily', times: ['06:00'] } }
  await poisoned.settings(daily)
  await other.settings(daily)
  await sql`UPDATE connections SET organisation = jsonb_set(organisation, '{timezone}', '"Nowhere/Land"'), next_run_at = ${clock
    .now()
    .toISOString()}::timestamptz - interval '2 minutes' WHERE id = ${poisoned.connectionId}::uuid`.execute(database.db)
  await sql`UPDATE connections SET next_run_at = ${clock.now().toISOString()}::timestamptz - interval '1 minute'
    WHERE id = ${other.connectionId}::uuid`.execute(database.db)
  await house.scheduleTick()
  t.equal((await other.api('GET', 'sync-jobs')).body.items.length, 1)
  t.match(
    logLines.filter((line) => line.includes('could not be created')),
    [new RegExp(poisoned.connectionId)],
    'and its id is told',
  )
  const { body } = await poisoned.api('GET', '')
  t.ok(body.nextRunAt > clock.now().toISOString(), 'it is put off, not asked again each second')
  await world.work()
})

t.test('given tokens that no key opens, when keys are rotated, then the others are sealed anew', async (t) => {
  const broken = await openTenant(world, 'broken-tokens')
  const sound = await openTenant(world, 'sound-tokens')
  const sealOf = async (connectionId: string) => {
    const { rows } = await sql<{ id: string; sealed: string }>`SELECT s.id, s.sealed FROM token_sets s
      JOIN connections c ON c.token_set_id = s.id WHERE c.id = ${connectionId}::uuid`.execute(database.db)
    return rows[0] ?? { id: '', sealed: '' }
  }
  const { id } = await sealOf(broken.connectionId)
  await sql`UPDATE token_sets SET sealed = 'v1.gone.AAAA.AAAA.AAAA' WHERE id = ${id}::uuid`.execute(database.db)
  await house.rotateKeys()
  t.match(
    logLines.filter((line) => line.includes('cannot be opened')),
    [new RegExp(`${id}.*or put the missing key back`)],
    'and its id and what to do are told',
  )
  const job = await sound.sync()
  t.equal(job.status, 'completed')
})
