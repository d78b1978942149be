// The authorize endpoint: checks the request as strictly as Xero does, then shows the consent page or, when told to, answers
// it itself. A wrong client or address never redirects: it ends on an error page.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { newId } from '../ids.ts'
import { findUser, type World } from '../world.ts'
import { allowConsent, automaticChoice, cancelConsent, redirectTo } from './consent.ts'
import { consentPage, errorPage } from './pages.ts'
import { refusedScopes, splitScopes } from './scopes.ts'

const html = (reply: FastifyReply, status: number, content: string) =>
  reply.code(status).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(content)

/** https anywhere, http only for the name localhost: Xero refuses 127.0.0.1. */
export function acceptableRedirect(address: string | undefined): boolean {
  if (address === undefined || !URL.canParse(address)) return false
  const url = new URL(address)
  return url.hash === '' && (url.protocol === 'https:' || (url.protocol === 'http:' && url.hostname === 'localhost'))
}

function faultOf(world: World, query: Record<string, string>): [code: string, detail: string] | undefined {
  if (query.client_id !== world.app.clientId) return ['unauthorized_client', 'Unknown client or client not enabled']
  const registered = world.app.redirectUris?.includes(query.redirect_uri ?? '') ?? true
  if (!acceptableRedirect(query.redirect_uri) || !registered) return ['unauthorized_client', 'Invalid redirect_uri']
  if (query.response_type !== 'code') return ['unsupported_response_type', 'response_type must be code']
  const scopes = splitScopes(query.scope)
  const refused = refusedScopes(scopes, world.app.broadScopes)
  if (scopes.length === 0 || refused.length > 0) return ['invalid_scope', `Invalid scopes: ${refused.join(' ')}`]
  if (query.code_challenge !== undefined && query.code_challenge_method !== 'S256')
    return ['invalid_request', 'Transform algorithm not supported']
  return undefined
}

/** How a script answers the page: control API, else query parameters, else headers (see README.md). */
function scripted(world: World, request: FastifyRequest, query: Record<string, string>) {
  const header = (name: string) => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : undefined
  }
  const decision = query.simulator_consent ?? header('x-simulator-consent')
  const user = query.simulator_user ?? header('x-simulator-user')
  const organisations = (query.simulator_organisations ?? header('x-simulator-organisations'))?.split(',')
  if (decision === undefined && world.consent.mode === 'manual') return { user: user ?? world.consent.user }
  return {
    user: user ?? world.consent.user,
    decision: decision ?? (world.consent.cancel ? 'cancel' : 'allow'),
    organisations: organisations ?? world.consent.organisations,
  }
}

export function authorizeRoutes(http: FastifyInstance, world: World): void {
  http.get('/identity/connect/authorize', async (request, reply) => {
    const query = request.query as Record<string, string>
    const fault = faultOf(world, query)
    if (fault) return html(reply, 400, errorPage(...fault))
    const script = scripted(world, request, query)
    const chosen = script.user ?? world.users.keys().next().value
    if (chosen === undefined) return html(reply, 400, errorPage('login_required', 'There is no user.'))
    const user = findUser(world, chosen)
    const pending = { query, userId: user.id }
    if (script.decision === 'cancel') return reply.redirect(cancelConsent(pending))
    if (script.decision === 'allow')
      return reply.redirect(allowConsent(world, pending, automaticChoice(world, user, script.organisations)))
    const requestId = newId()
    world.consentRequests.set(requestId, pending)
    const others = [...world.users.values()]
      .filter((one) => one.id !== user.id)
      .map((one) => ({ user: one, address: redirectTo(`${world.url}${request.url}`, { simulator_user: one.id }) }))
    const organisations = user.organisationIds.flatMap((id) => world.organisations.get(id) ?? [])
    return html(reply, 200, consentPage(world, requestId, user, organisations, splitScopes(query.scope), others))
  })

  http.post('/identity/connect/consent', async (request, reply) => {
    const form = new URLSearchParams(String(request.body ?? ''))
    const requestId = form.get('request') ?? ''
    const pending = world.consentRequests.get(requestId)
    if (!pending) return html(reply, 400, errorPage('invalid_request', 'This page has been answered already.'))
    const user = findUser(world, pending.userId)
    const chosen = form.getAll('organisation').filter((id) => user.organisationIds.includes(id))
    const allowed = form.get('decision') === 'allow'
    if (allowed && chosen.length === 0)
      return reply.redirect(redirectTo(`${world.url}/identity/connect/authorize`, pending.query))
    world.consentRequests.delete(requestId)
    if (!allowed) return reply.redirect(cancelConsent(pending), 303)
    return reply.redirect(allowConsent(world, pending, world.app.bulkConnections ? chosen : chosen.slice(0, 1)), 303)
  })
}
