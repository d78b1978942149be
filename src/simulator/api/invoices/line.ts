// One line of a document: takes what was sent, fills the gaps from the kept line and from the item, computes amount and tax.
import { newId } from '../../ids.ts'
import { has, type JsonObject, objects, text } from '../../json.ts'
import { big, cents, readDecimal, round, zero } from '../../money.ts'
import type { Invoice, Line, LineTracking, Organisation } from '../../state.ts'
import { itemByCode } from '../items/find.ts'
import { taxMismatch } from '../tax.ts'

export interface LineContext {
  organisation: Organisation
  type: Invoice['Type']
  amounts: Invoice['LineAmountTypes']
  digits: number
  /** Drafts may be incomplete. */
  complete: boolean
}

const descriptionLength = 4000
/** Accounts that Xero moves itself; no document may name them. */
const reserved = ['DEBTORS', 'CREDITORS', 'RETAINEDEARNINGS', 'HISTORICAL', 'UNPAIDEXPCLM', 'TRACKINGTRANSFERS', 'GST']

function accountProblem(context: LineContext, code: string, itemCode: string | undefined): string | undefined {
  const account = context.organisation.accounts.get(code)
  const invalid = `Account code '${code}' is not a valid code for this document.`
  if (!account) return invalid
  if (account.Status === 'ARCHIVED')
    return `Account code '${code}' has been archived, or has been deleted. Each line item must reference a valid account.`
  if (account.Type === 'BANK' || reserved.includes(account.SystemAccount)) return invalid
  if (account.Type !== 'INVENTORY') return undefined
  const item = itemCode === undefined ? undefined : itemByCode(context.organisation, itemCode)
  return item?.InventoryAssetAccountCode === code ? undefined : invalid
}

function readTracking(organisation: Organisation, sent: unknown, problems: string[]): LineTracking[] {
  const entries = objects(sent)
  if (entries.length > 2) problems.push('A maximum of 2 tracking categories can be specified on a line item.')
  return entries.flatMap((entry) => {
    const name = text(entry, 'Name')?.toLowerCase()
    const id = text(entry, 'TrackingCategoryID')?.toLowerCase()
    const category = [...organisation.trackingCategories.values()].find((one) =>
      id === undefined ? one.Name.toLowerCase() === name : one.TrackingCategoryID === id,
    )
    const optionName = text(entry, 'Option')?.toLowerCase()
    const optionId = text(entry, 'TrackingOptionID')?.toLowerCase()
    const option = category?.Options.find((one) =>
      optionId === undefined ? one.Name.toLowerCase() === optionName : one.TrackingOptionID === optionId,
    )
    if (category?.Status !== 'ACTIVE' || option?.Status !== 'ACTIVE') {
      problems.push(
        `The tracking category '${name ?? id}' with option '${optionName ?? optionId}' does not exist or is not active.`,
      )
      return []
    }
    const { TrackingCategoryID, Name } = category
    return [{ TrackingCategoryID, TrackingOptionID: option.TrackingOptionID, Name, Option: option.Name }]
  })
}

/** Tax of a line: rounded on its own, half away from zero; inside the amount when amounts are inclusive. */
function taxOf(context: LineContext, taxType: string | undefined, amount: Line['LineAmount']): Line['TaxAmount'] {
  const rate = big(context.organisation.taxRates.get(taxType ?? '')?.rate ?? 0)
  if (context.amounts === 'NoTax' || rate.eq(0)) return zero
  if (context.amounts === 'Exclusive') return cents(amount.times(rate).div(100))
  return cents(amount.minus(amount.div(rate.div(100).plus(1))))
}

