// Quantities of tracked items move with approved documents: bills bring stock in, sales take it out at average cost, and a
// voided document gives back what it moved.
import { type Big, cents, zero } from '../../money.ts'
import type { Invoice, Item } from '../../state.ts'
import type { Call } from '../call.ts'
import { itemByCode } from '../items/find.ts'
import { isTracked } from '../items/view.ts'
import { isApproved } from './transitions.ts'

interface Movement {
  quantity: Big
  cost: Big
}

/** What an approved document does to an item that has this state before it. */
function movement(invoice: Invoice, item: Item): Movement {
  let quantity = zero
  let cost = zero
  for (const line of invoice.lines) {
    if (line.ItemCode !== item.Code) continue
    if (invoice.Type === 'ACCPAY' && line.AccountCode === item.InventoryAssetAccountCode) {
      quantity = quantity.plus(line.Quantity)
      cost = cost.plus(
        invoice.LineAmountTypes === 'Inclusive' ? line.LineAmount.minus(line.TaxAmount) : line.LineAmount,
      )
    } else if (invoice.Type === 'ACCREC') {
      const average = item.quantityOnHand.gt(0) ? item.totalCostPool.div(item.quantityOnHand) : zero
      quantity = quantity.minus(line.Quantity)
      cost = cost.minus(cents(average.times(line.Quantity)))
    }
  }
  return { quantity, cost }
}

export function moveStock(call: Call, before: Invoice | undefined, after: Invoice): string[] {
  const problems: string[] = []
  const codes = new Set([...(before?.lines ?? []), ...after.lines].flatMap((line) => line.ItemCode ?? []))
  const items = [...codes].flatMap((code) => itemByCode(call.organisation, code) ?? []).filter(isTracked)
  for (const item of items) {
    const undone = before && isApproved(before.Status) ? movement(before, item) : { quantity: zero, cost: zero }
    const done = isApproved(after.Status) ? movement(after, item) : { quantity: zero, cost: zero }
    const quantityOnHand = item.quantityOnHand.minus(undone.quantity).plus(done.quantity)
    const sold = done.quantity.lt(0) && quantityOnHand.lt(0)
    if (sold && call.query.get('allowBackorders')?.toLowerCase() !== 'true')
      problems.push(`The quantity of item '${item.Code}' is greater than the quantity on hand.`)
    if (undone.quantity.eq(0) && done.quantity.eq(0)) continue
    const totalCostPool = item.totalCostPool.minus(undone.cost).plus(done.cost)
    call.transaction.set(call.organisation.items, item.ItemID, { ...item, quantityOnHand, totalCostPool })
  }
  return problems
}
