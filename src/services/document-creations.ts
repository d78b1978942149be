// New invoices and bills. Where Xero keeps no second one of the same number out (bills, and invoices that it numbers itself),
// a batch asks first, one call for all, what stands there of the same contact and number: one that a person entered before
// this service knew the books, or one of ours that was unlinked. What is the same is adopted; anything else is a person's to decide.
import type { Db } from '../db/tables.ts'
import type { DocumentType } from '../domain/entity-types.ts'
import type { FoundDocument } from '../domain/found-document.ts'
import { hasTwins } from '../domain/posting/marker.ts'
import type { Posted } from '../domain/posting/posted.ts'
import type { SyncErrorCode } from '../domain/sync-errors.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import type { Clock } from '../lib/clock.ts'
import { shortMemory } from '../lib/short-memory.ts'
import { type Claims, claimsOn } from './claimed-documents.ts'
import { type DocumentVerdict, settleDocuments } from './document-verdicts.ts'
import type { Candidate } from './export-plan.ts'
import { inJobTransaction, type JobContext, type StepResult } from './job-context.ts'
import type { LeftDocuments } from './left-documents.ts'
import { hindered, type LookUp, outcomeOfLookup, type Sighting } from './look-up.ts'
import { saveMet } from './met-looks.ts'
import { answerVerdict, type ElementOutcome, type Outcome, verdictOf } from './outcome.ts'
import { hitsFor, isContrary } from './own-hits.ts'
import type { Writer } from './writes.ts'
import { linkDocuments } from './written-links.ts'

/** So long a look counts, so that a job whose calls come free one by one does not look for ever. */
const freshMs = 15 * 60_000

/** Told where a look showed a document in the way, or a row that may be it. */
const seenCodes: readonly string[] = [
  'duplicate_number',
  'duplicate_found',
  'answer_incomplete',
] satisfies SyncErrorCode[]

/** Result of a look for the names of new documents. */
interface Named {
  readonly judged: readonly Outcome[]
  readonly held: ReadonlySet<BatchElement>
  readonly unseen: ReadonlySet<BatchElement>
  readonly hindrance: Sighting['hindrance']
}

const keyOf = ({ job }: JobContext, { queueItemId, postedHash }: BatchElement): string =>
  `${job.id} ${queueItemId} ${postedHash}`

export type DocumentCreator = ReturnType<typeof documentCreator>

