// Makes and reads access tokens: real JWTs (HS256), so that a client can read their claims as it reads Xero's.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { newId } from '../ids.ts'
import { isObject, type JsonObject, text } from '../json.ts'
import { days, minutes } from '../time.ts'
import { type Grant, now, type World } from '../world.ts'

export const accessTokenLife = minutes(30)
export const refreshTokenLife = days(60)
export const graceAfterRotation = minutes(30)
export const codeLife = minutes(5)

const part = (value: JsonObject) => Buffer.from(JSON.stringify(value)).toString('base64url')
const signature = (world: World, content: string) =>
  createHmac('sha256', world.signingKey).update(content).digest('base64url')

function sign(world: World, claims: JsonObject): string {
  const content = `${part({ alg: 'HS256', typ: 'JWT', kid: 'simulator' })}.${part(claims)}`
  return `${content}.${signature(world, content)}`
}

export function issueTokens(world: World, grant: Grant, nonce?: string): JsonObject {
  const at = now(world)
  const seconds = Math.floor(at / 1000)
  const common = {
    nbf: seconds,
    iss: world.url,
    client_id: world.app.clientId,
    sub: grant.userId.replaceAll('-', ''),
    auth_time: seconds,
    sid: grant.sessionId,
    jti: newId(),
    authentication_event_id: grant.authEventId,
    xero_userid: grant.userId,
    global_session_id: grant.sessionId,
  }
  const answer: JsonObject = {
    access_token: sign(world, {
      ...common,
      exp: seconds + accessTokenLife / 1000,
      aud: `${world.url}/resources`,
      scope: grant.scopes,
      amr: ['pwd'],
    }),
    expires_in: accessTokenLife / 1000,
    token_type: 'Bearer',
    scope: grant.scopes.join(' '),
  }
  if (grant.scopes.includes('openid')) {
    const user = world.users.get(grant.userId)
    answer.id_token = sign(world, {
      ...common,
      exp: seconds + 300,
      aud: world.app.clientId,
      ...(nonce === undefined ? {} : { nonce }),
      ...(grant.scopes.includes('email') ? { email: user?.email } : {}),
      ...(grant.scopes.includes('profile') ? { name: user?.name, preferred_username: user?.email } : {}),
    })
  }
  if (grant.scopes.includes('offline_access')) {
    const token = `${newId()}${newId()}`.replaceAll('-', '')
    world.refreshTokens.set(token, { ...grant, issuedAt: at })
    answer.refresh_token = token
  }
  return answer
}

export type Bearer =
  | { kind: 'valid'; userId: string; scopes: string[] }
  | { kind: 'expired'; at: number }
  | { kind: 'invalid' }

export function readBearer(world: World, authorization: string | undefined): Bearer {
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1] ?? ''
  const [header, body, given] = token.split('.')
  if (header === undefined || body === undefined || given === undefined) return { kind: 'invalid' }
  const expected = Buffer.from(signature(world, `${header}.${body}`))
  const received = Buffer.from(given)
  if (expected.length !== received.length || !timingSafeEqual(expected, received)) return { kind: 'invalid' }
  const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString())
  if (!isObject(claims) || !Array.isArray(claims.scope)) return { kind: 'invalid' }
  const expiry = Number(claims.exp) * 1000
  if (now(world) >= expiry) return { kind: 'expired', at: expiry }
  return { kind: 'valid', userId: text(claims, 'xero_userid') ?? '', scopes: claims.scope.map(String) }
}
