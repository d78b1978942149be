// Which function answers which method of which list.
import type { Answer } from './answer.ts'
import type { Call } from './call.ts'
import { getContacts, writeContacts } from './contacts/handlers.ts'
import { getInvoices, writeInvoices } from './invoices/handlers.ts'
import { deleteItem, getItems, writeItems } from './items/handlers.ts'
import { getPayments, writePayments } from './payments/handlers.ts'
import * as references from './references.ts'

type Handler = (call: Call) => Answer
export type Handlers = { GET: Handler; PUT?: Handler; POST?: Handler; DELETE?: Handler }

export const handlers: Record<string, Handlers> = {
  Organisation: { GET: references.getOrganisation },
  Accounts: { GET: references.getAccounts },
  TaxRates: { GET: references.getTaxRates },
  TrackingCategories: { GET: references.getTrackingCategories },
  Currencies: { GET: references.getCurrencies, PUT: references.putCurrencies },
  BrandingThemes: { GET: references.getBrandingThemes },
  ContactGroups: { GET: references.getContactGroups },
  Contacts: { GET: getContacts, PUT: writeContacts, POST: writeContacts },
  Items: { GET: getItems, PUT: writeItems, POST: writeItems, DELETE: deleteItem },
  Invoices: { GET: getInvoices, PUT: writeInvoices, POST: writeInvoices },
  Payments: { GET: getPayments, PUT: writePayments, POST: writePayments },
}
