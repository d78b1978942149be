// Customers and vendors ↔ Xero's contacts. Both directions stand side by side, so that what is written can be read back.
import type { PostedContact } from '../../../domain/posting/posted.ts'
import type { ImportedContact, WriteElement } from '../../provider.ts'
import type { Contact } from '../client.ts'
import { instant } from '../dates.ts'
import { compact, flag, integer, type Json, part, requiredText, rows, text } from '../json.ts'
import type { Plain } from './plain.ts'

export type XeroContact = Plain<Contact>

const phoneTypes = { default: 'DEFAULT', mobile: 'MOBILE', fax: 'FAX', direct_dial: 'DDI' } as const
const addressTypes = { billing: 'POBOX', shipping: 'STREET' } as const
const phoneKinds = Object.keys(phoneTypes) as (keyof typeof phoneTypes)[]
const addressKinds = Object.keys(addressTypes) as (keyof typeof addressTypes)[]

/** Xero keeps what an update leaves out (FACTS §3), so an update says with '' that a field is empty. */
type Blank = '' | undefined

const phone = (posted: PostedContact, kind: keyof typeof phoneTypes, blank: Blank) => ({
  phoneType: phoneTypes[kind],
  phoneNumber: posted.phones.find((entry) => entry.kind === kind)?.number ?? blank,
  // The number is whole: an area code that stayed behind in Xero would double it.
  phoneAreaCode: blank,
  phoneCountryCode: blank,
})

function address(posted: PostedContact, kind: keyof typeof addressTypes, blank: Blank) {
  const found = posted.addresses.find((entry) => entry.kind === kind)
  return {
    addressType: addressTypes[kind],
    addressLine1: found?.lines[0] ?? blank,
    addressLine2: found?.lines[1] ?? blank,
    addressLine3: found?.lines[2] ?? blank,
    addressLine4: found?.lines[3] ?? blank,
    city: found?.city ?? blank,
    region: found?.region ?? blank,
    postalCode: found?.postalCode ?? blank,
    country: found?.country ?? blank,
  }
}

export function contactToXero({ posted, remoteId }: WriteElement & { posted: PostedContact }): XeroContact {
  // Archiving goes alone: Xero refuses to edit a contact that is being archived, and to archive one it creates.
  if (remoteId !== null && posted.archived) return { contactID: remoteId, contactStatus: 'ARCHIVED' }
  const blank: Blank = remoteId === null ? undefined : ''
  const has = <K extends string>(entries: readonly { kind: K }[], kind: K) =>
    remoteId !== null || entries.some((entry) => entry.kind === kind)
  return {
    ...(remoteId === null ? {} : { contactID: remoteId }),
    contactNumber: posted.contactNumber,
    name: posted.name,
    firstName: posted.firstName ?? blank,
    lastName: posted.lastName ?? blank,
    emailAddress: posted.email ?? blank,
    accountNumber: posted.accountNumber ?? blank,
    taxNumber: posted.taxNumber ?? blank,
    // Codes cannot be emptied: an absent one stays what it is in Xero. The web site is read-only there.
    defaultCurrency: posted.currency,
    accountsReceivableTaxType: posted.salesTaxType,
    accountsPayableTaxType: posted.purchaseTaxType,
    phones: phoneKinds.filter((kind) => has(posted.phones, kind)).map((kind) => phone(posted, kind, blank)),
    addresses: addressKinds.filter((kind) => has(posted.addresses, kind)).map((kind) => address(posted, kind, blank)),
    contactPersons: posted.contactPersons.map((person) => ({
      firstName: person.firstName,
      lastName: person.lastName,
      emailAddress: person.email,
    })),
    paymentTerms: posted.terms && {
      [posted.terms.side]: { day: posted.terms.days, type: posted.terms.type },
    },
  }
}

/** Xero keeps a number in three parts; the product keeps it as it is dialled. */
function phones(row: Json) {
  const entries = rows(row, 'Phones')
  return phoneKinds.flatMap((kind) => {
    const entry = entries.find((candidate) => candidate.PhoneType === phoneTypes[kind]) ?? {}
    const number = ['PhoneCountryCode', 'PhoneAreaCode', 'PhoneNumber'].map((field) => text(entry, field))
    const whole = number.filter((digits) => digits !== null).join(' ')
    return whole ? [{ kind, number: whole }] : []
  })
}

/** Write answers pad addresses with empty text, reads give bare types (FACTS §3): both are no address. */
function addresses(row: Json) {
  const entries = rows(row, 'Addresses')
  return addressKinds.flatMap((kind) => {
    const entry = entries.find((candidate) => candidate.AddressType === addressTypes[kind]) ?? {}
    const lines = ['AddressLine1', 'AddressLine2', 'AddressLine3', 'AddressLine4']
      .map((field) => text(entry, field))
      .filter((line) => line !== null)
    const rest = compact({
      city: text(entry, 'City'),
      region: text(entry, 'Region'),
      postalCode: text(entry, 'PostalCode'),
      country: text(entry, 'Country'),
    })
    return lines.length > 0 || Object.keys(rest).length > 0 ? [{ kind, lines, ...rest }] : []
  })
}

function terms(row: Json) {
  const found = ['Sales', 'Bills']
    .map((side) => part(part(row, 'PaymentTerms'), side))
    .find((side) => text(side, 'Type'))
  if (!found) return null
  const days = integer(found, 'Day')
  return days === null ? null : { kind: requiredText(found, 'Type'), days }
}

const persons = (row: Json) =>
  rows(row, 'ContactPersons')
    .map((person) =>
      compact({
        firstName: text(person, 'FirstName'),
        lastName: text(person, 'LastName'),
        email: text(person, 'EmailAddress'),
      }),
    )
    .filter((person) => Object.keys(person).length > 0)

export const contactFields = (row: Json, archived: boolean): Record<string, unknown> =>
  compact({
    name: requiredText(row, 'Name'),
    firstName: text(row, 'FirstName'),
    lastName: text(row, 'LastName'),
    email: text(row, 'EmailAddress'),
    phones: phones(row),
    addresses: addresses(row),
    contactPersons: persons(row),
    website: text(row, 'Website'),
    accountNumber: text(row, 'AccountNumber'),
    taxNumber: text(row, 'TaxNumber'),
    currency: text(row, 'DefaultCurrency'),
    terms: terms(row),
    active: !archived,
  })

export function contactFromXero(row: Json): ImportedContact {
  // GDPRREQUEST, the third status, is a contact that is on its way out: no longer usable either.
  const archived = (text(row, 'ContactStatus') ?? 'ACTIVE') !== 'ACTIVE'
  return {
    list: 'contacts',
    remoteId: requiredText(row, 'ContactID'),
    updatedAt: instant(row.UpdatedDateUTC),
    archived,
    mergedInto: text(row, 'MergedToContactID'),
    roles: { customer: flag(row, 'IsCustomer'), vendor: flag(row, 'IsSupplier') },
    contactNumber: text(row, 'ContactNumber'),
    fields: contactFields(row, archived),
  }
}
