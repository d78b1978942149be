// Items ↔ Xero's items. New items go to Xero untracked: Xero's own inventory does not fit beside another one (xero.md, Items). One
// that is tracked there stays so, with its accounts. An update gives back what stands of a side whole: whether Xero leaves
// alone what a side does not name is not documented.
import type { PostedItem, PostedItemSide } from '../../../domain/posting/posted.ts'
import type { ImportedItem, Standing, WriteElement } from '../../provider.ts'
import type { Item, Purchase } from '../client.ts'
import { instant } from '../dates.ts'
import { compact, decimal, flag, type Json, part, requiredText, text } from '../json.ts'
import { numberLiteral, type Plain } from './plain.ts'

const optionalNumber = (value: string | undefined) => (value ? numberLiteral(value) : undefined)

interface SideFields {
  readonly price: string
  readonly account: string
  readonly taxCode: string
}

const salesFields: SideFields = { price: 'salePrice', account: 'incomeAccount', taxCode: 'salesTaxCode' }
const purchaseFields: SideFields = {
  price: 'purchasePrice',
  account: 'expenseAccount',
  taxCode: 'purchaseTaxCode',
}

function details(posted: PostedItemSide | undefined, fields: SideFields, standing: Standing | null): Plain<Purchase> {
  const there = (field: string): string | undefined => text(standing?.fields ?? {}, field) ?? undefined
  return {
    // A price cannot be left empty in Xero; one that was taken away is none.
    unitPrice: posted?.unitPrice === '' ? numberLiteral('0') : optionalNumber(posted?.unitPrice ?? there(fields.price)),
    accountCode: posted?.accountCode ?? there(fields.account) ?? posted?.accountOtherwise,
    taxType: posted?.taxType ?? there(fields.taxCode) ?? posted?.taxOtherwise,
  }
}

/** The purchase account of a tracked item is that of its stock, and must not be named (xero.md, Items). */
const tracked = (details: Plain<Purchase>, standing: Standing): Plain<Purchase> => ({
  ...details,
  accountCode: undefined,
  cOGSAccountCode: text(standing.fields, 'cogsAccount') ?? undefined,
})

export function itemToXero({ posted, remoteId, standing = null }: WriteElement & { posted: PostedItem }): Plain<Item> {
  const there = remoteId === null ? null : standing
  const changed = (value: string | undefined, field: string): string | undefined => {
    if (value === undefined || (remoteId === null && value === '')) return undefined
    return there && value === (there.fields[field] ?? '') ? undefined : value
  }
  const stands = (field: 'isSold' | 'isPurchased') => (there ? there.fields[field] !== false : true)
  const isSold = posted.isSold ?? stands('isSold')
  const isPurchased = posted.isPurchased ?? stands('isPurchased')
  const isTracked = there !== null && text(there.fields, 'assetAccount') !== null
  const purchase = details(posted.purchase, purchaseFields, there)
  return {
    ...(remoteId === null ? {} : { itemID: remoteId }),
    code: posted.code,
    name: changed(posted.name, 'name'),
    description: changed(posted.description, 'description'),
    purchaseDescription: changed(posted.purchaseDescription, 'purchaseDescription'),
    isSold,
    isPurchased,
    ...(isTracked && { inventoryAssetAccountCode: text(there.fields, 'assetAccount') ?? undefined }),
    // Details of a side that is off would be refused; Xero clears them itself (xero.md, Items).
    salesDetails: isSold ? details(posted.sales, salesFields, there) : undefined,
    purchaseDetails: isPurchased ? (isTracked ? tracked(purchase, there) : purchase) : undefined,
  }
}

export function itemFields(row: Json): Record<string, unknown> {
  const sales = part(row, 'SalesDetails')
  const purchase = part(row, 'PurchaseDetails')
  const code = requiredText(row, 'Code')
  return compact({
    kind: flag(row, 'IsTrackedAsInventory') ? 'inventory' : 'non_inventory',
    code,
    // Items made without a name show their code in Xero.
    name: text(row, 'Name') ?? code,
    description: text(row, 'Description'),
    purchaseDescription: text(row, 'PurchaseDescription'),
    salePrice: decimal(sales, 'UnitPrice'),
    purchasePrice: decimal(purchase, 'UnitPrice'),
    incomeAccount: text(sales, 'AccountCode'),
    expenseAccount: text(purchase, 'AccountCode'),
    assetAccount: text(row, 'InventoryAssetAccountCode'),
    cogsAccount: text(purchase, 'COGSAccountCode'),
    salesTaxCode: text(sales, 'TaxType'),
    purchaseTaxCode: text(purchase, 'TaxType'),
    isSold: row.IsSold !== false,
    isPurchased: row.IsPurchased !== false,
    // Xero has no archived items: one that is listed is in use, a deleted one vanishes.
    active: true,
  })
}

export const itemFromXero = (row: Json): ImportedItem => ({
  list: 'items',
  remoteId: requiredText(row, 'ItemID').toLowerCase(),
  updatedAt: instant(row.UpdatedDateUTC),
  code: requiredText(row, 'Code'),
  stock: flag(row, 'IsTrackedAsInventory') ? (decimal(row, 'QuantityOnHand') ?? null) : null,
  fields: itemFields(row),
  kept: {},
})
