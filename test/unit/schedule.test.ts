// When the schedule runs, what it refuses, and the dates it stands on. Ten years of daylight saving are in test/property.
import t from 'tap'
import { addDays, dayOfMonth, endOfMonth, isTimezone, localDate } from '../../src/domain/dates.ts'
import { isLocked, lockedUntil } from '../../src/domain/lock-dates.ts'
import { kindOfRun, nextRun, runsNow, scheduleProblems } from '../../src/domain/schedule.ts'
import { defaultSettings } from '../../src/domain/settings/index.ts'
import type { ScheduleSettings } from '../../src/domain/settings/schedule.ts'

const schedule = (more: Partial<ScheduleSettings>): ScheduleSettings => ({
  ...defaultSettings().schedule,
  enabled: true,
  ...more,
})
const next = (more: Partial<ScheduleSettings>, after: string, zone = 'UTC'): string | undefined =>
  nextRun(schedule(more), zone, new Date(after))?.toISOString().replace(':00.000Z', 'Z')

t.test('given a schedule that is off or has nothing to run, when asked, then there is no next run', async (t) => {
  t.equal(next({ enabled: false }, '2026-01-01T00:00:00Z'), undefined)
  t.equal(next({ mode: 'daily' }, '2026-01-01T00:00:00Z'), undefined)
  t.equal(next({ mode: 'weekly', times: ['10:00'] }, '2026-01-01T00:00:00Z'), undefined)
  t.equal(next({ mode: 'cron' }, '2026-01-01T00:00:00Z'), undefined)
})

t.test('given an interval, when asked, then the next whole multiple comes, strictly later', async (t) => {
  t.equal(next({ everyMinutes: 60 }, '2026-01-01T10:17:03Z'), '2026-01-01T11:00Z')
  t.equal(next({ everyMinutes: 60 }, '2026-01-01T11:00:00Z'), '2026-01-01T12:00Z')
  t.equal(next({ everyMinutes: 15 }, '2026-01-01T10:17:03Z'), '2026-01-01T10:30Z')
  t.equal(next({ everyMinutes: 60 }, '2026-01-01T10:17:03Z', 'Asia/Kolkata'), '2026-01-01T11:00Z', 'in any zone')
})

t.test('given times and days, when asked, then the first of them in the zone comes', async (t) => {
  const daily = { mode: 'daily', times: ['18:00', '06:30'] } as const
  t.equal(next(daily as never, '2026-06-01T00:00:00Z', 'Europe/Berlin'), '2026-06-01T04:30Z')
  t.equal(next(daily as never, '2026-06-01T04:30:00Z', 'Europe/Berlin'), '2026-06-01T16:00Z')
  t.equal(next({ ...daily, timezone: 'UTC' } as never, '2026-06-01T00:00:00Z', 'Europe/Berlin'), '2026-06-01T06:30Z')
  // 1 June 2026 is a Monday.
  const weekly: Partial<ScheduleSettings> = { mode: 'weekly', times: ['10:00'], daysOfWeek: ['sunday', 'wednesday'] }
  t.equal(next(weekly, '2026-06-01T00:00:00Z'), '2026-06-03T10:00Z')
  t.equal(next(weekly, '2026-06-03T10:00:00Z'), '2026-06-07T10:00Z')
  t.equal(next({ mode: 'cron', cron: '15 9 1 * *' }, '2026-06-01T10:00:00Z'), '2026-07-01T09:15Z')
})

t.test('given a local time that does not exist, when asked, then the first instant after the gap comes', async (t) => {
  const daily: Partial<ScheduleSettings> = { mode: 'daily', times: ['02:15', '02:45'] }
  const run = next(daily, '2026-03-08T05:30:00Z', 'America/New_York')
  t.equal(run, '2026-03-08T07:00Z', '03:00 in New York')
  t.equal(next(daily, '2026-03-08T07:00:00Z', 'America/New_York'), '2026-03-09T06:15Z', 'both times fell into one run')
})

t.test('given a local time that occurs twice, when asked, then it runs the first time only', async (t) => {
  const daily: Partial<ScheduleSettings> = { mode: 'daily', times: ['01:30'] }
  t.equal(next(daily, '2026-11-01T00:00:00Z', 'America/New_York'), '2026-11-01T05:30Z')
  for (const after of ['2026-11-01T05:30:00Z', '2026-11-01T05:45:00Z', '2026-11-01T06:15:00Z']) {
    t.equal(next(daily, after, 'America/New_York'), '2026-11-02T06:30Z')
  }
})

t.test('given a slot that was missed, when the service is back, then missedRun decides', async (t) => {
  const slot = new Date('2026-01-01T10:00:00Z')
  const runs = (missedRun: 'run_once' | 'skip', now: string) => runsNow(schedule({ missedRun }), slot, new Date(now))
  t.equal(runs('run_once', '2026-01-01T18:00:00Z'), true)
  t.equal(runs('skip', '2026-01-01T10:05:00Z'), true, 'a busy service is not a missed run')
  t.equal(runs('skip', '2026-01-01T10:05:01Z'), false)
})

