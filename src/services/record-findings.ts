// What people should know of records and their counterparts in Xero, page by page.
import type { AccountingProvider } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import type { EntityRecordType } from '../domain/entity-types.ts'
import { xeroItemCode } from '../domain/posting/long-code.ts'
import { type FoundRecord, findingTexts, type RecordFinding } from '../domain/record-finding.ts'
import { type PageRequest, pageOf } from '../lib/page.ts'
import { findFoundRecords } from '../stores/record-findings.ts'
import { requireConnection } from './connections.ts'
import type { RecordFindingService } from './contract.ts'
import { loadSettings } from './settings.ts'

const types: readonly EntityRecordType[] = ['item', 'customer', 'vendor']

/** A code that was only shortened for Xero was not changed there. */
const isShortened = ({ code, handedCode, codeInXero }: FoundRecord): boolean =>
  code === 'item_renamed' && xeroItemCode(handedCode, 'truncate_hash')?.toLowerCase() === codeInXero.toLowerCase()

export function recordFindingService(deps: {
  db: Db
  provider: Pick<AccountingProvider, 'deepLink'>
}): RecordFindingService {
  const { db, provider } = deps

  /** One more than the page holds, where there are as many. */
  async function collect(companyId: string, connectionId: string, page: PageRequest): Promise<FoundRecord[]> {
    const { settings } = await loadSettings(db, companyId, connectionId)
    const importing = types.filter((type) => settings[`${type}s`].import === 'updates_and_new')
    const found: FoundRecord[] = []
    const limit = page.limit + 1
    for (let after = page.after; ; ) {
      const rows = await findFoundRecords(db, companyId, connectionId, { limit, after, importing })
      found.push(...rows.filter((row) => !isShortened(row)))
      const last = rows.at(-1)
      if (rows.length < limit || found.length >= limit || !last) return found.slice(0, limit)
      after = [last.recordId, last.code, last.recordType]
    }
  }

  return {
    async list(companyId, connectionId, page) {
      const connection = await requireConnection(db, companyId, connectionId)
      const shortCode = connection.organisation?.shortCode ?? null
      const show = (found: FoundRecord): RecordFinding => ({
        code: found.code,
        recordType: found.recordType,
        recordId: found.recordId,
        recordName: found.recordName,
        xeroId: found.xeroId,
        ...findingTexts[found.code](found),
        url: provider.deepLink(found.recordType, found.xeroId, shortCode),
      })
      const found = await collect(companyId, connectionId, page)
      return pageOf(found, page.limit, show, ({ recordId, code, recordType }) => [recordId, code, recordType])
    },
  }
}
