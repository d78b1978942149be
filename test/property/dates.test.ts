// Dates by payment terms over the whole calendar that records may be of: years of few digits and the last ones too.
import fc from 'fast-check'
import t from 'tap'
import { addDays, dayOfMonth } from '../../src/domain/dates.ts'
import { termsDueDate } from '../../src/domain/posting/document-dates.ts'
import { termKinds } from '../../src/domain/records/common.ts'

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
const daysIn = (year: number, month: number) =>
  [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
const text = (year: number, month: number, day: number) =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`

const dates = fc
  .tuple(
    fc.oneof(fc.constantFrom(1, 4, 99, 100, 1900, 2000, 2024, 9999), fc.integer({ min: 1, max: 9999 })),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 31 }),
  )
  .map(([year, month, day]) => ({ year, month, day: Math.min(day, daysIn(year, month)) }))
const days = fc.integer({ min: 0, max: 365 })
const parameters = { numRuns: 500, seed: 20_261_120 }

t.test('given any date, when a day of its month or the next is taken, then it is that day or the last', async () => {
  fc.assert(
    fc.property(dates, fc.constantFrom(0, 1), days, ({ year, month, day }, months, wanted) => {
      const [y, m] = month + months > 12 ? [year + 1, 1] : [year, month + months]
      const expected = y > 9999 ? '9999-12-31' : text(y, m, Math.min(Math.max(wanted, 1), daysIn(y, m)))
      return dayOfMonth(text(year, month, day), months, wanted) === expected
    }),
    parameters,
  )
})

t.test(
  'given any date, when days are added one by one, then each is the next, and the last day stays the last',
  async () => {
    fc.assert(
      fc.property(dates, days, ({ year, month, day }, count) => {
        const next = (at: { year: number; month: number; day: number }) => {
          if (at.day < daysIn(at.year, at.month)) return { ...at, day: at.day + 1 }
          if (at.month < 12) return { ...at, month: at.month + 1, day: 1 }
          return at.year === 9999 ? at : { year: at.year + 1, month: 1, day: 1 }
        }
        let at = { year, month, day }
        for (let n = 0; n < count; n += 1) at = next(at)
        return addDays(text(year, month, day), count) === text(at.year, at.month, at.day)
      }),
      parameters,
    )
  },
)

t.test('given any date and terms, when the due date is worked out, then it has four digits of year', async () => {
  fc.assert(
    fc.property(dates, fc.constantFrom(...termKinds), days, ({ year, month, day }, kind, count) =>
      /^\d{4}-\d\d-\d\d$/.test(termsDueDate(text(year, month, day), { kind, days: count })),
    ),
    parameters,
  )
})
