// Shapes around records: a record with its sync state, results of writing, attempts.
import { type TSchema, Type } from 'typebox'
import { entityTypes, type RecordType, recordTypes } from '../../domain/entity-types.ts'
import { queueActions } from '../../domain/queue-item.ts'
import { recordSchemas, shownSchemas } from '../../domain/records/index.ts'
import { SyncError, SyncState, syncStates } from '../../domain/sync-state.ts'
import type { Attempt as AttemptView, RecordView, BulkResult as Result } from '../../services/contract.ts'
import { instant, listParameters, nullable, queryOf } from './lists.ts'
import { FieldError } from './problem.ts'

export const upsertResults = ['created', 'updated', 'unchanged', 'stale'] as const

const record = (type: RecordType) => ({
  type: Type.Enum([...recordTypes], { description: 'Type of the record.' }),
  id: Type.String({ description: "The inventory product's own id." }),
  origin: Type.Enum(['product', 'import'], {
    description:
      'product: created by the product. import: found in Xero and not yet adopted under an id of the product.',
  }),
  record: shownSchemas[type],
  sync: SyncState,
  createdAt: instant('UTC.'),
  updatedAt: instant('UTC.'),
  deletedAt: nullable(instant('UTC.'), 'When it was deleted; null while it lives.'),
})

export const storedRecord = (type: RecordType) =>
  Type.Unsafe<RecordView>(Type.Object(record(type), { description: `The ${type} as stored, with its sync state.` }))

export const writtenRecord = (type: RecordType) =>
  Type.Unsafe<RecordView & { result: (typeof upsertResults)[number] }>(
    Type.Object(
      {
        result: Type.Enum([...upsertResults], {
          description:
            'The outcome. unchanged: the same content. stale: the stored version is newer, nothing was done.',
        }),
        ...record(type),
      },
      { description: `The ${type} as stored after the request.` },
    ),
  )

/** At most as many records as one bulk request takes. */
export const bulkLimit = 1000

/** Only the envelope is checked; each element is judged for itself, so that one faulty record never stops the others. */
export const BulkEnvelope = Type.Object(
  { records: Type.Array(Type.Unknown(), { minItems: 1, maxItems: bulkLimit }) },
  { additionalProperties: false },
)
export const bulkRequest = (type: RecordType) =>
  Type.Object(
    {
      records: Type.Array(recordSchemas[type] as TSchema, {
        minItems: 1,
        maxItems: bulkLimit,
        description: `1 to ${bulkLimit} ${entityTypes[type].path}, each with its id.`,
      }),
    },
    { additionalProperties: false, description: 'The records, each whole.' },
  )

export const BulkResult = Type.Unsafe<Result>(
  Type.Object(
    {
      id: nullable(
        Type.String(),
        'Id of the element; null where it carried none. One of more than 64 characters is shown by its first 64 and an ellipsis.',
      ),
      result: Type.Enum([...upsertResults, 'refused'], { description: 'The outcome; refused: see errors.' }),
      sync: nullable(SyncState, 'The sync state after the request; null when refused.'),
      errors: Type.Array(FieldError, { description: 'With refused: every error of this element.' }),
    },
    { description: 'The outcome for one element.' },
  ),
)

const total = (description: string) => Type.Integer({ minimum: 0, description })
export const BulkAnswer = Type.Object(
  {
    results: Type.Array(BulkResult, { description: 'One result an element, in the order of the request.' }),
    summary: Type.Object(
      {
        created: total('New records.'),
        updated: total('Records with new content.'),
        unchanged: total('Records with the same content.'),
        stale: total('Records older than the stored ones.'),
        refused: total('Records with errors.'),
      },
      { description: 'Results counted.' },
    ),
  },
  { description: 'The outcome for each record.' },
)

export const Attempt = Type.Unsafe<AttemptView>(
  Type.Object(
    {
      id: Type.String({ format: 'uuid', description: "The attempt's id." }),
      jobId: nullable(Type.String({ format: 'uuid' }), 'The sync job that made it.'),
      queueItemId: nullable(Type.String({ format: 'uuid' }), 'The queue item that it was made for.'),
      action: Type.Enum([...queueActions], { description: 'What was asked of Xero.' }),
      idempotencyKey: Type.String({ description: 'The Idempotency-Key that was sent to Xero.' }),
      requestHash: Type.String({ description: 'sha256 of what was sent.' }),
      outcome: Type.Enum(['sending', 'written', 'rejected', 'refused', 'unknown', 'adopted'], {
        description:
          'sending: no answer yet. written. rejected: the document was refused. refused: the call as a whole was. ' +
          'unknown: the answer was lost, and the outcome is still to be found out where settledAt is null; where it is not, it never was, and error says so. adopted: found in Xero afterwards.',
      }),
      error: nullable(SyncError, 'Why it did not succeed.'),
      warnings: Type.Array(Type.String(), {
        description: "Xero's remarks on a document that it accepted all the same, unchanged.",
      }),
      startedAt: instant('UTC.'),
      settledAt: nullable(instant('UTC.'), 'When the outcome became known; null before that.'),
    },
    { description: 'One try to write one document to Xero.' },
  ),
)

export const LinkRequest = Type.Object(
  { xeroId: Type.String({ format: 'uuid', description: 'Id of the document in Xero.' }) },
  { additionalProperties: false, description: 'Which document in Xero the record is.' },
)

export const ResolveRequest = Type.Object(
  {
    keep: Type.Enum(['product', 'xero'], {
      description:
        'product: the record is written over what stands in Xero, or its deletion is carried out. xero: what stands there ' +
        'stays, and the record is outdated until it is queued again or changed; a deletion ends, and the record stays ' +
        'deleted here and linked until it is deleted once more, created again or unlinked.',
    }),
  },
  { additionalProperties: false, description: 'Whose side of the conflict is kept.' },
)

export const recordQuery = queryOf({
  ...listParameters,
  state: Type.Optional(Type.Enum([...syncStates], { description: 'Only records in this sync state.' })),
  search: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'Part of the name, number or code.' }),
  ),
  updatedSince: Type.Optional(instant('Only records that changed here at or after this instant, UTC.')),
})
