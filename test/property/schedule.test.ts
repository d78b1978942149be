// Ten years in four zones with different rules of daylight saving: no slot is lost and none comes twice.
import t from 'tap'
import { nextRun } from '../../src/domain/schedule.ts'
import { defaultSettings } from '../../src/domain/settings/index.ts'
import type { ScheduleSettings } from '../../src/domain/settings/schedule.ts'

const hour = 3_600_000
const from = Date.parse('2024-01-01T12:00:00Z')
const to = Date.parse('2034-01-01T12:00:00Z')
const days = (to - from) / (24 * hour)

const schedule = (more: Partial<ScheduleSettings>): ScheduleSettings => ({
  ...defaultSettings().schedule,
  enabled: true,
  ...more,
})

function slots(settings: ScheduleSettings, zone: string, start: number, end: number): number[] {
  const found: number[] = []
  for (
    let run = nextRun(settings, zone, new Date(start));
    run && run.getTime() <= end;
    run = nextRun(settings, zone, run)
  ) {
    found.push(run.getTime())
  }
  return found
}

/** Local date and time by the platform's own calendar, independent of croner. */
function clock(zone: string): (instant: number) => { date: string; time: string } {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  return (instant) => {
    const [date = '', time = ''] = format.format(instant).split(' ')
    return { date, time }
  }
}

/** A time in the gap, and a time that repeats. */
const zones: [string, string, string][] = [
  ['America/New_York', '02:30', '01:30'],
  ['Australia/Lord_Howe', '02:15', '01:45'],
  ['America/Santiago', '00:30', '23:30'],
  ['Europe/London', '01:30', '01:15'],
]

for (const [zone, ...times] of zones) {
  const local = clock(zone)

  t.test(`given ten years in ${zone}, when run daily, then there is one slot on each date`, async (t) => {
    for (const time of times) {
      const found = slots(schedule({ mode: 'daily', times: [time] }), zone, from, to)
      t.equal(found.length, days, `${time}: ${days} slots`)
      const dates = new Set(found.map((slot) => local(slot).date))
      t.equal(dates.size, days, `${time}: every date once`)
      const late = found.filter((slot) => local(slot).time !== time)
      t.ok(late.length <= 10, `${time}: moved at most once a year (${late.length})`)
      // Moved only where the time does not exist: the instant before is on the other side of the gap.
      for (const slot of late) {
        const stamp = (instant: number) => Object.values(local(instant)).join(' ')
        const wanted = `${local(slot).date} ${time}`
        t.ok(stamp(slot - 60_000) < wanted && wanted < stamp(slot), `${time}: first instant after the gap`)
      }
    }
  })

  t.test(`given ten years in ${zone}, when run hourly by interval, then every hour has its slot`, async (t) => {
    const found = slots(schedule({ everyMinutes: 60 }), zone, from, to)
    t.equal(found.length, days * 24)
    t.ok(found.every((slot, index) => slot === from + (index + 1) * hour))
  })

  t.test(
    `given every change of clocks in ${zone}, when run hourly by cron, then each full local hour that really passes has its slot`,
    async (t) => {
      const offset = (instant: number): number => {
        const { date, time } = local(instant)
        return Date.parse(`${date}T${time}:00Z`) - instant
      }
      const changes: number[] = []
      for (let day = from; day < to; day += 24 * hour) if (offset(day) !== offset(day + 24 * hour)) changes.push(day)
      t.ok(changes.length >= 19, `${changes.length} changes in ten years`)
      for (const day of changes) {
        const end = day + 48 * hour
        const expected: number[] = []
        for (let instant = day + hour / 2; instant <= end; instant += hour / 2) {
          if (local(instant).time.endsWith(':00')) expected.push(instant)
        }
        t.same(
          slots(schedule({ mode: 'cron', cron: '0 * * * *' }), zone, day, end),
          expected,
          new Date(day).toISOString(),
        )
      }
    },
  )
}
