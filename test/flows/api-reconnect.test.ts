// How a connection ends and comes back: disconnect, lost consent, reconnect, and who may hold an organisation.
import t from 'tap'
import { openHouse } from '../../src/house.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { kiwi, somerset } from '../../src/simulator/index.ts'
import { heldRequests } from '../support/held-requests.ts'
import { openWorld, testConfig, type World } from '../support/house.ts'
import { customer, settingsForDemoOrganisation } from '../support/records.ts'

/** The product's and the browser's part of a consent for these organisations; returns the answer of confirm. */
async function consent({ api, browse, simulator }: World, c: string, organisations: string[], user?: string) {
  simulator.control.consent({ mode: 'automatic', organisations, user })
  const { authorizationUrl } = (await api('POST', `${c}/reconnect`, {})).body
  const completionCode = (await browse(authorizationUrl)).searchParams.get('code')
  return api('POST', `${c}/confirm`, { completionCode })
}

async function syncedCustomer({ api, work }: World, c: string): Promise<void> {
  await api('PATCH', `${c}/settings`, settingsForDemoOrganisation, { 'if-match': '*' })
  await api('PUT', `${c}/customers/c1`, customer('c1'))
  await api('POST', `${c}/sync-jobs`, {})
  await work()
}

t.test('given an active connection, when it is disconnected and reconnected, then nothing of it is lost', async (t) => {
  const world = await openWorld(t)
  const { api, connect, simulator, database } = world
  const id = await connect()
  const c = `/v1/connections/${id}`
  await syncedCustomer(world, c)
  const before = (await api('GET', `${c}/customers/c1`)).body
  const settings = (await api('GET', `${c}/settings`)).body
  const [remote] = simulator.control.connections()
  await api('PUT', `${c}/customers/c2`, customer('c2'))
  const job = (await api('POST', `${c}/sync-jobs`, {})).body

  const ended = await api('DELETE', c)
  t.match(ended.body, { id, status: 'disconnected', reason: 'disconnected', nextRunAt: null })
  const kept = await database.db.selectFrom('token_sets').select('sealed').execute()
  t.same(kept, [{ sealed: '' }], 'tokens that nothing needs are not kept')
  t.same(ended.body.organisation, before && (await api('GET', c)).body.organisation, 'its organisation stays known')
  const removals = simulator.control.journal({ area: 'connections', method: 'DELETE' })
  t.match(removals, [{ path: `/connections/${remote?.id}`, status: 204 }])
  t.same(simulator.control.journal({ path: '/connect/revocation' }), [], 'nothing is revoked')
  t.same(simulator.control.connections(), [])
  await world.work()
  const afterwards = (await api('GET', `${c}/sync-jobs/${job.id}`)).body
  t.match(afterwards, { status: 'cancelled', error: { code: 'disconnected_here', action: /reconnect/ } })
  t.equal((await api('GET', `${c}/customers/c2`)).body.sync.state, 'pending', 'what it held waits again')
  const refused = await api('POST', `${c}/sync-jobs`, {})
  t.match(refused.body, { code: 'connection_not_active', connectionStatus: 'disconnected' })
  t.equal((await api('POST', `${c}/accounts/refresh`)).body.code, 'connection_not_active')
  t.match((await api('GET', `${c}/health`)).body.reasons, [{ code: 'disconnected' }])
  t.equal((await api('DELETE', c)).body.status, 'disconnected', 'twice is once')
  t.equal(simulator.control.journal({ area: 'connections', method: 'DELETE' }).length, 1)

  t.match((await consent(world, c, [somerset])).body, { id, status: 'active', reason: null })
  t.same((await api('GET', `${c}/settings`)).body, settings)
  t.same((await api('GET', `${c}/customers/c1`)).body, before)
  await api('POST', `${c}/sync-jobs`, {})
  await world.work()
  const names = simulator.control.read(somerset, 'Contacts').map(({ Name }) => Name)
  t.same(names.sort(), ['Customer c1', 'Customer c2'], 'the link holds, and nothing is written twice')
})

t.test('given a connection with links, when another organisation consents, then it is refused', async (t) => {
  const world = await openWorld(t)
  const { api, connect } = world
  const id = await connect()
  const c = `/v1/connections/${id}`
  for (const granted of [[kiwi], [kiwi, 'Third Ltd']]) {
    world.simulator.control.seed({ organisations: [{ name: 'Third Ltd', countryCode: 'AU' }], users: [] })
    world.simulator.control.seed({ users: [{ email: 'all@example.com', name: 'All' }] })
    const answer = await consent(world, c, granted, 'all@example.com')
    t.match([answer.status, answer.body.code], [409, 'invalid_state_transition'], granted.join())
    t.match((await api('GET', c)).body, { status: 'active', organisation: { name: somerset } })
  }
  t.equal((await consent(world, c, [kiwi, somerset])).body.status, 'active', 'its own among others is enough')
  t.equal((await api('GET', c)).body.organisation.name, somerset)
})

