// Login, consent and tokens, as a browser and a service meet them.
import { createHash } from 'node:crypto'
import t from 'tap'
import { kiwi } from '../../src/simulator/index.ts'
import { answered, days, minutes, somerset, stage } from './support/client.ts'
import { authorizeUrl, claims, codeOf, exchange, redirect, refresh, scope, tokenCall, visit } from './support/oauth.ts'

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
