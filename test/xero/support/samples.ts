// Documents as they would be posted, one of each kind, and ids that look like Xero's.
import type { PostedBill, PostedContact, PostedInvoice, PostedItem } from '../../../src/domain/posting/posted.ts'

export const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
export const noId = '00000000-0000-0000-0000-000000000000'

export const contact = (n: number, more: Partial<PostedContact> = {}): PostedContact => ({
  list: 'contacts',
  contactNumber: `customer:C-${n}`,
  name: `Contact ${n}`,
  firstName: 'Ann',
  lastName: 'Smith',
  email: 'ann@example.com',
  accountNumber: `ACC-${n}`,
  taxNumber: '12-345-678',
  currency: 'NZD',
  phones: [{ kind: 'mobile', number: '+64 21 555 123' }],
  addresses: [{ kind: 'billing', lines: ['1 Queen St', 'Level 2'], city: 'Auckland', country: 'New Zealand' }],
  contactPersons: [{ firstName: 'Bob', email: 'bob@example.com' }],
  salesTaxType: 'OUTPUT2',
  terms: { side: 'sales', type: 'DAYSAFTERBILLDATE', days: 20 },
  archived: false,
  ...more,
})

export const item = (n: number, more: Partial<PostedItem> = {}): PostedItem => ({
  list: 'items',
  code: `ITEM-${n}`,
  name: `Item ${n}`,
  description: 'A thing',
  isSold: true,
  isPurchased: true,
  sales: { unitPrice: '12.3400', accountCode: '200', taxType: 'OUTPUT2' },
  purchase: { unitPrice: '7.0001', accountCode: '300', taxType: 'INPUT2' },
  ...more,
})

/** All of one number, as a vendor may write it twice. */
export const bill = (n: number, more: Partial<PostedBill> = {}): PostedBill => ({
  list: 'invoices',
  kind: 'bill',
  number: 'B-1',
  url: `https://sync.example.com/v1/connections/c/bills/b${n}`,
  contactRemoteId: id(901),
  date: '2026-10-31',
  dueDate: '2026-11-20',
  currency: 'NZD',
  status: 'AUTHORISED',
  lines: [
    { lineId: 'a', description: 'Widget', quantity: '2', unitAmount: '7.0000', accountCode: '300', tracking: [] },
  ],
  ...more,
})

export const invoice = (n: number, more: Partial<PostedInvoice> = {}): PostedInvoice => ({
  list: 'invoices',
  kind: 'sale',
  number: `INV-${n}`,
  reference: `PO ${n}`,
  contactRemoteId: id(900),
  date: '2026-10-31',
  dueDate: '2026-11-20',
  currency: 'NZD',
  status: 'AUTHORISED',
  url: 'https://app.example.com/invoices/1',
  sentToContact: true,
  lines: [
    {
      lineId: 'a',
      description: 'Widget',
      quantity: '2',
      unitAmount: '10.1250',
      itemCode: 'ITEM-1',
      accountCode: '200',
      taxType: 'OUTPUT2',
      tracking: [{ categoryId: id(800), option: 'North' }],
    },
    {
      lineId: 'b',
      description: 'Freight',
      quantity: '1',
      unitAmount: '5.00',
      discountRate: '10',
      accountCode: '425',
      taxType: 'OUTPUT2',
      taxAmount: '0.68',
      tracking: [],
    },
  ],
  ...more,
})