t.test('given an organisation that is connected, when a second connection takes it, then it is refused', async (t) => {
  const world = await openWorld(t)
  const { api, connect, browse, database, simulator, clock, send } = world
  const holder = await connect()
  const second = (await api('POST', '/v1/connections', {})).body
  const completionCode = (await browse(second.authorizationUrl)).searchParams.get('code')
  const refused = await api('POST', `/v1/connections/${second.id}/confirm`, { completionCode })
  t.match([refused.status, refused.body.code], [409, 'organisation_already_connected'])
  t.equal(refused.body.connectionId, holder)
  t.equal((await api('GET', `/v1/connections/${second.id}`)).body.status, 'pending_consent')
  t.equal((await api('DELETE', `/v1/connections/${holder}`)).status, 200)

  const log = createLogger({ level: 'silent' })
  const shared = { ...database, close: async () => {} }
  const house = await openHouse({ config: testConfig(simulator), log, clock, database: shared })
  t.teardown(() => house.close())
  const invited = []
  for (let n = 0; n < 4; n++) {
    const { id, authorizationUrl } = (await api('POST', '/v1/connections', {})).body
    invited.push({ id, code: (await browse(authorizationUrl)).searchParams.get('code') })
  }
  const { secret } = (await api('POST', '/v1/api-keys', { companyId: 'acme', name: 'race' })).body
  const answers = await Promise.all(
    invited.map(({ id, code }, index) =>
      send('POST', `/v1/connections/${id}/confirm`, {
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        payload: JSON.stringify({ completionCode: code }),
        house: index % 2 === 0 ? house : undefined,
      }),
    ),
  )
  t.same(answers.map(({ status }) => status).sort(), [200, 409, 409, 409], 'confirmed at once, one wins')
  t.equal((await api('GET', '/v1/connections?status=active')).body.items.length, 1)
})

t.test('given an organisation of one company, when another connects it, then only the bootstrap key may', async (t) => {
  const world = await openWorld(t)
  const { api, connect, browse, send } = world
  const holder = await connect()
  const globex = { 'x-company-id': 'globex' }
  const { secret } = (await api('POST', '/v1/api-keys', { companyId: 'globex', name: 'own' })).body
  const own = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
  const { id, authorizationUrl } = (await api('POST', '/v1/connections', {}, globex)).body
  /** A fresh consent, confirmed. */
  const confirm = async (link: string, more: object, headers?: Record<string, string>) => {
    const completionCode = (await browse(link)).searchParams.get('code')
    const payload = { completionCode, ...more }
    const url = `/v1/connections/${id}/confirm`
    return headers
      ? send('POST', url, { headers, payload: JSON.stringify(payload) })
      : api('POST', url, payload, globex)
  }
  const again = async () => (await api('POST', `/v1/connections/${id}/reconnect`, {}, globex)).body.authorizationUrl
  const status = async () => (await api('GET', `/v1/connections/${id}`, undefined, globex)).body.status

  const refused = await confirm(authorizationUrl, {}, own)
  t.match(refused, { status: 409, body: { code: 'organisation_already_connected' } })
  t.match(refused.text, /allowShared/, 'the remedy')
  t.notOk(refused.text.includes(holder), 'the connection of the other company is not named')
  t.notOk(refused.text.includes('default'), 'nor is the company')
  t.match(await confirm(await again(), { allowShared: true }, own), { status: 403, body: { code: 'forbidden' } })
  t.match(await confirm(await again(), { allowShared: false }), { status: 409 }, 'the bootstrap key has to say so')
  t.equal(await status(), 'pending_consent')
  t.match(await confirm(await again(), { allowShared: true }), { status: 200, body: { status: 'active' } })
  t.equal((await api('GET', `/v1/connections/${holder}`)).body.status, 'active')
  t.match(await confirm(await again(), {}, own), { status: 200 }, 'and it stays so when it reconnects')

  t.equal((await api('DELETE', `/v1/connections/${holder}`)).status, 200)
  const third = (await api('POST', '/v1/connections', {}, { 'x-company-id': 'initech' })).body
  const completionCode = (await browse(third.authorizationUrl)).searchParams.get('code')
  const late = await api(
    'POST',
    `/v1/connections/${third.id}/confirm`,
    { completionCode },
    { 'x-company-id': 'initech' },
  )
  t.match(late, { status: 409 }, 'also while only one that may share it holds it')
})

