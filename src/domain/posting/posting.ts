// What posting answers: a document, a reason why none is sent, or an error with its remedy. Nothing is thrown.
import type { SyncError } from '../sync-state.ts'

export type Posting<T> =
  | { readonly kind: 'posted'; readonly document: T }
  /** The settings keep it out; no fault. */
  | { readonly kind: 'excluded'; readonly reason: string }
  | { readonly kind: 'error'; readonly error: SyncError }

export const posted = <T>(document: T): Posting<T> => ({ kind: 'posted', document })
export const excluded = (reason: string): Posting<never> => ({ kind: 'excluded', reason })
export const failed = (error: SyncError): Posting<never> => ({ kind: 'error', error })
