// Accounts in the settings: each must exist, be active, and be of a class that fits its use.
import { accountFault } from '../posting/accounts.ts'
import type { Account } from '../reference-lists.ts'
import { pointer } from '../schema-faults.ts'
import type { Finding } from './findings.ts'
import type { Settings } from './index.ts'
import type { ReferenceData } from './reference-data.ts'

interface Use {
  readonly pointer: string
  readonly code: string | null
  /** Classes that fit; anything else gets a warning, since an accountant may know better. */
  readonly classes: readonly string[]
}

const income = ['REVENUE']
const expense = ['EXPENSE', 'ASSET']
const either = ['REVENUE', 'EXPENSE']
const rounding = [...either, 'LIABILITY']

/** Every account that the settings name, with its use. */
function uses(settings: Settings): Use[] {
  const { items, invoices, vendors } = settings
  const groups = Object.entries(items.itemGroups).flatMap(([name, group]): Use[] => [
    { pointer: pointer('items', 'itemGroups', name, 'income'), code: group.income, classes: income },
    { pointer: pointer('items', 'itemGroups', name, 'expense'), code: group.expense, classes: expense },
  ])
  return [
    { pointer: '/items/accounts/income', code: items.accounts.income, classes: income },
    { pointer: '/items/accounts/expense', code: items.accounts.expense, classes: expense },
    ...groups,
    { pointer: '/invoices/accounts/sales', code: invoices.accounts.sales, classes: income },
    { pointer: '/invoices/accounts/shipping', code: invoices.accounts.shipping, classes: either },
    { pointer: '/invoices/accounts/discount', code: invoices.accounts.discount, classes: either },
    { pointer: '/invoices/accounts/rounding', code: invoices.accounts.rounding, classes: rounding },
    { pointer: '/vendors/accounts/purchases', code: vendors.accounts.purchases, classes: expense },
    { pointer: '/vendors/accounts/otherCharges', code: vendors.accounts.otherCharges, classes: expense },
    { pointer: '/vendors/accounts/rounding', code: vendors.accounts.rounding, classes: rounding },
  ]
}

/** Where the settings name an account. */
export const namedAccounts = (settings: Settings): string[] =>
  uses(settings)
    .filter(({ code }) => code !== null)
    .map((use) => use.pointer)

function unfit(use: Use, account: Account | undefined): Finding | null {
  const choose = 'Choose one of GET …/accounts.'
  const finding = (code: Finding['code'], detail: string, severity: Finding['severity']): Finding => ({
    pointer: use.pointer,
    code,
    detail,
    action: choose,
    severity,
  })
  if (!account) return finding('account_unknown', `Xero has no account ${use.code}.`, 'error')
  const fault = accountFault(account)
  if (fault !== null) return finding('account_unusable', fault, 'error')
  if (use.classes.includes(account.class)) return null
  const classes = use.classes.join(' or ')
  return finding('account_class', `Account ${account.code} is of class ${account.class}, not ${classes}.`, 'warning')
}

/** Lines of items that name no account would have none. */
function missing({ items, invoices, vendors }: Settings): Finding[] {
  const findings: Finding[] = []
  if (items.accounts.income === null && invoices.accounts.sales === null) {
    findings.push({
      pointer: '/invoices/accounts/sales',
      code: 'account_missing',
      detail: 'There is no account for sales: invoice lines whose item names none will not sync.',
      action: 'Fill in invoices.accounts.sales, or items.accounts.income.',
      severity: 'warning',
    })
  }
  if (vendors.sync && items.accounts.expense === null && vendors.accounts.purchases === null) {
    findings.push({
      pointer: '/vendors/accounts/purchases',
      code: 'account_missing',
      detail: 'There is no account for purchases: bill lines whose item names none will not sync.',
      action:
        'Fill in vendors.accounts.purchases, or items.accounts.expense; without bills, set vendors.sync to false.',
      severity: 'warning',
    })
  }
  return findings
}

export function accountFindings(settings: Settings, reference: ReferenceData): Finding[] {
  if (reference.accounts === null) return missing(settings)
  const byCode = new Map(reference.accounts.toReversed().map((account) => [account.code, account]))
  const unfitting = uses(settings)
    .filter((use) => use.code !== null)
    .map((use) => unfit(use, byCode.get(use.code as string)))
    .filter((finding) => finding !== null)
  return [...unfitting, ...missing(settings)]
}
