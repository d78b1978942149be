// Customers and vendors ↔ Xero's contacts. Both directions stand side by side, so that what is written can be read back. An
// update names only what differs from what stands in Xero, and gives back with it what Xero would otherwise reset.
import type { PostedAddress, PostedContact } from '../../../domain/posting/posted.ts'
import type { ImportedContact, Standing, WriteElement } from '../../provider.ts'
import type { Contact } from '../client.ts'
import { instant } from '../dates.ts'
import { compact, flag, idText, integer, isObject, type Json, part, requiredText, rows, text } from '../json.ts'
import { isAccepted } from './lengths.ts'
import type { Plain } from './plain.ts'

export type XeroContact = Plain<Contact>

const phoneTypes = { default: 'DEFAULT', mobile: 'MOBILE', fax: 'FAX', direct_dial: 'DDI' } as const
const addressTypes = { billing: 'POBOX', shipping: 'STREET' } as const
const phoneKinds = Object.keys(phoneTypes) as (keyof typeof phoneTypes)[]
const addressKinds = Object.keys(addressTypes) as (keyof typeof addressTypes)[]
type PhoneType = (typeof phoneTypes)[keyof typeof phoneTypes]
type AddressType = (typeof addressTypes)[keyof typeof addressTypes]

const phoneParts = ['PhoneCountryCode', 'PhoneAreaCode', 'PhoneNumber']
const addressLines = ['AddressLine1', 'AddressLine2', 'AddressLine3', 'AddressLine4']
const sides = { sales: { terms: 'Sales', field: 'salesTerms' }, bills: { terms: 'Bills', field: 'billTerms' } } as const

const entryOf = (row: Json, list: string, typeField: string, type: string): Json =>
  rows(row, list).find((entry) => entry[typeField] === type) ?? {}

const wholeNumber = (entry: Json): string =>
  phoneParts
    .map((field) => text(entry, field))
    .filter((digits) => digits !== null)
    .join(' ')

function phoneToXero(phoneType: PhoneType, entry: Json) {
  return {
    phoneType,
    phoneNumber: text(entry, 'PhoneNumber') ?? '',
    phoneAreaCode: text(entry, 'PhoneAreaCode') ?? '',
    phoneCountryCode: text(entry, 'PhoneCountryCode') ?? '',
  }
}

/** All phones, once one of them differs: whether Xero leaves those alone that a list does not name is not documented. */
function phonesToXero({ phones: posted }: PostedContact, standing: Standing | null): XeroContact['phones'] {
  const there = (kind: keyof typeof phoneTypes) =>
    entryOf(standing?.kept ?? {}, 'Phones', 'PhoneType', phoneTypes[kind])
  // What was never seen may hold anything.
  const differs = posted.some(({ kind, number }) => standing === null || number !== wholeNumber(there(kind)))
  if (!differs) return undefined
  return phoneKinds.flatMap((kind) => {
    const number = posted.find((entry) => entry.kind === kind)?.number
    const entry = there(kind)
    if (number === undefined || (standing !== null && number === wholeNumber(entry))) {
      return wholeNumber(entry) && isAccepted(entry) ? [phoneToXero(phoneTypes[kind], entry)] : []
    }
    return [phoneToXero(phoneTypes[kind], partsOfNumber(number, entry))]
  })
}

/** The number is whole: codes that it does not begin with would make another one of it, and those that it begins with stay apart. */
function partsOfNumber(number: string, entry: Json): Json {
  const { PhoneNumber: _, ...codes } = Object.fromEntries(phoneParts.map((field) => [field, text(entry, field)]))
  const before = wholeNumber(codes)
  const isBegun = before !== '' && number.startsWith(`${before} `) && number.length > before.length + 1
  return isBegun ? { ...codes, PhoneNumber: number.slice(before.length + 1) } : { PhoneNumber: number }
}

function addressToXero(addressType: AddressType, entry: Json) {
  const member = (field: string) => text(entry, field) ?? ''
  return {
    addressType,
    addressLine1: member('AddressLine1'),
    addressLine2: member('AddressLine2'),
    addressLine3: member('AddressLine3'),
    addressLine4: member('AddressLine4'),
    city: member('City'),
    region: member('Region'),
    postalCode: member('PostalCode'),
    country: member('Country'),
    attentionTo: text(entry, 'AttentionTo') ?? undefined,
  }
}

const toEntry = ({ lines, city, region, postalCode, country }: PostedAddress): Json => ({
  ...Object.fromEntries(addressLines.map((field, index) => [field, lines[index]])),
  City: city,
  Region: region,
  PostalCode: postalCode,
  Country: country,
})

