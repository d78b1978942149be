// An item record → an item in Xero, untracked: quantities and costs stay with the inventory product. Stocked items are
// kept out unless settings.items.inventoryMode brings them over; documents then use the proxy item. What the record does not
// hold stays as it stands in Xero.
import { round } from '../decimal.ts'
import type { DocumentSection } from '../entity-types.ts'
import type { Item } from '../records/index.ts'
import type { Settings } from '../settings/index.ts'
import { syncError } from '../sync-errors.ts'
import type { Removed } from './contact.ts'
import { maxItemCode, xeroItemCode } from './long-code.ts'
import type { PostedItem, PostedItemSide } from './posted.ts'
import { excluded, failed, type Posting, posted } from './posting.ts'
import { type BearerTaxes, bearerTaxType, mappedTaxType } from './taxes.ts'

const isStocked = (item: Item): boolean => item.kind === 'inventory' || item.kind === 'assembly'

/** True when documents carry the proxy item instead of this one. */
export const usesProxy = (item: Item, settings: Settings): boolean =>
  isStocked(item) ? settings.items.inventoryMode === 'do_not_sync' : !settings.items.syncNonInventory

/** The setting that keeps the item out of Xero, in words; null: none does. */
export function proxyReason(item: Item, settings: Settings): string | null {
  if (!usesProxy(item, settings)) return null
  return isStocked(item)
    ? 'items.inventoryMode keeps inventory items and assemblies out of Xero; documents use the proxy item.'
    : 'items.syncNonInventory is off; documents use the proxy item.'
}

/** The proxy item, to be created in Xero on first need. */
export function proxyItem(settings: Settings): PostedItem {
  const { income } = settings.items.accounts
  return {
    list: 'items',
    code: settings.items.proxyItem.code,
    name: settings.items.proxyItem.name,
    isSold: true,
    isPurchased: true,
    sales: income === null ? undefined : { accountOtherwise: income },
  }
}

const group = (item: Item, settings: Settings) =>
  item.itemGroup !== undefined && Object.hasOwn(settings.items.itemGroups, item.itemGroup)
    ? settings.items.itemGroups[item.itemGroup]
    : undefined

/** The tax code of sales or purchases: the record's, else its group's. */
export function itemTaxCode(item: Item, section: DocumentSection, settings: Settings): string | undefined {
  const field = section === 'invoices' ? 'salesTaxCode' : 'purchaseTaxCode'
  return item[field] ?? group(item, settings)?.[field] ?? undefined
}

/** The account of sales or purchases and where it is set: record, then item group, then settings. */
export function itemAccount(
  item: Item,
  side: 'income' | 'expense',
  settings: Settings,
): { readonly code: string; readonly source: 'record' | 'group' | 'settings' } | null {
  const own = side === 'income' ? item.incomeAccount : item.expenseAccount
  if (own !== undefined) return { code: own, source: 'record' }
  const ofGroup = group(item, settings)?.[side] ?? null
  if (ofGroup !== null) return { code: ofGroup, source: 'group' }
  const general = settings.items.accounts[side]
  return general === null ? null : { code: general, source: 'settings' }
}

/** Prices of an item have no currency in Xero: they are in the organisation's. */
export const isInBaseCurrency = ({ currency }: Pick<Item, 'currency'>, baseCurrency: string | null): boolean =>
  currency === undefined || currency === baseCurrency

const prices: readonly string[] = ['salePrice', 'purchasePrice']

/** The fields of an item that Xero and the record can speak of together: a price in another currency is not in Xero. */
export function comparable<T>(
  fields: Readonly<Record<string, T>>,
  { currency }: { readonly currency?: unknown },
  baseCurrency: string | null,
): Readonly<Record<string, T>> {
  if (isInBaseCurrency({ currency } as Pick<Item, 'currency'>, baseCurrency)) return fields
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !prices.includes(key)))
}

type ItemFlags = Pick<Item, 'isSold' | 'isPurchased'>

/** Xero has no inactive items; one that is neither sold nor purchased comes nearest (xero.md, Items). */
const itemFlags = ({ active, isSold, isPurchased }: Item): ItemFlags =>
  active === false ? { isSold: false, isPurchased: false } : { isSold, isPurchased }

