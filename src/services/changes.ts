// The change feed, as the inventory product reads it.
import type { Db } from '../db/tables.ts'
import { listChanges } from '../stores/changes.ts'
import { requireConnection } from './connections.ts'
import type { ChangeService } from './contract.ts'

export function changeService(deps: { db: Db }): ChangeService {
  const { db } = deps
  return {
    async list(companyId, connectionId, input) {
      await requireConnection(db, companyId, connectionId)
      return listChanges(db, companyId, connectionId, input.after, input.limit)
    },
  }
}
