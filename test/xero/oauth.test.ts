// Tokens: a consent is only ever called invalid when Xero says so; everything else may be tried again.
import t from 'tap'
import type { RefreshOutcome } from '../../src/accounting/provider.ts'
import { consentOf } from '../../src/accounting/xero/oauth.ts'
import { id } from './support/samples.ts'
import { accessToken, clientSecret, refreshToken, type Scripted, scripted } from './support/scripted.ts'

const tokens = {
  access_token: 'new-access',
  refresh_token: 'new-refresh',
  expires_in: 1800,
  scope: 'openid  accounting.contacts',
}
const table: readonly (readonly [Scripted, RefreshOutcome['kind'], string])[] = [
  [{ body: tokens }, 'ok', 'both tokens'],
  [{ status: 400, body: { error: 'invalid_grant' } }, 'invalid_grant', 'Xero ended the consent'],
  [{ status: 400, body: { error: 'invalid_client' } }, 'invalid_client', 'our credentials'],
  [{ status: 401, body: { error: 'invalid_client' } }, 'invalid_client', 'our credentials, another status'],
  [{ status: 400, body: { error: 'unauthorized_client' } }, 'invalid_client', 'our credentials, another word'],
  [{ status: 200, body: { ...tokens, refresh_token: undefined } }, 'unknown', 'no refresh token'],
  [{ status: 200, body: { ...tokens, access_token: '' } }, 'unknown', 'no access token'],
  [{ status: 200, body: {} }, 'unknown', 'nothing'],
  [{ status: 200, body: '<html></html>' }, 'unknown', 'a page'],
  [{ status: 200, body: '' }, 'unknown', 'an empty body'],
  [{ status: 400, body: { error: 'invalid_request' } }, 'unknown', 'another fault'],
  [{ status: 400, body: '<html>Bad request: invalid_grant</html>' }, 'unknown', 'a page that mentions it'],
  [{ status: 400, body: '' }, 'unknown', 'no reason'],
  [{ status: 401, body: { error: 'invalid_grant' } }, 'unknown', 'not as documented'],
  [{ status: 500, body: { error: 'invalid_grant' } }, 'unknown', 'a broken server decides nothing'],
  [{ status: 429, headers: { 'retry-after': '5' } }, 'unknown', 'throttled'],
  [{ status: 302, headers: { location: '/error' } }, 'unknown', 'a redirect'],
  [{ status: 503, body: refreshToken }, 'unknown', 'an echo'],
]

t.test('given an answer to a refresh, when it is judged, then only clear words end a consent', async (t) => {
  let answer: Scripted = {}
  const { provider, asked } = await scripted(t, () => answer)
  for (const [scriptedAnswer, expected, why] of table) {
    answer = scriptedAnswer
    const outcome = await provider.refresh(refreshToken)
    t.equal(outcome.kind, expected, why)
    if (outcome.kind !== 'ok') {
      t.notOk(JSON.stringify(outcome).includes(refreshToken), 'no outcome holds the refresh token')
      t.notOk(JSON.stringify(outcome).includes(clientSecret), 'no outcome holds the secret')
    }
  }
  t.equal(asked.length, table.length, 'nothing is retried here')
  const [first] = asked
  t.equal(`${first?.method} ${first?.path}`, 'POST /connect/token')
  t.equal(first?.headers.authorization, `Basic ${Buffer.from(`client:${clientSecret}`).toString('base64')}`)
  t.equal(first?.headers['content-type'], 'application/x-www-form-urlencoded')
  t.same(Object.fromEntries(new URLSearchParams(first?.body)), {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
  })
})

t.test('given new tokens, when they arrive, then their life and scopes are read', async (t) => {
  let body: object = tokens
  const { provider } = await scripted(t, () => ({ body }))
  t.same(await provider.refresh('old'), {
    kind: 'ok',
    tokens: {
      accessToken: 'new-access',
      refreshToken: 'new-refresh',
      expiresIn: 1800,
      scopes: ['openid', 'accounting.contacts'],
    },
  })
  body = { access_token: 'a', refresh_token: 'r' }
  t.match(await provider.refresh('old'), { tokens: { expiresIn: 1800, scopes: [] } })
})

t.test('given a silent identity server, when a token is refreshed, then it is unknown in time', async (t) => {
  const { provider } = await scripted(t, () => null, 150)
  t.match(await provider.refresh(refreshToken), { kind: 'unknown', error: { code: 'unreachable', cause: /ETIMEDOUT/ } })
})

const jwt = (claims: unknown) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`
for (const [token, userId, eventId] of [
  [jwt({ xero_userid: 'u', authentication_event_id: 'e', sub: 'x' }), 'u', 'e'],
  [jwt({ xero_userid: 'ü' }), 'ü', null],
  [jwt({ xero_userid: 5 }), null, null],
  [jwt(null), null, null],
  [jwt([]), null, null],
  ['not a token', null, null],
  ['a.%%%.c', null, null],
  ['', null, null],
] as const) {
  t.same(consentOf(token), { userId, eventId }, `claims of ${token.slice(0, 30)}`)
}

const row = (n: number, more: object = {}) => ({
  id: id(n),
  authEventId: id(500),
  tenantId: id(100 + n),
  tenantType: 'ORGANISATION',
  tenantName: `Org ${n}`,
  createdDateUtc: '2026-04-20T11:47:10.3365440',
  ...more,
})

t.test('given a list of connections, when it is read, then practices and other consents are left out', async (t) => {
  const rows = [
    row(1),
    row(2, { tenantType: 'PRACTICE' }),
    row(3, { authEventId: id(501) }),
    row(4, { tenantName: null }),
  ]
  const { provider, asked } = await scripted(t, () => ({ body: rows }))
  const mine = await provider.grantedConnections(accessToken, id(500))
  t.same(mine.kind === 'ok' && mine.value, [
    { remoteConnectionId: id(1), organisationId: id(101), organisationName: 'Org 1', eventId: id(500) },
    { remoteConnectionId: id(4), organisationId: id(104), organisationName: id(104), eventId: id(500) },
  ])
  const all = await provider.grantedConnections(accessToken, null)
  t.equal(all.kind === 'ok' && all.value.length, 3)
  t.same(
    asked.map(({ path, query }) => [path, query.get('authEventId')]),
    [
      ['/connections', id(500)],
      ['/connections', null],
    ],
  )
})

t.test('given other answers about connections, when they are judged, then absence is not made up', async (t) => {
  let answer: Scripted = {}
  const { provider, asked } = await scripted(t, () => answer)
  for (const body of [{}, '', '<html></html>', [1], 'null']) {
    answer = { body }
    t.match(await provider.grantedConnections(accessToken, null), { kind: 'unknown' }, JSON.stringify(body))
  }
  answer = { body: [] }
  t.match(await provider.grantedConnections(accessToken, null), { kind: 'ok', value: [] }, 'an empty list is one')

  for (const [status, expected] of [
    [204, { kind: 'ok', value: null }],
    [200, { kind: 'unknown' }],
    [404, { kind: 'ok', value: null }],
    [401, { kind: 'refused', refusal: { reason: 'token_expired' } }],
    [403, { kind: 'refused', refusal: { reason: 'not_permitted' } }],
    [500, { kind: 'unknown' }],
  ] as const) {
    answer = status === 204 ? { status } : { status, body: { Detail: 'AuthenticationUnsuccessful' } }
    t.match(await provider.removeConnection(accessToken, id(1)), expected, `DELETE answered with ${status}`)
  }
  t.match(asked.at(-1), { method: 'DELETE', path: `/connections/${id(1)}`, body: '' })
})
