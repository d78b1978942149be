// The marker: the field by which a document is found again at the accounting system.
import type { Posted } from './posted.ts'

export interface Marker {
  readonly field: 'contactNumber' | 'code' | 'number' | 'reference'
  readonly value: string
}

export function markerOf(posted: Posted): Marker {
  switch (posted.list) {
    case 'contacts':
      return { field: 'contactNumber', value: posted.contactNumber }
    case 'items':
      return { field: 'code', value: posted.code }
    case 'invoices':
      // Where Xero numbers the invoice, its reference marks it.
      return posted.number === undefined
        ? { field: 'reference', value: posted.reference ?? '' }
        : { field: 'number', value: posted.number }
  }
}

/** The document as it would stand under another marker. */
export function underMarker(posted: Posted, { field, value }: Marker): Posted {
  const unnumbered = field === 'reference' ? { number: undefined } : {}
  return { ...posted, ...unnumbered, [field]: value } as Posted
}

export const isSameMarker = (one: Marker, other: Marker): boolean =>
  one.field === other.field && one.value === other.value