t.test(
  'given fullEvery, when a run is due, then its age since everything was read decides what it reads',
  async (t) => {
    const kind = (fullEvery: number, wholeAt: string | null) =>
      kindOfRun(schedule({ fullEvery }), wholeAt, new Date('2026-01-08T10:00:00Z'))
    t.equal(kind(7, '2026-01-01T12:00:00Z'), 'full', 'also where the clocks were put forward')
    t.equal(kind(7, '2026-01-01T12:00:01Z'), 'incremental')
    t.equal(kind(7, null), 'incremental', 'the first import reads everything anyway')
    t.equal(kind(0, '2020-01-01T00:00:00Z'), 'incremental', 'never')
  },
)

t.test('given schedules that cannot run, when checked, then each fault is named', async (t) => {
  const faults = (more: Partial<ScheduleSettings>) => scheduleProblems(schedule(more)).map((fault) => fault.pointer)
  t.same(faults({}), [])
  t.same(faults({ timezone: 'Mars/Base' }), ['/schedule/timezone'])
  t.same(faults({ mode: 'daily' }), ['/schedule/times'])
  t.same(faults({ mode: 'weekly' }), ['/schedule/times', '/schedule/daysOfWeek'])
  t.same(faults({ mode: 'weekly', times: ['10:00'], daysOfWeek: ['monday'] }), [])
  t.same(faults({ mode: 'cron' }), ['/schedule/cron'])
  t.same(faults({ cron: 'nonsense' }), [], 'what the mode does not use is not judged')
  for (const cron of [
    'nonsense',
    '* * * * *',
    '*/14 * * * *',
    '0,5 0 1 1 *',
    '0 0 30 2 *',
    '61 * * * *',
    '0 0 0 * * *',
    '2026-01-01T00:00:00',
  ]) {
    t.same(faults({ mode: 'cron', cron }), ['/schedule/cron'], cron)
  }
  for (const cron of ['*/15 * * * *', '0 9 * * 1-5', '0 0 29 2 *', '30 6 1 * *'])
    t.same(faults({ mode: 'cron', cron }), [], cron)
})

t.test('given times of a day nearer than a cron expression may be, when checked, then they are refused', async (t) => {
  const faults = (more: Partial<ScheduleSettings>) => scheduleProblems(schedule({ daysOfWeek: ['monday'], ...more }))
  const days = (...daysOfWeek: ScheduleSettings['daysOfWeek']) => ({ mode: 'weekly', daysOfWeek }) as const
  const near: [Partial<ScheduleSettings>, number][] = [
    [{ mode: 'daily', times: ['02:30', '02:35'] }, 5],
    [{ mode: 'daily', times: ['02:35', '12:00', '02:30'] }, 5],
    [{ mode: 'daily', times: ['23:55', '00:05'] }, 10],
    [{ mode: 'daily', times: ['08:00', '08:00'] }, 0],
    [{ ...days('friday'), times: ['09:00', '09:14'] }, 14],
    [{ ...days('monday', 'sunday'), times: ['00:05', '23:55'] }, 10],
    [{ ...days('friday', 'thursday'), times: ['00:05', '23:55'] }, 10],
  ]
  for (const [more, gap] of near) {
    const [fault, ...others] = faults(more)
    t.match(fault, { pointer: '/schedule/times', detail: `are ${gap} minutes apart`, action: /15 minutes/ })
    t.same(others, [], 'once')
  }
  for (const more of [
    { mode: 'daily', times: ['02:30', '02:45'] },
    { mode: 'daily', times: ['23:50', '00:05'] },
    { mode: 'daily', times: ['02:30'] },
    { ...days('monday', 'wednesday'), times: ['23:55', '00:05'] },
    { mode: 'interval', times: ['02:30', '02:35'] },
  ] as Partial<ScheduleSettings>[]) {
    t.same(faults(more), [], JSON.stringify(more))
  }
})

t.test('given an instant, when its date is asked for, then it is that of the zone', async (t) => {
  const instant = new Date('2026-01-01T12:30:00Z')
  t.equal(localDate(instant, 'Pacific/Auckland'), '2026-01-02')
  t.equal(localDate(instant, 'UTC'), '2026-01-01')
  t.equal(localDate(new Date('2026-01-01T05:30:00Z'), 'America/Los_Angeles'), '2025-12-31')
  t.throws(() => localDate(instant, 'Mars/Base'), RangeError)
  t.equal(isTimezone('Europe/Berlin'), true)
  t.equal(isTimezone('Mars/Base'), false)
})

t.test('given dates, when they are moved, then month ends and leap years are respected', async (t) => {
  t.equal(addDays('2028-02-28', 2), '2028-03-01')
  t.equal(addDays('2026-12-31', 1), '2027-01-01')
  t.equal(endOfMonth('2028-02-10'), '2028-02-29')
  t.equal(dayOfMonth('2026-01-31', 1, 30), '2026-02-28')
  t.equal(dayOfMonth('2026-12-15', 1, 20), '2027-01-20')
  t.equal(dayOfMonth('2026-12-15', 0, 0), '2026-12-01')
})

t.test('given two lock dates, when asked, then the later one holds, its own day included', async (t) => {
  const locks = { periodLockDate: '2026-03-31', endOfYearLockDate: '2025-06-30' }
  t.equal(lockedUntil(locks), '2026-03-31')
  t.equal(isLocked('2026-03-31', locks), true)
  t.equal(isLocked('2026-04-01', locks), false)
  t.equal(isLocked('1999-01-01', { periodLockDate: null, endOfYearLockDate: null }), false)
})
