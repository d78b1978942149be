// Settings section "company": what holds for the connection as a whole.
import { type Static, Type } from 'typebox'
import { flag, timezone } from './common.ts'

export const CompanySettings = Type.Object(
  {
    timezone: timezone("Time zone for dates and the schedule; null: the organisation's."),
    demoCompanyOnly: flag(false, 'Refuses to sync with any organisation that is not a demo company.'),
    lists: Type.Object(
      {
        taxRates: flag(true, 'Pull tax rates. Without them totals and tax types cannot be checked.'),
        trackingCategories: flag(true, 'Pull tracking categories.'),
        currencies: flag(true, 'Pull currencies.'),
        contactGroups: flag(true, 'Pull contact groups.'),
        brandingThemes: flag(true, 'Pull branding themes.'),
      },
      {
        default: {},
        additionalProperties: false,
        description: 'Reference lists that are pulled. The organisation and its accounts always are.',
      },
    ),
  },
  { default: {}, additionalProperties: false, description: 'Company.' },
)
export type CompanySettings = Static<typeof CompanySettings>
