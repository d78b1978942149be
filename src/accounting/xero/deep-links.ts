// Pages in Xero's own user interface. The short code makes Xero open the right organisation for a user of several.
import type { RecordType } from '../../domain/entity-types.ts'

const pages: Readonly<Record<RecordType, string>> = {
  item: '/Accounts/Inventory/',
  customer: '/Contacts/View/',
  vendor: '/Contacts/View/',
  invoice: '/AccountsReceivable/Edit.aspx?InvoiceID=',
  bill: '/AccountsPayable/Edit.aspx?InvoiceID=',
}

export const deepLink = (type: RecordType, remoteId: string, shortCode: string | null): string | null =>
  shortCode === null
    ? null
    : `https://go.xero.com/organisationlogin/default.aspx?shortcode=${encodeURIComponent(shortCode)}` +
      `&redirecturl=${pages[type]}${encodeURIComponent(remoteId)}`
