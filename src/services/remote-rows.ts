// Contacts and items as they were read, as rows of the mirror; and as the fields of a record of a type: terms and tax codes have
// two sides, of which a customer sees the sales, a vendor the bills.
import { createHash } from 'node:crypto'
import type { ImportedContact, ImportedEntity, ImportedItem } from '../accounting/provider.ts'
import type { EntityRecordType } from '../domain/entity-types.ts'
import { type Fields, fieldsOf } from '../domain/merging.ts'
import { canonicalJson } from '../lib/json.ts'
import type { RemoteEntity } from '../stores/remote-entities.ts'

const fieldsHash = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(canonicalJson(parts)).digest('hex')
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** What is searched for: people and imports leave blanks that say nothing. The fields keep the value as it stands. */
const key = (value: unknown): string | null =>
  text(typeof value === 'string' ? value.normalize('NFC').trim().replace(/\s+/gu, ' ') : value)

function contactEntity(contact: ImportedContact): RemoteEntity {
  const fields: Record<string, unknown> = { ...contact.fields, active: !contact.archived }
  return {
    list: 'contacts',
    remoteId: contact.remoteId,
    name: key(fields.name) ?? '',
    contactNumber: contact.contactNumber,
    accountNumber: key(fields.accountNumber),
    taxNumber: key(fields.taxNumber),
    email: key(fields.email),
    code: null,
    stock: null,
    archived: contact.archived,
    mergedInto: contact.mergedInto,
    isCustomer: contact.roles.customer,
    isVendor: contact.roles.vendor,
    fields,
    kept: contact.kept,
    fieldsHash: fieldsHash(fields, contact.kept, contact.mergedInto),
    remoteUpdatedAt: contact.updatedAt,
  }
}

const itemEntity = (item: ImportedItem): RemoteEntity => ({
  list: 'items',
  remoteId: item.remoteId,
  name: text(item.fields.name) ?? item.code,
  contactNumber: null,
  accountNumber: null,
  taxNumber: null,
  email: null,
  code: item.code,
  stock: item.stock,
  archived: false,
  mergedInto: null,
  isCustomer: false,
  isVendor: false,
  fields: item.fields,
  kept: item.kept,
  fieldsHash: fieldsHash(item.fields, item.kept),
  remoteUpdatedAt: item.updatedAt,
})

export const remoteRow = (entity: ImportedEntity): RemoteEntity =>
  entity.list === 'contacts' ? contactEntity(entity) : itemEntity(entity)

/** The fields of a new record of this type. */
export function importedFields(type: EntityRecordType, { fields }: Pick<RemoteEntity, 'fields'>): Fields {
  if (type === 'item') return fieldsOf(fields)
  const { salesTerms, billTerms, salesTaxCode, purchaseTaxCode, ...shared } = fields
  const side = type === 'customer' ? { terms: salesTerms, salesTaxCode } : { terms: billTerms, purchaseTaxCode }
  return fieldsOf({ ...shared, ...side })
}

/** The fields of a record that Xero has a say in. What kind an item is, it does not know. */
export function theirFields(type: EntityRecordType, entity: Pick<RemoteEntity, 'fields'>): Fields {
  const { kind: _, ...fields } = importedFields(type, entity)
  return fields
}

/** Stamps of lists may be rounded to the second. */
export const isOlder = (one: RemoteEntity, other: RemoteEntity): boolean =>
  one.remoteUpdatedAt !== null &&
  other.remoteUpdatedAt !== null &&
  Date.parse(one.remoteUpdatedAt) + 1_000 <= Date.parse(other.remoteUpdatedAt)

/** A contact that a person merged into another one. */
export const isMergedAway = ({ mergedInto, remoteId }: RemoteEntity): boolean =>
  mergedInto !== null && mergedInto !== remoteId
