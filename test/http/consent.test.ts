// The browser's leg of a consent against an identity server on a socket: PKCE, cookies, one exchange, and no page or log
// that lets anything slip. The connect service is the smallest that remembers one session.
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { problem } from '../../src/domain/errors.ts'
import type { ConsentTokens, Services } from '../../src/services/contract.ts'
import { buildTestApp } from './support/build.ts'

interface Exchange {
  readonly authorization: string | undefined
  readonly form: URLSearchParams
}

async function identityServer(answer: { status: number; body: object }) {
  const exchanges: Exchange[] = []
  const server = createServer(async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    exchanges.push({
      authorization: request.headers.authorization,
      form: new URLSearchParams(Buffer.concat(chunks).toString()),
    })
    response.writeHead(request.url === '/connect/token' ? answer.status : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, exchanges, close: () => new Promise((resolve) => server.close(resolve)) }
}

const granted = {
  status: 200,
  body: { access_token: 'access', refresh_token: 'refresh', expires_in: 1800, token_type: 'Bearer', scope: 'a b' },
}

interface Teardown {
  teardown(end: () => Promise<void>): void
}

async function setUp(t: Teardown, answer: { status: number; body: object }, publicUrl: string) {
  const identity = await identityServer(answer)
  const completed: ConsentTokens[] = []
  let open = true
  const connect: Services['connect'] = {
    begin: async () => ({ state: 'state-of-the-session' }),
    claim: async () => {
      if (!open) throw problem('connect_session_invalid', 'Used.')
      open = false
      return { sessionId: 'session' }
    },
    complete: async (_session, tokens) => {
      completed.push(tokens)
      return { redirectUrl: 'https://shop.example.com/?connectionId=c&code=one-time' }
    },
    fail: async (_session, error) => ({ redirectUrl: `https://shop.example.com/?error=${error}` }),
  }
  const app = await buildTestApp(
    { connect },
    {
      publicUrl,
      consent: {
        loginUrl: 'https://login.example.com/',
        identityUrl: identity.url,
        clientId: 'the client',
        clientSecret: 's3cret/+',
        scopes: ['offline_access', 'accounting.contacts'],
        timeoutMs: 1000,
      },
    },
  )
  t.teardown(async () => {
    await app.close()
    await identity.close()
  })
  const started = await app.inject({ url: '/connect/link-token-of-the-session' })
  const cookies = Object.fromEntries(started.cookies.map(({ name, value }) => [name, value]))
  const verifier = Object.entries(cookies).find(([name]) => name.includes('connect-verifier'))?.[1] ?? ''
  return {
    app,
    identity,
    completed,
    started,
    cookies,
    verifier,
    consentPage: new URL(String(started.headers.location)),
  }
}
const otherValues = (cookies: Record<string, string>) =>
  Object.fromEntries(Object.keys(cookies).map((name) => [name, 'another-state']))

t.test(
  'given a link, when a browser opens it, then it goes to Xero with state, PKCE and guarded cookies',
  async (t) => {
    const { started, verifier, consentPage } = await setUp(t, granted, 'https://sync.example.com')
    t.equal(started.statusCode, 302)
    t.equal(`${consentPage.origin}${consentPage.pathname}`, 'https://login.example.com/identity/connect/authorize')
    t.match(Object.fromEntries(consentPage.searchParams), {
      response_type: 'code',
      client_id: 'the client',
      redirect_uri: 'https://sync.example.com/connect/callback',
      scope: 'offline_access accounting.contacts',
      state: 'state-of-the-session',
      code_challenge_method: 'S256',
    })
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    t.equal(consentPage.searchParams.get('code_challenge'), challenge)
    for (const cookie of started.cookies) {
      t.match(cookie, { httpOnly: true, secure: true, sameSite: 'Lax', path: '/' })
      t.match(cookie.name, /^__Host-/)
    }
    t.match(started.headers, { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  },
)

t.test('given plain http, when a browser opens the link, then the cookies have plain names', async (t) => {
  const { started } = await setUp(t, granted, 'http://127.0.0.1:8080')
  const names = started.cookies.map(({ name }) => name).sort()
  t.match(names, [/^connect-state-/, /^connect-verifier-/])
  t.notMatch(names.join(), 'state-of-the-session', 'no name tells the state')
})

t.test('given consent, when the browser returns, then the code is exchanged once and the cookies end', async (t) => {
  const { app, identity, completed, cookies, verifier } = await setUp(t, granted, 'https://sync.example.com')
  const url = '/connect/callback?code=the-code&state=state-of-the-session'
  const first = await app.inject({ url, cookies })
  t.equal(first.statusCode, 302)
  t.equal(first.headers.location, 'https://shop.example.com/?connectionId=c&code=one-time')
  t.same(completed, [{ accessToken: 'access', refreshToken: 'refresh', expiresIn: 1800, scope: 'a b' }])
  t.ok(
    first.cookies.every(({ value }) => value === ''),
    'cookies are cleared',
  )
  const [exchange] = identity.exchanges
  t.equal(exchange?.authorization, `Basic ${Buffer.from('the+client:s3cret%2F%2B').toString('base64')}`)
  t.match(Object.fromEntries(exchange?.form ?? []), {
    grant_type: 'authorization_code',
    code: 'the-code',
    redirect_uri: 'https://sync.example.com/connect/callback',
    code_verifier: verifier,
  })
  const again = await app.inject({ url, cookies })
  t.equal(again.json().code, 'connect_session_invalid')
  t.equal(identity.exchanges.length, 1)
})

t.test('given another browser, when it brings the state, then nothing is claimed or exchanged', async (t) => {
  const { app, identity, cookies } = await setUp(t, granted, 'https://sync.example.com')
  const url = '/connect/callback?code=the-code&state=state-of-the-session'
  const foreigners: Record<string, string>[] = [
    {},
    { ...otherValues(cookies) },
    { '__Host-connect-state': 'state-of-the-session' },
  ]
  for (const foreign of foreigners) {
    const answer = await app.inject({ url, cookies: foreign })
    t.equal(answer.statusCode, 422)
    t.equal(answer.json().code, 'connect_session_invalid')
  }
  const seen = await app.inject({ url, headers: { accept: 'text/html,application/xhtml+xml' } })
  t.match(seen.headers['content-type'], 'text/html')
  t.match(seen.body, 'start the connection there again')
  t.equal(identity.exchanges.length, 0)
  t.equal((await app.inject({ url, cookies })).statusCode, 302, 'the session is still there for its own browser')
})

t.test(
  'given a refusal, when the browser returns, then it is sent on with the error and nothing is exchanged',
  async (t) => {
    const { app, identity, cookies } = await setUp(t, granted, 'https://sync.example.com')
    const answer = await app.inject({
      url: '/connect/callback?error=access_denied&state=state-of-the-session',
      cookies,
    })
    t.equal(answer.headers.location, 'https://shop.example.com/?error=access_denied')
    t.equal(identity.exchanges.length, 0)
  },
)

t.test(
  'given an identity server that refuses the code, when the browser returns, then it is sent on with an error',
  async (t) => {
    const refusal = { status: 400, body: { error: 'invalid_grant' } }
    const { app, identity, cookies } = await setUp(t, refusal, 'https://sync.example.com')
    const answer = await app.inject({ url: '/connect/callback?code=x&state=state-of-the-session', cookies })
    t.equal(answer.headers.location, 'https://shop.example.com/?error=exchange_failed')
    t.equal(identity.exchanges.length, 1, 'a code is never tried twice')
  },
)

t.test('given a landing page, when its address is made up, then nothing of it is shown', async (t) => {
  const app = await buildTestApp()
  t.teardown(() => app.close())
  const id = '01936f5a-7c1e-7b3a-9f4d-2a6b8c0d1e2f'
  const code = 'a'.repeat(43)
  const madeUp = [
    ['connectionId=%3Cscript%3E&code=%22%3E%3Cimg%3E', /script>|img>/],
    [`connectionId=${id}&code=${encodeURIComponent("x'; rm -rf ~ #")}`, /rm -rf/],
    [`connectionId=${encodeURIComponent("'; rm -rf ~ #")}&code=${code}`, /rm -rf|a{43}/],
    [`connectionId=${id}&code=${code}&error=access_denied`, /a{43}|access_denied/],
    ['error=Call%20our%20hotline%20now', /hotline/],
  ] as const
  for (const [query, never] of madeUp) {
    const page = await app.inject({ url: `/connect/done?${query}` })
    t.equal(page.statusCode, 200)
    t.notMatch(page.body, never, query)
    t.match(page.body, 'Nothing to show')
  }
  const right = await app.inject({ url: `/connect/done?connectionId=${id}&code=${code}` })
  t.match(right.body, id)
  t.match(right.body, code)
  t.notMatch(right.body, /curl|\/confirm/, 'a person is shown no command')
  t.match((await app.inject({ url: '/connect/done?error=access_denied' })).body, 'access_denied')
  const unknown = await app.inject({ url: '/connect/done?error=constructor' })
  t.match(unknown, { statusCode: 200, body: /Reason: constructor/ })
})
