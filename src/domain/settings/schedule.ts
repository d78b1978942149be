// Settings section "schedule": when sync jobs are created without anyone asking.

import { type Static, Type } from 'typebox'
import { inForm } from '../text-forms.ts'
import { nullable, timezone } from './common.ts'

export const scheduleModes = ['interval', 'daily', 'weekly', 'cron'] as const
export const daysOfWeek = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

export const ScheduleSettings = Type.Object(
  {
    enabled: Type.Boolean({ default: false, description: 'Jobs are created by the schedule.' }),
    mode: Type.Enum([...scheduleModes], {
      default: 'interval',
      description: 'interval: every everyMinutes. daily: at times. weekly: at times on daysOfWeek. cron: by cron.',
    }),
    everyMinutes: Type.Integer({
      default: 60,
      minimum: 15,
      maximum: 1440,
      description: 'Minutes from run to run, mode interval. Counted in UTC: daylight saving does not shift it.',
    }),
    times: Type.Array(
      Type.String({
        pattern: inForm('^([01]\\d|2[0-3]):[0-5]\\d$', 'a time HH:MM of 24 hours', '06:30'),
        description: 'HH:MM, 24 hours.',
      }),
      {
        default: [],
        maxItems: 24,
        uniqueItems: true,
        description: 'Local times, modes daily and weekly; at least 15 minutes apart, also across midnight.',
      },
    ),
    daysOfWeek: Type.Array(Type.Enum([...daysOfWeek], { description: 'Day.' }), {
      default: [],
      maxItems: daysOfWeek.length,
      uniqueItems: true,
      description: 'Days, mode weekly.',
    }),
    cron: nullable(
      Type.String({
        pattern: inForm(
          '^\\S+( \\S+){4}$',
          'the five parts of a cron expression, one blank between them',
          '30 6 * * 1-5',
        ),
        maxLength: 100,
        description: 'Minute hour day month weekday.',
      }),
      'Cron expression of five fields, mode cron; at most every 15 minutes.',
    ),
    timezone: timezone('Time zone of times and cron; null: that of the company section, else of the organisation.'),
    missedRun: Type.Enum(['run_once', 'skip'], {
      default: 'run_once',
      description:
        'When the service was down at the time: run once as soon as it is up again · wait for the next time.',
    }),
    fullEvery: Type.Integer({
      default: 7,
      minimum: 0,
      maximum: 365,
      description:
        'Days after which a scheduled job reads everything in Xero instead of the changes, for what Xero changes without a date ' +
        'of change, such as the roles of a contact; 0: never.',
    }),
  },
  { default: {}, additionalProperties: false, description: 'Schedule.' },
)
export type ScheduleSettings = Static<typeof ScheduleSettings>
