// Rows of lists in Xero that an import could not understand, for people to see.
import type { Db } from '../db/tables.ts'
import { listOddRows } from '../stores/odd-rows.ts'
import { requireConnection } from './connections.ts'
import type { OddRowService } from './contract.ts'

export function oddRowService(deps: { db: Db }): OddRowService {
  const { db } = deps
  return {
    async list(companyId, connectionId, page) {
      await requireConnection(db, companyId, connectionId)
      return listOddRows(db, companyId, connectionId, page)
    },
  }
}
