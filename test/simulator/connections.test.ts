// Connections: what a consent adds, what ends them, and what the API says to tokens and tenants that do not fit.
import t from 'tap'
import { kiwi } from '../../src/simulator/index.ts'
import { answered, minutes, seconds, somerset, stage } from './support/client.ts'
import { authorizeUrl, claims, codeOf, connections, exchange, refresh } from './support/oauth.ts'

t.test('given consents when connections are listed then each consent shows under its own authEventId', async (t) => {
  const world = await stage(t)
  const { simulator, clock } = world
  simulator.control.disconnect(somerset)
  const first = (await exchange(simulator, await codeOf(simulator))).json.access_token
  const one = (await connections(world, first)).json
  t.equal(one.length, 1)
  t.match(one[0], {
    authEventId: claims(first).authentication_event_id,
    tenantType: 'ORGANISATION',
    tenantName: somerset,
    createdDateUtc: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}$/,
  })
  clock.advance(seconds(60))
  const wish = { simulator_organisations: `${somerset},${kiwi}` }
  const second = (await exchange(simulator, await codeOf(simulator, wish))).json.access_token
  const both = (await connections(world, second)).json
  t.equal(both.length, 2)
  const event = claims(second).authentication_event_id
  const added = (await connections(world, second, `?authEventId=${event}`)).json
  t.same(new Set(added.map((each: { tenantName: string }) => each.tenantName)), new Set([somerset, kiwi]))
  const again = both.find((each: { tenantName: string }) => each.tenantName === somerset)
  t.equal(again.id, one[0].id, 'the same connection')
  t.not(again.updatedDateUtc, again.createdDateUtc)
  t.same((await connections(world, second, `?authEventId=${one[0].authEventId}`)).json, [])

  const stranger = await codeOf(simulator, { simulator_user: 'kim@kiwi.example' })
  const other = (await exchange(simulator, stranger)).json.access_token
  t.equal((await connections(world, other)).json.length, 1, 'a user sees only his own')
})

t.test('given a connection when it is deleted then calls answer 403 while refreshing still works', async (t) => {
  const world = await stage(t)
  const { simulator, tenantId } = world
  const tokens = (await exchange(simulator, await codeOf(simulator))).json
  const [one] = (await connections(world, tokens.access_token)).json
  const remove = async (id: string) =>
    answered(
      await fetch(`${simulator.apiUrl}/connections/${id}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${tokens.access_token}` },
      }),
    )
  t.equal((await remove(tenantId)).status, 403, 'a tenant id is not a connection id')
  t.equal((await remove('00000000-0000-0000-0000-000000000001')).status, 404)
  t.equal((await remove(one.id)).status, 204)
  t.equal((await remove(one.id)).status, 404)
  t.same((await connections(world, tokens.access_token)).json, [])
  const refused = await world.get('Organisation')
  t.equal(refused.status, 403)
  t.match(refused.json, { Title: 'Forbidden', Status: 403, Detail: 'AuthenticationUnsuccessful' })
  t.equal((await refresh(simulator, tokens.refresh_token)).status, 200)
})

t.test('given a revoked token when it is used then every token and connection of the user is gone', async (t) => {
  const world = await stage(t)
  const { simulator } = world
  const tokens = (await exchange(simulator, await codeOf(simulator))).json
  const revoke = (secret: string) =>
    fetch(`${simulator.identityUrl}/connect/revocation`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${simulator.clientId}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ token: tokens.refresh_token }),
    })
  t.equal((await revoke('wrong')).status, 400)
  const done = await revoke(simulator.clientSecret)
  t.equal(done.status, 200)
  t.equal(await done.text(), '')
  t.same((await refresh(simulator, tokens.refresh_token)).json, { error: 'invalid_grant' })
  t.same((await connections(world, tokens.access_token)).json, [])
})

t.test('given bad tokens when the API is called then each failure has its own answer', async (t) => {
  const { simulator, clock, tenantId, get, token } = await stage(t)
  const bearer = (value: unknown) => ({ authorization: `Bearer ${value}` })
  t.match((await get('Organisation', bearer('rubbish'))).json, { Status: 401, Detail: 'AuthenticationUnsuccessful' })
  t.match((await get('Organisation', bearer(`${token}x`))).json, { Status: 401, Detail: 'AuthenticationUnsuccessful' })
  t.equal((await get('Organisation', { 'xero-tenant-id': 'nobody' })).status, 403)
  const other = simulator.control.organisations().find((one) => one.id !== tenantId)?.id ?? ''
  t.equal((await get('Organisation', { 'xero-tenant-id': other })).status, 403, 'exists, but is not connected')
  const narrow = simulator.control.connect({ scopes: ['accounting.contacts.read', 'accounting.invoices'] })
  const thin = bearer(narrow.tokens.access_token)
  t.equal((await get('Contacts', thin)).status, 200)
  t.equal((await get('Items', thin)).status, 200, 'invoices covers items')
  const scopeless = await get('Accounts', thin)
  t.equal(scopeless.status, 401)
  t.match(scopeless.json, { Title: 'Unauthorized', Detail: 'AuthorizationUnsuccessful' })
  clock.advance(minutes(30))
  const expired = await get('Organisation')
  t.equal(expired.status, 401)
  t.match(expired.json, {
    Type: null,
    Title: 'Unauthorized',
    Status: 401,
    Detail: 'TokenExpired: token expired at 11/23/2026 02:30:00',
    Instance: String,
    Extensions: {},
  })
})

t.test(
  'given a consent for an organisation or user that is not there, then it is the caller who is told',
  async (t) => {
    const { simulator } = await stage(t)
    for (const [name, value] of [
      ['simulator_organisations', 'Harbour'],
      ['simulator_user', 'nobody@example.com'],
    ] as const) {
      const address = authorizeUrl(simulator, { simulator_consent: 'allow', [name]: value })
      const response = await fetch(address, { redirect: 'manual' })
      t.equal(response.status, 400)
      t.match(await response.text(), /the simulator has no (organisation|user)/)
    }
  },
)
