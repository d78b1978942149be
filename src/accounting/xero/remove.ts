// Deletions, each in the form that its list allows: contacts are archived, items deleted, invoices deleted or voided
// (xero.md, Invoices and bills). What is already gone counts as done, because a repeated deletion must not fail.
import type { Removal } from '../../domain/posting/posted.ts'
import { syncError } from '../../domain/sync-errors.ts'
import type { Call, ElementResult, Outcome } from '../provider.ts'
import { limitsOf } from './answer.ts'
import type { Client } from './client.ts'
import { collection, resultOf } from './elements.ts'
import { type Failure, judge, unknown } from './errors.ts'
import { isObject, type Json, text } from './json.ts'
import { kindOf } from './kinds.ts'
import { lists } from './lists.ts'
import { classify, complaintsOf, warningsOf } from './messages.ts'
import { remoteRef } from './remote.ts'

type StatusRemoval = Exclude<Removal, { list: 'items' }>
type ItemRemoval = Extract<Removal, { list: 'items' }>

const targets = { archive: 'ARCHIVED', delete: 'DELETED', void: 'VOIDED' } as const

const gone = (remoteId: string, status: string): ElementResult => ({
  kind: 'written',
  remote: { remoteId, number: null, status, updatedAt: null, lineIds: {} },
  warnings: [],
})

const paidByNothing = {
  cause: 'The total of the document is nothing: Xero counts it as paid by itself, and refused to void it.',
  action:
    'Void it in Xero by hand, or unlink the record with DELETE …/link: then its deletion is done, and the document stays.',
}

const neitherGoes = {
  cause:
    'Xero refuses to delete it because transactions use it, and refuses that it is neither sold nor purchased any more.',
  action: 'Leave it in Xero: DELETE …/link, then run a sync job, which ends the deletion without a call.',
}

function rejection(removal: Removal, remoteId: string, complaints: ReturnType<typeof complaintsOf>): ElementResult {
  const said = classify(complaints, removal.list === 'items' ? 'item_in_use' : 'rejected')
  // It is deactivated because it is in use, and a tracked one may have to stay as it is.
  const isInUse = removal.list === 'items' && removal.action === 'deactivate'
  const error = isInUse ? syncError('item_in_use', { xero: said.xero, ...neitherGoes }) : said
  // Xero refuses to edit an archived contact: the contact is where it should be.
  if (removal.action === 'archive' && error.code === 'contact_archived') return gone(remoteId, 'ARCHIVED')
  if (removal.list === 'invoices' && removal.isPaidByNothing && error.code === 'not_modifiable') {
    return { kind: 'rejected', error: { ...error, ...paidByNothing } }
  }
  return { kind: 'rejected', error }
}

const ok = (value: ElementResult, limits: ReturnType<typeof limitsOf>): Outcome<ElementResult> => ({
  kind: 'ok',
  value,
  limits,
})

async function changeStatus(client: Client, call: Call, removal: StatusRemoval, remoteId: string, key: string) {
  const { model, modelId, path, statusField } = lists[removal.list]
  const target = targets[removal.action]
  const { send, removalField } = kindOf(removal.list)
  const element = { [modelId]: remoteId, [removalField ?? 'status']: target }
  const answer = await client.sdk(call, (api) => send.update(api, call.organisationId, { [model]: [element] }, key))
  const limits = limitsOf(answer)
  const verdict = judge(answer, 'write')
  if (verdict.kind === 'invalid')
    return ok(
      rejection(
        removal,
        remoteId,
        verdict.elements.flatMap((row) => complaintsOf(row)),
      ),
      limits,
    )
  // A document that is not there is removed already.
  const isGone = verdict.kind === 'refused' && verdict.refusal.reason === 'not_found' && removal.list === 'invoices'
  if (isGone) return ok(gone(remoteId, 'DELETED'), limits)
  if (verdict.kind !== 'answered') return verdict

  const answered = collection(answer, path) ?? []
  const [row] = answered
  const result = row && answered.length === 1 ? resultOf(removal.list, row, remoteId) : null
  if (!row || result === null) return unknown(answer, 'write')
  if (result === 'rejected') return ok(rejection(removal, remoteId, complaintsOf(row)), limits)
  if (statusField && text(row, statusField) !== target) return unknown(answer, 'write')
  return ok({ kind: 'written', remote: remoteRef(removal.list, row), warnings: warningsOf(row) }, limits)
}

async function deleteItem(client: Client, call: Call, remoteId: string): Promise<Outcome<ElementResult> | Failure> {
  const removal: Removal = { list: 'items', action: 'delete' }
  const answer = await client.sdk(call, (api) => api.deleteItem(call.organisationId, remoteId))
  const limits = limitsOf(answer)
  const verdict = judge(answer, 'write')
  // 204 is what is documented. Anything else may be a page of a gateway; a repetition then answers 404, which is done.
  if (verdict.kind === 'answered')
    return answer.status === 204 ? ok(gone(remoteId, 'DELETED'), limits) : unknown(answer, 'write')
  if (verdict.kind === 'invalid')
    return ok(
      rejection(
        removal,
        remoteId,
        verdict.elements.flatMap((row) => complaintsOf(row)),
      ),
      limits,
    )
  if (verdict.kind === 'unknown') return verdict
  if (verdict.refusal.reason === 'not_found') return ok(gone(remoteId, 'DELETED'), limits)
  // The reason that a 400 names, or else the only one that is documented: a transaction uses the item.
  if (answer.status !== 400 || verdict.refusal.reason !== 'rejected') return verdict
  const message = isObject(answer.body) ? text(answer.body as Json, 'Message') : null
  return ok(rejection(removal, remoteId, message ? [{ message, field: null }] : []), limits)
}

/** An item cannot be archived in Xero; one that is neither sold nor purchased can be chosen on no document. */
async function deactivateItem(client: Client, call: Call, removal: ItemRemoval, remoteId: string, key: string) {
  const { model, modelId, path } = lists.items
  const code = removal.code ? { code: removal.code } : {}
  const element = { [modelId]: remoteId, ...code, isSold: false, isPurchased: false }
  const { send } = kindOf('items')
  const answer = await client.sdk(call, (api) => send.update(api, call.organisationId, { [model]: [element] }, key))
  const limits = limitsOf(answer)
  const verdict = judge(answer, 'write')
  if (verdict.kind === 'invalid') {
    const complaints = verdict.elements.flatMap((row) => complaintsOf(row))
    return ok(rejection(removal, remoteId, complaints), limits)
  }
  if (verdict.kind === 'refused' && verdict.refusal.reason === 'not_found') return ok(gone(remoteId, 'DELETED'), limits)
  if (verdict.kind !== 'answered') return verdict
  const answered = collection(answer, path) ?? []
  const [row] = answered
  const result = row && answered.length === 1 ? resultOf('items', row, remoteId) : null
  if (!row || result === null) return unknown(answer, 'write')
  if (result === 'rejected') return ok(rejection(removal, remoteId, complaintsOf(row)), limits)
  return ok({ kind: 'written', remote: remoteRef('items', row), warnings: warningsOf(row) }, limits)
}

const changesStatus = (removal: Removal): removal is StatusRemoval => kindOf(removal.list).removalField !== null

export function remove(client: Client, call: Call, removal: Removal, remoteId: string, key: string) {
  if (changesStatus(removal)) return changeStatus(client, call, removal, remoteId, key)
  return removal.list === 'items' && removal.action === 'deactivate'
    ? deactivateItem(client, call, removal, remoteId, key)
    : deleteItem(client, call, remoteId)
}
