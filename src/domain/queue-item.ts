// A sync queue item: a pending request to bring one record to the accounting system. It references the record and holds
// no copy of it. At most one open item a record; a change while a job holds one opens a second, which waits.
import { type Static, Type } from 'typebox'
import { type RecordType, recordTypes } from './entity-types.ts'
import { RecordReference, SyncError } from './sync-state.ts'

export const queueActions = ['create', 'update', 'delete'] as const
export type QueueAction = (typeof queueActions)[number]

export const queueStatuses = [
  'pending',
  'locked',
  'failed',
  'blocked',
  'uncertain',
  'conflict',
  'synced',
  'cancelled',
  'superseded',
] as const
export type QueueStatus = (typeof queueStatuses)[number]

/** Statuses in which an item waits in the queue; the next job takes it. */
export const waitingStatuses = ['pending', 'failed', 'blocked', 'conflict'] as const satisfies readonly QueueStatus[]
/** Statuses in which a job holds the item. An uncertain item stays with the engine until its outcome is known. */
export const heldStatuses = ['locked', 'uncertain'] as const satisfies readonly QueueStatus[]
export const openStatuses = [...waitingStatuses, ...heldStatuses] as const

/** What Xero refused, and as what the item returned to the queue: the same is not sent again. */
export interface Refused {
  readonly hash: string
  readonly status: 'failed' | 'conflict'
  /** Stamp of the document as it stood there, where it was looked at. */
  readonly seenAs: string | null
  /** The contacts, items or documents that the mirror showed in its way. */
  readonly obstacles: string | null
}

export const queueTransitions: Readonly<Record<QueueStatus, readonly QueueStatus[]>> = {
  pending: ['locked', 'cancelled', 'superseded'],
  failed: ['locked', 'pending', 'cancelled', 'superseded'],
  blocked: ['locked', 'pending', 'cancelled', 'superseded'],
  conflict: ['locked', 'pending', 'cancelled', 'superseded'],
  locked: ['synced', 'failed', 'blocked', 'uncertain', 'conflict', 'pending', 'superseded', 'cancelled'],
  uncertain: ['synced', 'failed', 'conflict', 'locked', 'superseded'],
  synced: [],
  cancelled: [],
  superseded: [],
}

const instant = (description: string) => Type.String({ format: 'date-time', description })

export const QueueItem = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: "The queue item's id." }),
    connectionId: Type.String({ format: 'uuid', description: 'The connection it belongs to.' }),
    recordType: Type.Enum([...recordTypes], { description: 'Type of the record.' }),
    recordId: Type.String({ description: "The inventory product's own id of the record." }),
    recordName: Type.Union([Type.String(), Type.Null()], { description: 'Name or number of the record, for people.' }),
    action: Type.Enum([...queueActions], { description: 'What to do in the accounting system. A delete is final.' }),
    status: Type.Enum([...queueStatuses], {
      description:
        'Waiting: pending, failed, blocked, conflict. Held by a job: locked, uncertain. Ended: synced, cancelled, superseded.',
    }),
    attempts: Type.Integer({ minimum: 0, description: 'How often it was sent. A throttled call does not count.' }),
    lastError: Type.Union([SyncError, Type.Null()], { description: 'Why the last attempt did not succeed.' }),
    blockedBy: Type.Union([RecordReference, Type.Null()], {
      description: 'The record at the root of a blocked item: settle that one first.',
    }),
    jobId: Type.Union([Type.String({ format: 'uuid' }), Type.Null()], {
      description: 'The sync job that holds the item, or handled it last.',
    }),
    nextStepAt: Type.Union([instant('UTC.'), Type.Null()], {
      description: 'For an uncertain item: when it is looked up or sent again.',
    }),
    createdAt: instant('UTC.'),
    updatedAt: instant('UTC.'),
  },
  { description: 'A pending request to send one record to the accounting system.' },
)
export type QueueItem = Static<typeof QueueItem>

export interface QueueFilter {
  readonly recordType: readonly RecordType[] | null
  readonly action: readonly QueueAction[] | null
  readonly status: readonly QueueStatus[] | null
  readonly jobId: string | null
  readonly recordId: string | null
  readonly search: string | null
}
export const queueSorts = ['createdAt', '-createdAt', 'updatedAt', '-updatedAt'] as const
export type QueueSort = (typeof queueSorts)[number]
