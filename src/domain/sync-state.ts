// The sync state that every answer about a record carries.
import { type Static, Type } from 'typebox'
import { syncErrorWith } from './sync-error.ts'
import { syncErrors } from './sync-errors.ts'

export { Difference, RecordReference } from './sync-error.ts'

export const syncErrorCodes = Object.keys(syncErrors)
export const SyncError = syncErrorWith(syncErrorCodes)
export type SyncError = Static<typeof SyncError>

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
    lastError: Type.Union([SyncError, Type.Null()], { description: 'Null when the last attempt succeeded.' }),
    nextStepAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'For an uncertain record: when it is looked up or sent again, UTC.',
    }),
  },
  { description: "A record's state of synchronisation." },
)
export type SyncState = Static<typeof SyncState>
