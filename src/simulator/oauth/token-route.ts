// Token and revocation endpoints. Rotation as Xero has it: each refresh hands out a new token, and the old one may be used
// again for 30 minutes after it was first replaced, in case the answer was lost.
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { JsonObject } from '../json.ts'
import { now, type World } from '../world.ts'
import { codeLife, graceAfterRotation, issueTokens, refreshTokenLife } from './tokens.ts'

type Outcome = { status: number; body?: JsonObject }
const refused = (error: string): Outcome => ({ status: 400, body: { error } })

/** Basic authentication, or the same two values in the form. */
function clientKnown(world: World, authorization: string | undefined, form: URLSearchParams): boolean {
  const basic = /^Basic (.+)$/i.exec(authorization ?? '')?.[1]
  const [id = '', secret = ''] = basic
    ? Buffer.from(basic, 'base64').toString().split(/:(.*)/s).map(decodeURIComponent)
    : [form.get('client_id') ?? '', form.get('client_secret') ?? '']
  return id === world.app.clientId && secret === world.app.clientSecret
}

function exchange(world: World, form: URLSearchParams): Outcome {
  const code = form.get('code') ?? ''
  const grant = world.codes.get(code)
  if (!grant || grant.used || now(world) - grant.issuedAt >= codeLife) return refused('invalid_grant')
  if (form.get('redirect_uri') !== grant.redirectUri) return refused('invalid_grant')
  if (grant.codeChallenge !== undefined) {
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (challenge !== grant.codeChallenge) return refused('invalid_grant')
  }
  world.codes.set(code, { ...grant, used: true })
  const { userId, scopes, authEventId, sessionId } = grant
  return { status: 200, body: issueTokens(world, { userId, scopes, authEventId, sessionId }, grant.nonce) }
}

function refresh(world: World, form: URLSearchParams): Outcome {
  const token = form.get('refresh_token') ?? ''
  const held = world.refreshTokens.get(token)
  if (!held) return refused('invalid_grant')
  const at = now(world)
  const outlived =
    held.supersededAt === undefined
      ? at - held.issuedAt >= refreshTokenLife
      : at - held.supersededAt >= graceAfterRotation
  if (outlived) return refused('invalid_grant')
  world.refreshTokens.set(token, { ...held, supersededAt: held.supersededAt ?? at })
  const { userId, scopes, authEventId, sessionId } = held
  return { status: 200, body: issueTokens(world, { userId, scopes, authEventId, sessionId }) }
}

/** Ends every token of the user behind this one, and every connection he made for the app. */
function revoke(world: World, form: URLSearchParams): Outcome {
  const held = world.refreshTokens.get(form.get('token') ?? '')
  if (held) forgetUser(world, held.userId)
  return { status: 200 }
}

export function forgetUser(world: World, userId: string): void {
  for (const [token, grant] of world.refreshTokens) if (grant.userId === userId) world.refreshTokens.delete(token)
  for (const [id, connection] of world.connections) if (connection.userId === userId) world.connections.delete(id)
}

export function token(world: World, authorization: string | undefined, form: URLSearchParams): Outcome {
  if (!clientKnown(world, authorization, form)) return refused('invalid_client')
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return exchange(world, form)
    case 'refresh_token':
      return refresh(world, form)
    default:
      return refused('unsupported_grant_type')
  }
}

export function tokenRoutes(http: FastifyInstance, world: World): void {
  http.post('/connect/token', async (request, reply) => {
    const form = new URLSearchParams(String(request.body ?? ''))
    const outcome = token(world, request.headers.authorization, form)
    return reply.code(outcome.status).header('cache-control', 'no-store').send(outcome.body)
  })

  http.post('/connect/revocation', async (request, reply) => {
    const form = new URLSearchParams(String(request.body ?? ''))
    const known = clientKnown(world, request.headers.authorization, form)
    const outcome = known ? revoke(world, form) : refused('invalid_client')
    return reply.code(outcome.status).send(outcome.body)
  })

  http.get('/.well-known/openid-configuration', async () => ({
    issuer: world.url,
    jwks_uri: `${world.url}/.well-known/openid-configuration/jwks`,
    authorization_endpoint: `${world.url}/identity/connect/authorize`,
    token_endpoint: `${world.url}/connect/token`,
    userinfo_endpoint: `${world.url}/connect/userinfo`,
    revocation_endpoint: `${world.url}/connect/revocation`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['HS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    code_challenge_methods_supported: ['S256'],
  }))
  http.get('/.well-known/openid-configuration/jwks', async () => ({ keys: [] }))
}
