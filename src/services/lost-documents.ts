// Creations that may have arrived and that no look-up finds under their name. Before they are sent once more, what changed in the
// list since is looked through: a person may have given the document another number, reference, address or code, or
// voided it. What is surely ours is linked, as it was sent, so that the change shows as one; what may be ours is a conflict.
import type { AccountingProvider, AlikeDocument } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import { asSent } from '../domain/as-sent.ts'
import { candidatesOf } from '../domain/candidate.ts'
import { isDocumentType } from '../domain/entity-types.ts'
import type { FoundDocument } from '../domain/found-document.ts'
import { nameOf } from '../domain/posting/marker.ts'
import type { Posted } from '../domain/posting/posted.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { BatchElement, WriteBatch } from '../domain/write-batch.ts'
import { from } from '../lib/clock.ts'
import { findLinksByRemoteId } from '../stores/links.ts'
import { findRemoteEntities } from '../stores/remote-entities.ts'
import { formerlyBorne } from '../stores/sync-states.ts'
import { openBatches, removedByUs } from '../stores/write-batches.ts'
import type { Caller, CallResult } from './calls.ts'
import { claimsOn } from './claimed-documents.ts'
import type { JobContext, StepResult } from './job-context.ts'
import { foundAs, hindered, isLive, isRefused, refusedFor } from './look-up.ts'
import type { ElementOutcome } from './outcome.ts'
import { hitsFor } from './own-hits.ts'

/** An element of a creation that was looked for by its name. */
export type Missing = BatchElement & { readonly posted: Posted }

/** By so much the other side's stamps may be behind ours, where what was removed is told from what was removed before. */
const stampsDifferMs = 60_000

const idOf = ({ remote }: FoundDocument): string => remote.remoteId

/** Fields that a person changes, and that leave no doubt which document it is. */
const renamable: readonly string[] = ['number', 'reference', 'date', 'dueDate', 'status']
const isSurely = ({ differences }: FoundDocument): boolean => differences.every((field) => renamable.includes(field))

/** Removed by somebody else after it was sent: what was removed before, or by this service, is another document. */
export async function removedSince(
  db: Db,
  { connection }: JobContext,
  batch: Pick<WriteBatch, 'firstSentAt' | 'sends'>,
  hits: readonly FoundDocument[],
): Promise<ReadonlySet<string>> {
  const since = from(batch.firstSentAt, -stampsDifferMs)
  const isSince = ({ remote }: FoundDocument) => remote.updatedAt !== null && remote.updatedAt >= since
  const dead = batch.sends > 0 ? hits.filter((hit) => !isLive(hit) && isSince(hit)).map(idOf) : []
  const own = await removedByUs(db, connection.id, dead)
  return new Set(dead.filter((id) => !own.has(id)))
}

/** The document as it was sent, and as it stands there by now: the usual look before a change tells the two apart. */
export function foundAgain(posted: Posted, { remote, standing, seen = null }: FoundDocument): ElementOutcome {
  const result = { kind: 'written', remote, warnings: [], seen, standing } as const
  if (posted.list !== 'invoices' || !standing) return { kind: 'adopted', result, same: false }
  const { content } = standing
  const sent = {
    ...asSent(posted, content, remote.lineIds),
    date: posted.date,
    dueDate: posted.dueDate ?? content.dueDate,
    number: posted.number ?? content.number,
    reference: posted.kind === 'sale' ? (posted.reference ?? null) : content.reference,
  }
  return { ...result, standing: { ...standing, content: sent }, changedTo: standing }
}

/** Documents of which the record may be one: none is created beside them. */
function mayStand({ posted }: Missing, hits: readonly FoundDocument[]): ElementOutcome {
  const name = nameOf(posted)
  const cause = `${name} was sent and not answered. It does not stand in Xero under that name, and what changed there since may be it.`
  const action =
    'Link the record to it with PUT …/link, if it is the same; or void or delete it in Xero; or PUT the new document as a record with an id of its own. Then run a sync job.'
  const error = syncError('duplicate_number', { cause, action, candidates: candidatesOf(hits.map(foundAs)) })
  return { kind: 'conflict', error, perhaps: hits.map(idOf) }
}

