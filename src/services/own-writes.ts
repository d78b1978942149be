// What of a contact or item in an answer, or in what a look-up found, is our own writing, and what somebody else did.
import type { ImportedEntity } from '../accounting/provider.ts'
import type { EntityRecordType } from '../domain/entity-types.ts'
import { changedFields, type Fields, fieldsOf } from '../domain/merging.ts'
import { sameValue } from '../domain/merging-entries.ts'
import type { PostedItem } from '../domain/posting/posted.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import type { StoredRecord } from '../stores/records.ts'
import type { RemoteEntity } from '../stores/remote-entities.ts'
import { theirFields } from './remote-rows.ts'

/** In Xero they have Xero's words, not the product's. */
export const mappedFields: readonly string[] = ['salesTaxCode', 'purchaseTaxCode', 'code']

/** Xero takes a website from people only, and has a currency, terms and tax types of its own: one that lacks there was not emptied. */
const notKeptAsSent: readonly string[] = ['website', 'currency', 'terms', 'salesTaxCode', 'purchaseTaxCode']

/** A contact or item as the answer to our own write of it shows it. */
export interface WrittenEntity {
  readonly type: EntityRecordType
  readonly recordId: string
  readonly entity: ImportedEntity
  /** The fields of the record that were written; null: not by us, as far as is known. */
  readonly written: Fields | null
  /** found: by a look-up, after the answer was lost, so that somebody may have changed it since. */
  readonly how: 'created' | 'updated' | 'found'
  /** Written without what is in dispute with another record of the contact. */
  readonly isPartial?: boolean
  /** Fields that the settings filled in the document, of which the record says nothing. */
  readonly filled?: Fields
  /** Found, and made by us without a doubt: a field that it lacks has been emptied since. */
  readonly isMadeByUs?: boolean
}

/** Accounts that the settings fill where the record names none. */
export const filledAccounts = ({ sales = {}, purchase = {} }: PostedItem): Fields => ({
  incomeAccount: sales.accountOtherwise,
  expenseAccount: purchase.accountOtherwise,
})

/**
 * Fields of a record that a change of unknown outcome sent. An account that the settings filled in is nobody's: where the record says one since,
 * that is its own change, and no edit is in its way.
 */
export function sentFields({ fields = null, posted }: BatchElement, record: StoredRecord | undefined): Fields | null {
  if (!fields || posted?.list !== 'items') return fields
  const body: Fields = record ? fieldsOf(record.body) : {}
  const filled = Object.entries(filledAccounts(posted)).filter(([key, value]) => value !== undefined && key in body)
  return { ...Object.fromEntries(filled), ...fields }
}

/** A contact or item that a person may have made agrees on nothing that it does not hold: that is still to be sent. */
export function agreedBy(type: EntityRecordType, own: WrittenEntity, entity: RemoteEntity): Fields | null {
  const { written, how, isMadeByUs = false } = own
  if (how !== 'found' || !written || isMadeByUs) return written
  const theirs = theirFields(type, entity)
  return Object.fromEntries(Object.entries(written).filter(([key]) => key in theirs))
}

/** Fields of our own document in Xero that we did not write: somebody else did. */
export function notOurs(
  type: EntityRecordType,
  { written, how, filled = {}, isMadeByUs = false }: WrittenEntity,
  before: RemoteEntity | undefined,
  entity: RemoteEntity,
): string[] {
  const theirs = theirFields(type, entity)
  if (how === 'found') {
    const isFilled = (key: string) => key in filled && sameValue(filled[key], theirs[key])
    const isEmptied = (key: string) => isMadeByUs && !notKeptAsSent.includes(key)
    const others = changedFields(written ?? {}, theirs).filter(
      (key) => (key in theirs || isEmptied(key)) && !isFilled(key),
    )
    return others.filter((key) => !mappedFields.includes(key))
  }
  if (how === 'created' || !before || !written) return []
  const known = theirFields(type, before)
  const sent = new Set(changedFields(known, written).filter((key) => key in written))
  return changedFields(known, theirs).filter((key) => !sent.has(key))
}
