// Portions of a request, each stored in one transaction: neither many records and lines, nor short bodies for many long stored records,
// which are read beside them.
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import type { ProblemFault } from '../domain/errors.ts'
import { idFaults } from '../domain/records/own-id.ts'
import { portions } from '../lib/portions.ts'
import { findRecordSizes } from '../stores/shown-records.ts'

export interface Place {
  readonly companyId: string
  readonly connectionId: string
  readonly type: RecordType
}

export interface Handed {
  readonly id: unknown
  readonly body: unknown
  /** Faults of the id beside its form. */
  readonly idFault?: ProblemFault | undefined
}

/** Records and lines. */
const heaviestPortion = 1_500
/** Bytes of stored records. */
const heaviestStored = 8 * 1024 * 1024

export const weightOf = ({ body }: Handed): number => {
  const lines = (body as { lines?: unknown } | null)?.lines
  return 1 + (Array.isArray(lines) ? lines.length : 0)
}

export async function* portionsToStore<T extends Handed>(
  db: Db,
  place: Place,
  bodies: readonly T[],
): AsyncGenerator<T[]> {
  const { companyId, connectionId, type } = place
  for (const portion of portions(bodies, heaviestPortion, weightOf)) {
    const ids = portion.flatMap(({ id }) => (idFaults(id).length === 0 ? [String(id)] : []))
    // A portion of one record is not to be cut.
    const sizes: ReadonlyMap<unknown, number> =
      ids.length > 1 ? await findRecordSizes(db, companyId, connectionId, type, ids) : new Map()
    yield* portions(portion, heaviestStored, ({ id }) => sizes.get(id) ?? 0)
  }
}