export function documentCreator(deps: { db: Db; clock: Clock; writer: Writer; lookUp: LookUp; left: LeftDocuments }) {
  const { db, clock, writer, lookUp, left } = deps
  /** Documents whose number this process found free. Another process looks for itself. */
  const foundFree = shortMemory<true>(clock, freshMs)

  async function create(
    context: JobContext,
    type: DocumentType,
    batch: readonly BatchElement[],
    known: ReadonlyMap<string, Candidate>,
  ): Promise<StepResult> {
    const codeOf = ({ queueItemId }: BatchElement) => known.get(queueItemId)?.item.lastError?.code ?? ''
    const open = batch.filter((element) => element.posted && !foundFree.get(keyOf(context, element)))
    // A person was told that Xero refuses the question, and let the job run again.
    const asked = open.filter(
      (element) => element.posted && hasTwins(element.posted) && codeOf(element) !== 'look_up_refused',
    )
    /** One of it was there before: a look showed it, or the record was linked to one. */
    const wasThere = (element: BatchElement) =>
      seenCodes.includes(codeOf(element)) || known.get(element.queueItemId)?.record.lastSyncedAt != null
    const named = await askForNames(context, type, asked, new Set(asked.filter(wasThere)))
    const rest = open.filter((element) => !named.held.has(element) && !named.unseen.has(element))
    const unlinked = await left(context, type, rest, known)
    const held = new Set([...named.held, ...unlinked.inTheWay.map(({ element }) => element)])
    if (held.size > 0) await settle(context, type, [...named.judged, ...unlinked.inTheWay])
    const isSeen = unlinked.again === null
    if (isSeen) for (const element of rest) if (!held.has(element)) foundFree.set(keyOf(context, element), true)
    if (named.hindrance) return hindered(named.hindrance)
    if (unlinked.again) return unlinked.again
    const free = batch.filter((element) => !held.has(element))
    return free.length > 0 ? writer.send(context, 'invoices', 'create', free) : { kind: 'again' }
  }

  /** One call for all of them; those that are none of the elements' own to create are judged. */
  async function askForNames(
    context: JobContext,
    type: DocumentType,
    asked: readonly BatchElement[],
    wary: ReadonlySet<BatchElement>,
  ): Promise<Named> {
    if (asked.length === 0) return { judged: [], held: new Set(), unseen: new Set(), hindrance: null }
    const posted = asked.flatMap((element) => element.posted ?? [])
    const { found, refused, unseen, hindrance } = await lookUp(context, 'invoices', posted, {
      namesakes: true,
      wary: new Set([...wary].map(({ marker }) => marker)),
    })
    const seen = asked.filter(({ marker }) => !unseen.includes(marker))
    const claimed = await claimsOn(db, { type, context }, found, seen)
    const judged: Outcome[] = []
    for (const element of seen) {
      const error = refused.get(element.marker)
      const outcome: ElementOutcome = error ? { kind: 'conflict', error } : judge(context, element, found, claimed)
      if (outcome.kind !== 'not_written') judged.push({ element, outcome })
      // A document that one of them is, none of the others is.
      if (outcome.kind === 'adopted') claimed.linked.add(outcome.result.remote.remoteId)
    }
    const held = new Set(judged.map(({ element }) => element))
    return { judged, held, unseen: new Set(asked.filter((element) => !seen.includes(element))), hindrance }
  }

  function judge(
    context: JobContext,
    { posted }: BatchElement,
    found: readonly FoundDocument[],
    claimed: Claims,
  ): ElementOutcome {
    const isUnnumbered = posted?.list === 'invoices' && posted.number === undefined
    const hits = hitsFor(found, posted as Posted).filter(
      (one) => !claimed.linked.has(one.remote.remoteId) && !(isUnnumbered && isContrary(one)),
    )
    const marked = hits.filter(({ isMarked }) => isMarked)
    // A document with the address of another record is that one's, and may rightly have the same number.
    const others = hits.filter(({ remote }) => !claimed.addressed.has(remote.remoteId))
    const outcome = outcomeOfLookup(context, marked.length > 0 ? marked : others, posted as Posted)
    // An address names the record alone; the reference of an invoice that Xero numbers may be a person's.
    const isPersons = outcome.kind === 'adopted' && posted?.list === 'invoices' && posted.kind === 'sale'
    return isPersons ? { ...outcome, same: false, isMet: true } : outcome
  }

  async function settle(context: JobContext, type: DocumentType, judged: readonly Outcome[]): Promise<void> {
    const verdicts: DocumentVerdict[] = []
    await inJobTransaction(db, context.job, async (tx) => {
      const now = clock.now().toISOString()
      const clashes = await linkDocuments(tx, context, judged, now)
      for (const { element, outcome } of judged) {
        const clash = clashes.get(element.recordId)
        const verdict = clash
          ? ({ status: 'conflict', state: 'conflict', error: clash } as const)
          : (answerVerdict(context, element, outcome) ?? verdictOf(outcome, true))
        verdicts.push({ ...element, ...verdict, blockedBy: null, attempted: false })
      }
      await settleDocuments(tx, context, verdicts, now)
      await saveMet(tx, context, type, judged, now)
    })
    for (const { status } of verdicts) {
      if (status === 'synced') context.progress[type].sent += 1
      if (status === 'conflict') context.progress[type].failed += 1
    }
  }
  return create
}
