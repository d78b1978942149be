// Path and header parameters.
import { Type } from 'typebox'
import { jobKinds } from '../../domain/sync-job.ts'

const connectionId = Type.String({ format: 'uuid', description: "The connection's id." })
const uuid = (what: string) => Type.String({ format: 'uuid', description: `The ${what}'s id.` })

export const ConnectionPath = Type.Object({ connectionId })
export const RecordPath = Type.Object({
  connectionId,
  recordId: Type.String({ minLength: 1, maxLength: 64, description: "The inventory product's own id of the record." }),
})
export const QueueItemPath = Type.Object({ connectionId, itemId: uuid('queue item') })
export const IncidentPath = Type.Object({ connectionId, incidentId: uuid('incident') })
export const JobPath = Type.Object({ connectionId, jobId: uuid('sync job') })
export const ApiKeyPath = Type.Object({ keyId: uuid('key') })

const header = (description: string) => Type.Optional(Type.String({ maxLength: 1000, description }))

export const IfMatch = Type.Object({
  'if-match': header('The ETag that the change is based on, or "*". Absent: 428; not the stored version: 412.'),
})
export const IfNoneMatch = Type.Object({
  'if-none-match': header('An ETag that the caller has: when it is still the stored version, the answer is 304.'),
})

export const NewJob = Type.Object(
  {
    kind: Type.Optional(
      Type.Enum([...jobKinds], {
        default: 'incremental',
        description: 'incremental: what changed since the last job. full: every list from its beginning.',
      }),
    ),
  },
  { additionalProperties: false, description: 'What to run.' },
)
