// An item record → an item in Xero, untracked: quantities and costs stay with the inventory product. Stocked items are
// kept out unless settings.items.inventoryMode brings them over; documents then use the proxy item.
import { round } from '../decimal.ts'
import type { DocumentSection } from '../entity-types.ts'
import type { Item } from '../records/index.ts'
import type { Settings } from '../settings/index.ts'
import { syncError } from '../sync-errors.ts'
import { maxItemCode, xeroItemCode } from './long-code.ts'
import type { PostedItem } from './posted.ts'
import { excluded, failed, type Posting, posted } from './posting.ts'
import { mappedTaxType } from './taxes.ts'

const isStocked = (item: Item): boolean => item.kind === 'inventory' || item.kind === 'assembly'

/** True when documents carry the proxy item instead of this one. */
export const usesProxy = (item: Item, settings: Settings): boolean =>
  isStocked(item) ? settings.items.inventoryMode === 'do_not_sync' : !settings.items.syncNonInventory

/** The proxy item, to be created in Xero on first need. */
export function proxyItem(settings: Settings): PostedItem {
  const { income } = settings.items.accounts
  return {
    list: 'items',
    code: settings.items.proxyItem.code,
    name: settings.items.proxyItem.name,
    isSold: true,
    isPurchased: true,
    sales: income === null ? undefined : { accountCode: income },
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

/** What Xero proposes to people; undefined where the code is not mapped, which is no fault: documents carry their own. */
const itemTaxType = (item: Item, section: DocumentSection, settings: Settings): string | undefined =>
  mappedTaxType(itemTaxCode(item, section, settings), settings[section].taxMap)

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

/**
 * What the item should be in Xero. `baseCurrency` (the organisation's) tells whether prices in a currency of their own
 * may be posted: Xero's item prices have no currency.
 */
export function postItem(item: Item, settings: Settings, baseCurrency: string | null = null): Posting<PostedItem> {
  if (usesProxy(item, settings)) {
    return excluded(
      isStocked(item)
        ? 'items.inventoryMode keeps inventory items and assemblies out of Xero; documents use the proxy item.'
        : 'items.syncNonInventory is off; documents use the proxy item.',
    )
  }
  const code = xeroItemCode(item.code, settings.items.longCode)
  if (code === null) {
    return failed(
      syncError('code_too_long', {
        cause: `The code has ${item.code.length} characters, Xero allows ${maxItemCode}, and items.longCode is "reject".`,
        field: '/code',
      }),
    )
  }
  const inBaseCurrency = item.currency === undefined || item.currency === baseCurrency
  const price = (value: string | undefined) => (value !== undefined && inBaseCurrency ? round(value, 4) : undefined)
  // Xero has no inactive items; one that is neither sold nor purchased comes nearest (FACTS §3, Items).
  const active = item.active !== false
  const isSold = active && item.isSold !== false
  const isPurchased = active && item.isPurchased !== false
  return posted({
    list: 'items',
    code,
    name: item.name,
    description: item.description,
    purchaseDescription: item.purchaseDescription,
    isSold,
    isPurchased,
    sales: isSold
      ? {
          unitPrice: price(item.salePrice),
          accountCode: itemAccount(item, 'income', settings)?.code,
          taxType: itemTaxType(item, 'invoices', settings),
        }
      : undefined,
    purchase: isPurchased
      ? {
          unitPrice: price(item.purchasePrice),
          accountCode: itemAccount(item, 'expense', settings)?.code,
          taxType: itemTaxType(item, 'vendors', settings),
        }
      : undefined,
  })
}
