// When the schedule creates the next job: a pure function of settings, zone and instant, by croner.
//
// Daylight saving: a local time that does not exist runs at the first valid instant after the gap; one that occurs twice
// runs once, the first time. Cron expressions with a wildcard in hour run in every hour that really passes. Intervals
// count on the clock of UTC: a run at every whole multiple of everyMinutes since 1970, whatever the zone does.
import { Cron } from 'croner'
import { isTimezone } from './dates.ts'
import type { Fault } from './schema-faults.ts'
import { daysOfWeek, type ScheduleSettings } from './settings/schedule.ts'

export const shortestGapMinutes = 15
/** A run this late still counts as on time: the service was busy, not down. */
const graceMilliseconds = 5 * 60_000
const minute = 60_000
/** The same local time a week later may be an hour earlier, and a job is created a moment after its slot. */
const shiftMilliseconds = 2 * 60 * minute
const minutesOfDay = 24 * 60
const day = minutesOfDay * minute
/** A leap year comes first, so that 29 February counts as a date that exists. */
const sampleStart = new Date('2024-01-01T00:00:00Z')

/** Five fields and standard weekdays; a paused Cron only computes and starts no timer. */
const cron = (pattern: string, timezone: string): Cron => new Cron(pattern, { timezone, paused: true, mode: '5-part' })

/** "02:30" on monday and friday → "30 2 * * 1,5". */
function patterns(schedule: ScheduleSettings): string[] {
  if (schedule.mode === 'cron') return schedule.cron === null ? [] : [schedule.cron]
  const days = schedule.mode === 'daily' ? '*' : schedule.daysOfWeek.map((day) => daysOfWeek.indexOf(day) + 1).join(',')
  if (days === '') return []
  return schedule.times.map((time) => {
    const [hour, minutes] = time.split(':').map(Number)
    return `${minutes} ${hour} * * ${days}`
  })
}

function nextInterval(everyMinutes: number, after: Date): Date {
  const step = everyMinutes * minute
  return new Date((Math.floor(after.getTime() / step) + 1) * step)
}

/**
 * The first run strictly after an instant; null when the schedule is off or never runs. `organisationTimezone` holds
 * where schedule.timezone is null. Throws on a zone or expression that scheduleProblems refuses.
 */
export function nextRun(schedule: ScheduleSettings, organisationTimezone: string, after: Date): Date | null {
  if (!schedule.enabled) return null
  if (schedule.mode === 'interval') return nextInterval(schedule.everyMinutes, after)
  const timezone = schedule.timezone ?? organisationTimezone
  const runs = patterns(schedule)
    .map((pattern) => cron(pattern, timezone).nextRun(after))
    .filter((run) => run !== null)
  return runs.reduce<Date | null>((first, run) => (first === null || run < first ? run : first), null)
}

/** Whether a slot that came due is run now: with missedRun "skip" not, when it was missed by more than five minutes. */
export const runsNow = (schedule: ScheduleSettings, slot: Date, now: Date): boolean =>
  schedule.missedRun === 'run_once' || now.getTime() - slot.getTime() <= graceMilliseconds

/** The kind of reading of a scheduled job; `wholeAt` is when everything was last read, null before the first import, which reads everything anyway. */
export function kindOfRun(schedule: ScheduleSettings, wholeAt: string | null, now: Date): 'incremental' | 'full' {
  const { fullEvery } = schedule
  if (fullEvery === 0 || wholeAt === null) return 'incremental'
  return now.getTime() - Date.parse(wholeAt) >= fullEvery * day - shiftMilliseconds ? 'full' : 'incremental'
}

const fault = (field: string, detail: string, action: string): Fault => ({
  pointer: `/schedule/${field}`,
  detail,
  action,
})

/** The shortest gap between runs in minutes, over a thousand runs or two years; null when it runs less than twice. */
function shortestGap(pattern: string): number | null {
  const job = cron(pattern, 'UTC')
  const end = Date.parse('2026-01-02T00:00:00Z')
  let shortest: number | null = null
  let last = job.nextRun(sampleStart)
  for (let count = 0; last !== null && last.getTime() < end && count < 1000; count++) {
    const next: Date | null = job.nextRun(last)
    if (next !== null) shortest = Math.min(shortest ?? Infinity, (next.getTime() - last.getTime()) / minute)
    last = next
  }
  return shortest
}

/** The shortest gap in minutes between the times on the days, round the week; a daily schedule counts every day. */
function shortestGapOfTimes({ mode, times, daysOfWeek: chosen }: ScheduleSettings): number {
  const days = mode === 'daily' ? daysOfWeek : chosen
  const places = times.map((time) => {
    const [hour = 0, minutes = 0] = time.split(':').map(Number)
    return hour * 60 + minutes
  })
  const runs = days.flatMap((name) => places.map((place) => daysOfWeek.indexOf(name) * minutesOfDay + place))
  const sorted = runs.sort((a, b) => a - b)
  const gaps = sorted.map(
    (run, index) => (sorted[index + 1] ?? (sorted[0] ?? 0) + daysOfWeek.length * minutesOfDay) - run,
  )
  return Math.min(...gaps)
}

function timesFaults(schedule: ScheduleSettings): Fault[] {
  const gap = shortestGapOfTimes(schedule)
  return gap < shortestGapMinutes
    ? [
        fault(
          'times',
          `are ${gap} ${gap === 1 ? 'minute' : 'minutes'} apart`,
          `Let at least ${shortestGapMinutes} minutes lie between runs.`,
        ),
      ]
    : []
}

function cronFaults(pattern: string): Fault[] {
  try {
    // croner would take a single date, too.
    if (pattern.trim().split(/\s+/).length !== 5) throw new TypeError('not five fields')
    const next = cron(pattern, 'UTC').nextRun(sampleStart)
    if (next === null) return [fault('cron', 'never runs', 'Choose a date that exists.')]
    const gap = shortestGap(pattern)
    return gap !== null && gap < shortestGapMinutes
      ? [
          fault(
            'cron',
            gap === 1 ? 'runs every minute' : `runs every ${gap} minutes`,
            `Let at least ${shortestGapMinutes} minutes lie between runs.`,
          ),
        ]
      : []
  } catch {
    return [fault('cron', 'is not a cron expression of five fields', 'Write minute hour day month weekday.')]
  }
}

/** Faults of a schedule whose form is valid. What the mode does not use is not judged, save for the time zone. */
export function scheduleProblems(schedule: ScheduleSettings): Fault[] {
  const faults: Fault[] = []
  if (schedule.timezone !== null && !isTimezone(schedule.timezone)) {
    faults.push(fault('timezone', `is no time zone: ${schedule.timezone}`, 'Name an IANA zone, such as Europe/Berlin.'))
  }
  if ((schedule.mode === 'daily' || schedule.mode === 'weekly') && schedule.times.length === 0) {
    faults.push(fault('times', `is empty, and mode ${schedule.mode} needs it`, 'Name at least one time, HH:MM.'))
  }
  if (schedule.mode === 'weekly' && schedule.daysOfWeek.length === 0) {
    faults.push(fault('daysOfWeek', 'is empty, and mode weekly needs it', 'Name at least one day.'))
  }
  if (schedule.mode === 'daily' || schedule.mode === 'weekly') faults.push(...timesFaults(schedule))
  if (schedule.mode === 'cron') {
    if (schedule.cron === null) faults.push(fault('cron', 'is missing, and mode cron needs it', 'Write an expression.'))
    else faults.push(...cronFaults(schedule.cron))
  }
  return faults
}
