// A chart of accounts as Xero's demo companies have it. Columns: code, name, type, tax kind, system account. Tax kinds are
// turned into the tax types of the organisation's region.

export type TaxKind = 'sales' | 'purchases' | 'freeSales' | 'freePurchases' | 'none'
export type ChartRow = [code: string, name: string, type: string, tax: TaxKind, systemAccount?: string]

export const chart: ChartRow[] = [
  ['090', 'Business Bank Account', 'BANK', 'none'],
  ['091', 'Business Savings Account', 'BANK', 'none'],
  ['200', 'Sales', 'REVENUE', 'sales'],
  ['260', 'Other Revenue', 'REVENUE', 'sales'],
  ['270', 'Interest Income', 'REVENUE', 'freeSales'],
  ['300', 'Purchases', 'DIRECTCOSTS', 'purchases'],
  ['310', 'Cost of Goods Sold', 'DIRECTCOSTS', 'purchases'],
  ['400', 'Advertising', 'EXPENSE', 'purchases'],
  ['404', 'Bank Fees', 'EXPENSE', 'freePurchases'],
  ['408', 'Cleaning', 'EXPENSE', 'purchases'],
  ['412', 'Consulting & Accounting', 'EXPENSE', 'purchases'],
  ['416', 'Depreciation', 'DEPRECIATN', 'none'],
  ['420', 'Entertainment', 'EXPENSE', 'purchases'],
  ['425', 'Freight & Courier', 'EXPENSE', 'purchases'],
  ['429', 'General Expenses', 'EXPENSE', 'purchases'],
  ['433', 'Insurance', 'EXPENSE', 'purchases'],
  ['437', 'Interest Expense', 'EXPENSE', 'none'],
  ['441', 'Legal expenses', 'EXPENSE', 'purchases'],
  ['445', 'Light, Power, Heating', 'EXPENSE', 'purchases'],
  ['449', 'Motor Vehicle Expenses', 'EXPENSE', 'purchases'],
  ['453', 'Office Expenses', 'EXPENSE', 'purchases'],
  ['461', 'Printing & Stationery', 'EXPENSE', 'purchases'],
  ['469', 'Rent', 'EXPENSE', 'purchases'],
  ['473', 'Repairs and Maintenance', 'EXPENSE', 'purchases'],
  ['477', 'Wages and Salaries', 'WAGESEXPENSE', 'none'],
  ['478', 'Superannuation', 'SUPERANNUATIONEXPENSE', 'none'],
  ['485', 'Subscriptions', 'EXPENSE', 'purchases'],
  ['489', 'Telephone & Internet', 'EXPENSE', 'purchases'],
  ['493', 'Travel - National', 'EXPENSE', 'purchases'],
  ['494', 'Travel - International', 'EXPENSE', 'freePurchases'],
  ['497', 'Bank Revaluations', 'EXPENSE', 'none', 'BANKCURRENCYGAIN'],
  ['498', 'Unrealised Currency Gains', 'EXPENSE', 'none', 'UNREALISEDCURRENCYGAIN'],
  ['499', 'Realised Currency Gains', 'EXPENSE', 'none', 'REALISEDCURRENCYGAIN'],
  ['505', 'Income Tax Expense', 'EXPENSE', 'none'],
  ['610', 'Accounts Receivable', 'CURRENT', 'none', 'DEBTORS'],
  ['620', 'Prepayments', 'CURRENT', 'none'],
  ['630', 'Inventory', 'INVENTORY', 'none'],
  ['640', 'Stock on Hand', 'CURRENT', 'none'],
  ['710', 'Office Equipment', 'FIXED', 'purchases'],
  ['711', 'Less Accumulated Depreciation on Office Equipment', 'FIXED', 'none'],
  ['720', 'Computer Equipment', 'FIXED', 'purchases'],
  ['721', 'Less Accumulated Depreciation on Computer Equipment', 'FIXED', 'none'],
  ['800', 'Accounts Payable', 'CURRLIAB', 'none', 'CREDITORS'],
  ['801', 'Unpaid Expense Claims', 'CURRLIAB', 'none', 'UNPAIDEXPCLM'],
  ['804', 'Wages Payable', 'CURRLIAB', 'none'],
  ['820', 'GST', 'CURRLIAB', 'none', 'GST'],
  ['825', 'PAYG Withholdings Payable', 'CURRLIAB', 'none'],
  ['830', 'Income Tax Payable', 'CURRLIAB', 'none'],
  ['835', 'Goods Received Not Invoiced', 'CURRLIAB', 'none'],
  ['840', 'Historical Adjustment', 'CURRLIAB', 'none', 'HISTORICAL'],
  ['850', 'Suspense', 'CURRLIAB', 'none'],
  ['855', 'Clearing Account', 'CURRLIAB', 'none'],
  ['860', 'Rounding', 'CURRLIAB', 'none', 'ROUNDING'],
  ['877', 'Tracking Transfers', 'CURRLIAB', 'none', 'TRACKINGTRANSFERS'],
  ['880', 'Owner A Drawings', 'CURRLIAB', 'none'],
  ['881', 'Owner A Funds Introduced', 'CURRLIAB', 'none'],
  ['900', 'Loan', 'TERMLIAB', 'none'],
  ['960', 'Retained Earnings', 'EQUITY', 'none', 'RETAINEDEARNINGS'],
  ['970', 'Owner A Share Capital', 'EQUITY', 'none'],
]

/** Accounts besides banks that payments may be made to. */
export const paymentAccounts = ['881', '855']

export const classes: Record<string, string> = {
  BANK: 'ASSET',
  CURRENT: 'ASSET',
  INVENTORY: 'ASSET',
  FIXED: 'ASSET',
  PREPAYMENT: 'ASSET',
  NONCURRENT: 'ASSET',
  EQUITY: 'EQUITY',
  CURRLIAB: 'LIABILITY',
  LIABILITY: 'LIABILITY',
  TERMLIAB: 'LIABILITY',
  REVENUE: 'REVENUE',
  SALES: 'REVENUE',
  OTHERINCOME: 'REVENUE',
}

export const taxTypes: Record<string, Record<TaxKind, string>> = {
  AU: {
    sales: 'OUTPUT',
    purchases: 'INPUT',
    freeSales: 'EXEMPTOUTPUT',
    freePurchases: 'EXEMPTEXPENSES',
    none: 'BASEXCLUDED',
  },
  NZ: { sales: 'OUTPUT2', purchases: 'INPUT2', freeSales: 'NONE', freePurchases: 'NONE', none: 'NONE' },
}
export const otherTaxTypes: Record<TaxKind, string> = {
  sales: 'OUTPUT',
  purchases: 'INPUT',
  freeSales: 'NONE',
  freePurchases: 'NONE',
  none: 'NONE',
}
