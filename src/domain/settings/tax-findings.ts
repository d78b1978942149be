// Tax types in the settings: each must exist and be active; those of lines must be allowed on the account that most lines
// are posted to, and the one of the rounding line must be 0 %.
import { oncePer } from '../../lib/once-per.ts'
import { isZero } from '../decimal.ts'
import type { DocumentSection } from '../entity-types.ts'
import { allowedOn, taxTypeChoice } from '../posting/taxes.ts'
import { pointer } from '../schema-faults.ts'
import type { Finding } from './findings.ts'
import type { Settings } from './index.ts'
import type { ReferenceData } from './reference-data.ts'

/** The account that most lines are posted to. */
const mainAccountCode: Readonly<Record<DocumentSection, (settings: Settings) => string | null>> = {
  invoices: ({ invoices, items }) => invoices.accounts.sales ?? items.accounts.income,
  vendors: ({ vendors, items }) => vendors.accounts.purchases ?? items.accounts.expense,
}

export function taxFindings(section: DocumentSection, settings: Settings, reference: ReferenceData): Finding[] {
  const { taxRates, accounts } = reference
  if (taxRates === null) return []
  const rates = taxRates
  const byType = new Map(
    rates
      .toReversed()
      .filter(({ status }) => status === 'ACTIVE')
      .map((rate) => [rate.taxType, rate]),
  )
  const code = mainAccountCode[section](settings)
  const account = code === null ? undefined : accounts?.find((entry) => entry.code === code)
  const choiceOf = oncePer((all: typeof rates) => `Choose another tax type. ${taxTypeChoice(all, account ?? null)}`)
  const { taxMap, defaultTaxType, exemptTaxType } = settings[section]

  function unknown(at: string, taxType: string, action: string): Finding {
    const detail = `Xero has no active tax type "${taxType}".`
    return { pointer: at, code: 'tax_type_unknown', detail, action, severity: 'error' }
  }

  /** A mapped code may be meant for another account than the one of most lines; the default is for all of them. */
  function ofLines(at: string, taxType: string, severity: Finding['severity']): Finding | null {
    const rate = byType.get(taxType)
    if (!rate) return unknown(at, taxType, choiceOf(rates))
    if (!account || allowedOn(rate, account)) return null
    const detail = `The tax type "${taxType}" cannot be used with account ${account.code} (${account.class}).`
    return { pointer: at, code: 'tax_not_allowed', detail, action: choiceOf(rates), severity }
  }

  function ofRounding(at: string, taxType: string): Finding | null {
    const action = 'Choose a tax type of 0 % of GET …/tax-rates, or null.'
    const rate = byType.get(taxType)
    if (!rate) return unknown(at, taxType, action)
    if (rate.rate === null || isZero(rate.rate)) return null
    const detail = `The tax type "${taxType}" carries ${rate.rate} % tax; a rounding line must carry none.`
    return { pointer: at, code: 'tax_not_zero', detail, action, severity: 'error' }
  }

  return [
    ...Object.entries(taxMap).map(([name, taxType]) => ofLines(pointer(section, 'taxMap', name), taxType, 'warning')),
    defaultTaxType === null ? null : ofLines(pointer(section, 'defaultTaxType'), defaultTaxType, 'error'),
    exemptTaxType === null ? null : ofRounding(pointer(section, 'exemptTaxType'), exemptTaxType),
  ].filter((finding) => finding !== null)
}
