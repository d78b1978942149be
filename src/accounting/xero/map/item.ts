// Items ↔ Xero's items. Items go to Xero untracked: Xero's own inventory does not fit beside another one (FACTS §3).
import type { PostedItem } from '../../../domain/posting/posted.ts'
import type { ImportedItem, WriteElement } from '../../provider.ts'
import type { Item, Purchase } from '../client.ts'
import { instant } from '../dates.ts'
import { compact, decimal, flag, type Json, part, requiredText, text } from '../json.ts'
import { numberLiteral, type Plain } from './plain.ts'

const details = (posted: PostedItem['sales']): Plain<Purchase> | undefined =>
  posted && {
    unitPrice: posted.unitPrice === undefined ? undefined : numberLiteral(posted.unitPrice),
    accountCode: posted.accountCode,
    taxType: posted.taxType,
  }

export function itemToXero({ posted, remoteId }: WriteElement & { posted: PostedItem }): Plain<Item> {
  // Xero keeps what an update leaves out, so an update says with '' that a text is empty.
  const blank = remoteId === null ? undefined : ''
  return {
    ...(remoteId === null ? {} : { itemID: remoteId }),
    code: posted.code,
    name: posted.name,
    description: posted.description ?? blank,
    purchaseDescription: posted.purchaseDescription ?? blank,
    isSold: posted.isSold,
    isPurchased: posted.isPurchased,
    // Details of a side that is off would be refused; Xero clears them itself (FACTS §3).
    salesDetails: posted.isSold ? details(posted.sales) : undefined,
    purchaseDetails: posted.isPurchased ? details(posted.purchase) : undefined,
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
  remoteId: requiredText(row, 'ItemID'),
  updatedAt: instant(row.UpdatedDateUTC),
  code: requiredText(row, 'Code'),
  fields: itemFields(row),
})
