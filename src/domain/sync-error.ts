// A sync error: why a record or a job could not be brought to the accounting system. Cause and remedy, never only a message.
import { type Static, Type } from 'typebox'
import { Candidate } from './candidate.ts'
import { recordTypes } from './entity-types.ts'

export const RecordReference = Type.Object(
  {
    type: Type.Enum([...recordTypes], { description: 'Record type.' }),
    id: Type.String({ description: "The inventory product's own id of the record." }),
  },
  { description: 'A record, named by its type and id.' },
)
export type RecordReference = Static<typeof RecordReference>

export const Difference = Type.Object(
  {
    field: Type.String({
      description:
        'Where: /date, /contact and the like, /lines for their number, /lines/{id} for a line, /lines/{id}/quantity and the ' +
        "like. The id is that of the record's line, or Xero's own for a line that the record does not have.",
    }),
    product: Type.Union([Type.String(), Type.Null()], {
      description:
        'What is sent; for a deletion what stood there at our last write or look, or what the record says of a document that is ' +
        'not ours; null: nothing.',
    }),
    xero: Type.Union([Type.String(), Type.Null()], { description: 'What stands in Xero; null: nothing.' }),
  },
  { description: 'One field in which both sides differ.' },
)
export type Difference = Static<typeof Difference>

const NextCall = Type.Object(
  {
    method: Type.Enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], { description: 'Method of the call.' }),
    path: Type.String({ description: 'Path of the call on this service, with its query.' }),
  },
  { description: 'One call.' },
)

const fieldsWith = (codes: readonly string[]) => ({
  code: Type.Enum([...codes], { description: 'Stable code, listed in docs/errors.md.' }),
  title: Type.String({ description: 'One line for people.' }),
  cause: Type.String({ description: 'Why it happened.' }),
  action: Type.String({ description: 'What to do about it.' }),
  field: Type.Union([Type.String(), Type.Null()], {
    description: 'JSON pointer into the record, where the error is in one field.',
  }),
  retryable: Type.Boolean({ description: 'True when the same record may succeed later without a change.' }),
  xero: Type.Array(Type.String(), { description: "Xero's own messages, unchanged." }),
  blockedBy: Type.Optional(RecordReference),
  candidates: Type.Optional(
    Type.Array(Candidate, {
      description:
        'The documents in Xero that stand in the way or may be meant, where the error is about such; at most 20.',
    }),
  ),
  differences: Type.Optional(
    Type.Array(Difference, { description: 'Both sides, field by field, where the document in Xero differs.' }),
  ),
})
const stored = Type.Object(fieldsWith([]))
export type SyncError = Static<typeof stored> & {
  /** Added where the error is shown. */
  readonly actions?: readonly Static<typeof NextCall>[]
}

/** `codes`: of the table of sync errors, which needs this form itself. */
export const syncErrorWith = (codes: readonly string[]) =>
  Type.Unsafe<SyncError>(
    Type.Object(
      {
        ...fieldsWith(codes),
        actions: Type.Array(NextCall, {
          description: 'Calls that help, in their order, where one does; `action` says what each is for.',
        }),
      },
      { description: 'Why a record could not be sent to the accounting system, and what to do.' },
    ),
  )
