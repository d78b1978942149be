// Differences between an item as it was sent and as the answer shows it. Another way of writing the same is no
// difference: spaces, four decimals of a price, the letter case of a code, a tax type for another one of the same rate.
import { compare, isDecimal, round } from './decimal.ts'
import type { Fields } from './merging.ts'
import type { PostedItem, PostedItemSide } from './posting/posted.ts'
import { rateOfTaxType } from './posting/taxes.ts'
import type { TaxRate } from './reference-lists.ts'
import type { Difference } from './sync-state.ts'

type IsSame = (sent: string, is: string | null) => boolean

const plain = (value: string | null): string => (value ?? '').normalize('NFC').trim().replace(/\s+/gu, ' ')
const isSameText: IsSame = (sent, is) => plain(sent) === plain(is)
const isSameCode: IsSame = (sent, is) => plain(sent).toLowerCase() === plain(is).toLowerCase()
/** Nothing may be left out of an answer. */
const isSamePrice: IsSame = (sent, is) =>
  isDecimal(sent) && isDecimal(is ?? '0') && compare(round(sent, 4), round(is ?? '0', 4)) === 0

const isSameTaxType =
  (taxRates: readonly TaxRate[] | null): IsSame =>
  (sent, is) => {
    if (taxRates === null || isSameCode(sent, is)) return true
    const [rate, other] = [rateOfTaxType(sent, taxRates), is === null ? null : rateOfTaxType(is, taxRates)]
    return rate !== null && other !== null && compare(rate, other) === 0
  }

const textOf = (value: unknown): string | null =>
  typeof value === 'string' ? value : value === undefined || value === null ? null : String(value)

/** A default is sent where nothing stood before. */
const sentOf = (own: string | undefined, otherwise: string | undefined, stood: unknown): string | undefined =>
  own ?? (textOf(stood) ? undefined : otherwise)

/** `seen`: the item as the answer shows it; `standing`: as it stood before, null for a new one. */
export function itemDifferences(
  posted: PostedItem,
  {
    seen,
    standing,
    taxRates,
  }: {
    readonly seen: Fields
    readonly standing: Fields | null
    readonly taxRates: readonly TaxRate[] | null
  },
): Difference[] {
  const found: Difference[] = []
  const tell = (field: string, sent: string | undefined, isSame: IsSame) => {
    const is = textOf(seen[field])
    // Fields that are taken away have a check of their own (taken-away.ts).
    if (sent === undefined || sent === '' || isSame(sent, is)) return
    found.push({ field: `/${field}`, product: sent, xero: is })
  }
  const stood = standing ?? {}
  const side = (
    own: PostedItemSide | undefined,
    [flag, price, account, tax]: readonly [string, string, string, string],
    isAccountKept: boolean,
  ): boolean => {
    const said = flag === 'isSold' ? posted.isSold : posted.isPurchased
    const isOn = said ?? stood[flag] !== false
    if (isOn !== (seen[flag] !== false)) found.push({ field: `/${flag}`, product: String(isOn), xero: String(!isOn) })
    if (!isOn || seen[flag] === false) return false
    tell(price, own?.unitPrice, isSamePrice)
    if (!isAccountKept) tell(account, sentOf(own?.accountCode, own?.accountOtherwise, stood[account]), isSameCode)
    tell(tax, sentOf(own?.taxType, own?.taxOtherwise, stood[tax]), isSameTaxType(taxRates))
    return true
  }
  tell('code', posted.code, isSameCode)
  tell('name', posted.name, isSameText)
  const isSold = side(posted.sales, ['isSold', 'salePrice', 'incomeAccount', 'salesTaxCode'], false)
  if (isSold) tell('description', posted.description, isSameText)
  // The account of what the accounting system keeps in stock is not sent.
  const isTracked = textOf(stood.assetAccount) !== null || textOf(seen.assetAccount) !== null
  const purchases = ['isPurchased', 'purchasePrice', 'expenseAccount', 'purchaseTaxCode'] as const
  const isPurchased = side(posted.purchase, purchases, isTracked)
  if (isPurchased) tell('purchaseDescription', posted.purchaseDescription, isSameText)
  return found
}
