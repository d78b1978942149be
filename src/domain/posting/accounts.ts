// The account to which a line is posted, and whether Xero would take it there.
import type { Item } from '../records/index.ts'
import type { Account } from '../reference-lists.ts'
import { pointer } from '../schema-faults.ts'
import { syncError } from '../sync-errors.ts'
import type { DocumentContext, DocumentItem, Report } from './document-context.ts'
import { itemAccount, usesProxy } from './item.ts'

/** An account code and the field that names it: a pointer into the record, or below /settings into the settings. */
export interface ChosenAccount {
  readonly code: string
  readonly field: string
  /** True of the account of the stock that Xero keeps of the line's item. */
  readonly isStock?: boolean
}

const settingsField = (...path: string[]) => pointer('settings', ...path)

function missing(what: string, field: string, report: Report): null {
  report(
    syncError('mapping_missing', {
      cause: `There is no account for ${what}.`,
      action: `Fill in ${field}, then run a sync job.`,
      field,
    }),
  )
  return null
}

/** The account of an item that goes with a section, and the section's own account where there is none. */
const bySection = {
  invoices: { side: 'income', fallback: 'sales' },
  vendors: { side: 'expense', fallback: 'purchases' },
} as const

const accountsOf = ({ settings, section }: DocumentContext): Readonly<Record<string, string | null>> =>
  settings[section].accounts

/** A bill of an item whose stock Xero keeps goes into its stock: booked elsewhere, the quantity in Xero would not rise. */
export function stockAccount(
  item: DocumentItem | undefined,
  field: string,
  context: DocumentContext,
): ChosenAccount | null {
  if (!item || context.section !== 'vendors' || usesProxy(item, context.settings)) return null
  const code = context.stockAccounts?.get((item.standing?.code ?? item.code).toLowerCase())
  return code === undefined ? null : { code, field: `${field}/itemId`, isStock: true }
}

/** The account on which the line was sent, as long as Xero takes it. */
export function decidedAccount(
  code: string | undefined,
  field: string,
  { reference: { accounts } }: DocumentContext,
): ChosenAccount | null {
  if (code === undefined) return null
  const account = accounts?.find((entry) => entry.code === code)
  const isUsable = accounts === null || (account !== undefined && accountFault(account) === null)
  return isUsable ? { code, field } : null
}

/** Precedence: item record → item group → items.accounts.income → invoices.accounts.sales, or for bills their likes. */
export function lineAccount(
  item: Item | undefined,
  lineField: string,
  context: DocumentContext,
  report: Report,
): ChosenAccount | null {
  const { settings, section } = context
  const { side, fallback } = bySection[section]
  const ofItem = item && itemAccount(item, side, settings)
  if (item && ofItem) {
    const fields = {
      record: `${lineField}/itemId`,
      group: settingsField('items', 'itemGroups', item.itemGroup ?? '', side),
      settings: settingsField('items', 'accounts', side),
    }
    return { code: ofItem.code, field: fields[ofItem.source] }
  }
  const field = settingsField(section, 'accounts', fallback)
  const general = accountsOf(context)[fallback] ?? null
  if (general !== null) return { code: general, field }
  return item
    ? missing(`the ${fallback} of item ${item.code}`, settingsField('items', 'accounts', side), report)
    : missing(`the line ${lineField}`, field, report)
}

/** Shipping and discount fall back to the sales account, other charges to that of purchases. */
export function extraAccount(
  use: 'shipping' | 'discount' | 'otherCharges',
  context: DocumentContext,
  report: Report,
): ChosenAccount | null {
  const { fallback } = bySection[context.section]
  const accounts = accountsOf(context)
  const named = [use, fallback].find((name) => (accounts[name] ?? null) !== null)
  const code = named && accounts[named]
  if (named && code) return { code, field: settingsField(context.section, 'accounts', named) }
  return missing(use, settingsField(context.section, 'accounts', use), report)
}

/** The charge's item where its record or its group names an account; else that of other charges, whatever items default to. */
export function chargeAccount(
  item: Item | undefined,
  lineField: string,
  context: DocumentContext,
  report: Report,
): ChosenAccount | null {
  const ofItem = item && itemAccount(item, 'expense', context.settings)
  const { otherCharges, purchases } = context.settings.vendors.accounts
  const isLast = otherCharges === null && purchases === null
  return ofItem && (ofItem.source !== 'settings' || isLast)
    ? lineAccount(item, lineField, context, report)
    : extraAccount('otherCharges', context, report)
}

/** Falls back to the organisation's own rounding account (xero.md, Rounding). */
export function roundingAccount(context: DocumentContext, report: Report): ChosenAccount | null {
  const field = settingsField(context.section, 'accounts', 'rounding')
  const own = context.settings[context.section].accounts.rounding
  if (own !== null) return { code: own, field }
  const code = context.reference.accounts?.find((account) => account.systemAccount === 'ROUNDING')?.code
  return code ? { code, field } : missing('rounding', field, report)
}

/** Kinds of accounts that Xero takes on no invoice and no bill of untracked items. */
const refusedTypes = ['BANK', 'INVENTORY']
const refusedSystemAccounts = ['DEBTORS', 'CREDITORS', 'RETAINEDEARNINGS']

export function accountFault(account: Account, isStock = false): string | null {
  if (account.status !== 'ACTIVE') return `Account ${account.code} (${account.name}) is archived.`
  const isOfItsKind = isStock && account.type === 'INVENTORY'
  if (
    (refusedTypes.includes(account.type) && !isOfItsKind) ||
    refusedSystemAccounts.includes(account.systemAccount ?? '')
  ) {
    return `Account ${account.code} (${account.name}) is of a kind that lines of documents may not use.`
  }
  return null
}

/** The reason why no line may use the account of this code; null when one may. */
export function chosenAccountFault(accounts: readonly Account[], { code, isStock }: ChosenAccount): string | null {
  const account = accounts.find((entry) => entry.code === code)
  return account ? accountFault(account, isStock) : `Xero has no account ${code}.`
}

/** The account from the reference list, whether it can be used or not; null when the list does not hold it, or was never pulled. */
export function checkAccount(chosen: ChosenAccount, context: DocumentContext, report: Report): Account | null {
  const { accounts } = context.reference
  if (accounts === null) return null
  const cause = chosenAccountFault(accounts, chosen)
  if (cause !== null) report(syncError('account_invalid', { cause, field: chosen.field }))
  return accounts.find((entry) => entry.code === chosen.code) ?? null
}
