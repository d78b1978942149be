// Which status a document may go to, as data. PAID is set by payments only; VOIDED and DELETED are final.
import type { InvoiceStatus } from '../../state.ts'

export const firstStatuses: InvoiceStatus[] = ['DRAFT', 'SUBMITTED', 'AUTHORISED']

export const transitions: Record<InvoiceStatus, InvoiceStatus[]> = {
  DRAFT: ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'DELETED'],
  SUBMITTED: ['SUBMITTED', 'AUTHORISED', 'DRAFT', 'DELETED'],
  AUTHORISED: ['AUTHORISED', 'VOIDED'],
  PAID: ['PAID'],
  VOIDED: [],
  DELETED: [],
}

/** Members of a paid bill that may still be edited (since March 2026); nothing of a paid sales invoice may. */
export const editableWhenPaid = [
  'InvoiceID',
  'Type',
  'Status',
  'InvoiceNumber',
  'Reference',
  'DueDate',
  'BrandingThemeID',
  'Contact',
  'Url',
  'PlannedPaymentDate',
  'LineItems',
]
export const lineEditableWhenPaid = ['LineItemID', 'Description', 'AccountCode', 'Tracking']

/** A document of zero that Xero made PAID without any payment: approved as before, or voided. */
export const fromPaidByZero: InvoiceStatus[] = ['PAID', 'AUTHORISED', 'VOIDED']

export const isFinal = (status: InvoiceStatus) => transitions[status].length === 0
export const isApproved = (status: InvoiceStatus) => status === 'AUTHORISED' || status === 'PAID'
