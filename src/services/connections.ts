// The life of a connection, as the product steers it: create, confirm the consent, choose the organisation, disconnect,
// reconnect. The browser's part of a consent is in connect.ts.
import type { AccountingProvider } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import { inTransaction } from '../db/transaction.ts'
import { type Connection, connectionStatuses, type OrganisationSummary } from '../domain/connection.ts'
import { problem } from '../domain/errors.ts'
import { allowedReturnUrl } from '../domain/return-url.ts'
import { storedSettings } from '../domain/settings/index.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { hashSecret, newSecret } from '../lib/secrets.ts'
import type { Logger } from '../observability/logger.ts'
import { forgetLimits } from '../stores/budgets.ts'
import {
  confirmConnectSession,
  findConfirmedSession,
  type GrantedRow,
  insertConnectSession,
} from '../stores/connect-sessions.ts'
import {
  activateConnection,
  type ConnectionRow,
  changeConnection,
  findConnection,
  insertConnection,
  isNeededByOthers,
  listConnections,
} from '../stores/connections.ts'
import { findSettings } from '../stores/settings.ts'
import { cancelUnfinished, wakeThrottled } from '../stores/sync-jobs.ts'
import { forgetUnusedTokens } from '../stores/token-sets.ts'
import { alone, aloneOfCompany } from './alone.ts'
import type { Caller } from './calls.ts'
import { connectionHealth } from './connection-health.ts'
import { requirePlaceForLink, requirePlaceToConnect } from './consent-limits.ts'
import type { ConnectionService, ConsentInvitation } from './contract.ts'
import { nextRunOf } from './next-run.ts'
import { remoteRemover } from './remote-connections.ts'
import type { RestoredService } from './restored.ts'
import type { TokenService } from './tokens.ts'

/** How long a person has to open the link and consent. */
const linkLifeMs = 10 * 60_000
export const toConnection = (row: ConnectionRow): Connection => {
  const { organisationId: _o, remoteConnectionId: _r, tokenSetId: _t, ...connection } = row
  return connection
}

/** The connection, or not_found: also for one of another company, so that ids cannot be probed. */
export async function requireConnection(db: Db, companyId: string, id: string): Promise<ConnectionRow> {
  const row = await findConnection(db, companyId, id)
  if (!row) throw problem('not_found', `There is no connection ${id}.`)
  return row
}

export async function requireActiveConnection(db: Db, companyId: string, id: string): Promise<ConnectionRow> {
  const row = await requireConnection(db, companyId, id)
  if (row.status !== 'active') {
    throw problem('connection_not_active', `The connection is ${row.status}.`, {
      extra: { connectionStatus: row.status },
    })
  }
  return row
}

