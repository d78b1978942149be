// Records that the settings keep out of Xero altogether, and what that says of one that stands there already.
import { documentSections, isDocumentType, type RecordType } from '../entity-types.ts'
import type { Item, RecordBody } from '../records/index.ts'
import type { Settings } from '../settings/index.ts'
import { syncError } from '../sync-errors.ts'
import type { SyncError } from '../sync-state.ts'
import { proxyReason } from './item.ts'
import { reachesTrigger } from './trigger.ts'

/** The setting that keeps the record out, in words; null: none does. */
export function keptOutBy(type: RecordType, body: RecordBody, settings: Settings): string | null {
  if (type === 'item') return proxyReason(body as Item, settings)
  if (!isDocumentType(type)) return null
  const section = documentSections[type]
  return settings[section].sync ? null : `${section}.sync is off.`
}

/** Whether a record is brought to Xero as it stands now. */
export const isSent = (type: RecordType, body: RecordBody, settings: Settings): boolean =>
  keptOutBy(type, body, settings) === null && reachesTrigger(type, body, settings)

/** Of a record that stands in Xero with another content. */
export const keptAsSent = (reason: string): SyncError =>
  syncError('kept_as_sent', { cause: `${reason} It stands in Xero, and stays there as it was last sent.` })

const rules = {
  item: ({ items }: Settings) => [items.inventoryMode, items.syncNonInventory],
  invoice: ({ invoices }: Settings) => [
    invoices.sync,
    invoices.triggerStatus.invoice,
    invoices.cutOverDate,
    invoices.date,
  ],
  bill: ({ vendors }: Settings) => [vendors.sync, vendors.triggerStatus.bill, vendors.cutOverDate, vendors.billDate],
} as const

export type KeptOutType = keyof typeof rules

/** The types of which other records are kept out from now on. */
export const typesKeptOtherwise = (before: Settings, after: Settings): KeptOutType[] =>
  (Object.keys(rules) as KeptOutType[]).filter(
    (type) => JSON.stringify(rules[type](before)) !== JSON.stringify(rules[type](after)),
  )
