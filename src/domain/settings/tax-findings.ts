// Tax types in the settings: each must exist and be active; those of sales must be allowed on the sales account, and the
// one of the rounding line must be 0 %.
import { isZero } from '../decimal.ts'
import { allowedOn } from '../posting/taxes.ts'
import { pointer } from '../schema-faults.ts'
import type { Finding } from './findings.ts'
import type { Settings } from './index.ts'
import type { ReferenceData } from './reference-data.ts'

/** The account that most lines are posted to. */
const salesAccountCode = (settings: Settings): string | null =>
  settings.invoices.accounts.sales ?? settings.items.accounts.income

function typeFinding(at: string, taxType: string, settings: Settings, reference: ReferenceData): Finding | null {
  const action = 'Choose one of GET …/tax-rates.'
  const rate = reference.taxRates?.find((entry) => entry.taxType === taxType && entry.status === 'ACTIVE')
  if (!rate) {
    const detail = `Xero has no active tax type "${taxType}".`
    return { pointer: at, code: 'tax_type_unknown', detail, action, severity: 'error' }
  }
  const code = salesAccountCode(settings)
  const account = code === null ? undefined : reference.accounts?.find((entry) => entry.code === code)
  if (!account || allowedOn(rate, account)) return null
  const detail = `The tax type "${taxType}" cannot be used with account ${account.code} (${account.class}).`
  // A mapped code may be meant for another account than the one of sales; the default is for all of them.
  const severity = at === '/invoices/defaultTaxType' ? 'error' : 'warning'
  return { pointer: at, code: 'tax_not_allowed', detail, action, severity }
}

function exemptFinding(taxType: string, reference: ReferenceData): Finding | null {
  const at = '/invoices/exemptTaxType'
  const action = 'Choose a tax type of 0 % of GET …/tax-rates, or null.'
  const rate = reference.taxRates?.find((entry) => entry.taxType === taxType && entry.status === 'ACTIVE')
  if (!rate) {
    const detail = `Xero has no active tax type "${taxType}".`
    return { pointer: at, code: 'tax_type_unknown', detail, action, severity: 'error' }
  }
  if (rate.rate === null || isZero(rate.rate)) return null
  const detail = `The tax type "${taxType}" bears ${rate.rate} % tax; a rounding line must bear none.`
  return { pointer: at, code: 'tax_not_zero', detail, action, severity: 'error' }
}

export function taxFindings(settings: Settings, reference: ReferenceData): Finding[] {
  if (reference.taxRates === null) return []
  const { taxMap, defaultTaxType, exemptTaxType } = settings.invoices
  const named: [string, string][] = Object.entries(taxMap).map(([code, type]) => [
    pointer('invoices', 'taxMap', code),
    type,
  ])
  if (defaultTaxType !== null) named.push(['/invoices/defaultTaxType', defaultTaxType])
  const findings = named.map(([at, taxType]) => typeFinding(at, taxType, settings, reference))
  if (exemptTaxType !== null) findings.push(exemptFinding(exemptTaxType, reference))
  return findings.filter((finding) => finding !== null)
}
