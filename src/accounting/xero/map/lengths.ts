// Longest texts of a contact's addresses and telephone numbers in a request (xero.md, Contacts). Imports into Xero
// left longer ones there: they stay as they stand when another entry of their list is written, for with them Xero would refuse
// the contact.
import { type Json, text } from '../json.ts'

const longest: Readonly<Record<string, number>> = {
  PhoneNumber: 50,
  PhoneAreaCode: 10,
  PhoneCountryCode: 20,
  AddressLine1: 500,
  AddressLine2: 500,
  AddressLine3: 500,
  AddressLine4: 500,
  City: 255,
  Region: 255,
  PostalCode: 50,
  Country: 50,
  AttentionTo: 255,
}

/** Whether Xero takes back an entry that stands there. */
export const isAccepted = (entry: Json): boolean =>
  Object.entries(longest).every(([field, most]) => (text(entry, field) ?? '').length <= most)
