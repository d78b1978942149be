// The problem document (RFC 9457) in which every error is answered.
import { type Static, Type } from 'typebox'
import { connectionStatuses } from '../../domain/connection.ts'
import { recordTypes } from '../../domain/entity-types.ts'
import { type ProblemCode, problems } from '../../domain/errors.ts'
import { Fault } from '../../domain/schema-faults.ts'

/** An identifier, not an address: it stays the same wherever the service is deployed. */
export const problemType = (code: ProblemCode): string => `urn:problem:accounting-sync:${code}`

export const FieldError = Type.Object(
  {
    ...Fault.properties,
    pointer: Type.String({
      description:
        'JSON pointer (RFC 6901) into the body, empty for the whole; for a query or path parameter its name.',
    }),
  },
  { description: 'One error of a request.' },
)

export const Problem = Type.Object(
  {
    type: Type.String({
      format: 'uri',
      description: 'Identifies the kind of problem: urn:problem:accounting-sync:<code>.',
    }),
    title: Type.String({ description: 'The kind of problem in one line.' }),
    status: Type.Integer({ description: 'The HTTP status, once more.' }),
    detail: Type.String({ description: 'What happened here.' }),
    code: Type.Enum(Object.keys(problems) as ProblemCode[], { description: 'Stable code, listed in docs/errors.md.' }),
    action: Type.String({ description: 'What to do about it.' }),
    actions: Type.Array(
      Type.Object(
        {
          method: Type.Enum(['GET', 'POST', 'DELETE'], { description: 'Method of the call.' }),
          path: Type.String({ description: 'Path of the call on this service, with its query.' }),
        },
        { description: 'One call.' },
      ),
      { description: 'Calls that help, in their order, where one does; `action` says what each is for.' },
    ),
    instance: Type.String({ description: 'Path of the request.' }),
    requestId: Type.String({ description: 'Names the request in the log.' }),
    errors: Type.Optional(
      Type.Array(FieldError, { description: 'All errors of the request; absent when there are none.' }),
    ),
    jobId: Type.Optional(
      Type.String({
        format: 'uuid',
        description: 'With job_in_progress, queue_item_locked and queue_item_uncertain: the job.',
      }),
    ),
    connectionId: Type.Optional(
      Type.String({
        format: 'uuid',
        description: 'With organisation_already_connected: the connection of the same company that holds it.',
      }),
    ),
    connectionStatus: Type.Optional(
      Type.Enum([...connectionStatuses], { description: 'With connection_not_active: the present status.' }),
    ),
    recordId: Type.Optional(
      Type.String({
        description:
          'With already_linked: the record that holds the document in Xero. With delete_irreversible: the deleted record.',
      }),
    ),
    recordType: Type.Optional(
      Type.Enum([...recordTypes], { description: 'With delete_irreversible: type of the deleted record.' }),
    ),
    retryAfter: Type.Optional(Type.Integer({ description: 'Seconds to wait, as in Retry-After.' })),
    retryAt: Type.Optional(
      Type.String({
        format: 'date-time',
        description:
          'When to try again, UTC: with xero_throttled, xero_unreachable and application_credentials, where that is known.',
      }),
    ),
  },
  { description: 'An error, in the form of RFC 9457.' },
)
export type Problem = Static<typeof Problem>
