// Every call to the accounting system's API goes through here: it gets a token, takes a call from the organisation's
// budget, makes the call outside any transaction, and turns throttling, ended tokens and lost connections into what the
// caller must do. Nothing here retries a write.
import type { AccountingProvider, Call, ObservedLimits, Outcome, Refusal } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import { assertNoTransaction } from '../db/transaction.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import { circuitBreaker } from '../lib/circuit-breaker.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../observability/logger.ts'
import { blockApp, nextAppCallAt, takeAppCall } from '../stores/app-budget.ts'
import {
  type BudgetLimits,
  type BudgetState,
  blockBudget,
  findBudget,
  raiseDayCalls,
  returnSlot,
  takeCall,
} from '../stores/budgets.ts'
import { type ConnectionRow, changeConnection } from '../stores/connections.ts'
import type { TokenService } from './tokens.ts'

export type CallResult<T> =
  | { readonly kind: 'ok'; readonly value: T }
  /** Nothing was done; try again at the time. */
  | { readonly kind: 'wait'; readonly until: string; readonly error: SyncError }
  /** Nothing was done, and trying again would bring the same. */
  | { readonly kind: 'refused'; readonly error: SyncError }
  /** Nothing was done; the connection needs a new consent. */
  | { readonly kind: 'lost'; readonly error: SyncError }
  /** A write may have been done. */
  | { readonly kind: 'unknown'; readonly error: SyncError }

/** Counts the calls of a job. */
export interface CallMeter {
  sent: number
  received: number
}

export interface CallOptions {
  /** Runs when token and budget are there, right before the call: puts the intent on record. */
  readonly beforeSend?: () => Promise<void>
  readonly meter?: CallMeter
  /** Someone waits for the answer: uses the slot and the part of the day that jobs leave free. */
  readonly interactive?: boolean
}

/** A slot whose process died is free again after this time. */
const slotMs = 60_000
/** Jobs leave a tenth of the day for people. */
const shareOfJobs = 0.9
const interactiveWaitMs = 5_000
/** Where Xero names no time (FACTS §2.1: Retry-After is promised for minute and day only). */
const defaultRetrySeconds = { minute: 61, day: 3_600, concurrent: 2, app_minute: 15 } as const

/** In an outage one call every so often asks whether it is over, however many connections wait. */
const breakerLimits = { failures: 10, withinMs: 30_000, openMs: 15_000 }

export type Caller = ReturnType<typeof caller>

