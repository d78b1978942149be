// Writing to the accounting system, exactly once. The call is on record before it is made, with its text and its key;
// what comes back is settled document by document. An answer that is lost or cannot be believed leaves the batch
// uncertain: services/uncertain.ts finds out what happened before anything is sent again.
import { createHash } from 'node:crypto'
import type { AccountingProvider, WriteElement, WriteOperation } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import type { RemoteList } from '../domain/entity-types.ts'
import type { Posted } from '../domain/posting/posted.ts'
import { switchedOff } from '../domain/posting/removal.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { BatchElement, BatchOperation, WriteBatch } from '../domain/write-batch.ts'
import { type Clock, from } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { canonicalJson } from '../lib/json.ts'
import type { Logger } from '../observability/logger.ts'
import type { CallPurpose } from '../stores/budgets.ts'
import { changeBatch, insertBatch, lockBatch, loseAttempts } from '../stores/write-batches.ts'
import type { Caller, CallResult } from './calls.ts'
import { settleDocuments } from './document-verdicts.ts'
import type { ImportDesk } from './import-desk.ts'
import { inJobTransaction, type JobContext, type StepResult } from './job-context.ts'
import { hindered, type LookUp } from './look-up.ts'
import type { ElementOutcome } from './outcome.ts'
import { notShown, readerBack } from './read-back.ts'
import { settler } from './settler.ts'
import { resolveTaken } from './taken-numbers.ts'

/** The first replay comes soon: most lost answers are short troubles, and Xero still knows the key. */
export const firstReplayMs = 15_000

/** Nothing may be sent long after it was put on record as sent: a paused process would come too late. */
const sendWithinMs = 10_000

/** After this long since the last send the key has expired and nothing is under way any more. */
export const quietMs = 7 * 60_000

export type Writer = ReturnType<typeof writer>

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

export const toWriteElement = (element: BatchElement): WriteElement => ({
  posted: element.posted as Posted,
  remoteId: element.remoteId,
  lineIds: element.lineIds,
  amendment: element.amendment,
  standing: element.standing ?? null,
})

