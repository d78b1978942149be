// The browser's part of a consent. A session is bound to a link that works in one flow, to the state of the browser that
// opened it, and in the end to a completion code that only the product can use with its own key: so a consent that
// somebody was tricked into never lands at another company.
import type { AccountingProvider } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import { problem } from '../domain/errors.ts'
import type { Clock } from '../lib/clock.ts'
import { hashSecret, newSecret } from '../lib/secrets.ts'
import type { Logger } from '../observability/logger.ts'
import { noteCredentials } from '../stores/app-budget.ts'
import {
  type ConnectSession,
  claimConnectSession,
  findConnectSession,
  startConnectSession,
  storeGrant,
} from '../stores/connect-sessions.ts'
import type { ConnectService } from './contract.ts'
import type { TokenService } from './tokens.ts'

/** How long the product has to confirm. */
const completionLifeMs = 10 * 60_000

export function connectService(deps: {
  db: Db
  clock: Clock
  provider: AccountingProvider
  tokens: TokenService
  publicUrl: string
  log: Logger
}): ConnectService {
  const { db, clock, provider, tokens, publicUrl, log } = deps
  const now = () => clock.now().toISOString()

  const redirect = (session: ConnectSession, parameters: Record<string, string>): { redirectUrl: string } => {
    const url = new URL(session.returnUrl ?? `${publicUrl}/connect/done`)
    // Parameters of the return URL with these names would stand beside ours, and might be believed.
    for (const name of ['connectionId', 'code', 'error']) url.searchParams.delete(name)
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    return { redirectUrl: url.toString() }
  }

  async function requireSession(id: string): Promise<ConnectSession> {
    const session = await findConnectSession(db, id)
    if (!session) throw problem('connect_session_invalid', 'The connect session does not exist any more.')
    return session
  }

  async function fail(sessionId: string, error: string): Promise<{ redirectUrl: string }> {
    const session = await requireSession(sessionId)
    if (error === 'application_credentials') await noteCredentials(db, now())
    log.info({ connectionId: session.connectionId, error }, 'consent not completed')
    return redirect(session, { connectionId: session.connectionId, error })
  }

  return {
    async begin(sessionToken) {
      const state = newSecret()
      if (!(await startConnectSession(db, hashSecret(sessionToken), hashSecret(state), now()))) {
        throw problem('connect_session_invalid', 'The link is unknown, was opened before, or has expired.')
      }
      return { state }
    },

    async claim(state) {
      const session = await claimConnectSession(db, hashSecret(state), now())
      if (!session) throw problem('connect_session_invalid', 'The state of the consent is unknown, used or expired.')
      return { sessionId: session.id }
    },

    async complete(sessionId, granted) {
      const session = await requireSession(sessionId)
      const consent = provider.consentOf(granted.accessToken)
      const connections = await provider.grantedConnections(granted.accessToken, consent.eventId)
      if (connections.kind !== 'ok') return fail(sessionId, 'xero_unreachable')
      // A person who consents again for the same organisation gets no new event id there: then all of the user count.
      const listed =
        connections.value.length > 0 || consent.eventId === null
          ? connections
          : await provider.grantedConnections(granted.accessToken, null)
      if (listed.kind !== 'ok') return fail(sessionId, 'xero_unreachable')
      if (listed.value.length === 0) return fail(sessionId, 'no_organisation')
      await noteCredentials(db, null)
      const code = newSecret()
      const given = {
        accessToken: granted.accessToken,
        refreshToken: granted.refreshToken,
        expiresIn: granted.expiresIn,
        scopes: granted.scope.split(/\s+/).filter(Boolean),
      }
      await tokens.saveConsent(session.companyId, consent.userId, given, (tx, tokenSetId) =>
        storeGrant(tx, session.id, {
          tokenSetId,
          granted: listed.value.map((entry) => ({
            id: entry.organisationId,
            name: entry.organisationName,
            remoteConnectionId: entry.remoteConnectionId,
          })),
          completionHash: hashSecret(code),
          expiresAt: new Date(clock.now().getTime() + completionLifeMs).toISOString(),
        }),
      )
      log.info({ connectionId: session.connectionId, organisations: listed.value.length }, 'consent given')
      return redirect(session, { connectionId: session.connectionId, code })
    },

    fail,
  }
}
