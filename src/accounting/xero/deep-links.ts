// Pages in Xero's own user interface. The short code makes Xero open the right organisation for a user of several.
import type { RemoteList } from '../../domain/entity-types.ts'

const pages: Readonly<Record<RemoteList, string>> = {
  invoices: '/AccountsReceivable/Edit.aspx?InvoiceID=',
  contacts: '/Contacts/View/',
  items: '/Accounts/Inventory/',
}

export const deepLink = (list: RemoteList, remoteId: string, shortCode: string | null): string | null =>
  shortCode === null
    ? null
    : `https://go.xero.com/organisationlogin/default.aspx?shortcode=${encodeURIComponent(shortCode)}` +
      `&redirecturl=${pages[list]}${encodeURIComponent(remoteId)}`
