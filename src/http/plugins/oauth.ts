// The browser's part of OAuth: @fastify/oauth2 builds Xero's consent address (state, PKCE S256), keeps state and verifier
// in cookies of that browser, and exchanges the code, once. Each consent has cookies of its own, so that two tabs can be on
// their way at the same time. The state itself comes from the connect session in the
// database, so that it is also single-use and bound to the company that asked. Refreshing is our token service's work.
import { createHash, timingSafeEqual } from 'node:crypto'
import cookie from '@fastify/cookie'
import oauth2, { type FastifyOAuth2Options, type OAuth2Namespace, type OAuth2Token } from '@fastify/oauth2'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { problem } from '../../domain/errors.ts'
import type { Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'

export interface ConsentOptions {
  /** Xero's login pages; the consent page is at /identity/connect/authorize below it. */
  readonly loginUrl: string
  /** Xero's identity server; tokens come from /connect/token below it. */
  readonly identityUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scopes: readonly string[]
  /** For the exchange of the code. */
  readonly timeoutMs: number
}

declare module 'fastify' {
  interface FastifyInstance {
    xeroConsent: OAuth2Namespace
    consent: Consent
  }
  interface FastifyRequest {
    /** The state that this request sends the browser away with. */
    consentState: string
  }
}

export interface Consent {
  /** Address that the browser goes to for the consent; sets the cookies of this consent. */
  address(request: FastifyRequest, reply: FastifyReply): Promise<string>
  /** Throws connect_session_invalid for a state that another browser was sent away with. */
  requireOwnBrowser(request: FastifyRequest): void
  /** Exchanges the code, once, and clears the cookies of this consent. Only after requireOwnBrowser. */
  exchange(request: FastifyRequest, reply: FastifyReply): Promise<OAuth2Token['token']>
}

const below = (base: string, path: string): { host: string; path: string } => {
  const url = new URL(`${base.replace(/\/+$/, '')}${path}`)
  return { host: url.origin, path: url.pathname }
}

const sameText = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** Ends the names of the cookies of one consent; says nothing of the state to whoever reads the name. */
const tagOf = (state: string): string => createHash('sha256').update(state).digest('base64url').slice(0, 16)

/** The reply as the plugin uses it: what it calls by one name is kept under the name of this consent. */
const tagged = (reply: FastifyReply, state: () => string) =>
  ({
    setCookie: (name, value, options) => reply.setCookie(`${name}-${tagOf(state())}`, value, options),
    clearCookie: (name, options) => reply.clearCookie(`${name}-${tagOf(state())}`, options),
  }) satisfies Partial<FastifyReply> as unknown as FastifyReply

const stateOf = (request: FastifyRequest): string => (request.query as { state?: string }).state ?? ''

export async function oauth(app: App, publicUrl: string, consent: ConsentOptions, services: Services): Promise<void> {
  const secure = publicUrl.startsWith('https://')
  // The __Host- prefix keeps other hosts of the domain from planting a cookie; browsers allow it on https only.
  const prefix = secure ? '__Host-' : ''
  const stateCookie = `${prefix}connect-state`
  const verifierCookie = `${prefix}connect-verifier`
  const authorize = below(consent.loginUrl, '/identity/connect/authorize')
  const token = below(consent.identityUrl, '/connect/token')

  const kept = (request: FastifyRequest, name: string) => request.cookies[`${name}-${tagOf(stateOf(request))}`]
  const isOfThisBrowser = (request: FastifyRequest): boolean =>
    sameText(stateOf(request), kept(request, stateCookie) ?? '')

  const options: FastifyOAuth2Options = {
    name: 'xeroConsent',
    scope: [...consent.scopes],
    pkce: 'S256',
    callbackUri: `${publicUrl}/connect/callback`,
    redirectStateCookieName: stateCookie,
    verifierCookieName: verifierCookie,
    cookie: { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: 15 * 60 },
    credentials: {
      client: { id: consent.clientId, secret: consent.clientSecret },
      auth: {
        authorizeHost: authorize.host,
        authorizePath: authorize.path,
        tokenHost: token.host,
        tokenPath: token.path,
      },
      http: { timeout: consent.timeoutMs, maxBytes: 256 * 1024 },
      options: { authorizationMethod: 'header', bodyFormat: 'form' },
    },
    generateStateFunction: async (request: FastifyRequest) => {
      const { sessionToken } = request.params as { sessionToken: string }
      request.consentState = (await services.connect.begin(sessionToken)).state
      return request.consentState
    },
    checkStateFunction: isOfThisBrowser,
  }
  await app.register(cookie)
  await app.register(oauth2, options)

  app.decorateRequest('consentState', '')
  app.decorate('consent', {
    address: (request, reply) =>
      app.xeroConsent.generateAuthorizationUri(
        request,
        tagged(reply, () => request.consentState),
      ),
    requireOwnBrowser(request) {
      if (stateOf(request) !== '' && isOfThisBrowser(request)) return
      throw problem('connect_session_invalid', 'This browser did not start this consent, or it was ended already.')
    },
    async exchange(request, reply) {
      request.cookies[stateCookie] = kept(request, stateCookie)
      request.cookies[verifierCookie] = kept(request, verifierCookie)
      const { token } = await app.xeroConsent.getAccessTokenFromAuthorizationCodeFlow(
        request,
        tagged(reply, () => stateOf(request)),
      )
      return token
    },
  })
}