for (const state of ['active', 'select_organisation', 'confirmed in a moment'] as const) {
  t.test(
    `given two companies by one consent of a person, when one ends, then the other one (${state}) goes on`,
    async (t) => {
      const world = await openWorld(t)
      const { api, connect, browse, simulator, work } = world
      const first = `/v1/connections/${await connect()}`
      const globex = { 'x-company-id': 'globex' }
      const organisations = state === 'select_organisation' ? [somerset, kiwi] : [somerset]
      simulator.control.consent({ mode: 'automatic', organisations })
      const { id, authorizationUrl } = (await api('POST', '/v1/connections', {}, globex)).body
      const second = `/v1/connections/${id}`
      const completionCode = (await browse(authorizationUrl)).searchParams.get('code')
      const confirm = () => api('POST', `${second}/confirm`, { completionCode, allowShared: true }, globex)
      if (state !== 'confirmed in a moment') t.match(await confirm(), { body: { status: state } })

      t.match(await api('DELETE', first), { status: 200, body: { status: 'disconnected' } })
      if (state === 'confirmed in a moment') t.match(await confirm(), { body: { status: 'active' } })
      if (state === 'select_organisation') {
        const granted = (await api('GET', `${second}/organisations`, undefined, globex)).body.items
        const organisationId = granted.find(({ name }: { name: string }) => name === somerset).id
        await api('POST', `${second}/select-organisation`, { organisationId, allowShared: true }, globex)
      }
      t.match(await api('POST', `${second}/organisation/refresh`, {}, globex), { status: 200 })
      const job = (await api('POST', `${second}/sync-jobs`, {}, globex)).body
      await work()
      t.match(await api('GET', `${second}/sync-jobs/${job.id}`, undefined, globex), { body: { status: 'completed' } })
      t.match(await api('GET', second, undefined, globex), { body: { status: 'active', reason: null } })

      const [shared] = simulator.control.connections()
      await api('DELETE', second, undefined, globex)
      const left = simulator.control.connections().filter(({ id: one }) => one === shared?.id)
      t.strictSame(left, [], 'with the last one it is removed at Xero')
    },
  )
}

t.test(
  'given two companies by one consent of a person, when both end at once, then nothing is left at Xero',
  async (t) => {
    const world = await openWorld(t)
    const { api, connect, browse, simulator } = world
    const first = `/v1/connections/${await connect()}`
    const globex = { 'x-company-id': 'globex' }
    const { id, authorizationUrl } = (await api('POST', '/v1/connections', {}, globex)).body
    const completionCode = (await browse(authorizationUrl)).searchParams.get('code')
    await api('POST', `/v1/connections/${id}/confirm`, { completionCode, allowShared: true }, globex)
    const ends = await Promise.all([api('DELETE', first), api('DELETE', `/v1/connections/${id}`, undefined, globex)])
    t.match(ends, [{ body: { status: 'disconnected' } }, { body: { status: 'disconnected' } }])
    t.strictSame(simulator.control.connections(), [])
  },
)

for (const moment of ['its call is on its way', 'Xero has ended the connection already'] as const) {
  t.test(`given a job at work, when it is disconnected while ${moment}, then it is cancelled for that`, async (t) => {
    const { watch, hold } = heldRequests()
    const world = await openWorld(t, { simulator: { watch } })
    const { api, connect, work, house, simulator } = world
    const c = `/v1/connections/${await connect()}`
    await syncedCustomer(world, c)
    await api('PUT', `${c}/customers/c2`, customer('c2'))
    const job = (await api('POST', `${c}/sync-jobs`, {})).body
    if (moment === 'its call is on its way') {
      const call = hold('arrived', 'GET', '/Organisation')
      const turn = house.turn()
      await call.reached
      await api('DELETE', c)
      call.release()
      await turn
    } else {
      const [remote] = simulator.control.connections()
      const removal = hold('carried_out', 'DELETE', `/connections/${remote?.id}`)
      const disconnected = api('DELETE', c)
      await removal.reached
      await house.turn()
      removal.release()
      await disconnected
    }
    await work()
    t.match((await api('GET', c)).body, { status: 'disconnected', reason: 'disconnected' })
    const ended = (await api('GET', `${c}/sync-jobs/${job.id}`)).body
    t.match(ended, { status: 'cancelled', error: { code: 'disconnected_here' } })
    t.match((await api('GET', `${c}/customers/c2`)).body.sync, { state: 'pending', lastError: null })
    t.match((await consent(world, c, [somerset])).body, { status: 'active', reason: null })
    await api('POST', `${c}/sync-jobs`, {})
    await work()
    t.equal((await api('GET', `${c}/customers/c2`)).body.sync.state, 'synced')
  })
}

