// Which account a line is posted to, and whether Xero would take it there.
import type { Item } from '../records/index.ts'
import type { Account } from '../reference-lists.ts'
import { pointer } from '../schema-faults.ts'
import { syncError } from '../sync-errors.ts'
import type { InvoiceContext, Report } from './invoice-context.ts'
import { itemAccount } from './item.ts'

/** An account code and the field that names it: a pointer into the record, or below /settings into the settings. */
export interface ChosenAccount {
  readonly code: string
  readonly field: string
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

/** Precedence: item record → item group → items.accounts.income → invoices.accounts.sales. */
export function lineAccount(
  item: Item | undefined,
  lineField: string,
  context: InvoiceContext,
  report: Report,
): ChosenAccount | null {
  const { settings } = context
  const ofItem = item && itemAccount(item, 'income', settings)
  if (item && ofItem) {
    const fields = {
      record: `${lineField}/itemId`,
      group: settingsField('items', 'itemGroups', item.itemGroup ?? '', 'income'),
      settings: settingsField('items', 'accounts', 'income'),
    }
    return { code: ofItem.code, field: fields[ofItem.source] }
  }
  const { sales } = settings.invoices.accounts
  if (sales !== null) return { code: sales, field: settingsField('invoices', 'accounts', 'sales') }
  return item
    ? missing(`the sales of item ${item.code}`, settingsField('items', 'accounts', 'income'), report)
    : missing(`the line ${lineField}`, settingsField('invoices', 'accounts', 'sales'), report)
}

/** Shipping and discount fall back to the sales account. */
export function extraAccount(
  use: 'shipping' | 'discount',
  context: InvoiceContext,
  report: Report,
): ChosenAccount | null {
  const { accounts } = context.settings.invoices
  const own = accounts[use]
  if (own !== null) return { code: own, field: settingsField('invoices', 'accounts', use) }
  if (accounts.sales !== null) return { code: accounts.sales, field: settingsField('invoices', 'accounts', 'sales') }
  return missing(use, settingsField('invoices', 'accounts', use), report)
}

/** Falls back to the organisation's own rounding account (FACTS §3, Rounding). */
export function roundingAccount(context: InvoiceContext, report: Report): ChosenAccount | null {
  const field = settingsField('invoices', 'accounts', 'rounding')
  const own = context.settings.invoices.accounts.rounding
  if (own !== null) return { code: own, field }
  const code = context.reference.accounts?.find((account) => account.systemAccount === 'ROUNDING')?.code
  return code ? { code, field } : missing('rounding', field, report)
}

/** Kinds of accounts that Xero takes on no sales invoice of untracked items. */
const refusedTypes = ['BANK', 'INVENTORY']
const refusedSystemAccounts = ['DEBTORS', 'CREDITORS', 'RETAINEDEARNINGS']

export function accountFault(account: Account): string | null {
  if (account.status !== 'ACTIVE') return `Account ${account.code} (${account.name}) is archived.`
  if (refusedTypes.includes(account.type) || refusedSystemAccounts.includes(account.systemAccount ?? '')) {
    return `Account ${account.code} (${account.name}) is of a kind that invoice lines may not use.`
  }
  return null
}

/** The account from the reference list; null when the list was never pulled or the account cannot be used. */
export function checkAccount(chosen: ChosenAccount, context: InvoiceContext, report: Report): Account | null {
  const { accounts } = context.reference
  if (accounts === null) return null
  const account = accounts.find((entry) => entry.code === chosen.code)
  const cause = account ? accountFault(account) : `Xero has no account ${chosen.code}.`
  if (cause === null) return account ?? null
  report(syncError('account_invalid', { cause, field: chosen.field }))
  return null
}
