// Filters, requests and answers of the sync queue.
import { type TSchema, Type } from 'typebox'
import { recordTypes } from '../../domain/entity-types.ts'
import { queueActions, queueStatuses } from '../../domain/queue-item.ts'

/** Several values are separated by commas: ?status=failed,blocked */
const oneOrMore = <T extends TSchema>(value: T, description: string) =>
  Type.Optional(Type.Array(value, { minItems: 1, description: `${description} Several: separated by commas.` }))

export const queueFilters = {
  recordType: oneOrMore(Type.Enum([...recordTypes]), 'Only items of these record types.'),
  action: oneOrMore(Type.Enum([...queueActions]), 'Only items with these actions.'),
  status: oneOrMore(Type.Enum([...queueStatuses]), 'Only items in these statuses. Absent: the open ones.'),
  jobId: Type.Optional(Type.String({ format: 'uuid', description: 'Only items that this job holds or handled last.' })),
  recordId: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Only items of this record.' })),
  search: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: "Part of the record's name or number." }),
  ),
}

export const QueueCount = Type.Object(
  { count: Type.Integer({ minimum: 0, description: 'How many items there are.' }) },
  { description: 'A number of queue items.' },
)

export const RequeueRequest = Type.Object(
  {
    recordType: Type.Enum([...recordTypes], { description: 'Type of the records.' }),
    recordIds: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64, description: 'Id of a record.' }), {
        minItems: 1,
        maxItems: 1000,
        description: 'Which records; absent: all of the type.',
      }),
    ),
  },
  { additionalProperties: false, description: 'Records to queue again.' },
)

export const RequeueAnswer = Type.Object(
  {
    opened: Type.Integer({ minimum: 0, description: 'Queue items that were opened.' }),
    alreadyQueued: Type.Integer({ minimum: 0, description: 'Records that were in the queue already.' }),
    skipped: Type.Integer({
      minimum: 0,
      description:
        'Records that were not queued: not there, deleted, or kept out of Xero by the settings or their status.',
    }),
  },
  { description: 'The outcome.' },
)
