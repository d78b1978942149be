// The answer of posting: a document, a reason why none is sent, or an error with its remedy. Nothing is thrown.
import type { SyncError } from '../sync-state.ts'

export type Posting<T> =
  | { readonly kind: 'posted'; readonly document: T }
  /** The settings keep it out; no fault. `document`: what it would be, where that was asked for. */
  | { readonly kind: 'excluded'; readonly reason: string; readonly document?: T }
  /** `document`: what it would be, where that can be said: it may stand at the accounting system already. */
  | { readonly kind: 'error'; readonly error: SyncError; readonly document?: T }

export const posted = <T>(document: T): Posting<T> => ({ kind: 'posted', document })
export const excluded = <T = never>(reason: string, document?: T): Posting<T> => ({
  kind: 'excluded',
  reason,
  ...(document && { document }),
})
export const failed = <T = never>(error: SyncError, document?: T): Posting<T> => ({
  kind: 'error',
  error,
  ...(document && { document }),
})
