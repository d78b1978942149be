// Shapes of the connection resource that only the API has.
import { Type } from 'typebox'
import { Connection, connectionStatuses, GrantedOrganisation } from '../../domain/connection.ts'
import { healthReasonCodes } from '../../domain/health-reason.ts'
import { SyncJob } from '../../domain/sync-job.ts'
import type { ConnectionHealth as Health } from '../../services/contract.ts'
import { instant, nullable } from './lists.ts'

export const ConnectionRequest = Type.Object(
  {
    returnUrl: Type.Optional(
      Type.String({
        format: 'uri',
        maxLength: 2000,
        description:
          'Where the browser goes after consent; it must be on the allow list. It receives connectionId and code, or error. ' +
          'Absent: a page of this service.',
      }),
    ),
  },
  { additionalProperties: false, description: 'Where to return to after consent.' },
)

export const ConsentInvitation = Type.Object(
  {
    ...Connection.properties,
    authorizationUrl: Type.String({
      format: 'uri',
      description: 'Open it in the browser of the person who gives consent. It opens once, and within ten minutes.',
    }),
    authorizationExpiresAt: instant('When the authorization URL expires, UTC.'),
  },
  { description: 'A connection that waits for consent.' },
)

const allowShared = Type.Optional(
  Type.Boolean({
    description:
      'True: the organisation may be connected by another company as well, and stays so for this connection. For the bootstrap ' +
      'key only; forbidden with any other. Absent or false: an organisation belongs to one connection of the whole service.',
  }),
)

export const Confirmation = Type.Object(
  {
    completionCode: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'The one-time code that the return URL carried.',
    }),
    allowShared,
  },
  { additionalProperties: false, description: 'Completes a consent.' },
)

export const OrganisationChoice = Type.Object(
  {
    organisationId: Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'Id of one of the granted organisations, from …/organisations.',
    }),
    allowShared,
  },
  { additionalProperties: false, description: 'Which organisation the connection writes to.' },
)

export const GrantedOrganisations = Type.Object(
  { items: Type.Array(GrantedOrganisation, { description: 'What the consent granted.' }) },
  { description: 'Organisations to choose from.' },
)

export const ConnectionHealth = Type.Unsafe<Health>(
  Type.Object(
    {
      status: Type.Enum([...connectionStatuses], { description: "The connection's status." }),
      healthy: Type.Boolean({ description: 'True when syncing works and nothing waits for a person.' }),
      reasons: Type.Array(
        Type.Object(
          {
            code: Type.Enum([...healthReasonCodes], { description: 'Stable code.' }),
            detail: Type.String({ description: 'What is wrong.' }),
            action: Type.String({ description: 'What to do about it.' }),
          },
          { description: 'One reason.' },
        ),
        { description: 'Why it is not healthy; empty when it is.' },
      ),
      queue: Type.Object(
        {
          waiting: Type.Integer({ description: 'Items that wait for the next job.' }),
          failed: Type.Integer({ description: 'Of these, how many failed before.' }),
          oldestWaitingSince: nullable(instant('UTC.'), 'Since when the oldest one waits; null when none does.'),
        },
        { description: 'The sync queue in numbers.' },
      ),
      lastJob: nullable(SyncJob, 'The latest sync job; null before the first.'),
      nextRunAt: nullable(instant('UTC.'), 'When the schedule creates the next job; null without a schedule.'),
      limits: Type.Object(
        {
          minuteRemaining: Type.Integer({ description: 'Calls left in this minute.' }),
          dayRemaining: Type.Integer({ description: 'Calls left today.' }),
          blockedUntil: nullable(instant('UTC.'), 'Until when Xero asked to wait; null when it did not.'),
        },
        { description: "What is left of Xero's call limits for the organisation." },
      ),
    },
    { description: 'Is the connection in order, and if not, why.' },
  ),
)
