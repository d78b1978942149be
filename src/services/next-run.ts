// When the schedule of a connection runs next, in the time zone that holds for it.
import { nextRun } from '../domain/schedule.ts'
import type { Settings } from '../domain/settings/index.ts'

/** UTC instant; null without a schedule. */
export function nextRunOf(settings: Settings, organisationTimezone: string | null, after: Date): string | null {
  const zone = settings.company.timezone ?? organisationTimezone ?? 'Etc/UTC'
  return nextRun(settings.schedule, zone, after)?.toISOString() ?? null
}
