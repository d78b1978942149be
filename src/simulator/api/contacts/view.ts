// A contact as the API shows it: bare entries when read, padded ones in answers to writes, thin inside unpaged documents.
import { compact, type JsonObject } from '../../json.ts'
import { number, sum } from '../../money.ts'
import type { Contact, Invoice, Organisation, TextMap } from '../../state.ts'
import { localToday, stamp } from '../../time.ts'
import { addressTypes, paddedAddressTexts, phoneTexts, phoneTypes } from './fields.ts'

const entries = (own: TextMap[], typeName: string, types: string[], padded: string[]) =>
  types.map((type) => ({
    [typeName]: type,
    ...Object.fromEntries(padded.map((name) => [name, ''])),
    ...own.find((one) => one[typeName] === type),
  }))

export const thinContact = (contact: Contact): JsonObject => ({
  ContactID: contact.ContactID,
  ...(contact.texts.ContactNumber ? { ContactNumber: contact.texts.ContactNumber } : {}),
  Name: contact.Name,
  Addresses: [],
  Phones: [],
  ContactGroups: [],
  ContactPersons: [],
  HasValidationErrors: false,
})

export function groupsOf(organisation: Organisation, contactId: string): JsonObject[] {
  return [...organisation.contactGroups.values()]
    .filter((group) => group.Status === 'ACTIVE' && group.contactIds.includes(contactId))
    .map(({ ContactGroupID, Name, Status }) => ({
      ContactGroupID,
      Name,
      Status,
      Contacts: [],
      HasValidationErrors: false,
    }))
}

function outstanding(invoices: Invoice[], type: Invoice['Type'], today: string): JsonObject {
  const open = invoices.filter((one) => one.Type === type && one.Status === 'AUTHORISED')
  const overdue = open.filter((one) => one.dueDate !== undefined && one.dueDate < today)
  return {
    Outstanding: number(sum(open.map((one) => one.amountDue))),
    Overdue: number(sum(overdue.map((one) => one.amountDue))),
  }
}

/** Shown only when something is outstanding; never changes UpdatedDateUTC. */
function balances(organisation: Organisation, contact: Contact, at: number): JsonObject {
  if (!contact.isCustomer && !contact.isSupplier) return {}
  const invoices = [...organisation.invoices.values()].filter((one) => one.contactId === contact.ContactID)
  if (!invoices.some((one) => one.Status === 'AUTHORISED')) return {}
  const today = localToday(at, organisation.profile.zone)
  return {
    Balances: {
      AccountsReceivable: outstanding(invoices, 'ACCREC', today),
      AccountsPayable: outstanding(invoices, 'ACCPAY', today),
    },
  }
}

export type ContactDetail = 'write' | 'full' | 'list' | 'summary'

export function contactView(
  organisation: Organisation,
  contact: Contact,
  detail: ContactDetail,
  at: number,
): JsonObject {
  const padded = detail === 'write'
  const full = detail !== 'list' && detail !== 'summary'
  return compact({
    ContactID: contact.ContactID,
    ...contact.texts,
    ContactStatus: contact.ContactStatus,
    Name: contact.Name,
    BankAccountDetails: contact.texts.BankAccountDetails ?? '',
    ...(detail === 'summary'
      ? {}
      : {
          Addresses: entries(contact.addresses, 'AddressType', addressTypes, padded ? paddedAddressTexts : []),
          Phones: entries(contact.phones, 'PhoneType', phoneTypes, padded ? Object.keys(phoneTexts) : []),
        }),
    UpdatedDateUTC: stamp(contact.updatedAt),
    ContactGroups: full ? groupsOf(organisation, contact.ContactID) : [],
    IsSupplier: contact.isSupplier,
    IsCustomer: contact.isCustomer,
    ...(detail === 'summary' ? {} : { PaymentTerms: paymentTerms(contact) }),
    ...(full
      ? {
          MergedToContactID: contact.mergedTo,
          SalesTrackingCategories: contact.salesTracking,
          PurchasesTrackingCategories: contact.purchasesTracking,
          ...balances(organisation, contact, at),
        }
      : {}),
    ContactPersons: full ? contact.persons : [],
    HasAttachments: false,
    HasValidationErrors: false,
  })
}

const paymentTerms = (contact: Contact) =>
  contact.paymentTerms.Bills || contact.paymentTerms.Sales ? contact.paymentTerms : undefined
