// Whether a contact stands in Xero as it would be written: a write that says nothing new is not made.
import { type Fields, fieldsOf } from '../merging.ts'
import { isEntry, sameValue } from '../merging-entries.ts'
import type { PostedContact } from './posted.ts'

/** A contact as it stands in Xero: the fields of the record's role, and the contact number. */
export interface StandingContact {
  readonly fields: Fields
  readonly contactNumber: string | null
}

const texts = ['name', 'firstName', 'lastName', 'email', 'accountNumber', 'taxNumber', 'currency'] as const

/** The web site is none of it: nobody can write it. */
export function standsAlready(posted: PostedContact, { fields, contactNumber }: StandingContact): boolean {
  const isText = (value: unknown, there: unknown) => value === undefined || value === (there ?? '')
  const isEntryThere = (key: string, value: unknown): boolean => {
    const there = fields[key]
    if (there !== undefined) return sameValue(value, there)
    const { kind: _, ...said } = isEntry(key, value) ? value : {}
    return Object.values(said).every((part) => part === undefined || String(part) === '')
  }
  const listed = fieldsOf({ phones: posted.phones, addresses: posted.addresses, contactPersons: posted.contactPersons })
  const persons = (of: Fields) => Object.keys(of).filter((key) => key.startsWith('contactPersons/'))
  const { terms } = posted
  const wanted = terms && (terms.type === '' ? undefined : { kind: terms.type, days: terms.days })
  return (
    !posted.archived &&
    (posted.contactNumber === '' || posted.contactNumber === contactNumber) &&
    texts.every((field) => isText(posted[field], fields[field])) &&
    isText(posted.salesTaxType, fields.salesTaxCode) &&
    isText(posted.purchaseTaxType, fields.purchaseTaxCode) &&
    Object.entries(listed).every(([key, value]) => isEntryThere(key, value)) &&
    (posted.contactPersons === undefined || persons(fields).every((key) => key in listed)) &&
    (terms === undefined || sameValue(wanted, fields.terms))
  )
}
