// A sync job: one run on one connection, export phase then import phase. At most one unfinished job a connection.
import { type Static, Type } from 'typebox'
import { recordTypes } from './entity-types.ts'
import { SyncError, syncErrorCodes } from './sync-state.ts'

export const jobStatuses = [
  'queued',
  'exporting',
  'importing',
  'waiting',
  'completed',
  'completed_with_errors',
  'failed',
  'cancelled',
] as const
export type JobStatus = (typeof jobStatuses)[number]

export const unfinishedJobStatuses = [
  'queued',
  'exporting',
  'importing',
  'waiting',
] as const satisfies readonly JobStatus[]

export const jobTransitions: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  queued: ['exporting', 'importing', 'waiting', 'failed', 'cancelled'],
  exporting: ['importing', 'waiting', 'completed', 'completed_with_errors', 'failed', 'cancelled'],
  importing: ['waiting', 'exporting', 'completed', 'completed_with_errors', 'failed', 'cancelled'],
  waiting: ['exporting', 'importing', 'failed', 'cancelled', 'completed', 'completed_with_errors'],
  completed: [],
  completed_with_errors: [],
  failed: [],
  cancelled: [],
}

export const jobKinds = ['incremental', 'full'] as const
export const jobTriggers = ['manual', 'schedule'] as const

const count = (description: string) => Type.Integer({ minimum: 0, description })
const instant = () => Type.String({ format: 'date-time', description: 'UTC.' })

export const TypeProgress = Type.Object(
  {
    queued: count('Queue items that this job took.'),
    sent: count('Documents written to the accounting system.'),
    unchanged: count('Documents that were the same as last sent, so that no call was made.'),
    failed: count('Documents that were refused; they are back in the queue.'),
    blocked: count('Documents that wait for another one.'),
    uncertain: count('Documents whose outcome is being looked up.'),
    imported: count('Records created, updated or deleted by the import.'),
    calls: count('Calls made to the accounting system for this type.'),
    oddRows: count(
      'Rows of the list that could not be understood; contacts are counted with customers. Of invoices and bills, rows in the answers to looks and look-ups before a write. GET …/odd-rows shows them.',
    ),
  },
  { description: 'Progress of one record type.' },
)
export type TypeProgress = Static<typeof TypeProgress>

const nothing = (): TypeProgress => ({
  queued: 0,
  sent: 0,
  unchanged: 0,
  failed: 0,
  blocked: 0,
  uncertain: 0,
  imported: 0,
  calls: 0,
  oddRows: 0,
})

const progressKeys = [...recordTypes, 'reference'] as const

export const SyncJob = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: "The job's id." }),
    connectionId: Type.String({ format: 'uuid', description: 'The connection it runs on.' }),
    status: Type.Enum([...jobStatuses], {
      description:
        'queued · exporting · importing · waiting (until waitingUntil, see waitingReason) · completed · completed_with_errors · failed · cancelled.',
    }),
    kind: Type.Enum([...jobKinds], {
      description: 'incremental: what changed since the last job. full: every list from its beginning.',
    }),
    trigger: Type.Enum([...jobTriggers], { description: 'Who created it.' }),
    waitingUntil: Type.Union([instant(), Type.Null()], { description: 'When a waiting job goes on.' }),
    waitingReason: Type.Union([Type.Enum([...syncErrorCodes]), Type.Null()], {
      description: 'What a waiting job waits for: a code of docs/errors.md.',
    }),
    cancelRequested: Type.Boolean({
      description:
        'Cancellation was requested. The job stops after the call in progress, once the result of that call is known.',
    }),
    progress: Type.Object(
      Object.fromEntries(progressKeys.map((key) => [key, TypeProgress])) as Record<
        (typeof progressKeys)[number],
        typeof TypeProgress
      >,
      { description: 'Progress by record type; "reference" counts the calls for reference lists.' },
    ),
    sentRequests: count('Calls sent to the accounting system.'),
    receivedResponses: count('Answers received from it.'),
    error: Type.Union([SyncError, Type.Null()], {
      description: 'Why the job as a whole failed, or was cancelled other than by hand.',
    }),
    createdAt: instant(),
    startedAt: Type.Union([instant(), Type.Null()], { description: 'UTC.' }),
    completedAt: Type.Union([instant(), Type.Null()], { description: 'UTC.' }),
  },
  { description: 'One run: export, then import.' },
)
export type SyncJob = Static<typeof SyncJob>
export type JobProgress = SyncJob['progress']

/** Progress with every type and figure in it: a job of an earlier version may know fewer. */
export const wholeProgress = (known: Partial<JobProgress>): JobProgress =>
  Object.fromEntries(progressKeys.map((key) => [key, { ...nothing(), ...known[key] }])) as JobProgress
