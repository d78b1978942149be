// The rules that an item must keep.
import type { Item, ItemSide, Organisation } from '../../state.ts'
import { taxMismatch } from '../tax.ts'

const limits: [name: 'Code' | 'Name' | 'Description' | 'PurchaseDescription', length: number][] = [
  ['Code', 30],
  ['Name', 50],
  ['Description', 4000],
  ['PurchaseDescription', 4000],
]

function sideProblems(organisation: Organisation, side: ItemSide): string[] {
  const problems: string[] = []
  for (const code of [side.AccountCode, side.COGSAccountCode]) {
    if (code === undefined) continue
    const account = organisation.accounts.get(code)
    if (!account) problems.push(`Account code '${code}' is not a valid code for this document.`)
    else if (account.Status === 'ARCHIVED')
      problems.push(`Account code '${code}' has been archived, or has been deleted.`)
  }
  if (side.TaxType !== undefined) {
    const account = organisation.accounts.get(side.AccountCode ?? side.COGSAccountCode ?? '')
    const mismatch = taxMismatch(organisation, side.TaxType, account)
    if (mismatch !== undefined) problems.push(mismatch)
  }
  if (side.UnitPrice?.lt(0)) problems.push('The unit price cannot be less than zero.')
  return problems
}

/** `before`: the item that stands. A text that stays as it is there is not judged anew. */
export function itemProblems(organisation: Organisation, item: Item, before?: Item): string[] {
  const problems: string[] = []
  if (item.Code === '') problems.push('Price List Item Code must be specified')
  for (const [name, length] of limits)
    if (item[name] !== before?.[name] && (item[name]?.length ?? 0) > length)
      problems.push(`The ${name} field cannot exceed ${length} characters`)
  const taken = [...organisation.items.values()].some((one) => one.ItemID !== item.ItemID && one.Code === item.Code)
  if (taken) problems.push(`Price List Item with Code ''${item.Code}'' already exists`)
  problems.push(...sideProblems(organisation, item.sales), ...sideProblems(organisation, item.purchase))
  const asset = item.InventoryAssetAccountCode
  if (asset !== undefined) {
    if (organisation.accounts.get(asset)?.Type !== 'INVENTORY')
      problems.push(`Inventory asset account code '${asset}' is not a valid inventory account.`)
    if (item.purchase.COGSAccountCode === undefined)
      problems.push('A tracked inventory item requires a Cost of Goods Sold account code.')
    if (item.purchase.AccountCode !== undefined)
      problems.push('PurchaseDetails.AccountCode cannot be set on a tracked inventory item.')
  } else if (item.purchase.COGSAccountCode !== undefined)
    problems.push('COGSAccountCode can only be set on a tracked inventory item.')
  return problems
}
