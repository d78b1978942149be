// An item as the API shows it. Stock members appear only on tracked items.
import { compact, type JsonObject } from '../../json.ts'
import { number, round } from '../../money.ts'
import type { Item, ItemSide } from '../../state.ts'
import { bareStamp, stamp } from '../../time.ts'

const side = (own: ItemSide, digits: number): JsonObject =>
  compact({ ...own, UnitPrice: own.UnitPrice && number(round(own.UnitPrice, digits)) })

export const isTracked = (item: Item) =>
  item.InventoryAssetAccountCode !== undefined && item.purchase.COGSAccountCode !== undefined

export function itemView(item: Item, written: boolean, digits = 4): JsonObject {
  const tracked = isTracked(item)
  return compact({
    ItemID: item.ItemID,
    Code: item.Code,
    Description: item.Description,
    PurchaseDescription: item.PurchaseDescription,
    UpdatedDateUTC: written ? bareStamp(item.updatedAt) : stamp(item.updatedAt),
    PurchaseDetails: side(item.purchase, digits),
    SalesDetails: side(item.sales, digits),
    Name: item.Name,
    IsTrackedAsInventory: tracked,
    InventoryAssetAccountCode: item.InventoryAssetAccountCode,
    TotalCostPool: tracked ? number(item.totalCostPool) : undefined,
    QuantityOnHand: tracked ? number(item.quantityOnHand) : undefined,
    IsSold: item.IsSold,
    IsPurchased: item.IsPurchased,
  })
}
