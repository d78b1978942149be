// Lays a request's members over a contact: what is absent stays, a sent list of persons replaces, an address or phone of one
// type replaces only that type. IsCustomer and IsSupplier are accepted and have no effect.

import { newId } from '../../ids.ts'
import { flag, isObject, type JsonObject, objects, text } from '../../json.ts'
import type { Contact, PaymentTerm, TextMap } from '../../state.ts'
import { addressTexts, phoneTexts, texts } from './fields.ts'

/** Xero trims and squeezes names. */
const cleanName = (name: string) => name.trim().replaceAll(/\s{2,}/g, ' ')

export const newContact = (at: number): Contact => ({
  ContactID: newId(),
  ContactStatus: 'ACTIVE',
  Name: '',
  texts: {},
  addresses: [],
  phones: [],
  persons: [],
  paymentTerms: {},
  salesTracking: [],
  purchasesTracking: [],
  isCustomer: false,
  isSupplier: false,
  updatedAt: at,
})

function mergeTexts(own: TextMap, sent: JsonObject, names: string[]): TextMap {
  const merged = { ...own }
  for (const name of names) {
    const value = text(sent, name)
    if (value === '') delete merged[name]
    else if (value !== undefined) merged[name] = value
  }
  return merged
}

function mergeByType(own: TextMap[], sent: unknown, typeName: string, names: string[]): TextMap[] {
  let merged = own
  for (const entry of objects(sent)) {
    const type = text(entry, typeName) ?? ''
    const before = merged.find((one) => one[typeName] === type) ?? { [typeName]: type }
    merged = [...merged.filter((one) => one[typeName] !== type), mergeTexts(before, entry, names)]
  }
  return merged
}

function term(sent: unknown, own: PaymentTerm | undefined): PaymentTerm | undefined {
  if (!isObject(sent)) return own
  return { Day: Number(sent.Day ?? 0), Type: text(sent, 'Type') ?? '' }
}

function tracking(sent: unknown, own: Contact['salesTracking']): Contact['salesTracking'] {
  if (!Array.isArray(sent)) return own
  return objects(sent).map((one) => ({
    TrackingCategoryName: text(one, 'TrackingCategoryName') ?? '',
    TrackingOptionName: text(one, 'TrackingOptionName') ?? '',
  }))
}

export function applyContact(contact: Contact, sent: JsonObject, at: number): Contact {
  const name = text(sent, 'Name')
  const status = text(sent, 'ContactStatus')
  const terms = isObject(sent.PaymentTerms) ? sent.PaymentTerms : {}
  return {
    ...contact,
    Name: name === undefined ? contact.Name : cleanName(name),
    ContactStatus: status === 'ARCHIVED' || status === 'GDPRREQUEST' ? status : contact.ContactStatus,
    texts: mergeTexts(contact.texts, sent, Object.keys(texts)),
    addresses: mergeByType(contact.addresses, sent.Addresses, 'AddressType', Object.keys(addressTexts)),
    phones: mergeByType(contact.phones, sent.Phones, 'PhoneType', Object.keys(phoneTexts)),
    persons: Array.isArray(sent.ContactPersons)
      ? objects(sent.ContactPersons).map((one) => ({
          ...mergeTexts({}, one, ['FirstName', 'LastName', 'EmailAddress']),
          IncludeInEmails: flag(one, 'IncludeInEmails') ?? false,
        }))
      : contact.persons,
    paymentTerms: {
      Bills: term(terms.Bills, contact.paymentTerms.Bills),
      Sales: term(terms.Sales, contact.paymentTerms.Sales),
    },
    salesTracking: tracking(sent.SalesTrackingCategories, contact.salesTracking),
    purchasesTracking: tracking(sent.PurchasesTrackingCategories, contact.purchasesTracking),
    updatedAt: at,
  }
}
