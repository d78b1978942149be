// When the schedule of a connection runs next, in the time zone that holds for it.
import { nextRun } from '../domain/schedule.ts'
import type { Settings } from '../domain/settings/index.ts'

/**
 * UTC instant; null without a schedule. Null as well while no zone is known: a run that is computed in UTC would be moved
 * as soon as the organisation is read, or run at the wrong hour before that.
 */
export function nextRunOf(settings: Settings, organisationTimezone: string | null, after: Date): string | null {
  const zone = settings.company.timezone ?? organisationTimezone
  const needsZone = settings.schedule.mode !== 'interval' && settings.schedule.timezone === null
  if (zone === null && needsZone) return null
  return nextRun(settings.schedule, zone ?? 'Etc/UTC', after)?.toISOString() ?? null
}
