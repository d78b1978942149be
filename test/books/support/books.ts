// What the case tests have in common: an existing company's books, and how to look at what stands in Xero.
import type { Test } from 'tap'
import type { World } from '../../support/house.ts'
import type { Tenant } from '../../support/tenant.ts'

// biome-ignore lint/suspicious/noExplicitAny: what Xero holds is read as the test expects it
export type Row = any

export const hour = 60 * 60_000

/** Settings of a company in New Zealand, where the rate is 15 %. */
export const kiwiSettings = {
  items: { accounts: { income: '200', expense: '300' } },
  invoices: {
    accounts: { sales: '200', shipping: '260', discount: '200' },
    taxMap: { GST: 'OUTPUT2', ZERO: 'ZERORATED' },
  },
  vendors: { accounts: { purchases: '300', otherCharges: '425' }, taxMap: { GST: 'INPUT2', ZERO: 'ZERORATED' } },
}
export const inNewZealand = { seed: { countryCode: 'NZ' }, settings: kiwiSettings }

/** A contact with everything that a person may enter. */
export const richContact = (Name: string, more: object = {}) => ({
  Name,
  FirstName: 'Rita',
  LastName: 'Rich',
  EmailAddress: `${Name.toLowerCase().replaceAll(/\W+/g, '.')}@rich.example`,
  TaxNumber: `53 004 085 6${Name.length}`,
  AccountNumber: `ACC ${Name}`,
  BankAccountDetails: '12-3456-7890123-00',
  CompanyNumber: '9429041234567',
  AccountsReceivableTaxType: 'EXEMPTOUTPUT',
  AccountsPayableTaxType: 'INPUT',
  Website: 'https://rich.example',
  Phones: [
    { PhoneType: 'DEFAULT', PhoneNumber: '555 0101', PhoneAreaCode: '09', PhoneCountryCode: '64' },
    { PhoneType: 'MOBILE', PhoneNumber: '555 0202', PhoneAreaCode: '021', PhoneCountryCode: '64' },
  ],
  Addresses: [
    {
      AddressType: 'POBOX',
      AddressLine1: 'PO Box 1',
      City: 'Wells',
      PostalCode: '1234',
      AttentionTo: 'The accountant',
    },
    { AddressType: 'STREET', AddressLine1: '1 High Street', City: 'Bath', Region: 'Avon', Country: 'New Zealand' },
  ],
  ContactPersons: [{ FirstName: 'Pia', LastName: 'Person', EmailAddress: 'pia@rich.example', IncludeInEmails: true }],
  PaymentTerms: { Bills: { Day: 20, Type: 'OFFOLLOWINGMONTH' }, Sales: { Day: 7, Type: 'DAYSAFTERBILLDATE' } },
  ...more,
})

/** What our own writing may change on a contact that it meets. */
const ours = ['ContactNumber', 'UpdatedDateUTC', 'IsCustomer', 'IsSupplier', 'Balances']

/** A contact or item without stamps, and without what the service may set. */
export const body = (row: Row, ...allowed: string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => ![...ours, ...allowed].includes(name)))

export const contact = (tenant: Tenant, idOrName: unknown): Row =>
  tenant.xero('Contacts').find((one) => one.ContactID === idOrName || one.Name === idOrName)
export const itemIn = (tenant: Tenant, idOrCode: unknown): Row =>
  tenant.xero('Items').find((one) => one.ItemID === idOrCode || one.Code === idOrCode)
/** The document of a number (a sales invoice) or of the type. */
export const document = (tenant: Tenant, numberOrType: string): Row =>
  tenant.xero('Invoices').find((one) => one.InvoiceNumber === numberOrType || one.Type === numberOrType)

/** Writes to a list since the mark. */
export const writes = (tenant: Tenant, path = '') => tenant.calls(` ${path}`).filter((entry) => entry.method !== 'GET')

/** The record as the product reads it. */
export async function record(tenant: Tenant, type: string, id: string): Promise<Row> {
  const { status, body: found } = await tenant.api('GET', `${type}/${encodeURIComponent(id)}`)
  if (status !== 200) throw new Error(`GET ${type}/${id}: ${status} ${JSON.stringify(found)}`)
  return found.record
}

/** The version that an import made the record to be. */
export async function synced(t: Test, tenant: Tenant, type: string, ...ids: string[]): Promise<void> {
  for (const id of ids) {
    const state = await tenant.state(type, id)
    t.equal(state.state, 'synced', `${type}/${id}: ${JSON.stringify(state.lastError)}`)
  }
}

/** A small sale or purchase that a person enters. */
export const byHand = (Type: 'ACCREC' | 'ACCPAY', ContactID: unknown, more: object = {}) => ({
  Type,
  Contact: { ContactID },
  Date: '2026-11-20',
  DueDate: '2026-11-30',
  Status: 'AUTHORISED',
  LineItems: [{ Description: 'By hand', Quantity: 1, UnitAmount: 10, AccountCode: Type === 'ACCREC' ? '200' : '300' }],
  ...more,
})

/** Some time passes, so that stamps differ and an import sees what a person did. */
export const later = (world: World) => world.clock.advance(hour)
