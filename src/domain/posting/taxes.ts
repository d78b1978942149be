// The tax type with which a line is posted, whether it may stand on the line's account, and its rate.
import { isZero } from '../decimal.ts'
import type { Account, TaxRate } from '../reference-lists.ts'
import { pointer } from '../schema-faults.ts'
import type { Settings } from '../settings/index.ts'
import { syncError, syncErrors } from '../sync-errors.ts'
import type { SyncError } from '../sync-state.ts'
import type { DocumentContext, Report } from './document-context.ts'

/** Of several rates of one tax type the active one counts. */
function rateNamed(taxType: string, taxRates: readonly TaxRate[] | null): TaxRate | undefined {
  const rates = taxRates?.filter((rate) => rate.taxType === taxType) ?? []
  return rates.find((rate) => rate.status === 'ACTIVE') ?? rates[0]
}

const find = (taxType: string, context: DocumentContext): TaxRate | undefined =>
  rateNamed(taxType, context.reference.taxRates)

/** Effective rate in per cent; null when unknown. */
export const rateOfTaxType = (taxType: string | undefined, taxRates: readonly TaxRate[] | null): string | null =>
  taxType === undefined ? null : (rateNamed(taxType, taxRates)?.rate ?? null)

export const allowedOn = (rate: TaxRate, account: Account): boolean =>
  rate.appliesTo.length === 0 || rate.appliesTo.includes(account.class)

const shownTaxTypes = 20

/** The choice in words: the active tax types, and of an account those that it takes. */
export function taxTypeChoice(taxRates: readonly TaxRate[], account: Account | null): string {
  const active = taxRates.filter((rate) => rate.status === 'ACTIVE' && (account === null || allowedOn(rate, account)))
  const names = [...new Set(active.map((rate) => rate.taxType))]
  const taker = account === null ? 'Xero has' : `Account ${account.code} takes`
  const rest = names.length > shownTaxTypes ? ', and others of GET …/tax-rates' : ''
  return `${taker}: ${names.slice(0, shownTaxTypes).join(', ') || 'none'}${rest}.`
}

/** The tax type in Xero of a tax code of the product, by the settings; undefined where they say nothing. */
export const mappedTaxType = (
  code: string | undefined,
  taxMap: Readonly<Record<string, string>>,
): string | undefined => (code !== undefined && Object.hasOwn(taxMap, code) ? taxMap[code] : undefined)

/** The surroundings in which the tax code of a contact or an item is understood. */
export interface BearerTaxes {
  readonly settings: Settings
  readonly taxRates?: readonly TaxRate[] | null
  /** Fields that the record has from Xero: a tax code among them is a tax type, whatever the tax map calls so. */
  readonly learned?: ReadonlySet<string>
  /** The tax type in Xero, which stays where a code means nothing. */
  readonly theirs?: Readonly<Record<string, unknown>>
}

/**
 * The tax type that a contact or an item is to bear: the code's mapping, else the code itself where Xero knows it. Undefined leaves
 * what stands in Xero. A code that means nothing is a fault, unless something stands there already or documents have a default.
 */
export function bearerTaxType(
  code: string | undefined,
  field: 'salesTaxCode' | 'purchaseTaxCode',
  { settings, taxRates = null, learned = new Set(), theirs = {} }: BearerTaxes,
): string | undefined | SyncError {
  if (code === undefined) return undefined
  const section = field === 'salesTaxCode' ? 'invoices' : 'vendors'
  const { taxMap, defaultTaxType } = settings[section]
  const own = taxRates !== null && rateNamed(code, taxRates) !== undefined ? code : undefined
  const isLearned = learned.has(field)
  const taxType = isLearned ? (own ?? mappedTaxType(code, taxMap)) : (mappedTaxType(code, taxMap) ?? own)
  const isFaulty = taxType === undefined && !isLearned && taxRates !== null && defaultTaxType === null
  if (!isFaulty || theirs[field] !== undefined) return taxType
  return syncError('tax_code_unmapped', {
    cause: `The tax code "${code}" is neither in ${section}.taxMap nor a tax type of Xero.`,
    action: `Add the code to ${section}.taxMap, set ${section}.defaultTaxType, or PUT the record with another code.`,
    field: pointer(field),
  })
}

