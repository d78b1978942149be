// Examples of reference lists, as an organisation in New Zealand has them.
import type { TSchema } from 'typebox'
import {
  Account,
  BrandingTheme,
  ContactGroup,
  Currency,
  Organisation,
  PaymentTerm,
  TaxRate,
  TrackingCategory,
} from '../../domain/reference-lists.ts'
import { UnassignedContact } from '../routes/contacts.ts'

const id = (last: number): string => `297c2dc5-cc47-4afd-8ec8-7499099${String(last).padStart(5, '0')}`

const organisation = {
  id: id(1),
  name: 'Demo Company (NZ)',
  legalName: 'Demo Company (NZ)',
  baseCurrency: 'NZD',
  countryCode: 'NZ',
  timezone: 'Pacific/Auckland',
  plan: 'PREMIUM',
  shortCode: '!k3qhn',
  isDemoCompany: true,
  periodLockDate: '2026-03-31',
  endOfYearLockDate: null,
}

export const referenceExamples: readonly { readonly schema: TSchema; readonly example: unknown }[] = [
  {
    schema: Account,
    example: {
      id: id(2),
      code: '200',
      name: 'Sales',
      type: 'REVENUE',
      class: 'REVENUE',
      status: 'ACTIVE',
      taxType: 'OUTPUT2',
      systemAccount: null,
      acceptsPayments: false,
    },
  },
  {
    schema: TaxRate,
    example: {
      taxType: 'OUTPUT2',
      name: '15% GST on Income',
      rate: '15',
      status: 'ACTIVE',
      appliesTo: ['REVENUE', 'ASSET'],
    },
  },
  {
    schema: TrackingCategory,
    example: { id: id(3), name: 'Region', status: 'ACTIVE', options: [{ id: id(4), name: 'North', status: 'ACTIVE' }] },
  },
  { schema: Currency, example: { code: 'NZD', description: 'New Zealand Dollar' } },
  { schema: ContactGroup, example: { id: id(5), name: 'Wholesale', status: 'ACTIVE' } },
  { schema: BrandingTheme, example: { id: id(6), name: 'Standard' } },
  { schema: PaymentTerm, example: { kind: 'sales', type: 'DAYSAFTERBILLDATE', days: 20 } },
  { schema: Organisation, example: organisation },
  {
    schema: UnassignedContact,
    example: {
      xeroId: id(7),
      name: 'Harbour Freight Ltd',
      contactNumber: null,
      email: 'office@example.com',
      archived: false,
      updatedAt: '2026-11-30T09:14:02.000Z',
    },
  },
]
