// A field of a document as it stood, who put it there, and when a process of ours came to know of it.

/** "customer:s5a-c0" */
export type RecordKey = string

export interface State {
  readonly at: number
  readonly value: string
  readonly by: 'person' | 'app'
  readonly record: RecordKey | null
  /** The time at which a list, a look or the answer to the write first gave it to a process of ours. */
  shownAt: number | null
  /** The same of a look-up. */
  foundAt: number | null
  /** Shown once more, or heard: a list that was read once may be lost with the process that read it. */
  isKept: boolean
}

/** A record's contact or item, and the other records that are it now. */
export interface Place {
  readonly record: RecordKey
  readonly remoteId: string
  readonly others: readonly RecordKey[]
  /** The time at which a person merged the contact that it was into this one. */
  readonly movedAt: number | null
}

/** A write of ours as it arrives. */
export interface Writing {
  readonly organisationId: string
  readonly record: RecordKey
  readonly intentAt: number
}

export const unseen = { shownAt: null, foundAt: null, isKept: false } as const

/** The first of both; never, where nobody did. */
export const knownAt = ({ shownAt, foundAt }: State): number =>
  Math.min(shownAt ?? Number.POSITIVE_INFINITY, foundAt ?? Number.POSITIVE_INFINITY)

export function noteAt(state: State | undefined, when: 'foundAt' | 'shownAt', now: number): void {
  if (state) state[when] ??= now
}

export function show(state: State, now: number): void {
  state.isKept ||= state.shownAt !== null
  noteAt(state, 'shownAt', now)
}

/** The answer to the write of `writtenAt` shows what we entered, and beside it what a person had entered before. */
export function hear(states: readonly State[], writtenAt: number, now: number): void {
  const ours = states.findLast(({ by }) => by === 'app')
  noteAt(ours, 'shownAt', now)
  if (ours) ours.isKept = true
  const left = states.findLast(({ at }) => at <= writtenAt)
  if (left !== ours) noteAt(left, 'foundAt', now)
}

export const longestStallMs = 10 * 60_000
/** A look is remembered for 15 minutes, and a list may lag for five: an edit that is older was there to be seen. */
export const certainlySeenMs = 25 * 60_000

/** Replays, the quiet time, two look-ups and a worker that dies between them. */
export const certainlyFoundMs = 15 * 60_000

/**
 * Emptied by a person before anybody kept what a call without an answer had entered, or before its creation was found: it is not known
 * that it ever stood there, and it is sent, or what the product says instead since.
 */
export function isUnfound(states: readonly State[], isSent: (entered: State) => boolean): boolean {
  const index = states.findLastIndex(({ by }) => by === 'app')
  const [entered, emptied] = [states[index], states.at(-1)]
  if (!entered || !emptied || !isSent(entered) || (states[index - 1]?.value ?? '') !== '') return false
  const isCreation = index === 0 && states.length === 2
  const isSeen = !isCreation && states.slice(index, -1).some(({ isKept }) => isKept)
  return !isSeen && emptied.at <= entered.at + certainlyFoundMs
}
