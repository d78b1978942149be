// Login, consent, tokens and connections, as a browser and a service meet them.
import { createHash } from 'node:crypto'
import t from 'tap'
import { kiwi, type Simulator } from '../../src/simulator/index.ts'
import { answered, days, minutes, type Stage, seconds, somerset, stage } from './support/client.ts'

const redirect = 'http://localhost:9999/callback'
const scope = 'openid profile email offline_access accounting.contacts accounting.invoices accounting.settings'

const authorizeUrl = (simulator: Simulator, more: Record<string, string> = {}) =>
  `${simulator.loginUrl}/identity/connect/authorize?${new URLSearchParams({
    response_type: 'code',
    client_id: simulator.clientId,
    redirect_uri: redirect,
    scope,
    state: 'st4te',
    ...more,
  })}`

const visit = (url: string, init: RequestInit = {}) => fetch(url, { redirect: 'manual', ...init })

const tokenCall = async (simulator: Simulator, form: Record<string, string>, secret = simulator.clientSecret) =>
  answered(
    await fetch(`${simulator.identityUrl}/connect/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${simulator.clientId}:${secret}`).toString('base64')}` },
      body: new URLSearchParams(form),
    }),
  )

async function codeOf(simulator: Simulator, more: Record<string, string> = {}): Promise<string> {
  const response = await visit(authorizeUrl(simulator, { simulator_consent: 'allow', ...more }))
  return new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? ''
}

const exchange = (simulator: Simulator, code: string, more: Record<string, string> = {}) =>
  tokenCall(simulator, { grant_type: 'authorization_code', code, redirect_uri: redirect, ...more })
const refresh = (simulator: Simulator, token: string) =>
  tokenCall(simulator, { grant_type: 'refresh_token', refresh_token: token })
const connections = async ({ simulator }: Stage, token: string, suffix = '') =>
  answered(await fetch(`${simulator.apiUrl}/connections${suffix}`, { headers: { authorization: `Bearer ${token}` } }))
const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

t.test('given a browser when it opens the authorize page then it can allow or cancel without scripts', async (t) => {
  const { simulator } = await stage(t)
  const page = await (await visit(authorizeUrl(simulator))).text()
  t.match(page, /Inventory wants access/)
  t.match(page, new RegExp(somerset))
  t.match(page, new RegExp(kiwi))
  t.match(page, /Allow access/)
  t.match(page, /Cancel and go back/)
  const request = /name="request" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const organisation = /name="organisation" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const consent = (form: [string, string][]) =>
    visit(`${simulator.url}/identity/connect/consent`, { method: 'POST', body: new URLSearchParams(form) })

  const allowed = await consent([
    ['request', request],
    ['organisation', organisation],
    ['decision', 'allow'],
  ])
  const target = new URL(allowed.headers.get('location') ?? '')
  t.equal(target.origin + target.pathname, redirect)
  t.equal(target.searchParams.get('state'), 'st4te')
  t.ok(target.searchParams.get('code'))
  const again = await consent([
    ['request', request],
    ['organisation', organisation],
    ['decision', 'allow'],
  ])
  t.equal(again.status, 400, 'a page is answered once')

  const second = await (await visit(authorizeUrl(simulator))).text()
  const cancelled = await consent([
    ['request', /name="request" value="([^"]+)"/.exec(second)?.[1] ?? ''],
    ['decision', 'cancel'],
  ])
  const back = new URL(cancelled.headers.get('location') ?? '')
  t.equal(back.searchParams.get('error'), 'access_denied')
  t.equal(back.searchParams.get('state'), 'st4te')
})

t.test(
  'given wrong requests when the authorize page is opened then it shows an error and never redirects',
  async (t) => {
    const { simulator } = await stage(t, { redirectUris: [redirect] })
    for (const [fault, code] of [
      [{ client_id: 'nobody' }, 'unauthorized_client'],
      [{ redirect_uri: 'http://localhost:1/other' }, 'unauthorized_client'],
      [{ redirect_uri: 'http://127.0.0.1:9999/callback' }, 'unauthorized_client'],
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ scope: 'openid accounting.transactions' }, 'invalid_scope'],
      [{ scope: '' }, 'invalid_scope'],
      [{ code_challenge: 'x', code_challenge_method: 'plain' }, 'invalid_request'],
    ] as [Record<string, string>, string][]) {
      const response = await visit(authorizeUrl(simulator, fault))
      t.equal(response.status, 400)
      t.match(await response.text(), new RegExp(code))
    }
  },
)

t.test('given a code when it is exchanged then tokens carry the claims and the code is used up', async (t) => {
  const { simulator, clock } = await stage(t)
  const code = await codeOf(simulator)
  const first = await exchange(simulator, code)
  t.equal(first.status, 200)
  t.match(first.json, { expires_in: 1800, token_type: 'Bearer', scope, refresh_token: String, id_token: String })
  t.match(claims(first.json.access_token), {
    authentication_event_id: String,
    xero_userid: String,
    scope: scope.split(' '),
    exp: Math.floor(clock.now().getTime() / 1000) + 1800,
    iss: simulator.url,
    aud: `${simulator.url}/resources`,
    client_id: simulator.clientId,
    sid: String,
    jti: String,
  })
  t.match(claims(first.json.id_token), { email: 'sam@somerset.example', aud: simulator.clientId })
  const reused = await exchange(simulator, code)
  t.equal(reused.status, 400)
  t.same(reused.json, { error: 'invalid_grant' })
  t.same((await exchange(simulator, await codeOf(simulator), { redirect_uri: `${redirect}/x` })).json, {
    error: 'invalid_grant',
  })
  const late = await codeOf(simulator)
  clock.advance(minutes(5))
  t.same((await exchange(simulator, late)).json, { error: 'invalid_grant' })
  t.same((await tokenCall(simulator, { grant_type: 'refresh_token', refresh_token: 'x' }, 'wrong')).json, {
    error: 'invalid_client',
  })
})

t.test('given a challenge when the code is exchanged then the verifier must fit', async (t) => {
  const { simulator } = await stage(t)
  const verifier = 'a'.repeat(50)
  const pkce = {
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }
  const wrong = await exchange(simulator, await codeOf(simulator, pkce), { code_verifier: 'b'.repeat(50) })
  t.same(wrong.json, { error: 'invalid_grant' })
  const right = await exchange(simulator, await codeOf(simulator, pkce), { code_verifier: verifier })
  t.equal(right.status, 200)
})

t.test(
  'given a refresh whose answer was lost when the old token is used within 30 minutes then it works',
  async (t) => {
    const { simulator, clock } = await stage(t)
    const { refresh_token: old } = (await exchange(simulator, await codeOf(simulator))).json
    const rotated = await refresh(simulator, old)
    t.not(rotated.json.refresh_token, old)
    clock.advance(minutes(29))
    t.equal((await refresh(simulator, old)).status, 200)
    t.equal((await refresh(simulator, old)).status, 200, 'as often as needed')
    clock.advance(minutes(1))
    t.same((await refresh(simulator, old)).json, { error: 'invalid_grant' }, 'grace counts from the first rotation')
    clock.advance(days(59))
    const alive = await refresh(simulator, rotated.json.refresh_token)
    t.equal(alive.status, 200)
    clock.advance(days(60))
    t.equal((await refresh(simulator, alive.json.refresh_token)).status, 400, '60 days unused')
  },
)

t.test('given a lost answer of the token endpoint when it is planned then the rotation has happened', async (t) => {
  const { simulator } = await stage(t)
  const { refresh_token: old } = (await exchange(simulator, await codeOf(simulator))).json
  simulator.control.faults({ kind: 'lost_response', path: '/connect/token' })
  await t.rejects(refresh(simulator, old))
  simulator.control.faults({ kind: 'http_503', path: '/connect/token' })
  t.equal((await refresh(simulator, old)).status, 503)
  t.equal((await refresh(simulator, old)).status, 200)
})

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
  t.ok(tenantId)
})

t.test(
  'given the consent behaviour when scripts sign in then control decides and secrets stay out of the journal',
  async (t) => {
    const { simulator } = await stage(t)
    simulator.control.consent({ mode: 'automatic', user: 'kim@kiwi.example' })
    const response = await visit(authorizeUrl(simulator))
    t.equal(response.status, 302)
    const code = new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? ''
    const tokens = (await exchange(simulator, code)).json
    t.ok(simulator.control.connections().some((one) => one.userId !== simulator.control.users()[0]?.id))
    simulator.control.consent({ mode: 'automatic', cancel: true })
    t.match((await visit(authorizeUrl(simulator))).headers.get('location'), /error=access_denied/)
    const written = JSON.stringify(simulator.control.journal())
    for (const secret of [code, tokens.access_token, tokens.refresh_token, simulator.clientSecret, 'st4te'])
      t.notMatch(written, secret)
    t.match(simulator.control.journal({ path: '/connect/token' }), [{ body: { grant_type: 'authorization_code' } }])
  },
)

t.test(
  'given an app without bulk connections when the page is shown then one organisation can be chosen',
  async (t) => {
    const { simulator } = await stage(t, { bulkConnections: false })
    t.match(await (await visit(authorizeUrl(simulator))).text(), /type="radio"/)
    const discovery = await answered(await fetch(`${simulator.identityUrl}/.well-known/openid-configuration`))
    t.match(discovery.json, {
      issuer: simulator.url,
      authorization_endpoint: `${simulator.url}/identity/connect/authorize`,
      token_endpoint: `${simulator.url}/connect/token`,
    })
  },
)
