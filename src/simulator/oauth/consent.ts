// What happens when a person (or a script in his place) answers the consent page: connections are made or renewed, and a
// code is issued for the app.
import { newId } from '../ids.ts'
import {
  type Connection,
  type ConsentRequest,
  findOrganisation,
  findUser,
  now,
  type User,
  type World,
} from '../world.ts'
import { splitScopes } from './scopes.ts'

/** Redirect target with the given members added to its query. */
export function redirectTo(address: string, members: Record<string, string | undefined>): string {
  const url = new URL(address)
  for (const [name, value] of Object.entries(members)) if (value !== undefined) url.searchParams.set(name, value)
  return url.toString()
}

export const cancelConsent = (request: ConsentRequest) =>
  redirectTo(request.query.redirect_uri ?? '', {
    error: 'access_denied',
    error_description: 'TheUserDeniedAccess',
    state: request.query.state,
  })

/**
 * Grants the organisations. A first connection is created; one that exists gets the new authEventId and a new
 * updatedDateUtc only when it was chosen again. (GET /connections?authEventId= shows what this consent chose.)
 */
export function connect(world: World, user: User, organisationIds: string[], authEventId: string): Connection[] {
  const at = now(world)
  return organisationIds.map((tenantId) => {
    const existing = [...world.connections.values()].find((one) => one.tenantId === tenantId && one.userId === user.id)
    const connection: Connection = existing
      ? { ...existing, authEventId, updatedAt: at }
      : { id: newId(), tenantId, userId: user.id, authEventId, createdAt: at, updatedAt: at }
    world.connections.set(connection.id, connection)
    return connection
  })
}

export function allowConsent(world: World, request: ConsentRequest, organisationIds: string[]): string {
  const user = findUser(world, request.userId)
  const authEventId = newId()
  connect(world, user, organisationIds, authEventId)
  const code = newId().replaceAll('-', '')
  world.codes.set(code, {
    userId: user.id,
    scopes: splitScopes(request.query.scope),
    authEventId,
    sessionId: newId().replaceAll('-', ''),
    redirectUri: request.query.redirect_uri ?? '',
    codeChallenge: request.query.code_challenge,
    nonce: request.query.nonce,
    issuedAt: now(world),
    used: false,
  })
  return redirectTo(request.query.redirect_uri ?? '', {
    code,
    scope: request.query.scope,
    state: request.query.state,
    session_state: newId().replaceAll('-', ''),
  })
}

/** The organisations that automatic consent grants: those named, or the first one the user has. */
export function automaticChoice(world: World, user: User, wanted: string[] | undefined): string[] {
  if (!wanted) return user.organisationIds.slice(0, 1)
  return wanted.map((one) => findOrganisation(world, one).id).filter((id) => user.organisationIds.includes(id))
}