function judged(missing: readonly Missing[], found: readonly AlikeDocument[]): ReadonlyMap<Missing, ElementOutcome> {
  const hits = new Map(missing.map((one) => [one, hitsFor(found, one.posted)]))
  const outcomes = new Map<Missing, ElementOutcome>()
  const taken = new Set<string>()
  const freeOf = (one: Missing, likeness: AlikeDocument['likeness'] | null = null) =>
    (hits.get(one) ?? []).filter((hit) => (likeness ?? hit.likeness) === hit.likeness && !taken.has(idOf(hit)))
  const take = (one: Missing, own: readonly AlikeDocument[]): void => {
    for (const hit of own) taken.add(idOf(hit))
    const [hit, another] = own
    const isIt = hit !== undefined && another === undefined && isSurely(hit)
    outcomes.set(one, isIt ? foundAgain(one.posted, hit) : mayStand(one, own))
  }
  for (const one of missing) {
    const own = freeOf(one, 'address')
    const live = own.filter(isLive)
    if (own.length > 0) take(one, live.length > 0 ? live : own)
  }
  const open = () => missing.filter((one) => !outcomes.has(one))
  for (const one of open()) {
    const own = freeOf(one, 'same')
    const isAnothersToo = (hit: FoundDocument) =>
      open().some((other) => other !== one && freeOf(other, 'same').some((theirs) => idOf(theirs) === idOf(hit)))
    if (own.length === 1 && !own.some(isAnothersToo)) take(one, own)
  }
  for (const one of open()) {
    const own = freeOf(one)
    if (own.length > 0) outcomes.set(one, mayStand(one, own))
  }
  return outcomes
}

/** Changed documents, without those that are known to be something else. */
async function notOthers(
  db: Db,
  context: JobContext,
  batch: WriteBatch,
  { missing, found }: { readonly missing: readonly Missing[]; readonly found: readonly AlikeDocument[] },
): Promise<readonly AlikeDocument[]> {
  const [first] = missing
  if (!first || found.length === 0) return []
  const { job, connection } = context
  const scope = { companyId: job.companyId, connectionId: connection.id }
  const type = first.recordType
  if (!isDocumentType(type)) {
    const ids = found.map(idOf)
    const links = await findLinksByRemoteId(db, scope.companyId, scope.connectionId, [type], ids)
    const known = await findRemoteEntities(db, scope.companyId, scope.connectionId, 'items', ids)
    const linked = new Set(links.map(({ remoteId }) => remoteId))
    // A row of the mirror from before the creation was sent is none of it.
    const isOlder = (id: string) => (known.get(id)?.remoteUpdatedAt ?? batch.firstSentAt) < batch.firstSentAt
    return found.filter((one) => !linked.has(idOf(one)) && !isOlder(idOf(one)))
  }
  const { linked, addressed } = await claimsOn(db, { type, context }, found, [])
  const removed = await removedSince(db, context, batch, found)
  const others = (await openBatches(db, scope.companyId, scope.connectionId))
    .flatMap(({ elements }) => elements)
    .filter(({ queueItemId }) => !missing.some((one) => one.queueItemId === queueItemId))
  const numbers = found.flatMap(({ standing }) => standing?.content.number ?? [])
  const former = await formerlyBorne(db, { ...scope, type }, 'number', numbers)
  const names = new Set([...others.flatMap(({ posted }) => (posted ? nameOf(posted) : [])), ...former])
  const own = new Set(missing.map(({ posted }) => nameOf(posted)))
  const isNamedOtherwise = ({ standing }: FoundDocument) =>
    [standing?.content.number, standing?.content.reference].some((name) => name && names.has(name) && !own.has(name))
  return found.filter(
    (one) =>
      !linked.has(idOf(one)) &&
      (isLive(one) || removed.has(idOf(one))) &&
      (one.likeness === 'address' || !(addressed.has(idOf(one)) || isNamedOtherwise(one))),
  )
}

export type LostDocuments = ReturnType<typeof lostDocuments>

export function lostDocuments(deps: { db: Db; provider: AccountingProvider; caller: Caller }) {
  const { db, provider, caller } = deps

  /** Elements that may stand there, with what follows; or how the step goes on. `taken`: ids of documents that others of the call are. */
  return async (
    context: JobContext,
    batch: WriteBatch,
    missing: readonly Missing[],
    { since, taken }: { readonly since: string; readonly taken: ReadonlySet<string> },
  ): Promise<{ readonly kind: 'looked'; readonly outcomes: ReadonlyMap<Missing, ElementOutcome> } | StepResult> => {
    const { connection, meter } = context
    const posted = missing.map((element) => element.posted)
    const options = { meter, purpose: 'resolution' } as const
    const found: AlikeDocument[] = []
    for (let next: number | null = 1; next !== null; ) {
      const changed: { readonly since: string; readonly page: number } = { since, page: next }
      const seen: CallResult<{ readonly found: AlikeDocument[]; readonly nextPage: number | null }> = await caller.call(
        connection,
        (call) => provider.findByContent(call, batch.list, posted, changed),
        options,
      )
      if (seen.kind !== 'ok') {
        if (!isRefused(seen)) return hindered(seen)
        const refused = missing.map((one) => [one, conflictOf(refusedFor(one.posted, seen.error))] as const)
        return { kind: 'looked', outcomes: new Map(refused) }
      }
      found.push(...seen.value.found.filter((one) => !taken.has(idOf(one))))
      next = seen.value.nextPage
    }
    return { kind: 'looked', outcomes: judged(missing, await notOthers(db, context, batch, { missing, found })) }
  }
}

const conflictOf = (error: SyncError): ElementOutcome => ({ kind: 'conflict', error })
