// Reads reference lists. A row that cannot be read is left out: settings cannot choose it, and the others stay usable.
import { type ReferenceEntry, type ReferenceListName, referenceListNames } from '../../domain/reference-lists.ts'
import type { Call, Outcome } from '../provider.ts'
import { limitsOf } from './answer.ts'
import type { Client } from './client.ts'
import { collection } from './elements.ts'
import { judgeWhole, unknown } from './errors.ts'
import type { Json } from './json.ts'
import { referenceCallTable } from './map/reference.ts'

type Lists = { [N in ReferenceListName]?: ReferenceEntry<N>[] }

export const referenceCalls: readonly (readonly ReferenceListName[])[] = referenceCallTable.map(({ readers }) =>
  referenceListNames.filter((name) => name in readers),
)

function readAll<T>(rows: readonly Json[], read: (row: Json) => T[]): T[] {
  return rows.flatMap((row) => {
    try {
      return read(row)
    } catch {
      return []
    }
  })
}

export async function readReference(
  client: Client,
  call: Call,
  names: readonly ReferenceListName[],
): Promise<Outcome<Lists>> {
  const row = referenceCallTable.find(({ readers }) => names.every((name) => name in readers))
  if (!row || names.length === 0) throw new TypeError(`no single call brings ${names.join(', ')}`)
  const answer = await client.get(call, row.path, row.query)
  const verdict = judgeWhole(answer, 'read')
  if (verdict.kind !== 'answered') return verdict
  const found = collection(answer, row.collection)
  if (found === null) return unknown(answer, 'read')
  const value = Object.fromEntries(
    names.map((name) => [name, readAll(found, row.readers[name] as (row: Json) => unknown[])]),
  )
  // Without the organisation nothing else can be judged: its absence is an answer that cannot be believed.
  if (names.includes('organisation') && value.organisation?.length !== 1) return unknown(answer, 'read')
  return { kind: 'ok', value: value as Lists, limits: limitsOf(answer) }
}
