// Linking an invoice or bill by hand: the document is read from Xero by its id, because no mirror holds documents. From then
// on the record is that document, and what stands there is where a later edit begins.
import type { AccountingProvider } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import type { DocumentType } from '../domain/entity-types.ts'
import { problem } from '../domain/errors.ts'
import { isRemoved, type StandingDocument } from '../domain/standing-document.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { deleteLinks, findLinks, findLinksByRemoteId, recordLinks } from '../stores/links.ts'
import { findOpenItems } from '../stores/queue-items.ts'
import { openQueueItems } from '../stores/queue-waiting.ts'
import { findRecords } from '../stores/records.ts'
import { saveFormerDocuments, saveLeftDocuments, setSyncStates } from '../stores/sync-states.ts'
import { alone } from './alone.ts'
import { callProblem } from './call-problem.ts'
import type { Caller } from './calls.ts'
import { requireActiveConnection } from './connections.ts'
import { heldBy, isHeldItem, keepsDocument } from './holding.ts'

const kinds = { invoice: 'sale', bill: 'bill' } as const

const incomplete = (reason: string) =>
  syncError('answer_incomplete', { cause: `Xero's answer does not show the document as it stands. ${reason}` })

const refuse = (detail: string, action: string) =>
  problem('validation_failed', detail, { errors: [{ pointer: '/xeroId', detail, action }] })

export function documentLinker(deps: {
  db: Db
  clock: Clock
  newId: NewId
  provider: AccountingProvider
  caller: Caller
}) {
  const { db, clock, newId, provider, caller } = deps

  return async (
    companyId: string,
    connectionId: string,
    type: DocumentType,
    recordId: string,
    xeroId: string,
  ): Promise<void> => {
    const connection = await requireActiveConnection(db, companyId, connectionId)
    const read = await caller.call(connection, (call) => provider.readDocuments(call, [xeroId]), {
      purpose: 'interactive',
    })
    if (read.kind !== 'ok') throw callProblem(read, clock.now())
    const [standing] = read.value.documents
    const [odd] = read.value.odd
    if (!standing && odd) throw callProblem({ kind: 'unknown', error: incomplete(odd.reason) }, clock.now())
    if (standing?.kind !== kinds[type] || isRemoved(standing)) {
      const what = standing ? 'is no live one of that kind' : 'is not there'
      throw refuse(
        `The ${type} ${xeroId} ${what} in Xero.`,
        `Name ${type === 'invoice' ? 'an' : 'a'} ${type} that stands in Xero.`,
      )
    }
    await alone(db, connectionId, (tx) => take(tx, companyId, connectionId, type, recordId, standing))
  }

  async function take(
    tx: Db,
    companyId: string,
    connectionId: string,
    type: DocumentType,
    recordId: string,
    { remote, content, amountDue, fullyPaidOn }: StandingDocument,
  ): Promise<void> {
    const now = clock.now().toISOString()
    const { remoteId, number, status, updatedAt } = remote
    const [holder] = await findLinksByRemoteId(tx, companyId, connectionId, [type], [remoteId])
    const ids = [recordId, ...(holder ? [holder.recordId] : [])]
    const records = await findRecords(tx, companyId, connectionId, type, ids)
    const record = records.get(recordId)
    if (!record || record.deletedAt !== null) {
      throw problem('not_found', `There is no ${type} ${recordId}: PUT it first, then link it.`)
    }
    const held = (await findOpenItems(tx, companyId, connectionId, type, [recordId])).find(isHeldItem)
    if (held) throw await heldBy(tx, companyId, connectionId, held)
    const holding = holder && holder.recordId !== recordId ? records.get(holder.recordId) : undefined
    if (holding && keepsDocument(holding)) {
      throw problem('already_linked', `The ${type} ${holding.id} is linked to ${remoteId}.`, {
        extra: { recordId: holding.id },
      })
    }
    if (holding) await deleteLinks(tx, companyId, connectionId, type, [holding.id])
    // Linked to it already: what a person changed there since we wrote it is an edit still.
    const isLinked =
      (await findLinks(tx, companyId, connectionId, type, [recordId])).get(recordId)?.remoteId === remoteId
    const shown = isLinked ? {} : { number, status, remoteUpdatedAt: updatedAt, content, amountDue, fullyPaidOn }
    const facts = { remoteId, number: null, status: null, remoteUpdatedAt: null, ...shown }
    const link = { recordId, ...facts, lineIds: {}, marker: null, postedHash: null, matchedBy: 'hand' }
    const clashes = await recordLinks(tx, companyId, connectionId, type, [link], now)
    if (clashes.length > 0) {
      throw problem('already_linked', `The ${type} ${recordId} is linked to another document.`, {
        action: 'Unlink it first with DELETE …/link.',
      })
    }
    // Whatever may stand there of an earlier try: the person named the one that it is.
    await saveFormerDocuments(tx, companyId, connectionId, type, [{ id: recordId, document: null }])
    await saveLeftDocuments(tx, { companyId, connectionId, type }, recordId, [])
    const request = { itemId: newId(), recordId, recordName: record.name, action: 'update' } as const
    await openQueueItems(tx, companyId, connectionId, type, [request], now)
    const change = { id: recordId, state: 'pending', error: null, synced: false, nextStepAt: null } as const
    await setSyncStates(tx, companyId, connectionId, type, [change], now)
  }
}