interface ItemPosting extends Omit<BearerTaxes, 'settings'> {
  readonly removed?: Removed
  readonly codeInXero?: string | null
  /** Whether it is sold and purchased, where the record does not decide it. */
  readonly flags?: ItemFlags
}

/**
 * What the item should be in Xero. `baseCurrency` (the organisation's) tells whether prices in a currency of their own
 * may be posted: Xero's item prices have no currency.
 */
export function postItem(
  item: Item,
  settings: Settings,
  baseCurrency: string | null = null,
  { removed = new Set(), codeInXero = null, flags = itemFlags(item), ...known }: ItemPosting = {},
): Posting<PostedItem> {
  const reason = proxyReason(item, settings)
  if (reason !== null) return excluded(reason)
  const code = codeInXero ?? xeroItemCode(item.code, settings.items.longCode)
  if (code === null) {
    return failed(
      syncError('code_too_long', {
        cause: `The code has ${item.code.length} characters, Xero allows ${maxItemCode}, and items.longCode is "reject".`,
        field: '/code',
      }),
    )
  }
  const text = (field: 'description' | 'purchaseDescription') => item[field] ?? (removed.has(field) ? '' : undefined)
  const { isSold, isPurchased } = flags
  const taxes = { settings, ...known }
  const salesTax = isSold === false ? undefined : bearerTaxType(item.salesTaxCode, 'salesTaxCode', taxes)
  const purchaseTax = isPurchased === false ? undefined : bearerTaxType(item.purchaseTaxCode, 'purchaseTaxCode', taxes)
  if (typeof salesTax === 'object') return failed(salesTax)
  if (typeof purchaseTax === 'object') return failed(purchaseTax)
  const how = { baseCurrency, removed }
  return posted({
    list: 'items',
    code,
    name: item.name,
    description: text('description'),
    purchaseDescription: text('purchaseDescription'),
    isSold,
    isPurchased,
    sales: isSold === false ? undefined : side(item, sidesOf.sales, settings, { ...how, own: salesTax }),
    purchase: isPurchased === false ? undefined : side(item, sidesOf.purchase, settings, { ...how, own: purchaseTax }),
  })
}

const sidesOf = {
  sales: { price: 'salePrice', account: 'incomeAccount', side: 'income', section: 'invoices', tax: 'salesTaxCode' },
  purchase: {
    price: 'purchasePrice',
    account: 'expenseAccount',
    side: 'expense',
    section: 'vendors',
    tax: 'purchaseTaxCode',
  },
} as const

/** What settings and item groups say fills only what stands empty: a value in Xero is somebody's decision. */
function side(
  item: Item,
  { price, account, side: of, section, tax }: (typeof sidesOf)[keyof typeof sidesOf],
  settings: Settings,
  {
    baseCurrency,
    removed,
    own,
  }: { readonly baseCurrency: string | null; readonly removed: Removed; readonly own: string | undefined },
): PostedItemSide {
  // A price in another currency is not in Xero: what stands there is none of the record's.
  const inBaseCurrency = isInBaseCurrency(item, baseCurrency)
  const value = item[price]
  const chosen = itemAccount(item, of, settings)
  // Codes that Xero proposes to people. A group's code that is not mapped is no fault: documents carry their own.
  const ofGroup = mappedTaxType(itemTaxCode(item, section, settings), settings[section].taxMap)
  const isOwnTax = item[tax] !== undefined
  return {
    unitPrice: !inBaseCurrency
      ? undefined
      : value !== undefined
        ? round(value, 4)
        : removed.has(price)
          ? ''
          : undefined,
    accountCode: chosen?.source === 'record' ? chosen.code : removed.has(account) ? (chosen?.code ?? '') : undefined,
    accountOtherwise: chosen?.source === 'record' ? undefined : chosen?.code,
    taxType: isOwnTax ? own : removed.has(tax) ? (ofGroup ?? '') : undefined,
    taxOtherwise: isOwnTax ? undefined : ofGroup,
  }
}