/** A tax code of the product, the field that it comes from, and whose it is where that is not plain from the field. */
export interface ChosenCode {
  readonly code?: string
  readonly field: string
  readonly whose?: 'customer' | 'vendor'
  /** Learned from the contact or item in Xero: a tax type, whatever the tax map calls so. */
  readonly isLearned?: boolean
  /** The tax type with which the line was sent. */
  readonly decided?: string
}

interface ChosenTax {
  readonly taxType: string
  readonly field: string
}

/**
 * The code's mapping, else the code itself where Xero knows it as a tax type (in that order of what the product says), else the
 * default; without code as set.
 */
function choose(
  { code, field: codeField, isLearned = false }: ChosenCode,
  account: Account | null,
  context: DocumentContext,
): ChosenTax | null | 'unmapped' {
  const { settings, section } = context
  const { taxMap, defaultTaxType } = settings[section]
  if (code !== undefined) {
    const isTaxType = find(code, context) !== undefined
    const mapped = isLearned && isTaxType ? undefined : mappedTaxType(code, taxMap)
    if (mapped !== undefined) return { taxType: mapped, field: pointer('settings', section, 'taxMap', code) }
    if (isTaxType) return { taxType: code, field: codeField }
  }
  if (defaultTaxType !== null) return { taxType: defaultTaxType, field: pointer('settings', section, 'defaultTaxType') }
  if (code !== undefined) return 'unmapped'
  return account?.taxType ? { taxType: account.taxType, field: codeField } : null
}

/** The tax type with which the line was sent, as long as Xero takes it. */
export function decidedTaxType(
  taxType: string | undefined,
  account: Account | null,
  context: DocumentContext,
): string | undefined {
  if (taxType === undefined || context.reference.taxRates === null) return taxType
  const rate = find(taxType, context)
  return rate?.status === 'ACTIVE' && (account === null || allowedOn(rate, account)) ? taxType : undefined
}

/** Undefined leaves the choice to Xero, which takes the account's. */
export function lineTaxType(
  tax: ChosenCode,
  account: Account | null,
  context: DocumentContext,
  report: Report,
): string | undefined {
  const decided = decidedTaxType(tax.decided, account, context)
  if (decided !== undefined) return decided
  const chosen = choose(tax, account, context)
  if (chosen === null) return undefined
  if (chosen === 'unmapped') {
    report(
      syncError('tax_code_unmapped', {
        cause: `The tax code "${tax.code}"${tax.whose ? ` of the ${tax.whose}` : ''} is neither in ${context.section}.taxMap nor a tax type of Xero.`,
        action: `Add the code to ${context.section}.taxMap, or set ${context.section}.defaultTaxType.`,
        field: tax.field,
      }),
    )
    return undefined
  }
  checkTaxType(chosen, account, context, report)
  return chosen.taxType
}

export function checkTaxType(
  chosen: ChosenTax,
  account: Account | null,
  context: DocumentContext,
  report: Report,
): void {
  const { taxRates } = context.reference
  if (taxRates === null) return
  const rate = find(chosen.taxType, context)
  const cause =
    rate?.status !== 'ACTIVE'
      ? `Xero has no active tax type "${chosen.taxType}".`
      : account && !allowedOn(rate, account)
        ? `The tax type "${chosen.taxType}" cannot be used with account ${account.code} (${account.class}).`
        : null
  if (cause === null) return
  const action = `${syncErrors.tax_not_allowed.action} ${taxTypeChoice(taxRates, account)}`
  report(syncError('tax_not_allowed', { cause, action, field: chosen.field }))
}

/** For the rounding line: the setting, else a tax type of 0 % that the account allows. "NONE" is Xero's own name for it. */
export function exemptTaxType(account: Account | null, context: DocumentContext): string {
  const { exemptTaxType: own } = context.settings[context.section]
  if (own !== null) return own
  const candidates = (context.reference.taxRates ?? [])
    .filter((rate) => rate.status === 'ACTIVE' && rate.rate !== null && isZero(rate.rate))
    .filter((rate) => account === null || allowedOn(rate, account))
    .map((rate) => rate.taxType)
  return ['NONE', 'BASEXCLUDED'].find((taxType) => candidates.includes(taxType)) ?? candidates[0] ?? 'NONE'
}
