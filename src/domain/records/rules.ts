// Rules on records beyond their schemas: what Xero would refuse, or what could not be posted without guessing.
import type { RecordType } from '../entity-types.ts'
import { type Fault, pointer } from '../schema-faults.ts'
import type { Bill } from './bill.ts'
import type { Contact } from './contact.ts'
import type { DocumentBody, RecordBody } from './index.ts'
import type { Invoice } from './invoice.ts'
import { lengthFaults } from './lengths.ts'
import { recordSchemas } from './schemas.ts'

/** A value of which any part may be missing: what is of the wrong form was taken out of it. */
type Part<T> = T extends readonly (infer E)[]
  ? readonly (Part<E> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Part<T[K]> }
    : T

const fault = (at: string, detail: string, action: string): Fault => ({ pointer: at, detail, action })

/** Positions of values that occurred before. */
function repeated(values: readonly (string | undefined)[]): number[] {
  const seen = new Set<string>()
  return values.flatMap((value, index) => {
    if (value === undefined) return []
    if (seen.has(value)) return [index]
    seen.add(value)
    return []
  })
}

/** xero.md, Contacts: Xero refuses these, or stores another name than was sent, which then no longer matches. */
function contactFaults(contact: Part<Contact>): Fault[] {
  const faults: Fault[] = []
  const names = { name: contact.name, firstName: contact.firstName, lastName: contact.lastName }
  for (const [field, value] of Object.entries(names)) {
    if (value === undefined) continue
    if (/[<>]/.test(value)) {
      faults.push(fault(pointer(field), 'must not hold angle brackets', 'Remove < and >.'))
    }
    if (/\s{2}/.test(value)) {
      faults.push(fault(pointer(field), 'must not hold two spaces in a row', 'Keep one space.'))
    }
  }
  for (const index of repeated((contact.phones ?? []).map((phone) => phone?.kind))) {
    faults.push(fault(pointer('phones', index, 'kind'), 'occurs twice', 'Send one number of each kind.'))
  }
  for (const index of repeated((contact.addresses ?? []).map((address) => address?.kind))) {
    faults.push(fault(pointer('addresses', index, 'kind'), 'occurs twice', 'Send one address of each kind.'))
  }
  for (const [index, address] of (contact.addresses ?? []).entries()) {
    if (address?.country !== undefined && /[^\p{L}\p{M} .,'()&-]/u.test(address.country)) {
      faults.push(
        fault(pointer('addresses', index, 'country'), 'must be a name in letters', 'Write the name of the country.'),
      )
    }
  }
  for (const [index, person] of (contact.contactPersons ?? []).entries()) {
    if (person && !person.firstName && !person.lastName && !person.email) {
      faults.push(fault(pointer('contactPersons', index), 'is empty', 'Give the person a name or an e-mail address.'))
    }
  }
  return faults
}

function documentFaults(document: Part<DocumentBody>): Fault[] {
  const faults: Fault[] = []
  const { lines = [], date, dueDate, exchangeRate } = document
  for (const index of repeated(lines.map((line) => line?.id?.trim()))) {
    faults.push(fault(pointer('lines', index, 'id'), 'occurs twice', 'Give every line an id of its own.'))
  }
  for (const [index, line] of lines.entries()) {
    if (line && line.itemId === undefined && !line.description?.trim()) {
      faults.push(fault(pointer('lines', index), 'has neither itemId nor description', 'Add one of them.'))
    }
  }
  if (dueDate !== undefined && date !== undefined && dueDate < date) {
    faults.push(fault('/dueDate', 'must not be before date', 'Send a due date on or after the date.'))
  }
  if (exchangeRate !== undefined && !/[1-9]/.test(exchangeRate)) {
    faults.push(fault('/exchangeRate', 'must be greater than zero', 'Send the rate, or leave it out.'))
  }
  return faults
}

function discountFaults({ discount }: Part<Invoice>): Fault[] {
  if (!discount || (discount.amount === undefined) !== (discount.rate === undefined)) return []
  return [fault('/discount', 'must have either amount or rate', 'Send exactly one of amount and rate.')]
}

const chargeFaults = ({ otherCharges = [] }: Part<Bill>): Fault[] =>
  otherCharges.flatMap((charge, index) =>
    charge?.account !== undefined && charge.itemId !== undefined
      ? [fault(pointer('otherCharges', index), 'has both account and itemId', 'Send one of them, or neither.')]
      : [],
  )

export const ruleFaults = (type: RecordType, body: Part<RecordBody>): Fault[] => [
  ...lengthFaults(recordSchemas[type], body),
  ...faultsOfType(type, body),
]

function faultsOfType(type: RecordType, body: Part<RecordBody>): Fault[] {
  switch (type) {
    case 'item':
      return []
    case 'customer':
    case 'vendor':
      return contactFaults(body as Part<Contact>)
    case 'invoice':
      return [...documentFaults(body as Part<Invoice>), ...discountFaults(body as Part<Invoice>)]
    case 'bill':
      return [...documentFaults(body as Part<Bill>), ...chargeFaults(body as Part<Bill>)]
  }
}
