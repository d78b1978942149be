// The sync state that every answer about a record carries, and the form of a sync error: cause and remedy, never only a
// message.
import { type Static, Type } from 'typebox'
import { Candidate } from './candidate.ts'
import { recordTypes } from './entity-types.ts'

export const syncStates = [
  'never_synced',
  'pending',
  'locked',
  'synced',
  'failed',
  'blocked',
  'uncertain',
  'conflict',
  'excluded',
  'outdated',
] as const
export type SyncStateName = (typeof syncStates)[number]

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

export const SyncError = Type.Object(
  {
    code: Type.String({ description: 'Stable code, listed in docs/errors.md.' }),
    title: Type.String({ description: 'One line for people.' }),
    cause: Type.String({ description: 'Why it happened.' }),
    action: Type.String({ description: 'What to do about it.' }),
    field: Type.Union([Type.String(), Type.Null()], {
      description: 'JSON pointer into the record, where one field is at fault.',
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
      Type.Array(Difference, { description: 'Both sides, field by field, where Xero holds the document otherwise.' }),
    ),
  },
  { description: 'Why a record could not be brought to the accounting system, and what to do.' },
)
export type SyncError = Static<typeof SyncError>

export const RemoteDocument = Type.Object(
  {
    id: Type.String({ description: "The document's id in Xero." }),
    number: Type.Union([Type.String(), Type.Null()], { description: 'Number, code or contact number in Xero.' }),
    url: Type.Union([Type.String(), Type.Null()], { description: 'Deep link into Xero.' }),
    status: Type.Union([Type.String(), Type.Null()], { description: 'Status in Xero, as last seen.' }),
    updatedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'Last change in Xero as last seen, UTC.',
    }),
    amountDue: Type.Union([Type.String(), Type.Null()], {
      description: 'Of an invoice or bill: what is still owed, as last seen, in its currency.',
    }),
    fullyPaidOn: Type.Union([Type.String({ format: 'date' }), Type.Null()], {
      description: 'Of an invoice or bill: the day on which it was paid in full, as last seen.',
    }),
  },
  { description: 'The document in Xero that this record is linked to.' },
)
export type RemoteDocument = Static<typeof RemoteDocument>

export const SyncState = Type.Object(
  {
    state: Type.Enum([...syncStates], {
      description:
        'never_synced · pending (in the queue) · locked (in a running job) · synced · failed · blocked (waits for another record) · ' +
        'uncertain (the answer of the accounting system was lost; it is looked up before anything is sent again) · conflict · ' +
        'excluded (the settings keep it out, or nobody needs it there, which lastError tells apart) · outdated (in Xero, but not as the record is now; lastError says why).',
    }),
    xero: Type.Union([RemoteDocument, Type.Null()], { description: 'Null while it was never in Xero.' }),
    lastSyncedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description: 'UTC.' }),
    lastError: Type.Union([SyncError, Type.Null()], { description: 'Null when the last attempt was fine.' }),
    nextStepAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'For an uncertain record: when it is looked up or sent again, UTC.',
    }),
  },
  { description: "A record's state of synchronisation." },
)
export type SyncState = Static<typeof SyncState>
