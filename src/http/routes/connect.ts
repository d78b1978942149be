// The browser's part of a consent: out to Xero, back from Xero, and a landing page of our own. No key is needed here: the
// session token, the state and the cookie are what counts. Nothing that passes here may be cached, referred or logged.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ProblemError, problem } from '../../domain/errors.ts'
import type { ConsentTokens, Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { donePage } from '../pages/done-page.ts'
import { queryOf } from '../schemas/lists.ts'
import { callsXero } from '../timeouts.ts'

const tags = ['Consent']
const short = (maxLength: number, description: string) => Type.Optional(Type.String({ maxLength, description }))
const redirect = Type.Null({ description: 'The browser is sent on; see Location.' })

/** Errors of OAuth are short words; whatever else arrives is not passed on to the product. */
const errorWord = (error: string | undefined): string | null =>
  error === undefined ? null : /^[a-z][a-z_]{2,40}$/.test(error) ? error : 'consent_failed'

/** A browser that fetches a page in advance says so: nobody has opened the link yet. */
const isInAdvance = ({ headers }: FastifyRequest): boolean =>
  /prefetch|prerender|preview/i.test(`${headers['sec-purpose'] ?? headers.purpose ?? headers['x-moz'] ?? ''}`)

const noStore = async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => {
  reply.header('cache-control', 'no-store')
}

/** The code exchange, tried once: a code is spent by the first try. What the other side said is never logged whole. */
async function exchange(app: App, request: FastifyRequest, reply: FastifyReply): Promise<ConsentTokens | string> {
  try {
    const token = await app.consent.exchange(request, reply)
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresIn } = token
    const scope = 'scope' in token && typeof token.scope === 'string' ? token.scope : ''
    if (!accessToken || !refreshToken || typeof expiresIn !== 'number') return 'exchange_failed'
    return { accessToken, refreshToken, expiresIn, scope }
  } catch (error) {
    const { output, data } = error as { output?: { statusCode?: unknown }; data?: { payload?: { error?: unknown } } }
    const fault = String(data?.payload?.error ?? '')
    request.log.warn({ requestId: request.id, upstreamStatus: output?.statusCode }, 'code exchange failed')
    return ['invalid_client', 'unauthorized_client'].includes(fault) ? 'application_credentials' : 'exchange_failed'
  }
}

export function connectRoutes(app: App, { connect }: Services): void {
  const browser = { config: { public: true, page: true }, onRequest: noStore }

  async function outcome(request: FastifyRequest, reply: FastifyReply, sessionId: string, error: string | null) {
    if (error !== null) return connect.fail(sessionId, error)
    const tokens = await exchange(app, request, reply)
    if (typeof tokens === 'string') return connect.fail(sessionId, tokens)
    try {
      return await connect.complete(sessionId, tokens)
    } catch (fault) {
      request.log.warn({ err: fault, requestId: request.id }, 'consent not completed')
      return connect.fail(sessionId, fault instanceof ProblemError ? fault.code : 'internal_error')
    }
  }

  app.get(
    '/connect/:sessionToken',
    {
      ...browser,
      schema: {
        operationId: 'startConsent',
        summary: 'Go to Xero (browser)',
        description:
          'The authorizationUrl of a connection. Sends the browser to Xero’s consent page, once: opened again, the link is refused. ' +
          'HEAD and requests by which a browser fetches the page in advance (Sec-Purpose: prefetch) do not use it up.',
        tags,
        params: Type.Object({
          sessionToken: Type.String({ minLength: 8, maxLength: 200, description: 'One-time token of the link.' }),
        }),
        response: { 302: redirect },
      },
      config: { ...browser.config, problems: ['connect_session_invalid'] },
      // A link scanner's HEAD must not use the link up.
      exposeHeadRoute: false,
    },
    async (request, reply) => {
      if (isInAdvance(request)) {
        throw problem('connect_session_invalid', 'Only a person opens the link. It was not used up by this request.', {
          action: 'Open the link in the address bar of a browser.',
        })
      }
      return reply.redirect(await app.consent.address(request, reply), 302)
    },
  )

  app.get(
    '/connect/callback',
    {
      ...browser,
      ...callsXero,
      schema: {
        operationId: 'finishConsent',
        summary: 'Return from Xero (browser)',
        description:
          'Xero sends the browser here. The state is checked against the browser and used up, the code is exchanged, and the browser ' +
          'goes on to the return URL with connectionId and code, or with error.',
        tags,
        querystring: Type.Object({
          state: short(500, 'The state that the browser was sent to Xero with.'),
          code: short(4000, 'The authorization code.'),
          error: short(200, 'Why there is no code, for example access_denied.'),
        }),
        response: { 302: redirect },
      },
      config: { ...browser.config, problems: ['connect_session_invalid'] },
      exposeHeadRoute: false,
    },
    async (request, reply) => {
      const { state = '', code, error } = request.query
      app.consent.requireOwnBrowser(request)
      const { sessionId } = await connect.claim(state)
      const failed = errorWord(error) ?? (code ? null : 'code_missing')
      const { redirectUrl } = await outcome(request, reply, sessionId, failed)
      return reply.redirect(redirectUrl, 302)
    },
  )

  app.get(
    '/connect/done',
    {
      ...browser,
      schema: {
        operationId: 'showConsentOutcome',
        summary: 'How the consent ended (browser)',
        description:
          'The page for connections without a return URL. It shows the completion code, or why there is none.',
        tags,
        produces: ['text/html'],
        querystring: queryOf({
          connectionId: short(64, 'The connection.'),
          code: short(200, 'The one-time completion code to confirm the consent with.'),
          error: short(64, 'Why there is no connection.'),
        }),
        response: { 200: Type.String({ description: 'A page.' }) },
      },
    },
    async (request, reply) => reply.type('text/html; charset=utf-8').send(donePage(request.query)),
  )
}