export function readLine(
  context: LineContext,
  sent: JsonObject,
  kept: Line | undefined,
): { line: Line; problems: string[] } {
  const problems: string[] = []
  const decimal = (name: string, own: Line['Quantity'] | undefined) => {
    if (!has(sent, name) || sent[name] === null) return own
    const value = readDecimal(sent[name])
    if (value === undefined) problems.push(`The ${name} value '${sent[name]}' is not a number.`)
    return value ?? own
  }
  const ItemCode = text(sent, 'ItemCode') ?? kept?.ItemCode
  const item = ItemCode ? itemByCode(context.organisation, ItemCode) : undefined
  if (ItemCode && !item) problems.push(`Item code '${ItemCode}' is not valid`)
  const side = context.type === 'ACCREC' ? item?.sales : item?.purchase
  const described = context.type === 'ACCREC' ? item?.Description : item?.PurchaseDescription

  const Quantity = decimal('Quantity', kept?.Quantity) ?? big(1)
  const given = decimal('LineAmount', undefined)
  const priceSent = decimal('UnitAmount', kept?.UnitAmount)
  const price = priceSent ?? (given && !Quantity.eq(0) ? given.div(Quantity) : side?.UnitPrice) ?? zero
  const UnitAmount = round(price, context.digits)
  const { DiscountRate, DiscountAmount } = discounts(kept, decimal)
  if (Quantity.lt(0))
    problems.push(`The quantity value '${Quantity.toFixed(4)}' is invalid. Quantity must not be less than zero.`)
  if (context.type === 'ACCPAY' && [sent.DiscountRate, sent.DiscountAmount].some((one) => (one ?? null) !== null))
    problems.push('Discounts are only supported on ACCREC invoices and quotes.')
  const gross = Quantity.times(UnitAmount)
  const afterRate = DiscountRate ? gross.times(big(100).minus(DiscountRate)).div(100) : gross
  const LineAmount = cents(DiscountAmount ? afterRate.minus(DiscountAmount) : afterRate)
  if (given && !cents(given).eq(LineAmount))
    problems.push(`The line total ${given.toFixed(2)} does not match the expected line total ${LineAmount.toFixed(2)}`)

  const AccountCode =
    text(sent, 'AccountCode') ??
    accountById(context, sent) ??
    kept?.AccountCode ??
    side?.AccountCode ??
    tracked(context, item)
  const account = AccountCode === undefined ? undefined : context.organisation.accounts.get(AccountCode)
  const Description = has(sent, 'Description') ? text(sent, 'Description') : (kept?.Description ?? described)
  const TaxType =
    context.amounts === 'NoTax'
      ? noTax(context.organisation)
      : (text(sent, 'TaxType') ?? kept?.TaxType ?? side?.TaxType ?? account?.TaxType)
  if (AccountCode !== undefined) {
    const problem = accountProblem(context, AccountCode, ItemCode)
    if (problem !== undefined) problems.push(problem)
  } else if (context.complete && !(gross.eq(0) && Description)) problems.push('Account code or ID must be specified')
  if (TaxType !== undefined && context.amounts !== 'NoTax') {
    const mismatch = taxMismatch(context.organisation, TaxType, account)
    if (mismatch !== undefined) problems.push(mismatch)
  }
  if (context.complete && !Description) problems.push('Description must be specified for each line item')
  if ((Description?.length ?? 0) > descriptionLength)
    problems.push(`Description cannot be longer than ${descriptionLength} characters`)

  const override = decimal('TaxAmount', undefined)
  const sameAmount = kept?.taxGiven && kept.LineAmount.eq(LineAmount) && kept.TaxType === TaxType
  const taxGiven = override !== undefined || sameAmount === true
  const TaxAmount = override ? cents(override) : sameAmount ? kept.TaxAmount : taxOf(context, TaxType, LineAmount)
  const Tracking = has(sent, 'Tracking')
    ? readTracking(context.organisation, sent.Tracking, problems)
    : (kept?.Tracking ?? [])
  const line: Line = {
    LineItemID: kept?.LineItemID ?? newId(),
    Description,
    Quantity,
    UnitAmount,
    ItemCode: ItemCode || undefined,
    AccountCode,
    TaxType,
    TaxAmount: context.amounts === 'NoTax' ? zero : TaxAmount,
    taxGiven,
    LineAmount,
    DiscountRate,
    DiscountAmount,
    Tracking,
  }
  return { line, problems }
}

type Decimal = (name: string, own: Line['Quantity'] | undefined) => Line['Quantity'] | undefined

/** A discount that is left out stays; 0 takes it away; the one form takes the other's place. */
function discounts(kept: Line | undefined, decimal: Decimal) {
  const real = (value: Line['Quantity'] | undefined) => (value?.eq(0) ? undefined : value)
  const [sentRate, sentAmount] = [decimal('DiscountRate', undefined), decimal('DiscountAmount', undefined)]
  const DiscountRate = sentRate ?? (real(sentAmount) ? undefined : kept?.DiscountRate)
  const DiscountAmount = sentAmount ?? kept?.DiscountAmount
  return { DiscountRate: real(DiscountRate), DiscountAmount: real(DiscountRate) ? undefined : real(DiscountAmount) }
}

const noTax = (organisation: Organisation) => (organisation.taxRates.has('BASEXCLUDED') ? 'BASEXCLUDED' : 'NONE')

function accountById(context: LineContext, sent: JsonObject): string | undefined {
  const id = text(sent, 'AccountID')
  return id === undefined
    ? undefined
    : [...context.organisation.accounts.values()].find((one) => one.AccountID === id)?.Code
}

/** A tracked item is bought into its inventory account. */
const tracked = (context: LineContext, item: { InventoryAssetAccountCode?: string | undefined } | undefined) =>
  context.type === 'ACCPAY' ? item?.InventoryAssetAccountCode : undefined