const addressText = (entry: Json): string =>
  JSON.stringify([...addressLines.flatMap((field) => text(entry, field) ?? []), ...rest(entry)])
const rest = (entry: Json) => ['City', 'Region', 'PostalCode', 'Country'].map((field) => text(entry, field))

function addressesToXero({ addresses: posted }: PostedContact, standing: Standing | null): XeroContact['addresses'] {
  const there = (kind: keyof typeof addressTypes) =>
    entryOf(standing?.kept ?? {}, 'Addresses', 'AddressType', addressTypes[kind])
  const stands = (address: PostedAddress): boolean =>
    standing !== null && addressText(toEntry(address)) === addressText(there(address.kind))
  if (posted.every(stands)) return undefined
  return addressKinds.flatMap((kind) => {
    const address = posted.find((entry) => entry.kind === kind)
    const entry = there(kind)
    const attention = { AttentionTo: entry.AttentionTo }
    if (address && !stands(address)) return [addressToXero(addressTypes[kind], { ...toEntry(address), ...attention })]
    return Object.keys(entry).length > 1 && isAccepted(entry) ? [addressToXero(addressTypes[kind], entry)] : []
  })
}

type Person = NonNullable<PostedContact['contactPersons']>[number]

const personOf = (row: Json): Person =>
  compact({
    firstName: text(row, 'FirstName'),
    lastName: text(row, 'LastName'),
    email: text(row, 'EmailAddress'),
  })

const personText = ({ firstName, lastName, email }: Person): string =>
  JSON.stringify([firstName ?? '', lastName ?? '', email ?? ''])
const nameText = ({ firstName, lastName }: Person): string =>
  `${firstName ?? ''} ${lastName ?? ''}`.trim().toLowerCase()

/** A list of persons replaces the one in Xero (xero.md, Contacts): whoever stays keeps the flag that decides on e-mails. */
function personsToXero(posted: PostedContact, standing: Standing | null): XeroContact['contactPersons'] {
  const wanted = posted.contactPersons
  if (wanted === undefined) return undefined
  const there = rows(standing?.kept ?? {}, 'ContactPersons')
  const texts = (persons: readonly Person[]) => persons.map(personText).sort().join()
  if (standing !== null && texts(wanted) === texts(there.map(personOf))) return undefined
  return wanted.map((person) => {
    const isIt = (row: Json) => {
      const standingPerson = personOf(row)
      const isNamed = nameText(person) !== '' && nameText(person) === nameText(standingPerson)
      return isNamed || (person.email !== undefined && person.email === standingPerson.email)
    }
    const before = there.find(isIt)
    return {
      firstName: person.firstName,
      lastName: person.lastName,
      emailAddress: person.email,
      ...(before?.IncludeInEmails !== undefined && { includeInEmails: flag(before, 'IncludeInEmails') }),
    }
  })
}

/** Terms of one side. The other side is given back as it stands, whatever Xero does to one that is left out. */
function termsToXero({ terms }: PostedContact, standing: Standing | null): XeroContact['paymentTerms'] {
  if (!terms) return undefined
  const known = standing?.fields[sides[terms.side].field]
  const isTaken = terms.type === ''
  if (isTaken && known === undefined) return undefined
  if (isObject(known) && known.kind === terms.type && String(known.days) === String(terms.days)) return undefined
  const other = terms.side === 'sales' ? 'bills' : 'sales'
  const there = part(part(standing?.kept ?? {}, 'PaymentTerms'), sides[other].terms)
  const type = text(there, 'Type')
  const day = integer(there, 'Day')
  return {
    // No value is known that empties a side, and one that is named needs day and type: it is left out, and the answer shows
    // whether it went.
    ...(!isTaken && { [terms.side]: { day: terms.days, type: terms.type } }),
    ...(type !== null && day !== null && { [other]: { day, type } }),
  } as XeroContact['paymentTerms']
}

