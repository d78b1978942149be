// Lays a request's members over a contact: what is absent stays, a sent list of persons replaces, an address or phone of one
// type replaces only that type. IsCustomer and IsSupplier are accepted and have no effect.

import { newId } from '../../ids.ts'
import { flag, isObject, type JsonObject, objects, text } from '../../json.ts'
import type { Contact, PaymentTerm, PaymentTerms, TextMap } from '../../state.ts'
import { addressTexts, personalTexts, phoneTexts, texts } from './fields.ts'

/** Who writes, and how. */
export interface Applying {
  /** A person in Xero's pages: may set what the API cannot, and empties a member with null. */
  person?: boolean
  /** Nothing is trimmed or squeezed: what came into Xero by an import or long ago. */
  asItStands?: boolean
  /** An address, a phone number, or the payment terms replaces the former one as a whole. */
  partsReplaced?: boolean
  /** A code that is sent empty stays. */
  codesKept?: boolean
}

const codes = ['DefaultCurrency', 'AccountsReceivableTaxType', 'AccountsPayableTaxType']

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

function mergeTexts(own: TextMap, sent: JsonObject, names: string[], how: Applying): TextMap {
  const merged = { ...own }
  for (const name of names) {
    const value = how.asItStands ? text(sent, name) : text(sent, name)?.trim()
    if (value === '' && how.codesKept && codes.includes(name)) continue
    if (value === '' || (how.person && sent[name] === null)) delete merged[name]
    else if (value !== undefined) merged[name] = value
  }
  return merged
}

function mergeByType(
  own: TextMap[],
  sent: unknown,
  names: [type: string, ...texts: string[]],
  how: Applying,
): TextMap[] {
  const [typeName, ...plain] = names
  let merged = own
  for (const entry of objects(sent)) {
    const type = text(entry, typeName) ?? ''
    const before = how.partsReplaced ? undefined : merged.find((one) => one[typeName] === type)
    const after = mergeTexts(before ?? { [typeName]: type }, entry, plain, how)
    merged = [...merged.filter((one) => one[typeName] !== type), after]
  }
  return merged
}

function paymentTerms(own: PaymentTerms, sent: unknown, how: Applying): PaymentTerms {
  if (how.person && sent === null) return {}
  if (!isObject(sent)) return own
  const side = (name: 'Bills' | 'Sales') => {
    if (how.person && sent[name] === null) return undefined
    return term(sent[name], how.partsReplaced ? undefined : own[name])
  }
  return { Bills: side('Bills'), Sales: side('Sales') }
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

export function applyContact(contact: Contact, sent: JsonObject, at: number, how: Applying = {}): Contact {
  const name = text(sent, 'Name')
  const status = text(sent, 'ContactStatus')
  const plain = [...Object.keys(texts), ...(how.person ? personalTexts : [])]
  return {
    ...contact,
    Name: name === undefined ? contact.Name : how.asItStands ? name : cleanName(name),
    ContactStatus: status === 'ARCHIVED' || status === 'GDPRREQUEST' ? status : contact.ContactStatus,
    texts: mergeTexts(contact.texts, sent, plain, how),
    addresses: mergeByType(contact.addresses, sent.Addresses, ['AddressType', ...Object.keys(addressTexts)], how),
    phones: mergeByType(contact.phones, sent.Phones, ['PhoneType', ...Object.keys(phoneTexts)], how),
    persons: Array.isArray(sent.ContactPersons)
      ? objects(sent.ContactPersons).map((one) => ({
          ...mergeTexts({}, one, ['FirstName', 'LastName', 'EmailAddress'], how),
          IncludeInEmails: flag(one, 'IncludeInEmails') ?? false,
        }))
      : contact.persons,
    paymentTerms: paymentTerms(contact.paymentTerms, sent.PaymentTerms, how),
    salesTracking: tracking(sent.SalesTrackingCategories, contact.salesTracking),
    purchasesTracking: tracking(sent.PurchasesTrackingCategories, contact.purchasesTracking),
    updatedAt: at,
  }
}
