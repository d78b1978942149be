// Whether a tax type may be used with an account: the rates' CanApplyTo flags, and no tax on inventory accounts.
import type { Account, Organisation, TaxRate } from '../state.ts'

type Class = keyof TaxRate['appliesTo']

export function taxMismatch(
  organisation: Organisation,
  taxType: string,
  account: Account | undefined,
): string | undefined {
  const rate = organisation.taxRates.get(taxType)
  if (rate?.Status !== 'ACTIVE')
    return `The TaxType code '${taxType}' does not exist or cannot be used for this type of transaction.`
  if (!account) return undefined
  const applies = rate.appliesTo[account.Class as Class] ?? false
  const taxedInventory = account.Type === 'INVENTORY' && rate.rate > 0 && rate.ReportTaxType === 'OUTPUT'
  return applies && !taxedInventory
    ? undefined
    : `The TaxType code '${taxType}' cannot be used with account code '${account.Code}'.`
}
