// Examples that tell a story where a generated one would only fill in fields.
import type { TSchema } from 'typebox'
import { Change } from '../../domain/change.ts'
import { type RecordType, recordTypes } from '../../domain/entity-types.ts'
import { Incident, incidentTexts } from '../../domain/incident.ts'
import { OddRow } from '../../domain/odd-row.ts'
import { type FoundRecord, findingTexts, RecordFinding } from '../../domain/record-finding.ts'
import { Bill, Customer, Invoice, Item, shownSchemas, Vendor } from '../../domain/records/index.ts'
import { trackingMap } from '../../domain/settings/documents.ts'
import { Finding } from '../../domain/settings/index.ts'
import { syncError } from '../../domain/sync-errors.ts'
import { RecordReference, SyncError, SyncState } from '../../domain/sync-state.ts'
import { withCalls } from '../error-calls.ts'
import { NewApiKeyRequest } from '../schemas/api-keys.ts'
import { RequeueRequest } from '../schemas/queue.ts'
import { BulkResult, storedRecord, writtenRecord } from '../schemas/records.ts'
import { SettingsPatch } from '../schemas/settings.ts'
import { referenceExamples } from './reference-examples.ts'

const xeroId = 'a9b3c2f0-4d41-4f0e-9c35-8f0d2f1f9a10'

const item = {
  id: 'item-2001',
  kind: 'non_inventory',
  code: 'BELL-01',
  name: 'Brass bell',
  description: 'Bicycle bell, brass',
  salePrice: '19.90',
  purchasePrice: '7.25',
  incomeAccount: '200',
  active: true,
}
const customer = {
  id: 'cust-1001',
  name: 'Ann’s Bicycles',
  email: 'ann@example.com',
  phones: [{ kind: 'default', number: '+64 9 555 0100' }],
  addresses: [
    { kind: 'billing', lines: ['1 Queen Street'], city: 'Auckland', postalCode: '1010', country: 'New Zealand' },
  ],
  terms: { kind: 'DAYSAFTERBILLDATE', days: 20 },
}
const vendor = { id: 'vend-3001', name: 'Brass & Co', email: 'orders@example.com', currency: 'NZD' }
const invoice = {
  id: 'inv-9001',
  number: 'INV-9001',
  customerId: 'cust-1001',
  date: '2026-11-30',
  shipDate: '2026-11-30',
  lines: [
    { id: '1', itemId: 'item-2001', description: 'Brass bell', quantity: '2', unitPrice: '19.90', taxCode: 'GST' },
  ],
  total: '45.77',
  status: 'shipped',
}
const bill = {
  id: 'bill-4001',
  number: 'RCV-4001',
  vendorId: 'vend-3001',
  vendorInvoiceNumber: 'BC-2217',
  date: '2026-11-30',
  receiveDate: '2026-11-30',
  dueDate: '2026-12-20',
  lines: [
    { id: '1', itemId: 'item-2001', description: 'Brass bell', quantity: '40', unitPrice: '7.25', taxCode: 'GST' },
  ],
  otherCharges: [{ description: 'Freight', account: '425', amount: '18.00', taxCode: 'GST' }],
  total: '354.20',
  status: 'received',
}
const inXero = (page: string): string =>
  `https://go.xero.com/organisationlogin/default.aspx?shortcode=!23vm!&redirecturl=${page}${xeroId}`
const contactInXero = {
  id: xeroId,
  number: 'cust-1001',
  url: inXero('/Contacts/View/'),
  status: 'ACTIVE',
  updatedAt: '2026-11-30T09:14:02.000Z',
  amountDue: null,
  fullyPaidOn: null,
}
const synced = {
  state: 'synced',
  xero: contactInXero,
  lastSyncedAt: '2026-11-30T09:14:03.120Z',
  lastError: null,
  nextStepAt: null,
}
const duplicate = syncError('duplicate_number', {
  field: '/number',
  xero: ['Invoice # must be unique.'],
  candidates: [{ id: xeroId, number: 'INV-9001', name: null, url: inXero('/AccountsReceivable/Edit.aspx?InvoiceID=') }],
})
const shownError = withCalls(duplicate, {
  connectionId: '01936f5a-7c1e-7b3a-9f4d-2a6b8c0d1e2f',
  record: { type: 'invoice', id: invoice.id },
})

