// The mixes of faults. The constants of services/uncertain.ts (replay within 2 minutes, quiet for 7) are made for
// requests that arrive up to 4 minutes late and lists that lag up to 5 minutes, but not for both at their worst at once:
// no mix joins the two, except where Xero's own uniqueness protects the documents.
const second = 1_000
const minute = 60 * second

export interface Mix {
  readonly name: string
  /** Of a call, each the probability. */
  readonly lostRequest: number
  readonly lateArrival: number
  readonly latestArrivalMs: number
  readonly lostResponse: number
  readonly errorBeforeCommit: number
  readonly errorAfterCommit: number
  readonly garbled: number
  readonly throttled: number
  readonly slow: number
  /** The process ends right when the answer arrives. */
  readonly crashAtAnswer: number
  /** The process ends at this query, of all its queries. */
  readonly crashAtQuery: number
  readonly stallAtQuery: number
  readonly stallAtAnswer: number
  readonly longestStallMs: number
  /** Between the last check and the socket: nobody can fence that. */
  readonly stallAtSend: number
  readonly longestStallAtSendMs: number
  /** Of a query: it fails, and so does every other one for a while. */
  readonly databaseFails: number
  readonly longestDatabaseFailureMs: number
  /** A COMMIT that may or may not have happened. */
  readonly commitUnknown: number
  readonly readLagMs: number
  readonly lostRefresh: number
  readonly revoked: number
  readonly disconnected: number
}

const base: Mix = {
  name: 'base',
  lostRequest: 0.05,
  lateArrival: 0.05,
  latestArrivalMs: 90 * second,
  lostResponse: 0.1,
  errorBeforeCommit: 0.04,
  errorAfterCommit: 0.04,
  garbled: 0.05,
  throttled: 0.05,
  slow: 0.05,
  crashAtAnswer: 0.03,
  crashAtQuery: 0.004,
  stallAtQuery: 0.001,
  stallAtAnswer: 0.02,
  longestStallMs: 3 * minute,
  stallAtSend: 0.001,
  longestStallAtSendMs: 2 * minute,
  databaseFails: 0.001,
  longestDatabaseFailureMs: minute,
  commitUnknown: 0.001,
  readLagMs: 10 * second,
  lostRefresh: 0.2,
  revoked: 0.02,
  disconnected: 0.03,
}

export const mixes: readonly Mix[] = [
  base,
  { ...base, name: 'late', lateArrival: 0.15, latestArrivalMs: 4 * minute },
  { ...base, name: 'lag', readLagMs: 5 * minute },
  { ...base, name: 'stall', stallAtQuery: 0.006, stallAtAnswer: 0.1, longestStallMs: 10 * minute },
  {
    ...base,
    name: 'harsh',
    crashAtAnswer: 0.15,
    crashAtQuery: 0.008,
    databaseFails: 0.006,
    longestDatabaseFailureMs: 2 * minute,
    commitUnknown: 0.01,
    lostResponse: 0.2,
    lostRefresh: 0.4,
  },
  {
    ...base,
    name: 'outage',
    errorBeforeCommit: 0.2,
    errorAfterCommit: 0.15,
    throttled: 0.15,
    databaseFails: 0.003,
    longestDatabaseFailureMs: 10 * minute,
  },
]

/** The time after which faults end, and everything must come to its end. */
export const calm: Mix = {
  ...base,
  name: 'calm',
  lostRequest: 0,
  lateArrival: 0,
  lostResponse: 0,
  errorBeforeCommit: 0,
  errorAfterCommit: 0,
  garbled: 0,
  throttled: 0,
  slow: 0,
  crashAtAnswer: 0,
  crashAtQuery: 0,
  stallAtQuery: 0,
  stallAtAnswer: 0,
  stallAtSend: 0,
  databaseFails: 0,
  commitUnknown: 0,
  lostRefresh: 0,
  revoked: 0,
  disconnected: 0,
}
