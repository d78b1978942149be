// Access tokens. Xero rotates the refresh token at every refresh, and a lost one means that a person must consent again:
// so one process refreshes at a time (a lease in the row), no transaction is open meanwhile, what came back is saved before
// it is used, and after a lost answer the old token is tried again inside Xero's grace of 30 minutes (xero.md, Tokens).
import type { AccountingProvider, Tokens } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import { assertNoTransaction, inTransaction } from '../db/transaction.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { Clock } from '../lib/clock.ts'
import type { SealedBox } from '../lib/sealed-box.ts'
import type { Logger } from '../observability/logger.ts'
import { noteCredentials } from '../stores/app-budget.ts'
import { changeConnection, connectionsOfTokenSet } from '../stores/connections.ts'
import {
  claimTokenSet,
  expireAccess,
  expireIdle,
  findTokenSet,
  idleTokenSets,
  interruptedRefreshes,
  leaseForRefresh,
  markInvalid,
  releaseRefresh,
  replaceSeal,
  saveConsent,
  saveRefresh,
  type TokenSet,
  tokenSetIdsAfter,
} from '../stores/token-sets.ts'

export type Access =
  | { readonly kind: 'ok'; readonly accessToken: string; readonly version: number }
  /** No token now; try again at the time. */
  | { readonly kind: 'wait'; readonly until: string; readonly error: SyncError }
  /** Xero really refused: a person must consent again. */
  | { readonly kind: 'reconnect'; readonly error: SyncError }

const refreshBeforeMs = 5 * 60_000
const leaseMs = 30_000
/** A call to the identity server ends within 10 s, and must end within the lease. */
const lastStartMs = leaseMs - 10_000
/** An access token with less life than this may end during a call. */
const usableMs = 45_000
/** One minute less than Xero's grace: our clock and Xero's may differ. */
const graceMs = 29 * 60_000
const pollMs = 250
const longestPollMs = 12_000
/** Xero ends a consent that is unused for 60 days. */
const idleMs = 20 * 24 * 60 * 60_000
/** For a database that is away at the very moment: the new token is in memory only. */
const saveTries = 60
const saveRetryMs = 2_000

/** Where the tokens of a consent are sealed for. */
export const tokenSetContext = (id: string): string => `token_sets|${id}|sealed`

type SealedTokens = Pick<Tokens, 'accessToken' | 'refreshToken'>

export type TokenService = ReturnType<typeof tokenService>

