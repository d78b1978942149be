// A customer or vendor record → a contact in Xero. ContactNumber is the marker: "C-<id>" or "V-<id>", because a
// customer and a vendor of the product may have the same id while Xero's contact numbers are unique. A contact that has
// a number keeps it: one contact may be both, and the marker by which it was first found must not change. What the record does
// not hold stays as it stands in Xero; what the product took away is emptied there.
import { createHash } from 'node:crypto'
import type { Contact } from '../records/index.ts'
import type { Settings } from '../settings/index.ts'
import type { PostedAddress, PostedContact } from './posted.ts'
import { failed, type Posting, posted } from './posting.ts'
import { type BearerTaxes, bearerTaxType } from './taxes.ts'

export type ContactRole = 'customer' | 'vendor'
type PostedPhone = PostedContact['phones'][number]

export const longestContactNumber = 50

/** At most 50 characters; a longer id is replaced by 40 hex digits of its hash. */
export function contactNumber(role: ContactRole, recordId: string): string {
  const prefix = role === 'customer' ? 'C-' : 'V-'
  // "#" marks a hash, and an id of the product may begin so itself: such an id is hashed too.
  return prefix.length + recordId.length <= longestContactNumber && !recordId.startsWith('#')
    ? prefix + recordId
    : `${prefix}#${createHash('sha256').update(recordId).digest('hex').slice(0, 40)}`
}

/** Fields that the product took away since both sides last agreed on them: "email", "phones/mobile". */
export type Removed = ReadonlySet<string>

const entriesOf = (removed: Removed, list: string): string[] =>
  [...removed].filter((key) => key.startsWith(`${list}/`)).map((key) => key.slice(list.length + 1))

/**
 * `existingNumber`: the contact number that the linked contact has in Xero, if it is linked. `isUnnumbered`: it has none, and
 * gets none. Terms and tax codes are those of the role's own side: a customer never touches what the books say of the vendor.
 */
export function postContact(
  record: Partial<Contact> & Pick<Contact, 'name'>,
  { role, recordId }: { readonly role: ContactRole; readonly recordId: string },
  settings: Settings,
  {
    existingNumber = null,
    isUnnumbered = false,
    removed = new Set(),
    ...taxes
  }: {
    readonly existingNumber?: string | null
    readonly isUnnumbered?: boolean
    readonly removed?: Removed
  } & Omit<BearerTaxes, 'settings'> = {},
): Posting<PostedContact> {
  const text = (field: 'firstName' | 'lastName' | 'email' | 'accountNumber' | 'taxNumber' | 'currency') =>
    record[field] ?? (removed.has(field) ? '' : undefined)
  const lostPhones = entriesOf(removed, 'phones').map((kind) => ({ kind: kind as PostedPhone['kind'], number: '' }))
  const lostAddresses = entriesOf(removed, 'addresses').map((kind) => ({
    kind: kind as PostedAddress['kind'],
    lines: [],
  }))
  const lostPersons = entriesOf(removed, 'contactPersons').length > 0
  const isCustomer = role === 'customer'
  const side = isCustomer ? 'sales' : 'bills'
  const taxField = isCustomer ? 'salesTaxCode' : 'purchaseTaxCode'
  const own = bearerTaxType(record[taxField], taxField, { settings, ...taxes })
  if (typeof own === 'object') return failed(own)
  const taxType = own ?? (removed.has(taxField) ? '' : undefined)
  const lostTerms = removed.has('terms') ? ({ side, type: '', days: 0 } as const) : undefined
  return posted({
    list: 'contacts',
    contactNumber: isUnnumbered ? '' : existingNumber || contactNumber(role, recordId),
    name: record.name,
    firstName: text('firstName'),
    lastName: text('lastName'),
    email: text('email'),
    website: record.website,
    accountNumber: text('accountNumber'),
    taxNumber: text('taxNumber'),
    currency: text('currency'),
    phones: [...(record.phones ?? []), ...lostPhones],
    addresses: [...(record.addresses ?? []).map(({ lines = [], ...rest }) => ({ lines, ...rest })), ...lostAddresses],
    contactPersons: record.contactPersons ?? (lostPersons ? [] : undefined),
    salesTaxType: isCustomer ? taxType : undefined,
    purchaseTaxType: isCustomer ? undefined : taxType,
    terms: record.terms ? { side, type: record.terms.kind, days: record.terms.days } : lostTerms,
    archived: record.active === false,
  })
}
