// Contacts of Xero that are neither customer nor vendor yet: they wait until the product adopts them.
import type { Db } from '../db/tables.ts'
import { listUnassignedContacts } from '../stores/remote-entities.ts'
import { requireConnection } from './connections.ts'
import type { ContactService } from './contract.ts'

export function contactService(deps: { db: Db }): ContactService {
  const { db } = deps
  return {
    async unassigned(companyId, connectionId, filter, page) {
      await requireConnection(db, companyId, connectionId)
      return listUnassignedContacts(db, companyId, connectionId, { ...page, ...filter })
    },
  }
}
