// The scopes an app may ask for. The broad accounting scopes ended for apps made since March 2026.

const granular = [
  'accounting.invoices',
  'accounting.payments',
  'accounting.banktransactions',
  'accounting.manualjournals',
  'accounting.contacts',
  'accounting.settings',
  'accounting.attachments',
  'accounting.budgets',
]
const reports = [
  'aged',
  'balancesheet',
  'banksummary',
  'budgetsummary',
  'executivesummary',
  'profitandloss',
  'trialbalance',
  'taxreports',
]

const known = new Set([
  'openid',
  'profile',
  'email',
  'offline_access',
  ...granular,
  ...granular.map((scope) => `${scope}.read`),
  ...reports.map((report) => `accounting.reports.${report}.read`),
  'accounting.journals.read',
  'app.connections',
])
const broad = new Set(['accounting.transactions', 'accounting.transactions.read', 'accounting.reports.read'])

export const splitScopes = (scope: string | undefined) => (scope ?? '').split(/\s+/).filter((one) => one !== '')

export const refusedScopes = (scopes: string[], broadAllowed: boolean) =>
  scopes.filter((scope) => !known.has(scope) && !(broadAllowed && broad.has(scope)))
