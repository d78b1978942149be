// What a new simulator holds: an Australian shop with a full chart of accounts, a small organisation in New Zealand, and two
// people: one who may connect both, one who may connect only the second.
import type { Seed } from './seed.ts'

export const somerset = 'Somerset Extreme PC'
export const kiwi = 'Kiwi Komponents Ltd'

export const defaultSeed = (): Seed => ({
  organisations: [
    {
      name: somerset,
      countryCode: 'AU',
      isDemoCompany: true,
      trackingCategories: {
        Region: ['Eastside', 'North', 'South', 'West Coast'],
        Channel: ['Online', 'Shop', 'Wholesale'],
      },
      currencies: { USD: 0.65, NZD: 1.09 },
      brandingThemes: ['Standard', 'Very orange invoice!'],
      contactGroups: ['Wholesale customers', 'Overseas suppliers'],
    },
    {
      name: kiwi,
      countryCode: 'NZ',
      trackingCategories: { Region: ['North Island', 'South Island'] },
      currencies: { AUD: 0.92 },
      contactGroups: ['Trade'],
    },
  ],
  users: [
    { email: 'sam@somerset.example', name: 'Sam Somerset' },
    { email: 'kim@kiwi.example', name: 'Kim Kiwi', organisations: [kiwi] },
  ],
})
