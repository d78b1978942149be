// Tokens and consents. A refresh is never retried here: Xero rotates the refresh token, and only the token service, which
// keeps the old one, knows whether it may be used again (xero.md, Tokens).
import { syncError } from '../../domain/sync-errors.ts'
import type { Consent, GrantedConnection, Outcome, RefreshOutcome } from '../provider.ts'
import { type Answer, limitsOf } from './answer.ts'
import type { Client } from './client.ts'
import { judgeWhole, refused, unknown } from './errors.ts'
import { integer, isObject, type Json, text } from './json.ts'

export interface OAuthConfig {
  readonly clientId: string
  readonly clientSecret: string
  readonly identityUrl: string
  readonly apiUrl: string
  readonly timeoutMs: number
}

/** Xero rotates the token early in the call: waiting too short loses answers (xero.md, The SDK), too long holds a lease. */
const refreshTimeoutMs = 10_000
/** Life of an access token where the answer does not say (xero.md, Tokens). */
const usualLifeSeconds = 1800

const credentialFaults = ['invalid_client', 'unauthorized_client']

function refreshOutcome(answer: Answer): RefreshOutcome {
  const body: Json = isObject(answer.body) ? answer.body : {}
  const accessToken = text(body, 'access_token')
  const refreshToken = text(body, 'refresh_token')
  if (answer.status === 200 && accessToken && refreshToken) {
    const scopes = (text(body, 'scope') ?? '').split(/\s+/).filter((scope) => scope !== '')
    const expiresIn = integer(body, 'expires_in') ?? usualLifeSeconds
    return { kind: 'ok', tokens: { accessToken, refreshToken, expiresIn, scopes } }
  }
  const fault = text(body, 'error') ?? ''
  if (answer.status === 400 && fault === 'invalid_grant') return { kind: 'invalid_grant' }
  if ([400, 401].includes(answer.status) && credentialFaults.includes(fault))
    return { kind: 'invalid_client', error: syncError('application_credentials', { xero: [fault] }) }
  const cause = answer.status === 0 ? `No complete answer arrived (${answer.fault}).` : `Status ${answer.status}.`
  return { kind: 'unknown', error: syncError('unreachable', { cause: `The token could not be refreshed. ${cause}` }) }
}

export async function refresh(client: Client, config: OAuthConfig, refreshToken: string): Promise<RefreshOutcome> {
  const credentials = Buffer.from(`${config.clientId}:${config.clientSecret}`).toString('base64')
  const answer = await client.http({
    method: 'POST',
    url: `${config.identityUrl}/connect/token`,
    headers: {
      authorization: `Basic ${credentials}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }).toString(),
    timeoutMs: Math.min(refreshTimeoutMs, config.timeoutMs),
    secrets: [],
  })
  return refreshOutcome(answer)
}

/** Claims are read, not verified: the token came from Xero over TLS and is used for nothing but finding its consent. */
export function consentOf(accessToken: string): Consent {
  try {
    const claims: unknown = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString('utf8'))
    if (!isObject(claims)) return { userId: null, eventId: null }
    return { userId: text(claims, 'xero_userid'), eventId: text(claims, 'authentication_event_id') }
  } catch {
    return { userId: null, eventId: null }
  }
}

const authorised = (config: OAuthConfig, accessToken: string) => ({
  headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
  timeoutMs: config.timeoutMs,
  secrets: [accessToken],
})

function granted(row: Json): GrantedConnection[] {
  const remoteConnectionId = text(row, 'id')
  const organisationId = text(row, 'tenantId')
  // Accounting practices can be connected too; they have no books.
  if (!remoteConnectionId || !organisationId || text(row, 'tenantType') !== 'ORGANISATION') return []
  const organisationName = text(row, 'tenantName') ?? organisationId
  return [{ remoteConnectionId, organisationId, organisationName, eventId: text(row, 'authEventId') }]
}

export async function grantedConnections(
  client: Client,
  config: OAuthConfig,
  accessToken: string,
  eventId: string | null,
): Promise<Outcome<GrantedConnection[]>> {
  const filter = eventId === null ? '' : `?authEventId=${encodeURIComponent(eventId)}`
  const url = `${config.apiUrl}/connections${filter}`
  const answer = await client.http({ method: 'GET', url, ...authorised(config, accessToken) })
  const verdict = judgeWhole(answer, 'read')
  if (verdict.kind !== 'answered') return verdict
  // A bare array, unlike all other lists (xero.md, Connections).
  if (!Array.isArray(answer.body) || !answer.body.every(isObject)) return unknown(answer, 'read')
  const all = answer.body.flatMap(granted)
  const value = eventId === null ? all : all.filter((connection) => connection.eventId === eventId)
  return { kind: 'ok', value, limits: limitsOf(answer) }
}

export async function removeConnection(
  client: Client,
  config: OAuthConfig,
  accessToken: string,
  remoteConnectionId: string,
): Promise<Outcome<null>> {
  const url = `${config.apiUrl}/connections/${encodeURIComponent(remoteConnectionId)}`
  const answer = await client.http({ method: 'DELETE', url, ...authorised(config, accessToken) })
  const limits = limitsOf(answer)
  const done: Outcome<null> = { kind: 'ok', value: null, limits }
  const verdict = judgeWhole(answer, 'write')
  if (verdict.kind === 'answered') return answer.status === 204 ? done : unknown(answer, 'write')
  if (verdict.kind === 'unknown') return verdict
  if (verdict.refusal.reason === 'not_found') return done
  // Here 403 does not tell of an organisation but of an id that belongs to another user (xero.md, Connections).
  if (verdict.refusal.reason !== 'disconnected') return verdict
  return refused({ reason: 'not_permitted', error: syncError('not_permitted') }, limits)
}