export function tokenService(deps: {
  db: Db
  clock: Clock
  provider: AccountingProvider
  box: SealedBox
  owner: string
  newId: () => string
  log: Logger
}) {
  const { db, clock, provider, box, owner, newId, log } = deps
  const seal = (id: string, tokens: SealedTokens) =>
    box.seal(
      JSON.stringify({ accessToken: tokens.accessToken, refreshToken: tokens.refreshToken }),
      tokenSetContext(id),
    )
  const open = (row: TokenSet): SealedTokens =>
    JSON.parse(box.open(row.sealed, tokenSetContext(row.id))) as SealedTokens
  /** Null for what no key of the ring opens: it must not keep the others from being sealed anew. */
  function opened(row: TokenSet): SealedTokens | null {
    try {
      return open(row)
    } catch (error) {
      log.error(
        { tokenSetId: row.id, error },
        'the tokens of a consent cannot be opened; reconnect its connections, or put the missing key back',
      )
      return null
    }
  }
  const at = (milliseconds: number) => new Date(clock.now().getTime() + milliseconds).toISOString()
  const now = () => clock.now().toISOString()
  const usable = (row: TokenSet): Access => ({
    kind: 'ok',
    accessToken: open(row).accessToken,
    version: row.version,
  })

  /** A consent that fails does not keep the others from being served. */
  async function alone(id: string, serve: () => Promise<unknown>): Promise<void> {
    try {
      await serve()
    } catch (error) {
      log.error({ tokenSetId: id, error }, 'a consent could not be refreshed')
    }
  }

  async function access(id: string): Promise<Access> {
    assertNoTransaction()
    for (let polled = 0; ; polled += pollMs) {
      const row = await findTokenSet(db, id)
      if (!row || row.invalidSince) return { kind: 'reconnect', error: syncError('consent_expired') }
      // Before the lease, which would stay: others go on, and this one tells what it waits for.
      if (!opened(row)) return { kind: 'wait', until: at(60_000), error: syncError('encryption_key_missing') }
      if (row.accessExpiresAt > at(refreshBeforeMs)) return usable(row)
      const [startedAt, askedAt] = [now(), clock.uptime()]
      const leased = await leaseForRefresh(db, id, owner, startedAt, at(leaseMs), at(refreshBeforeMs))
      if (leased) return refresh(leased, leased.refreshStartedAt !== startedAt, askedAt + lastStartMs)
      // Another process refreshes. Until it is done the present token serves, if it lives long enough.
      if (row.accessExpiresAt > at(usableMs)) return usable(row)
      if (polled >= longestPollMs) return { kind: 'wait', until: at(5_000), error: syncError('unreachable') }
      await clock.sleep(pollMs)
    }
  }

  /** `isRepeat`: an earlier refresh of the same token was begun and its end is not on record. */
  async function refresh(row: TokenSet, isRepeat: boolean, lastStart: number): Promise<Access> {
    const { refreshToken } = open(row)
    for (let attempt = 1; ; attempt++) {
      // The lease may be another's by then, and two refreshes of one token each replace what the other one brought.
      if (clock.uptime() > lastStart) {
        await releaseRefresh(db, row.id, row.epoch)
        return { kind: 'wait', until: at(5_000), error: syncError('unreachable') }
      }
      const outcome = await provider.refresh(refreshToken)
      // Health tells it of every connection, also of those that need no new token yet: there is one application.
      if (outcome.kind !== 'unknown') await noteCredentials(db, outcome.kind === 'invalid_client' ? now() : null)
      switch (outcome.kind) {
        case 'ok':
          return keep(row, outcome.tokens)
        case 'unknown':
          // The answer was lost, and Xero may have rotated: the old token still works inside the grace.
          if (attempt < 3) continue
          await releaseRefresh(db, row.id, row.epoch)
          return { kind: 'wait', until: at(30_000), error: outcome.error }
        case 'invalid_client':
          await releaseRefresh(db, row.id, row.epoch)
          log.error({ tokenSetId: row.id, code: outcome.error.code }, outcome.error.title)
          return { kind: 'wait', until: at(60_000), error: outcome.error }
        case 'invalid_grant':
          return refusedRefresh(row, isRepeat || attempt > 1)
      }
    }
  }

  /** Saves the new tokens before they are used; without that, a crash would lose the only valid refresh token. */
  async function keep(row: TokenSet, tokens: Tokens): Promise<Access> {
    const refreshed = { sealed: seal(row.id, tokens), accessExpiresAt: at(tokens.expiresIn * 1000), now: now() }
    for (let attempt = 1; ; attempt++) {
      try {
        if (await saveRefresh(db, row.id, row.epoch, refreshed)) break
        return access(row.id) // a new consent came meanwhile: its tokens stand
      } catch (error) {
        if (attempt >= saveTries) throw error
        log.warn({ tokenSetId: row.id, attempt }, 'refreshed tokens could not be saved yet')
        await clock.sleep(saveRetryMs)
      }
    }
    log.info({ tokenSetId: row.id }, 'access token refreshed')
    return { kind: 'ok', accessToken: tokens.accessToken, version: row.version + 1 }
  }

  async function refusedRefresh(row: TokenSet, answerWasLostBefore: boolean): Promise<Access> {
    const present = await findTokenSet(db, row.id)
    if (present && present.version !== row.version) return access(row.id)
    const graceEnds = Date.parse(row.refreshStartedAt ?? now()) + graceMs
    if (answerWasLostBefore && clock.now().getTime() < graceEnds) {
      await releaseRefresh(db, row.id, row.epoch)
      return { kind: 'wait', until: at(30_000), error: syncError('unreachable') }
    }
    const error = syncError('consent_expired')
    // In one transaction: a new consent waits for the row, and what it activates then is not taken for lost.
    await inTransaction(db, async (tx) => {
      if (!(await markInvalid(tx, row.id, row.epoch, now()))) return
      for (const connection of await connectionsOfTokenSet(tx, row.id)) {
        const change = { status: 'needs_reconnect', reason: error.cause } as const
        await changeConnection(tx, connection.companyId, connection.id, ['active'], change, now())
        log.warn({ connectionId: connection.id, code: error.code }, error.title)
      }
    })
    return { kind: 'reconnect', error }
  }

  return {
    access,

    /** Stores the tokens of a new consent, and in the same transaction what needs them: nobody may forget them in between. */
    async saveConsent(
      companyId: string,
      remoteUserId: string | null,
      tokens: Tokens,
      need: (tx: Db, tokenSetId: string) => Promise<void> = async () => undefined,
    ): Promise<string> {
      return inTransaction(db, async (tx) => {
        const id = await claimTokenSet(tx, companyId, { remoteUserId, newId: newId(), now: now() })
        await saveConsent(tx, id, {
          sealed: seal(id, tokens),
          scopes: tokens.scopes,
          accessExpiresAt: at(tokens.expiresIn * 1000),
          now: now(),
        })
        await need(tx, id)
        return id
      })
    },

    /** Xero said that the token ended before its time. */
    expire: (id: string, version: number) => expireAccess(db, id, version, now()),

    /** Seals every token set under the active key; one that is rotated meanwhile is sealed under it anyway. */
    async rotateKeys(): Promise<number> {
      let sealed = 0
      for (let after: string | null = null; ; ) {
        const ids = await tokenSetIdsAfter(db, after, 500)
        for (const id of ids) {
          const row = await findTokenSet(db, id)
          if (!row || row.sealed === '' || !box.isStale(row.sealed)) continue
          const tokens = opened(row)
          if (tokens && (await replaceSeal(db, id, row.version, seal(id, tokens)))) sealed += 1
        }
        after = ids.at(-1) ?? null
        if (after === null) return sealed
      }
    },

    /** Ends refreshes whose process died: Xero may have rotated, and the old token works for 30 minutes only. */
    async finishRefreshes(): Promise<void> {
      for (const id of await interruptedRefreshes(db, now(), 20)) await alone(id, () => access(id))
    },

    /** Refreshes consents that were not used for 20 days. */
    async keepAlive(): Promise<void> {
      const rotatedBefore = at(-idleMs)
      for (const id of await idleTokenSets(db, rotatedBefore, 20)) {
        await alone(id, async () => {
          await expireIdle(db, id, rotatedBefore, now())
          await access(id)
        })
      }
    },
  }
}
