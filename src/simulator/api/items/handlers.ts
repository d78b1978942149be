// Items: never paged, found by id or code, deleted for good. POST overwrites the item that has the code.

import { newId, zeroId } from '../../ids.ts'
import { flag, has, isObject, type JsonObject, text } from '../../json.ts'
import { readDecimal, round, zero } from '../../money.ts'
import type { Item, ItemSide, Organisation } from '../../state.ts'
import { type Answer, missing, ok, refusal } from '../answer.ts'
import { type Call, unitDigits } from '../call.ts'
import { lists } from '../lists.ts'
import { readList } from '../read.ts'
import { elementsOf, type Outcome, writeBatch } from '../write.ts'
import { itemProblems } from './check.ts'
import { itemByCode, itemByKey } from './find.ts'
import { isTracked, itemView } from './view.ts'

const behaviour = lists.Items!

export function getItems(call: Call): Answer {
  const [key] = call.segments
  if (key === undefined) {
    const rows = [...call.organisation.items.values()].map((item) => ({
      id: item.ItemID,
      updatedAt: item.updatedAt,
      view: () => itemView(item, false, unitDigits(call)),
    }))
    return readList(call, behaviour, rows)
  }
  const item = itemByKey(call.organisation, key)
  if (!item) throw missing('item')
  return ok(call.world.app.name, call.at, 'Items', [itemView(item, false, unitDigits(call))])
}

export const newItem = (at: number): Item => ({
  ItemID: newId(),
  Code: '',
  IsSold: true,
  IsPurchased: true,
  sales: {},
  purchase: {},
  quantityOnHand: zero,
  totalCostPool: zero,
  updatedAt: at,
})

/** Who writes an item, and how. */
export interface ItemApplying {
  at: number
  digits: number
  /** A person in Xero's pages empties a member with null. */
  person?: boolean
  /** What a request leaves out of a side that it sends is gone. */
  partsReplaced?: boolean
  /** A code that is sent empty stays. */
  codesKept?: boolean
  taxAliases?: Record<string, string>
}

function applySide(before: ItemSide, sent: unknown, how: ItemApplying): ItemSide {
  if (!isObject(sent)) return before
  const own = how.partsReplaced ? {} : before
  const price = readDecimal(sent.UnitPrice)
  const code = (name: 'AccountCode' | 'COGSAccountCode' | 'TaxType') => {
    if (how.person && sent[name] === null) return undefined
    const value = text(sent, name)
    return (value === undefined || (value === '' && how.codesKept) ? own[name] : value) || undefined
  }
  const TaxType = code('TaxType')
  const keptPrice = how.person && sent.UnitPrice === null ? undefined : own.UnitPrice
  return {
    UnitPrice: price === undefined ? keptPrice : round(price, how.digits),
    AccountCode: code('AccountCode'),
    COGSAccountCode: code('COGSAccountCode'),
    TaxType: TaxType && (how.taxAliases?.[TaxType] ?? TaxType),
  }
}

export function applyItem(item: Item, sent: JsonObject, how: ItemApplying): Item {
  const IsSold = flag(sent, 'IsSold') ?? item.IsSold
  const IsPurchased = flag(sent, 'IsPurchased') ?? item.IsPurchased
  const kept = (name: 'Name' | 'Description' | 'PurchaseDescription' | 'InventoryAssetAccountCode') =>
    has(sent, name) ? text(sent, name) || undefined : item[name]
  return {
    ...item,
    Code: text(sent, 'Code')?.trim() ?? item.Code,
    Name: kept('Name'),
    InventoryAssetAccountCode: kept('InventoryAssetAccountCode'),
    IsSold,
    IsPurchased,
    // A side that is switched off loses what it held.
    Description: IsSold ? kept('Description') : undefined,
    PurchaseDescription: IsPurchased ? kept('PurchaseDescription') : undefined,
    sales: IsSold ? applySide(item.sales, sent.SalesDetails, how) : {},
    purchase: IsPurchased ? applySide(item.purchase, sent.PurchaseDetails, how) : {},
    updatedAt: how.at,
  }
}

export function writeItems(call: Call): Answer {
  const [key] = call.segments
  const target = key === undefined ? undefined : itemByKey(call.organisation, key)
  if (key !== undefined && !target) throw missing('item')
  return writeBatch(call, behaviour, elementsOf(call, behaviour), (element) => {
    const failure = (problems: string[], item?: Item): Outcome => ({
      problems,
      echo: { ...element, ItemID: item?.ItemID ?? zeroId },
    })
    const id = text(element, 'ItemID')
    if (call.method === 'PUT' && id !== undefined) return failure(['ItemID cannot be specified when creating an item.'])
    const existing = call.method === 'PUT' ? undefined : (target ?? matched(call.organisation, element, id))
    const { partsReplaced, codesKept, taxAliases } = call.organisation.profile
    const how = { at: call.at, digits: unitDigits(call), partsReplaced, codesKept, taxAliases }
    const item = applyItem(existing ?? newItem(call.at), element, how)
    const problems = itemProblems(call.organisation, item, existing)
    if (problems.length > 0) return failure(problems, existing)
    call.transaction.set(call.organisation.items, item.ItemID, item)
    if (existing) recodeLines(call, existing.Code, item.Code)
    call.transaction.note({ type: 'Item', id: item.ItemID, number: item.Code })
    return { view: itemView(item, true) }
  })
}

function matched(organisation: Organisation, element: JsonObject, id: string | undefined): Item | undefined {
  if (id === undefined) return itemByCode(organisation, text(element, 'Code') ?? '')
  const item = organisation.items.get(id.toLowerCase())
  if (!item) throw missing('item')
  return item
}

/** Lines hold the item itself: when its code changes, they show the new one, and their documents count as unchanged. */
export function recodeLines(call: Call, before: string, after: string): void {
  if (before === after) return
  for (const invoice of call.organisation.invoices.values()) {
    if (!invoice.lines.some((line) => line.ItemCode === before)) continue
    const lines = invoice.lines.map((line) => (line.ItemCode === before ? { ...line, ItemCode: after } : line))
    call.transaction.set(call.organisation.invoices, invoice.InvoiceID, { ...invoice, lines })
  }
}

export function deleteItem(call: Call): Answer {
  const item = call.organisation.items.get((call.segments[0] ?? '').toLowerCase())
  if (!item) throw missing('item')
  const used = [...call.organisation.invoices.values()].some(
    (one) => one.Status !== 'DELETED' && one.lines.some((line) => line.ItemCode === item.Code),
  )
  if (used && (isTracked(item) || !call.organisation.profile.usedItemsDeletable))
    throw refusal('ValidationException', 'A validation exception occurred', 400, [
      {
        ...itemView(item, false),
        ValidationErrors: [{ Message: 'The item cannot be deleted as it has been used in a transaction.' }],
      },
    ])
  call.transaction.remove(call.organisation.items, item.ItemID)
  call.transaction.note({ type: 'Item', id: item.ItemID, number: item.Code })
  return { status: 204 }
}
