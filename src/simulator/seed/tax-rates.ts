// Tax rates as Australian and New Zealand organisations come with them. Columns: name, tax type, report type, per cent,
// and the account classes it may be used with (A asset, Q equity, E expense, L liability, R revenue).
import type { TaxRate } from '../state.ts'

type Row = [name: string, taxType: string, report: string, rate: number, appliesTo: string]

const australia: Row[] = [
  ['GST on Income', 'OUTPUT', 'OUTPUT', 10, 'AQLR'],
  ['GST on Expenses', 'INPUT', 'INPUT', 10, 'AQEL'],
  ['GST Free Income', 'EXEMPTOUTPUT', 'EXEMPTOUTPUT', 0, 'AQLR'],
  ['GST Free Expenses', 'EXEMPTEXPENSES', 'EXEMPTEXPENSES', 0, 'AQEL'],
  ['GST Free Exports', 'EXEMPTEXPORT', 'EXEMPTEXPORT', 0, 'AQLR'],
  ['Input Taxed', 'INPUTTAXED', 'INPUTTAXED', 0, 'AQLR'],
  ['GST on Capital', 'CAPEXINPUT', 'CAPEXINPUT', 10, 'AQEL'],
  ['GST Free Capital', 'EXEMPTCAPITAL', 'EXEMPTCAPITAL', 0, 'AQEL'],
  ['GST on Imports', 'GSTONIMPORTS', 'GSTONIMPORTS', 0, 'AQEL'],
  ['BAS Excluded', 'BASEXCLUDED', 'BASEXCLUDED', 0, 'AQELR'],
]

const newZealand: Row[] = [
  ['15% GST on Income', 'OUTPUT2', 'OUTPUT', 15, 'AQLR'],
  ['15% GST on Expenses', 'INPUT2', 'INPUT', 15, 'AQEL'],
  ['Zero Rated', 'ZERORATED', 'ZERORATED', 0, 'AQELR'],
  ['GST on Imports', 'GSTONIMPORTS', 'GSTONIMPORTS', 0, 'AQEL'],
  ['No GST', 'NONE', 'NONE', 0, 'AQELR'],
]

const elsewhere: Row[] = [
  ['Tax on Sales', 'OUTPUT', 'OUTPUT', 0, 'AQLR'],
  ['Tax on Purchases', 'INPUT', 'INPUT', 0, 'AQEL'],
  ['Tax Exempt', 'NONE', 'NONE', 0, 'AQELR'],
]

const regions: Record<string, Row[]> = { AU: australia, NZ: newZealand }

export const taxRatesOf = (version: string): TaxRate[] =>
  (regions[version] ?? elsewhere).map(([Name, TaxType, ReportTaxType, rate, classes]) => ({
    Name,
    TaxType,
    ReportTaxType,
    Status: 'ACTIVE',
    rate,
    appliesTo: {
      ASSET: classes.includes('A'),
      EQUITY: classes.includes('Q'),
      EXPENSE: classes.includes('E'),
      LIABILITY: classes.includes('L'),
      REVENUE: classes.includes('R'),
    },
  }))
