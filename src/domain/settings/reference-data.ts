// The pulled reference lists that settings and postings are checked against. A list that was never pulled is null, and
// nothing is checked against it.
import type {
  Account,
  BrandingTheme,
  Currency,
  Organisation,
  PaymentTerm,
  TaxRate,
  TrackingCategory,
} from '../reference-lists.ts'

export interface ReferenceData {
  readonly accounts: readonly Account[] | null
  readonly taxRates: readonly TaxRate[] | null
  readonly trackingCategories: readonly TrackingCategory[] | null
  readonly brandingThemes: readonly BrandingTheme[] | null
  readonly currencies: readonly Currency[] | null
  readonly organisation: Organisation | null
  /** The organisation's default terms; only the sides that have some. */
  readonly paymentTerms: readonly PaymentTerm[] | null
}