export function caller(deps: {
  db: Db
  clock: Clock
  provider: AccountingProvider
  tokens: TokenService
  /** `appMinute`: calls of the whole application in a minute. */
  limits: BudgetLimits & { readonly appMinute: number }
  random: () => number
  log: Logger
}) {
  const { db, clock, provider, tokens, limits, random, log } = deps
  const at = (milliseconds: number) => new Date(clock.now().getTime() + milliseconds).toISOString()
  const breaker = circuitBreaker(breakerLimits)
  const limitsOfJobs: BudgetLimits = {
    minute: limits.minute,
    day: Math.floor(limits.day * shareOfJobs),
    concurrent: Math.max(1, limits.concurrent - 1),
  }

  async function call<T>(
    connection: ConnectionRow,
    send: (call: Call) => Promise<Outcome<T>>,
    options: CallOptions = {},
  ): Promise<CallResult<T>> {
    assertNoTransaction()
    const { organisationId, tokenSetId } = connection
    if (!organisationId || !tokenSetId) return { kind: 'lost', error: syncError('disconnected') }
    for (let attempt = 1; ; attempt++) {
      const access = await tokens.access(tokenSetId)
      if (access.kind === 'wait') return access
      if (access.kind === 'reconnect') return { kind: 'lost', error: access.error }
      const openUntil = breaker.openUntil(clock.now().getTime())
      if (openUntil !== null) {
        return { kind: 'wait', until: new Date(openUntil).toISOString(), error: syncError('unreachable') }
      }
      const slot = await takeSlot(organisationId, options.interactive ?? false)
      if ('kind' in slot) return slot
      let outcome: Outcome<T>
      try {
        if (attempt === 1) await options.beforeSend?.()
        if (options.meter) options.meter.sent += 1
        outcome = await send({ accessToken: access.accessToken, organisationId })
      } finally {
        await returnSlot(db, organisationId, slot.until)
      }
      breaker.record(outcome.kind !== 'unknown', clock.now().getTime())
      if (options.meter && outcome.kind !== 'unknown') options.meter.received += 1
      await observe(organisationId, outcome.limits)
      if (outcome.kind === 'ok') return outcome
      if (outcome.kind === 'unknown') return { kind: 'unknown', error: outcome.error }
      if (outcome.refusal.reason === 'token_expired' && attempt === 1) {
        await tokens.expire(tokenSetId, access.version)
        continue
      }
      return refused(connection, outcome.refusal, access.accessToken)
    }
  }

  async function takeSlot(
    organisationId: string,
    interactive: boolean,
  ): Promise<{ until: number } | Extract<CallResult<never>, { kind: 'wait' }>> {
    const allowed = interactive ? limits : limitsOfJobs
    const startedAt = clock.uptime()
    for (;;) {
      const nowMs = clock.now().getTime()
      const until = nowMs + slotMs
      if (!(await takeAppCall(db, limits.appMinute, nowMs))) {
        return { kind: 'wait', until: await nextAppCallAt(db, nowMs), error: syncError('throttled') }
      }
      if (await takeCall(db, organisationId, allowed, nowMs, until)) return { until }
      const state = await findBudget(db, organisationId, allowed, nowMs)
      if (interactive && clock.uptime() - startedAt < interactiveWaitMs) {
        await clock.sleep(250)
        continue
      }
      return { kind: 'wait', until: state.nextCallAt, error: throttled(state) }
    }
  }

  const throttled = (state: BudgetState): SyncError =>
    syncError('throttled', {
      cause: `The next call may be made at ${state.nextCallAt} (${state.waitsFor ?? 'limit'}).`,
    })

  /** Xero's own count is the truth: another application may share the limit. */
  async function observe(organisationId: string, seen: ObservedLimits): Promise<void> {
    if (seen.dayRemaining !== null) await raiseDayCalls(db, organisationId, limits.day - seen.dayRemaining)
  }

  async function refused(connection: ConnectionRow, refusal: Refusal, accessToken: string): Promise<CallResult<never>> {
    switch (refusal.reason) {
      case 'throttled': {
        const seconds = refusal.retryAfterSeconds ?? defaultRetrySeconds[refusal.limit]
        const until = at(seconds * 1000 + Math.floor(random() * 2_000))
        if (refusal.limit === 'app_minute') await blockApp(db, until)
        else await blockBudget(db, connection.organisationId ?? '', until, refusal.limit)
        log.warn({ connectionId: connection.id, limit: refusal.limit, until }, 'Xero throttled a call')
        return {
          kind: 'wait',
          until,
          error: syncError('throttled', {
            cause: `Xero's ${refusal.limit} limit; the next call may be made at ${until}.`,
          }),
        }
      }
      case 'disconnected':
        return confirmLoss(connection, accessToken)
      case 'token_expired':
        return { kind: 'refused', error: syncError('not_permitted') }
      default:
        return { kind: 'refused', error: refusal.error }
    }
  }

  /** A 403 may also mean a wrong tenant id: only when the organisation is really gone does a person have to act. */
  async function confirmLoss(connection: ConnectionRow, accessToken: string): Promise<CallResult<never>> {
    const granted = await provider.grantedConnections(accessToken, null)
    if (granted.kind !== 'ok') return { kind: 'wait', until: at(15_000), error: syncError('unreachable') }
    if (granted.value.some((entry) => entry.organisationId === connection.organisationId)) {
      return { kind: 'refused', error: syncError('not_permitted') }
    }
    const error = syncError('disconnected')
    const change = { status: 'needs_reconnect', reason: error.cause } as const
    await changeConnection(db, connection.companyId, connection.id, ['active'], change, clock.now().toISOString())
    log.warn({ connectionId: connection.id, code: error.code }, error.title)
    return { kind: 'lost', error }
  }

  return {
    call,
    /** How many calls of jobs an organisation may have under way. */
    callsAtOnce: limitsOfJobs.concurrent,
    /** What is left of the limits, as people see it. */
    budget: (organisationId: string) => findBudget(db, organisationId, limits, clock.now().getTime()),
  }
}