export function connectionService(deps: {
  db: Db
  clock: Clock
  newId: NewId
  provider: AccountingProvider
  tokens: TokenService
  caller: Caller
  restored: RestoredService
  publicUrl: string
  /** Allowed return URLs; the first one is used where the product names none. Empty: the service's own page. */
  returnUrls: readonly string[]
  log: Logger
}): ConnectionService {
  const { db, clock, newId, provider, tokens, caller, restored, publicUrl, returnUrls, log } = deps
  const removeAtXero = remoteRemover({ clock, provider, tokens })
  const healthOf = connectionHealth({ db, clock, caller })
  const now = () => clock.now().toISOString()
  const reload = async (companyId: string, id: string) => toConnection(await requireConnection(db, companyId, id))

  /** In a transaction that counted the links before. */
  async function invite(
    tx: Db,
    companyId: string,
    connectionId: string,
    returnUrl: string | null,
  ): Promise<ConsentInvitation> {
    const link = newSecret()
    const expiresAt = new Date(clock.now().getTime() + linkLifeMs).toISOString()
    await insertConnectSession(tx, companyId, {
      id: newId(),
      connectionId,
      linkHash: hashSecret(link),
      returnUrl,
      expiresAt,
      now: now(),
    })
    return {
      connection: toConnection(await requireConnection(tx, companyId, connectionId)),
      authorizationUrl: `${publicUrl}/connect/${link}`,
      expiresAt,
    }
  }

  /** In a transaction that has the connection, which `row` was read in. Returns why it may not be, and then changes nothing. */
  async function activate(
    tx: Db,
    row: ConnectionRow,
    granted: GrantedRow & { tokenSetId: string },
    mayShare: boolean,
  ): Promise<Error | null> {
    const { companyId } = row
    if (row.organisationId !== null && row.organisationId !== granted.id) {
      return problem(
        'invalid_state_transition',
        `This connection belongs to the organisation "${row.organisation?.name ?? row.organisationId}"; its links mean nothing in "${granted.name}".`,
        { action: 'Consent for the same organisation, or create a new connection for the other one.' },
      )
    }
    const organisation: OrganisationSummary = row.organisation ?? {
      id: granted.id,
      name: granted.name,
      baseCurrency: null,
      countryCode: null,
      timezone: null,
      shortCode: null,
      isDemoCompany: false,
    }
    const { settings } = storedSettings((await findSettings(tx, companyId, row.id))?.document ?? {})
    const change = {
      organisation: { ...organisation, name: granted.name },
      organisationId: granted.id,
      remoteConnectionId: granted.remoteConnectionId,
      tokenSetId: granted.tokenSetId,
      reason: null,
      nextRunAt: nextRunOf(settings, organisation.timezone, clock.now()),
      mayShare,
      firstReadAt: now(),
    }
    const holder = await activateConnection(tx, { companyId, id: row.id }, change, now())
    // The ids of another company stay its own.
    if (holder?.companyId === companyId) {
      return problem('organisation_already_connected', `"${granted.name}" is connected already.`, {
        extra: { connectionId: holder.id },
      })
    }
    if (holder) {
      return problem('organisation_already_connected', `"${granted.name}" is connected by another company.`, {
        action:
          'Disconnect it there; or the operator confirms a new consent with the bootstrap key and allowShared true.',
      })
    }
    log.info({ connectionId: row.id }, 'connection active')
    return null
  }

  return {
    async create(companyId, input) {
      const returnUrl = allowedReturnUrl(input.returnUrl, returnUrls)
      return aloneOfCompany(db, companyId, async (tx) => {
        await requirePlaceToConnect(tx, companyId, clock.now())
        const id = newId()
        await insertConnection(tx, companyId, id, now())
        return invite(tx, companyId, id, returnUrl)
      })
    },

    async reconnect(companyId, id, input) {
      await requireConnection(db, companyId, id)
      const returnUrl = allowedReturnUrl(input.returnUrl, returnUrls)
      return alone(db, id, async (tx) => {
        await requireConnection(tx, companyId, id)
        await requirePlaceForLink(tx, id, now())
        return invite(tx, companyId, id, returnUrl)
      })
    },

    async confirm(companyId, id, completionCode, mayShare) {
      const refused = await alone(db, id, async (tx) => {
        const row = await requireConnection(tx, companyId, id)
        const session = await confirmConnectSession(tx, companyId, id, hashSecret(completionCode), now())
        if (!session?.granted || !session.tokenSetId) {
          throw problem('completion_code_invalid', 'The completion code is unknown, used or expired.')
        }
        const own = session.granted.find((entry) => entry.id === row.organisationId)
        const isBound = row.organisationId !== null
        const only = own ?? (isBound || session.granted.length === 1 ? session.granted[0] : undefined)
        if (only) return activate(tx, row, { ...only, tokenSetId: session.tokenSetId }, mayShare)
        const change = { status: 'select_organisation', tokenSetId: session.tokenSetId } as const
        await changeConnection(tx, companyId, id, connectionStatuses, change, now())
        return null
      })
      // Thrown when the transaction has ended: the code is used up.
      if (refused) throw refused
      return reload(companyId, id)
    },

    async list(companyId, filter, page) {
      const found = await listConnections(db, companyId, filter.status, page)
      return { items: found.items.map(toConnection), next: found.next }
    },

    get: reload,

    async organisations(companyId, id) {
      await requireConnection(db, companyId, id)
      const session = await findConfirmedSession(db, companyId, id)
      return (session?.granted ?? []).map(({ id: organisationId, name }) => ({ id: organisationId, name }))
    },

    async selectOrganisation(companyId, id, organisationId, mayShare) {
      await alone(db, id, async (tx) => {
        const row = await requireConnection(tx, companyId, id)
        if (row.status !== 'select_organisation') {
          throw problem('invalid_state_transition', `The connection is ${row.status}; there is nothing to select.`)
        }
        const session = await findConfirmedSession(tx, companyId, id)
        const granted = session?.granted?.find((entry) => entry.id === organisationId)
        if (!granted || !session?.tokenSetId) {
          throw problem('validation_failed', 'The consent did not grant this organisation.', {
            errors: [
              {
                pointer: '/organisationId',
                detail: 'Not one of the granted organisations.',
                action: 'GET …/organisations lists them.',
              },
            ],
          })
        }
        const refused = await activate(tx, row, { ...granted, tokenSetId: session.tokenSetId }, mayShare)
        if (refused) throw refused
      })
      return reload(companyId, id)
    },

    async disconnect(companyId, id) {
      const row = await requireConnection(db, companyId, id)
      // Asked for before Xero ends anything: a job that is at work then knows why its calls are refused.
      await cancelUnfinished(db, companyId, id, syncError('disconnected_here'))
      // Revoking the token would drop every other connection of the same user, so only this one is removed (xero.md, Consent).
      const isShared = await inTransaction(db, (tx) => isNeededByOthers(tx, row, now()))
      if (row.remoteConnectionId && row.tokenSetId && !isShared) {
        await removeAtXero(row.tokenSetId, row.remoteConnectionId)
      }
      const isEnded = await alone(db, id, async (tx) => {
        const present = await requireConnection(tx, companyId, id)
        const isSame = present.remoteConnectionId === row.remoteConnectionId && present.tokenSetId === row.tokenSetId
        // Confirmed anew meanwhile: what that consent made at Xero is removed as well.
        if (!isSame && present.remoteConnectionId !== null) return false
        // Of several that end at one moment, the last one removes it.
        if (isShared && isSame && !(await isNeededByOthers(tx, row, now()))) return false
        const ended = { status: 'disconnected', remoteConnectionId: null, tokenSetId: null, nextRunAt: null } as const
        await changeConnection(tx, companyId, id, connectionStatuses, { ...ended, reason: 'disconnected' }, now())
        if (row.tokenSetId) await forgetUnusedTokens(tx, row.tokenSetId, now())
        await cancelUnfinished(tx, companyId, id, syncError('disconnected_here'))
        return true
      })
      if (!isEnded) return this.disconnect(companyId, id)
      log.info({ connectionId: id }, 'connection disconnected')
      return reload(companyId, id)
    },

    async lookUpFirst(companyId, id) {
      await requireActiveConnection(db, companyId, id)
      await restored.lookUpFirst({ companyId, connectionId: id })
      return reload(companyId, id)
    },

    async liftLimits(companyId, id) {
      const connection = await requireActiveConnection(db, companyId, id)
      await inTransaction(db, async (tx) => {
        await forgetLimits(tx, connection.organisationId ?? '', now())
        await wakeThrottled(tx, connection.organisationId ?? '')
      })
      log.info({ connectionId: id }, 'limits of the organisation lifted by a caller')
      return healthOf(connection)
    },

    async health(companyId, id) {
      return healthOf(await requireConnection(db, companyId, id))
    },
  }
}
