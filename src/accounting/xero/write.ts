// Writes: freeze a call as text, send it through the SDK, settle every element. An update names the id of each element,
// because it would find a document by name or number and overwrite it (xero.md, Writing).
import type { RemoteList } from '../../domain/entity-types.ts'
import type { Posted } from '../../domain/posting/posted.ts'
import { canonicalJson, parseForResend } from '../../lib/json.ts'
import type { Call, ElementResult, FrozenWrite, Outcome, WriteElement, WriteOperation } from '../provider.ts'
import { limitsOf } from './answer.ts'
import type { Client } from './client.ts'
import { collection, settle, settleInvalid } from './elements.ts'
import { judge, refused, unknown } from './errors.ts'
import { isObject, type Json } from './json.ts'
import { kindOf } from './kinds.ts'
import { isId, lists } from './lists.ts'
import { classify, complaintsOf } from './messages.ts'

/** Guards both ends: what is frozen, and what comes back from storage to be sent. */
function checked(list: RemoteList, operation: WriteOperation, model: unknown, length: number): object {
  const { model: name, modelId } = lists[list]
  const entries = isObject(model) ? model[name] : null
  if (!Array.isArray(entries) || !entries.every(isObject) || entries.length !== length || length === 0)
    throw new TypeError(`a write call to ${list} must hold ${length} elements`)
  const fits = (entry: Json) => (operation === 'update' ? isId(entry[modelId]) : entry[modelId] === undefined)
  if (!entries.every(fits))
    throw new TypeError(`${list}: an update names the id of each element, and a create names none`)
  return model as object
}

export function freeze(list: RemoteList, operation: WriteOperation, elements: readonly WriteElement[]): FrozenWrite {
  if (elements.some(({ posted }) => posted.list !== list)) throw new TypeError(`not all elements belong to ${list}`)
  const sent = operation === 'create' ? elements.map((element) => ({ ...element, remoteId: null })) : elements
  const model = { [lists[list].model]: sent.map((element) => kindOf(list).toXero(element)) }
  return { list, operation, body: canonicalJson(checked(list, operation, model, elements.length)) }
}

/** A contact or item that stands as it is: nothing of it is said. */
function unchanged({ posted, standing }: WriteElement): Posted | null {
  const fields = standing?.fields ?? {}
  const name = String(fields.name ?? '')
  if (posted.list === 'items') return { list: 'items', code: String(fields.code ?? ''), name }
  if (posted.list !== 'contacts') return null
  return { list: 'contacts', contactNumber: '', name, phones: [], addresses: [], archived: false }
}

/** The write would carry no more than the id, and what stands there already. */
export function changesNothing(element: WriteElement): boolean {
  const posted = unchanged(element)
  if (!posted || element.remoteId === null || !element.standing) return false
  const { toXero } = kindOf(posted.list)
  return canonicalJson(toXero(element)) === canonicalJson(toXero({ ...element, posted }))
}

export async function write(
  client: Client,
  call: Call,
  { list, operation, body }: FrozenWrite,
  elements: readonly WriteElement[],
  key: string,
): Promise<Outcome<ElementResult[]>> {
  const model = checked(list, operation, parseForResend(body), elements.length)
  const answer = await client.sdk(call, (api) => kindOf(list).send[operation](api, call.organisationId, model, key))
  const limits = limitsOf(answer)
  const sent = operation === 'create' ? elements.map((element) => ({ ...element, remoteId: null })) : elements

  const verdict = judge(answer, 'write')
  if (verdict.kind === 'invalid') {
    const value = settleInvalid(sent, verdict.elements)
    if (value) return { kind: 'ok', value, limits }
    const complaints = verdict.elements.flatMap((element) => complaintsOf(element))
    return refused({ reason: 'rejected', error: classify(complaints) }, limits)
  }
  if (verdict.kind !== 'answered') return verdict
  const value = settle(sent, collection(answer, lists[list].path) ?? [])
  return value ? { kind: 'ok', value, limits } : unknown(answer, 'write')
}