const found: FoundRecord = {
  code: 'item_renamed',
  recordType: 'item',
  recordId: item.id,
  recordName: item.name,
  xeroId,
  handedCode: item.code,
  codeInXero: 'BELL-BRASS',
  fields: [],
}
const renamed = {
  code: found.code,
  recordType: found.recordType,
  recordId: found.recordId,
  recordName: found.recordName,
  xeroId,
  ...findingTexts.item_renamed(found),
  url: inXero('/Accounts/Inventory/'),
}

interface Handwritten {
  readonly schema: TSchema
  readonly example: unknown
}

const stored = (type: RecordType, record: { id: string }, xero: object) => ({
  type,
  id: record.id,
  origin: 'product',
  record,
  sync: { ...synced, xero: { ...contactInXero, ...xero } },
  createdAt: '2026-11-29T22:40:00.000Z',
  updatedAt: '2026-11-30T09:14:03.120Z',
  deletedAt: null,
})
const storedExamples: Readonly<Record<RecordType, object>> = {
  item: stored('item', item, { number: item.code, url: inXero('/Accounts/Inventory/'), status: null }),
  customer: stored('customer', customer, {}),
  vendor: stored('vendor', vendor, { number: vendor.id }),
  invoice: stored('invoice', invoice, {
    number: invoice.number,
    url: inXero('/AccountsReceivable/Edit.aspx?InvoiceID='),
    status: 'AUTHORISED',
    amountDue: invoice.total,
  }),
  bill: stored('bill', bill, {
    number: bill.vendorInvoiceNumber,
    url: inXero('/AccountsPayable/Edit.aspx?InvoiceID='),
    status: 'DRAFT',
    amountDue: bill.total,
  }),
}

export const handwritten: readonly Handwritten[] = [
  // Each organisation has tracking categories of its own: an example that names one is refused everywhere.
  { schema: trackingMap(), example: {} },
  { schema: Item, example: item },
  { schema: Customer, example: customer },
  { schema: Vendor, example: vendor },
  { schema: Invoice, example: invoice },
  { schema: Bill, example: bill },
  { schema: shownSchemas.item, example: item },
  { schema: shownSchemas.customer, example: customer },
  { schema: shownSchemas.vendor, example: vendor },
  { schema: shownSchemas.invoice, example: invoice },
  { schema: shownSchemas.bill, example: bill },
  { schema: SyncState, example: synced },
  { schema: SyncError, example: shownError },
  {
    schema: BulkResult,
    example: {
      id: 'cust-1001',
      result: 'created',
      sync: { ...synced, state: 'pending', xero: null, lastSyncedAt: null },
      errors: [],
    },
  },
  {
    schema: Change,
    example: {
      sequence: 42,
      recordType: 'customer',
      recordId: 'cust-1001',
      operation: 'updated',
      record: customer,
      xeroId,
      jobId: '01936f5a-7c1e-7b3a-9f4d-2a6b8c0d1e2f',
      changedAt: '2026-11-30T09:15:00.000Z',
    },
  },
  {
    schema: Finding,
    example: {
      pointer: '/items/accounts/income',
      code: 'account_unknown',
      detail: 'Xero has no account 201.',
      action: 'Choose one of GET …/accounts.',
      severity: 'error',
    },
  },
  {
    schema: SettingsPatch,
    example: { items: { accounts: { income: '200', expense: '300' } }, schedule: { enabled: true, everyMinutes: 60 } },
  },
  ...recordTypes.flatMap((type) => [
    { schema: storedRecord(type), example: storedExamples[type] },
    { schema: writtenRecord(type), example: { result: 'updated', ...storedExamples[type] } },
  ]),
  ...referenceExamples,
  { schema: RecordReference, example: { type: 'customer', id: customer.id } },
  {
    schema: Incident,
    example: {
      id: '01936f5a-7c1e-7b3a-9f4d-2a6b8c0d1e2f',
      kind: 'orphan',
      marker: invoice.number,
      xeroIds: [xeroId],
      recordType: 'invoice',
      recordId: null,
      ...incidentTexts.orphan,
      detectedAt: '2026-11-30T09:15:00.000Z',
      resolvedAt: null,
    },
  },
  {
    schema: OddRow,
    example: {
      list: 'contacts',
      xeroId,
      rows: 1,
      reason: 'Name is empty.',
      firstSeenAt: '2026-11-29T09:15:00.000Z',
      lastSeenAt: '2026-11-30T09:15:00.000Z',
    },
  },
  { schema: RecordFinding, example: renamed },
  { schema: RequeueRequest, example: { recordType: 'customer', recordIds: ['cust-1001'] } },
  { schema: NewApiKeyRequest, example: { companyId: 'acme', name: 'Backend', expiresAt: null } },
]