export function contactToXero({
  posted,
  remoteId,
  standing = null,
}: WriteElement & { posted: PostedContact }): XeroContact {
  // Archiving goes alone: Xero refuses to edit a contact that is being archived, and to archive one it creates.
  if (remoteId !== null && posted.archived) return { contactID: remoteId, contactStatus: 'ARCHIVED' }
  const there = remoteId === null ? null : standing
  const changed = (value: string | undefined, field: string): string | undefined => {
    if (value === undefined || (remoteId === null && value === '')) return undefined
    return there && value === (there.fields[field] ?? '') ? undefined : value
  }
  const isNumbered = posted.contactNumber === '' || (there && posted.contactNumber === there.kept.ContactNumber)
  return {
    ...(remoteId === null ? {} : { contactID: remoteId }),
    contactNumber: isNumbered ? undefined : posted.contactNumber,
    name: changed(posted.name, 'name'),
    firstName: changed(posted.firstName, 'firstName'),
    lastName: changed(posted.lastName, 'lastName'),
    emailAddress: changed(posted.email, 'email'),
    accountNumber: changed(posted.accountNumber, 'accountNumber'),
    taxNumber: changed(posted.taxNumber, 'taxNumber'),
    // The web site is read-only there.
    defaultCurrency: changed(posted.currency, 'currency'),
    accountsReceivableTaxType: changed(posted.salesTaxType, 'salesTaxCode'),
    accountsPayableTaxType: changed(posted.purchaseTaxType, 'purchaseTaxCode'),
    phones: phonesToXero(posted, there),
    addresses: addressesToXero(posted, there),
    contactPersons: personsToXero(posted, there),
    paymentTerms: termsToXero(posted, there),
  }
}

/** Xero keeps a number in three parts; the product keeps it as it is dialled. */
const phones = (row: Json) =>
  phoneKinds.flatMap((kind) => {
    const number = wholeNumber(entryOf(row, 'Phones', 'PhoneType', phoneTypes[kind]))
    return number ? [{ kind, number }] : []
  })

/** Write answers pad addresses with empty text, reads give bare types (xero.md, Contacts): both are no address. */
const addresses = (row: Json) =>
  addressKinds.flatMap((kind) => {
    const entry = entryOf(row, 'Addresses', 'AddressType', addressTypes[kind])
    const lines = addressLines.map((field) => text(entry, field)).filter((line) => line !== null)
    const more = compact({
      city: text(entry, 'City'),
      region: text(entry, 'Region'),
      postalCode: text(entry, 'PostalCode'),
      country: text(entry, 'Country'),
    })
    return lines.length > 0 || Object.keys(more).length > 0 ? [{ kind, lines, ...more }] : []
  })

function terms(row: Json, side: 'Sales' | 'Bills') {
  const found = part(part(row, 'PaymentTerms'), side)
  const kind = text(found, 'Type')
  const days = integer(found, 'Day')
  return kind === null || days === null ? null : { kind, days }
}

const persons = (row: Json) =>
  rows(row, 'ContactPersons')
    .map(personOf)
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
    salesTerms: terms(row, 'Sales'),
    billTerms: terms(row, 'Bills'),
    salesTaxCode: text(row, 'AccountsReceivableTaxType'),
    purchaseTaxCode: text(row, 'AccountsPayableTaxType'),
    active: !archived,
  })

/** What the fields do not hold in full: parts of numbers, who a letter goes to, who gets e-mails, both sides of the terms. */
function keptOf(row: Json): Record<string, unknown> {
  const filled = (list: string) =>
    rows(row, list)
      .map((entry) => Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== '' && value !== null)))
      .filter((entry) => Object.keys(entry).length > 1)
  const lists = {
    Phones: filled('Phones'),
    Addresses: filled('Addresses'),
    ContactPersons: rows(row, 'ContactPersons'),
  }
  const terms = part(row, 'PaymentTerms')
  return {
    ...compact({ ContactNumber: text(row, 'ContactNumber') }),
    ...Object.fromEntries(Object.entries(lists).filter(([, entries]) => entries.length > 0)),
    ...(Object.keys(terms).length > 0 && { PaymentTerms: terms }),
  }
}

export function contactFromXero(row: Json): ImportedContact {
  // GDPRREQUEST, the third status, is a contact that is on its way out: no longer usable either.
  const archived = (text(row, 'ContactStatus') ?? 'ACTIVE') !== 'ACTIVE'
  return {
    list: 'contacts',
    remoteId: requiredText(row, 'ContactID').toLowerCase(),
    updatedAt: instant(row.UpdatedDateUTC),
    archived,
    // Restored, it may still name the other one, and is itself again.
    mergedInto: archived ? idText(row, 'MergedToContactID') : null,
    roles: { customer: flag(row, 'IsCustomer'), vendor: flag(row, 'IsSupplier') },
    contactNumber: text(row, 'ContactNumber'),
    fields: contactFields(row, archived),
    kept: keptOf(row),
  }
}

/** Whether an update would leave the contact as it stands, by field that holds several values. */
export function leavesAsItStands(posted: PostedContact, row: Json): Readonly<Record<string, boolean>> {
  const { fields, kept } = contactFromXero(row)
  const standing = { fields, kept }
  return {
    phones: phonesToXero(posted, standing) === undefined,
    addresses: addressesToXero(posted, standing) === undefined,
    contactPersons: personsToXero(posted, standing) === undefined,
    terms: termsToXero(posted, standing) === undefined,
  }
}
