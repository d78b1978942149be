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
import { appCallsASecond, blockApp, nextAppCallAt, takeAppCall } from '../stores/app-budget.ts'
import {
  type BudgetLimits,
  type BudgetState,
  blockBudget,
  type CallPurpose,
  endCall,
  findBudget,
  postponeCall,
  takeCall,
} from '../stores/budgets.ts'
import { type ConnectionRow, markLost } from '../stores/connections.ts'
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
  /** sync, unless said: which part of the day it is taken from. Interactive calls may also use the slot that others leave free. */
  readonly purpose?: CallPurpose
}

/** A slot whose process died is free again after this time. */
const slotMs = 60_000
/** A call that is made later than this after it was taken counts from when it is made. */
const lateMs = 200
const interactiveWaitMs = 5_000
/** Where Xero names no time (xero.md, Limits: Retry-After is promised for minute and day only). */
const defaultRetrySeconds = { minute: 61, day: 3_600, concurrent: 2, app_minute: 15 } as const

/** The minute of the application, and a second for what is on its way. */
const appWindowMs = 61_000
const nothingSeen: ObservedLimits = { minuteRemaining: null, dayRemaining: null, appMinuteRemaining: null }

/** In an outage one call every so often asks whether it is over, however many connections wait. */
const breakerLimits = { failures: 10, withinMs: 30_000, openMs: 15_000 }

export interface CallLimits extends BudgetLimits {
  /** Calls of the whole application in a minute. */
  readonly appMinute: number
}

export type Caller = ReturnType<typeof caller>

export function caller(deps: {
  db: Db
  clock: Clock
  provider: AccountingProvider
  tokens: TokenService
  limits: CallLimits
  random: () => number
  log: Logger
}) {
  const { db, clock, provider, tokens, limits, random, log } = deps
  const at = (milliseconds: number) => new Date(clock.now().getTime() + milliseconds).toISOString()
  const breaker = circuitBreaker(breakerLimits)
  /** One slot is left free for people. */
  const callsAtOnce = Math.max(1, limits.concurrent - 1)

  async function call<T>(
    connection: ConnectionRow,
    send: (call: Call) => Promise<Outcome<T>>,
    options: CallOptions = {},
  ): Promise<CallResult<T>> {
    assertNoTransaction()
    const { organisationId, tokenSetId } = connection
    const { purpose = 'sync' } = options
    if (!organisationId || !tokenSetId) return { kind: 'lost', error: syncError('disconnected') }
    for (let attempt = 1; ; attempt++) {
      const access = await tokens.access(tokenSetId)
      if (access.kind === 'wait') return access
      if (access.kind === 'reconnect') return { kind: 'lost', error: access.error }
      const openUntil = breaker.openUntil(clock.now().getTime())
      if (openUntil !== null) {
        return { kind: 'wait', until: new Date(openUntil).toISOString(), error: syncError('unreachable') }
      }
      await provider.ready()
      const slot = await takeSlot(organisationId, purpose)
      if ('kind' in slot) return slot
      let outcome: Outcome<T>
      let seen = nothingSeen
      try {
        if (attempt === 1) await options.beforeSend?.()
        const sentMs = clock.now().getTime()
        if (sentMs - slot.takenMs > lateMs) await postponeCall(db, organisationId, slot.takenMs, sentMs)
        if (options.meter) options.meter.sent += 1
        outcome = await send({ accessToken: access.accessToken, organisationId })
        seen = seenIn(outcome)
      } finally {
        await endCall(db, organisationId, limits, seen, slot.untilMs, clock.now().getTime())
      }
      breaker.record(outcome.kind !== 'unknown', clock.now().getTime())
      if (options.meter && outcome.kind !== 'unknown') options.meter.received += 1
      const appPauseMs = pauseOfApp(seen)
      if (appPauseMs > 0) await blockApp(db, at(appPauseMs))
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
    purpose: CallPurpose,
  ): Promise<{ takenMs: number; untilMs: number } | Extract<CallResult<never>, { kind: 'wait' }>> {
    const isInteractive = purpose === 'interactive'
    const allowed = isInteractive ? limits : { ...limits, concurrent: callsAtOnce }
    const startedAt = clock.uptime()
    for (;;) {
      const takenMs = clock.now().getTime()
      const untilMs = takenMs + slotMs
      if (!(await takeAppCall(db, limits.appMinute, takenMs))) {
        return { kind: 'wait', until: await nextAppCallAt(db, takenMs), error: syncError('throttled') }
      }
      if (await takeCall(db, organisationId, allowed, purpose, takenMs, untilMs)) return { takenMs, untilMs }
      const state = await findBudget(db, organisationId, allowed, purpose, takenMs)
      if (isInteractive && clock.uptime() - startedAt < interactiveWaitMs) {
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

  /** A refusal that names its limit says when to come back, which counts more than that nothing is left. */
  function seenIn(outcome: Outcome<unknown>): ObservedLimits {
    const isThrottled = outcome.kind === 'refused' && outcome.refusal.reason === 'throttled'
    return isThrottled ? nothingSeen : outcome.limits
  }

  /** Others have nearly used up the application's minute: the less is left, the longer everybody waits. */
  function pauseOfApp({ appMinuteRemaining }: ObservedLimits): number {
    if (appMinuteRemaining === null) return 0
    return Math.max(0, Math.round(appWindowMs * (1 - appMinuteRemaining / appCallsASecond(limits.appMinute))))
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
    await markLost(db, connection, error.cause, clock.now().toISOString())
    log.warn({ connectionId: connection.id, code: error.code }, error.title)
    return { kind: 'lost', error }
  }

  return {
    call,
    /** How many calls of jobs an organisation may have under way. */
    callsAtOnce,
    /** What is left of the limits, as people see it. */
    budget: (organisationId: string, purpose: CallPurpose = 'interactive') =>
      findBudget(db, organisationId, limits, purpose, clock.now().getTime()),
  }
}
