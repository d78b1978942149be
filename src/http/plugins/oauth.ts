// The browser's part of OAuth: @fastify/oauth2 builds Xero's consent address (state, PKCE S256), keeps state and verifier
// in cookies of that browser, and exchanges the code, once. The state itself comes from the connect session in the
// database, so that it is also single-use and bound to the company that asked. Refreshing is our token service's work.
import { timingSafeEqual } from 'node:crypto'
import cookie from '@fastify/cookie'
import oauth2, { type FastifyOAuth2Options, type OAuth2Namespace } from '@fastify/oauth2'
import type { FastifyRequest } from 'fastify'
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
  }
}

const below = (base: string, path: string): { host: string; path: string } => {
  const url = new URL(`${base.replace(/\/+$/, '')}${path}`)
  return { host: url.origin, path: url.pathname }
}

const sameText = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** True when this browser is the one that was sent to Xero with this state. */
const stateIsOfThisBrowser = (request: FastifyRequest, cookieName: string): boolean => {
  const { state } = request.query as { state?: string }
  const kept = request.cookies[cookieName]
  return state !== undefined && kept !== undefined && sameText(state, kept)
}

export async function oauth(app: App, publicUrl: string, consent: ConsentOptions, services: Services): Promise<void> {
  const secure = publicUrl.startsWith('https://')
  // The __Host- prefix keeps other hosts of the domain from planting a cookie; browsers allow it on https only.
  const prefix = secure ? '__Host-' : ''
  const stateCookie = `${prefix}connect-state`
  const authorize = below(consent.loginUrl, '/identity/connect/authorize')
  const token = below(consent.identityUrl, '/connect/token')

  const options: FastifyOAuth2Options = {
    name: 'xeroConsent',
    scope: [...consent.scopes],
    pkce: 'S256',
    callbackUri: `${publicUrl}/connect/callback`,
    redirectStateCookieName: stateCookie,
    verifierCookieName: `${prefix}connect-verifier`,
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
      return (await services.connect.begin(sessionToken)).state
    },
    checkStateFunction: (request: FastifyRequest) => stateIsOfThisBrowser(request, stateCookie),
  }
  await app.register(cookie)
  await app.register(oauth2, options)

  app.decorate('requireOwnBrowser', (request: FastifyRequest) => {
    if (stateIsOfThisBrowser(request, stateCookie)) return
    throw problem('connect_session_invalid', 'This browser did not start this consent, or it was ended already.')
  })
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Throws connect_session_invalid for a state that another browser was sent away with. */
    requireOwnBrowser(request: FastifyRequest): void
  }
}
