// Rows of lists in Xero that could not be understood, for people to see: those of imports, and those of looks and look-ups of
// invoices and bills.
import type { DocumentsRead } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import { type Clock, from } from '../lib/clock.ts'
import { dropOddRows, dropOddRowsBefore, listOddRows, saveOddRows } from '../stores/odd-rows.ts'
import { requireConnection } from './connections.ts'
import type { OddRowService } from './contract.ts'
import { count, inJobTransaction, type JobContext } from './job-context.ts'

/** Nobody asks for a document for ever: what did not come for so long is told no more. */
const keptMs = 7 * 24 * 60 * 60_000

export function oddRowService(deps: { db: Db }): OddRowService {
  const { db } = deps
  return {
    async list(companyId, connectionId, page) {
      await requireConnection(db, companyId, connectionId)
      return listOddRows(db, companyId, connectionId, page)
    },
  }
}

/** Keeps what one answer about invoices and bills showed of odd rows; those that read well again go. */
export function oddRowKeeper({ db, clock }: { db: Db; clock: Clock }) {
  return async (context: JobContext, type: RecordType, { documents, odd }: DocumentsRead): Promise<void> => {
    const of = { companyId: context.job.companyId, connectionId: context.connection.id, list: 'invoices' } as const
    const now = clock.now().toISOString()
    const well = documents.map(({ remote }) => remote.remoteId.toLowerCase())
    // An answer without any odd row shows that those without an id read well again, too.
    const readWell = odd.length === 0 && well.length > 0 ? [...well, ''] : well
    count(context, type, 'oddRows', odd.length)
    await inJobTransaction(db, context.job, async (tx) => {
      await saveOddRows(tx, of, odd, now)
      await dropOddRows(tx, of, readWell)
      await dropOddRowsBefore(tx, of, from(now, -keptMs))
    })
  }
}
