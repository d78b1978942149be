// A customer or vendor record → a contact in Xero. ContactNumber is the marker: "C-<id>" or "V-<id>", because a
// customer and a vendor of the product may have the same id while Xero's contact numbers are unique. A contact that has
// a number keeps it: one contact may be both, and the marker by which it was first found must not change.
import { createHash } from 'node:crypto'
import type { Contact } from '../records/index.ts'
import type { Settings } from '../settings/index.ts'
import type { PostedContact } from './posted.ts'
import { type Posting, posted } from './posting.ts'
import { mappedTaxType } from './taxes.ts'

export type ContactRole = 'customer' | 'vendor'

const maxContactNumber = 50

/** At most 50 characters; a longer id is replaced by 40 hex digits of its hash. */
export function contactNumber(role: ContactRole, recordId: string): string {
  const prefix = role === 'customer' ? 'C-' : 'V-'
  // "#" marks a hash, and an id of the product may begin so itself: such an id is hashed too.
  return prefix.length + recordId.length <= maxContactNumber && !recordId.startsWith('#')
    ? prefix + recordId
    : `${prefix}#${createHash('sha256').update(recordId).digest('hex').slice(0, 40)}`
}

/** `existingNumber`: the contact number that the linked contact has in Xero, if it is linked. */
export function postContact(
  record: Contact,
  role: ContactRole,
  recordId: string,
  settings: Settings,
  existingNumber: string | null = null,
): Posting<PostedContact> {
  return posted({
    list: 'contacts',
    contactNumber: existingNumber || contactNumber(role, recordId),
    name: record.name,
    firstName: record.firstName,
    lastName: record.lastName,
    email: record.email,
    website: record.website,
    accountNumber: record.accountNumber,
    taxNumber: record.taxNumber,
    currency: record.currency,
    phones: record.phones ?? [],
    addresses: record.addresses ?? [],
    contactPersons: record.contactPersons ?? [],
    // Only defaults for people who type in Xero: documents carry their own tax types, so an unmapped code is no fault.
    salesTaxType: mappedTaxType(record.salesTaxCode, settings.invoices.taxMap),
    purchaseTaxType: mappedTaxType(record.purchaseTaxCode, settings.vendors.taxMap),
    terms: record.terms && {
      side: role === 'customer' ? 'sales' : 'bills',
      type: record.terms.kind,
      days: record.terms.days,
    },
    archived: record.active === false,
  })
}
