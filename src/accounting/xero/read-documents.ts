// Invoices and bills read by their ids: what stands in Xero is looked at before it is changed or removed. Only what an answer
// shows whole has been looked at.
import type { Call, DocumentsRead, Outcome, UnreadableRow } from '../provider.ts'
import { limitsOf } from './answer.ts'
import type { Client } from './client.ts'
import { collection } from './elements.ts'
import { judgeWhole, unknown } from './errors.ts'
import type { Json } from './json.ts'
import { isId, lists } from './lists.ts'
import { onePage } from './look-up-queries.ts'
import { standingOf } from './standing.ts'
import { missingOf } from './whole.ts'

const { path, idField } = lists.invoices

export const lacking = (names: readonly string[]): string => `It lacks ${names.join(', ')}.`

/** A page brings the lines, and documents whatever became of them: voided ones too (xero.md, Reading). */
export async function readDocuments(
  client: Client,
  call: Call,
  remoteIds: readonly string[],
): Promise<Outcome<DocumentsRead>> {
  const answer = await client.get(call, path, { IDs: remoteIds.join(','), unitdp: 4, ...onePage })
  const verdict = judgeWhole(answer, 'read')
  if (verdict.kind !== 'answered') return verdict
  const answered = collection(answer, path)
  if (answered === null) return unknown(answer, 'read')
  return { kind: 'ok', value: read(answered, remoteIds), limits: limitsOf(answer) }
}

/** One alone, by its address, which says more than a list: what is not there at all is refused as such. */
export async function readDocument(client: Client, call: Call, remoteId: string): Promise<Outcome<DocumentsRead>> {
  const answer = await client.get(call, `${path}/${remoteId}`, { unitdp: 4 })
  const verdict = judgeWhole(answer, 'read')
  const isAbsent = verdict.kind === 'refused' && verdict.refusal.reason === 'not_found'
  if (isAbsent) return { kind: 'ok', value: { documents: [], odd: [] }, limits: limitsOf(answer) }
  if (verdict.kind !== 'answered') return verdict
  const answered = collection(answer, path)
  if (answered === null) return unknown(answer, 'read')
  const { documents, odd } = read(answered, [remoteId])
  const isShown = documents.length + odd.length > 0
  const value = isShown ? { documents, odd } : { documents, odd: [{ remoteId, reason: 'It is not shown.' }] }
  return { kind: 'ok', value, limits: limitsOf(answer) }
}

function read(answered: readonly Json[], remoteIds: readonly string[]): DocumentsRead {
  const wanted = new Set(remoteIds.map((id) => id.toLowerCase()))
  const idOf = (row: Json): string | null => {
    const id = row[idField]
    return isId(id) ? id.toLowerCase() : null
  }
  const ids = answered.map(idOf)
  const documents: DocumentsRead['documents'][number][] = []
  const odd: UnreadableRow[] = []
  for (const row of answered) {
    const remoteId = idOf(row)
    if (remoteId !== null && !wanted.has(remoteId)) continue
    const missing = missingOf(row)
    const isTwice = remoteId !== null && ids.indexOf(remoteId) !== ids.lastIndexOf(remoteId)
    if (missing.length > 0) odd.push({ remoteId, reason: lacking(missing) })
    else if (isTwice) odd.push({ remoteId, reason: 'It is shown twice.' })
    else documents.push(standingOf(row))
  }
  return { documents, odd }
}