export function writer(deps: {
  db: Db
  clock: Clock
  newId: NewId
  provider: AccountingProvider
  caller: Caller
  lookUp: LookUp
  /** What was written is in the mirror at once, and in the records that are the same contact. */
  takeWritten: ImportDesk['takeWritten']
  log: Logger
}) {
  const { db, clock, newId, provider, caller, lookUp, takeWritten, log } = deps
  const readBack = readerBack({ provider, caller })
  const now = () => clock.now().toISOString()
  const after = (milliseconds: number) => new Date(clock.now().getTime() + milliseconds).toISOString()

  const settle = settler({ db, clock, takeWritten, log })

  const bodyOf = (list: RemoteList, operation: WriteOperation, elements: readonly BatchElement[]): string =>
    provider.freeze(list, operation, elements.map(toWriteElement)).body

  function newBatch(
    context: JobContext,
    list: RemoteList,
    operation: BatchOperation,
    elements: readonly BatchElement[],
  ): WriteBatch {
    const body =
      operation === 'remove'
        ? canonicalJson(elements.map(({ removal, remoteId }) => ({ removal, remoteId })))
        : bodyOf(list, operation, elements)
    const id = newId()
    return {
      id,
      jobId: context.job.id,
      list,
      operation,
      body,
      bodyHash: hash(body),
      elements,
      idempotencyKey: id,
      state: 'sending',
      sends: 1,
      negativeLookups: 0,
      lookUp: null,
      firstSentAt: now(),
      lastSentAt: now(),
      dueAt: null,
    }
  }

  /** Makes the call of a batch. `putOnRecord` runs in a transaction of the job right before it. */
  async function callFor(
    context: JobContext,
    batch: WriteBatch,
    putOnRecord: (tx: Db) => Promise<void>,
    purpose: CallPurpose,
  ): Promise<CallResult<ElementOutcome[]>> {
    let recordedAt = 0
    const beforeSend = () =>
      inJobTransaction(db, context.job, async (tx) => {
        // From now, when the connection is ours: how long others had it says nothing of this call.
        recordedAt = clock.uptime()
        await putOnRecord(tx)
      })
    const options = { beforeSend, meter: context.meter, purpose }
    const [first] = batch.elements
    return caller.call<ElementOutcome[]>(
      context.connection,
      async (call) => {
        if (clock.uptime() - recordedAt > sendWithinMs) {
          return { kind: 'unknown', error: syncError('outcome_unknown'), limits: noLimits }
        }
        if (batch.operation !== 'remove') {
          const frozen = { list: batch.list, operation: batch.operation, body: batch.body }
          return provider.write(call, frozen, batch.elements.map(toWriteElement), batch.idempotencyKey)
        }
        if (!first?.removal || !first.remoteId) throw new Error(`batch ${batch.id} has nothing to remove`)
        const outcome = await provider.remove(call, first.removal, first.remoteId, batch.idempotencyKey)
        return outcome.kind === 'ok' ? { ...outcome, value: [outcome.value] } : outcome
      },
      options,
    )
  }

  /** Puts what the call brought on record, and says how the step goes on. */
  async function conclude(
    context: JobContext,
    batch: WriteBatch,
    result: CallResult<ElementOutcome[]>,
    nextDueAt: string,
  ): Promise<StepResult | 'refused_whole' | 'in_use' | 'too_large'> {
    const forAll = (outcome: ElementOutcome) => batch.elements.map((element) => ({ element, outcome }))
    switch (result.kind) {
      case 'ok': {
        if (isInUse(batch, result.value)) {
          await settle(context, batch, forAll({ kind: 'not_written', error: null, isInUse: true }))
          return 'in_use'
        }
        const shown = await readBack(context, batch, result.value)
        if (shown === null) return conclude(context, batch, { kind: 'unknown', error: notShown }, nextDueAt)
        const { outcomes, doubtful } = await resolveTaken(lookUp, context, batch, shown)
        await settle(context, batch, outcomes)
        if (doubtful.length === 0) return { kind: 'again' }
        const sends = batch.state === 'uncertain' ? batch.sends : 0
        return putInDoubt(context, batch.list, [doubtful], sends, after(-quietMs))
      }
      case 'refused':
        // Refused as a whole, perhaps for one odd document: they are sent one by one, so that it stops only itself.
        // A right that is missing is missing for each of them.
        if (batch.elements.length > 1 && result.error.code !== 'not_permitted') {
          await settle(context, batch, forAll({ kind: 'not_written', error: null }))
          return result.error.code === 'too_large' ? 'too_large' : 'refused_whole'
        }
        await settle(context, batch, forAll({ kind: 'rejected', error: result.error }))
        return { kind: 'again' }
      case 'wait':
        await settle(context, batch, forAll({ kind: 'not_written', error: null }))
        return { kind: 'wait', until: result.until, reason: result.error.code }
      case 'lost':
        await settle(context, batch, forAll({ kind: 'not_written', error: null }))
        return { kind: 'fail', error: result.error }
      case 'unknown':
        await markUncertain(context, batch, result.error, nextDueAt)
        return { kind: 'again' }
    }
  }

  async function markUncertain(context: JobContext, batch: WriteBatch, error: SyncError, dueAt: string): Promise<void> {
    const cause = `${error.cause} What became of the document is found out at ${dueAt}.`
    const shown = syncError('outcome_unknown', { cause, xero: error.xero })
    const isMarked = await inJobTransaction(db, context.job, async (tx) => {
      // Its first answer may have come meanwhile, to the worker that had the job before: then all is known.
      if (!(await lockBatch(tx, batch.id))) return false
      await changeBatch(tx, batch.id, { state: 'uncertain', dueAt })
      await loseAttempts(tx, batch.id)
      const verdicts = batch.elements.map((element) => ({
        ...element,
        status: 'uncertain' as const,
        state: 'uncertain' as const,
        error: shown,
        blockedBy: null,
        attempted: true,
        nextStepAt: dueAt,
      }))
      await settleDocuments(tx, context, verdicts, now())
      return true
    })
    if (isMarked && batch.state !== 'uncertain' && batch.jobId === context.job.id) {
      for (const element of batch.elements) context.progress[element.recordType].uncertain += 1
    }
  }

  /**
   * Puts batches of new documents on record as if they had been sent at `sentAt`, and the time for replays were over: they
   * are looked up before they are sent. `sends`: how often they may have been sent really.
   */
  async function putInDoubt(
    context: JobContext,
    list: RemoteList,
    batches: readonly (readonly BatchElement[])[],
    sends: number,
    sentAt: string,
  ): Promise<Extract<StepResult, { kind: 'again' }>> {
    const times = { firstSentAt: from(sentAt, -quietMs), lastSentAt: sentAt, dueAt: from(sentAt, quietMs) }
    await inJobTransaction(db, context.job, async (tx) => {
      for (const elements of batches) {
        const batch = { ...newBatch(context, list, 'create', elements), ...times, sends }
        const attemptIds = elements.map(() => newId())
        await insertBatch(tx, context.job.companyId, context.connection.id, batch, attemptIds)
      }
    })
    return { kind: 'again', first: ['settle'] }
  }

  return {
    /** The text of a call with these elements. */
    bodyOf,
    changesNothing: (element: BatchElement): boolean => provider.changesNothing(toWriteElement(element)),
    callFor,
    conclude,
    putInDoubt,
    /** What became of a batch is put on record. `lookedUp`: nothing was sent now. */
    settle,

    /** Sends new documents of one list and operation, at most one batch. */
    async send(
      context: JobContext,
      list: RemoteList,
      operation: BatchOperation,
      elements: readonly BatchElement[],
    ): Promise<StepResult> {
      const batch = newBatch(context, list, operation, elements)
      let recorded: WriteBatch | null = null as WriteBatch | null
      const putOnRecord = async (tx: Db) => {
        const attemptIds = elements.map(() => newId())
        // The time of the intent, not of the decision: waiting for a token or a pause may lie between them.
        const intendedAt = now()
        const intended = { ...batch, firstSentAt: intendedAt, lastSentAt: intendedAt }
        await insertBatch(tx, context.job.companyId, context.connection.id, intended, attemptIds)
        recorded = intended
      }
      const result = await callFor(context, batch, putOnRecord, 'sync')
      // The call was never made: there was no token, or no call left in the budget.
      if (!recorded) return result.kind === 'ok' ? { kind: 'again' } : hindered(result)
      const concluded = await conclude(context, recorded, result, after(firstReplayMs))
      if (concluded === 'in_use') return this.send(context, list, operation, elements.map(deactivation))
      if (typeof concluded !== 'string') return concluded
      // Too large for a gateway on the way: in halves it needs fewer calls than one by one.
      const half = Math.ceil(elements.length / 2)
      const isTooLarge = concluded === 'too_large'
      const parts = isTooLarge ? [elements.slice(0, half), elements.slice(half)] : elements.map((element) => [element])
      for (const part of parts) {
        const result = await this.send(context, list, operation, part)
        if (result.kind !== 'again') return result
      }
      return { kind: 'again' }
    },
  }
}

/** An item that cannot be deleted, and is to be neither sold nor purchased instead. */
const isInUse = ({ elements: [element] }: WriteBatch, [outcome]: readonly ElementOutcome[]): boolean =>
  element?.removal?.list === 'items' &&
  element.removal.orDeactivate === true &&
  outcome?.kind === 'rejected' &&
  outcome.error.code === 'item_in_use'

const deactivation = (element: BatchElement): BatchElement => ({
  ...element,
  removal: element.removal && switchedOff(element.removal),
})

const noLimits = { minuteRemaining: null, dayRemaining: null, appMinuteRemaining: null }
