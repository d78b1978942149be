// The marker: the field by which a document is found again at the accounting system.
import { canonicalJson } from '../../lib/json.ts'
import type { Posted } from './posted.ts'

export interface Marker {
  readonly field: 'contactNumber' | 'code' | 'number' | 'reference' | 'url'
  readonly value: string
}

/** One form of an address, however it is escaped: a bill is known by it. */
export const canonicalAddress = (text: string): string => (URL.canParse(text) ? new URL(text).href : text)

export function markerOf(posted: Posted): Marker {
  switch (posted.list) {
    case 'contacts':
      return { field: 'contactNumber', value: posted.contactNumber }
    case 'items':
      return { field: 'code', value: posted.code }
    case 'invoices':
      // Any number of bills may bear one number.
      if (posted.kind === 'bill') return { field: 'url', value: posted.url }
      // Where Xero numbers the invoice, its reference marks it.
      return posted.number === undefined
        ? { field: 'reference', value: posted.reference ?? '' }
        : { field: 'number', value: posted.number }
  }
}

/** Nothing at the accounting system keeps a second one of the same name out: bills, and invoices that it numbers itself. */
export const hasTwins = (posted: Posted): boolean =>
  posted.list === 'invoices' && (posted.kind === 'bill' || posted.number === undefined)

/** Tells documents apart that share a reference; null where the marker does. */
export const contentKeyOf = (posted: Posted): string | null =>
  posted.list === 'invoices' && posted.kind === 'sale' && posted.number === undefined
    ? canonicalJson([posted.contactRemoteId, posted.date, posted.currency ?? null, posted.lines])
    : null

/** Whether a hit was laid beside this document, and not beside another one of the same reference. */
export const isSoughtAs = ({ soughtAs = null }: { readonly soughtAs?: string | null }, posted: Posted): boolean =>
  soughtAs === null || soughtAs === contentKeyOf(posted)

/** The name by which people call the document. */
export const nameOf = (posted: Posted): string =>
  posted.list === 'invoices' && posted.kind === 'bill' ? posted.number : markerOf(posted).value

/** The document as it would stand where the former one may stand: under its marker, and its name, by which it is looked up. */
export function inPlaceOf(posted: Posted, former: Posted): Posted {
  const { field, value } = markerOf(former)
  const unnumbered = field === 'reference' ? { number: undefined } : {}
  const named = field === 'url' ? { number: nameOf(former) } : {}
  return { ...posted, ...unnumbered, ...named, [field]: value } as Posted
}

/** Whether both stand under the same marker and name: the one needs no renaming to be the other. */
export function isNamedAlike(one: Posted, other: Posted): boolean {
  const [a, b] = [markerOf(one), markerOf(other)]
  return a.field === b.field && a.value === b.value && nameOf(one) === nameOf(other)
}