t.test('given two companies, when both confirm the same organisation at once, then one wins', async (t) => {
  const world = await openWorld(t)
  const { api, browse, database, simulator, clock, send } = world
  simulator.control.consent({ mode: 'automatic', organisations: [somerset] })
  const log = createLogger({ level: 'silent' })
  const house = await openHouse({
    config: testConfig(simulator),
    log,
    clock,
    database: { ...database, close: async () => {} },
  })
  t.teardown(() => house.close())
  for (let round = 0; round < 5; round++) {
    const invited = []
    for (const company of [`a${round}`, `b${round}`]) {
      const { secret } = (await api('POST', '/v1/api-keys', { companyId: company, name: 'own' })).body
      const headers = { 'x-company-id': company }
      const { id, authorizationUrl } = (await api('POST', '/v1/connections', {}, headers)).body
      invited.push({ id, secret, headers, code: (await browse(authorizationUrl)).searchParams.get('code') })
    }
    const answers = await Promise.all(
      invited.map(({ id, secret, code }, index) =>
        send('POST', `/v1/connections/${id}/confirm`, {
          headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
          payload: JSON.stringify({ completionCode: code }),
          house: index === 0 ? house : undefined,
        }),
      ),
    )
    t.same(answers.map((answer) => answer.status).sort(), [200, 409])
    for (const { id, headers } of invited) await api('DELETE', `/v1/connections/${id}`, undefined, headers)
  }
})

t.test(
  'given a person who removed the app in Xero, when a call fails, then the connection says so until reconnected',
  async (t) => {
    const world = await openWorld(t)
    const { api, connect, simulator, work } = world
    const id = await connect()
    const c = `/v1/connections/${id}`
    await syncedCustomer(world, c)
    const { body: settings } = await api('GET', `${c}/settings`)
    simulator.control.disconnect(somerset)
    const refused = await api('POST', `${c}/accounts/refresh`)
    t.match([refused.status, refused.body.code], [409, 'connection_not_active'])
    const lost = (await api('GET', c)).body
    t.equal(lost.status, 'needs_reconnect')
    t.match(lost.reason, /\w+/)
    const health = (await api('GET', `${c}/health`)).body
    t.match(health, {
      healthy: false,
      status: 'needs_reconnect',
      reasons: [{ code: 'needs_reconnect', action: /reconnect/ }],
    })
    t.match((await api('POST', `${c}/sync-jobs`, {})).body, { connectionStatus: 'needs_reconnect' })
    t.match((await consent(world, c, [somerset])).body, { status: 'active', reason: null })
    t.equal((await api('GET', `${c}/health`)).body.healthy, true)
    t.same((await api('GET', `${c}/settings`)).body, settings)
    await api('PUT', `${c}/customers/c1`, customer('c1', { email: 'new@example.com' }))
    const job = (await api('POST', `${c}/sync-jobs`, {})).body
    await work()
    t.equal((await api('GET', `${c}/sync-jobs/${job.id}`)).body.status, 'completed')
    const [contact, ...more] = simulator.control.read(somerset, 'Contacts')
    t.match(contact, { EmailAddress: 'new@example.com' })
    t.same(more, [])
  },
)

t.test(
  'given a consent that ended in Xero, when the connection is disconnected, then it ends here all the same',
  async (t) => {
    const world = await openWorld(t)
    const { api, connect, simulator, clock } = world
    const c = `/v1/connections/${await connect()}`
    simulator.control.revokeUser('sam@somerset.example')
    clock.advance(31 * 60_000)
    t.equal((await api('DELETE', c)).body.status, 'disconnected')
    t.match((await consent(world, c, [somerset])).body, { status: 'active' }, 'and can come back')
  },
)

t.test('given a Xero that does not answer, when a connection is disconnected, then it stays and says so', async (t) => {
  const world = await openWorld(t, { environment: { XERO_TIMEOUT_MS: '300' } })
  const { api, connect, simulator } = world
  const c = `/v1/connections/${await connect()}`
  simulator.control.faults({ kind: 'http_503', path: '/connections', times: 20 })
  const refused = await api('DELETE', c)
  t.match([refused.status, refused.body.code], [502, 'xero_unreachable'])
  t.equal((await api('GET', c)).body.status, 'active')
  simulator.control.clearFaults()
  t.equal((await api('DELETE', c)).body.status, 'disconnected')
})
