// Invoices and bills read by their ids: what stands in Xero is looked at before it is changed or removed.
import type { StandingDocument } from '../../domain/standing-document.ts'
import type { Call, Outcome } from '../provider.ts'
import { limitsOf } from './answer.ts'
import type { Client } from './client.ts'
import { collection } from './elements.ts'
import { judgeWhole, unknown } from './errors.ts'
import { isId, lists } from './lists.ts'
import { onePage } from './look-up-queries.ts'
import { standingOf } from './standing.ts'

/** A page brings the lines, and documents whatever became of them: voided ones too (FACTS §2.4). */
export async function readDocuments(
  client: Client,
  call: Call,
  remoteIds: readonly string[],
): Promise<Outcome<readonly StandingDocument[]>> {
  const { path, idField } = lists.invoices
  const answer = await client.get(call, path, { IDs: remoteIds.join(','), unitdp: 4, ...onePage })
  const verdict = judgeWhole(answer, 'read')
  if (verdict.kind !== 'answered') return verdict
  const answered = collection(answer, path)
  if (answered === null) return unknown(answer, 'read')
  const value = answered.filter((row) => isId(row[idField])).map(standingOf)
  return { kind: 'ok', value, limits: limitsOf(answer) }
}
