// The records by type: schema, canonical form, content hash, and what people call them.
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../lib/json.ts'
import { type DocumentType, isDocumentType, type RecordType } from '../entity-types.ts'
import { problem } from '../errors.ts'
import { faultCount, faultReport } from '../fault-report.ts'
import { type Fault, isUnknownField, schemaFaults } from '../schema-faults.ts'
import { isUntold, wellFormedPart } from '../told-places.ts'
import { Bill, type BillLine } from './bill.ts'
import { canonical } from './canonical.ts'
import { Customer } from './customer.ts'
import { faultsOfNewValues } from './handed-back.ts'
import { Invoice, type InvoiceLine } from './invoice.ts'
import { Item } from './item.ts'
import { ruleFaults } from './rules.ts'
import { recordSchemas } from './schemas.ts'
import { Vendor } from './vendor.ts'

export type { Contact } from './contact.ts'
export type { InvoiceLine } from './invoice.ts'
export { recordSchemas } from './schemas.ts'
export { shownRecord, shownSchemas } from './shown.ts'
export { Bill, Customer, Invoice, Item, Vendor }

export interface RecordBodies {
  readonly item: Item
  readonly customer: Customer
  readonly vendor: Vendor
  readonly invoice: Invoice
  readonly bill: Bill
}
export type RecordBody = RecordBodies[RecordType]
/** A record that becomes a document of its own in Xero: it has a date, lines and a status. */
export type DocumentBody = RecordBodies[DocumentType]
/** Xero takes no discounts on bills (xero.md, Invoices and bills). */
export type DocumentLine = BillLine & Partial<Pick<InvoiceLine, 'discountRate'>>

/**
 * The one form of a record: defaults filled in, decimals without superfluous zeros, texts trimmed, empty and undefined
 * fields dropped. Expects a body that fits its schema.
 */
export const canonicalRecord = <T extends RecordType>(type: T, body: RecordBodies[T]): RecordBodies[T] =>
  canonical(recordSchemas[type], body) as RecordBodies[T]

/** sha256 in hex over the content. Id and version are no content: a new version of the same content changes nothing. */
export function contentHash(body: RecordBody): string {
  const { id: _id, version: _version, ...content } = body
  return createHash('sha256').update(canonicalJson(content)).digest('hex')
}

/** Name or number, for people. */
export const recordName = (type: RecordType, body: RecordBody): string | null =>
  (isDocumentType(type) ? (body as DocumentBody).number : (body as Item | Customer).name) ?? null

/** The product's status; null for records without one. */
export const recordStatus = (type: RecordType, body: RecordBody): string | null =>
  isDocumentType(type) ? ((body as DocumentBody).status ?? null) : null

/** Faults against the rules that a schema cannot say. Expects a body that fits its schema. */
export const recordProblems = <T extends RecordType>(type: T, body: RecordBodies[T]): Fault[] => ruleFaults(type, body)

/**
 * The faults of an unchecked body, as a report: those of its schema, and those of the rules where it is of the right form. Values that
 * the `stored` record holds, where there is one, may be handed back as they are.
 */
export function recordFaults(type: RecordType, body: unknown, stored: unknown = null): Fault[] {
  const schema = recordSchemas[type]
  const ofNewValues = (faults: Fault[]): Fault[] =>
    stored === null || faults.length === 0 ? faults : faultsOfNewValues(type, body, stored, faults)
  const ofForm = ofNewValues(schemaFaults(schema, body))
  const readable = ofForm.length === 0 ? body : wellFormedPart(schema, body, ofForm)
  if (readable === null) return ofForm
  const isToTell = isUntold(ofForm.filter((fault) => !isUnknownField(fault)))
  const ofRules = ofNewValues(ruleFaults(type, canonical(schema, readable) as RecordBody))
  return faultReport([...ofForm, ...ofRules.filter(({ pointer }) => isToTell(pointer))])
}

/** The canonical record of an unchecked body. Throws validation_failed with every fault. */
export function parseRecord<T extends RecordType>(type: T, body: unknown): RecordBodies[T] {
  const errors = recordFaults(type, body)
  if (errors.length > 0)
    throw problem('validation_failed', `The ${type} has ${faultCount(errors)} error(s).`, { errors })
  return canonicalRecord(type, body as RecordBodies[T])
}
