// From an answer to one of the three outcomes. A table, read from the top: the first row that fits decides. It goes by
// status and type; what no row can be sure of is "unknown", because a write that is wrongly called refused is sent twice.
import { syncError } from '../../domain/sync-errors.ts'
import type { SyncError } from '../../domain/sync-state.ts'
import { cutText } from '../../lib/text.ts'
import type { ObservedLimits, Outcome, Refusal } from '../provider.ts'
import { type Answer, limitsOf, retryAfterOf } from './answer.ts'
import { isObject, type Json, rows, text } from './json.ts'
import { classify } from './messages.ts'

export type Intent = 'read' | 'write'
export type Failure = Exclude<Outcome<never>, { kind: 'ok' }>
export type Verdict =
  /** 2xx (or 304): the status may be believed, the body still has to be. */
  | { readonly kind: 'answered' }
  /** Validation failed: nothing was saved, and each element says why (xero.md, Writing). */
  | { readonly kind: 'invalid'; readonly elements: readonly Json[] }
  | Failure

interface Facts {
  readonly answer: Answer
  readonly status: number
  readonly json: boolean
  /** Whether the answer is one of Xero's API: JSON with a field that its errors have (xero.md, Errors). */
  readonly isXeros: boolean
  readonly isEmpty: boolean
  readonly intent: Intent
  readonly type: string
  /** What the answer says in words, from whichever of its fields. */
  readonly said: string
}
type Found = 'answered' | 'invalid' | 'unknown' | Refusal

const limits: Readonly<Record<string, 'minute' | 'day' | 'concurrent' | 'app_minute'>> = {
  minute: 'minute',
  day: 'day',
  daily: 'day',
  concurrent: 'concurrent',
  appminute: 'app_minute',
}

function throttled({ answer }: Facts): Refusal {
  const named = (answer.headers['x-rate-limit-problem'] ?? '').toLowerCase().replace(/[^a-z]/g, '')
  const known = Object.hasOwn(limits, named) ? limits[named] : undefined
  const limit = known ?? (limitsOf(answer).dayRemaining === 0 ? 'day' : 'minute')
  return { reason: 'throttled', limit, retryAfterSeconds: retryAfterOf(answer) }
}

const complaints = ({ said }: Facts) => (said ? [{ message: said, field: null }] : [])

const refuse = (reason: 'not_permitted' | 'not_found' | 'rejected') => (facts: Facts) => ({
  reason,
  error:
    reason === 'rejected' ? classify(complaints(facts)) : syncError(reason, { xero: facts.said ? [facts.said] : [] }),
})

const tooLarge = ({ status, said }: Facts): Refusal => {
  const cause = `The request was refused for its size (status ${status}).`
  return { reason: 'rejected', error: syncError('too_large', { cause, xero: said ? [said] : [] }) }
}

/** Fields that errors of Xero's API have, in either of their forms. */
const errorFields = ['ErrorNumber', 'Type', 'Elements', 'Title', 'Detail', 'detail', 'Message']

const lacksRight = /AuthorizationUnsuccessful|insufficient.?scope|reporting role|higher privileges/i

const verdicts: readonly { readonly fits: (facts: Facts) => boolean; readonly verdict: (facts: Facts) => Found }[] = [
  { fits: (f) => f.status >= 200 && f.status < 300, verdict: () => 'answered' },
  { fits: (f) => f.status === 304, verdict: () => 'answered' },
  // Its body is empty and has no type; only the headers speak (xero.md, Limits).
  { fits: (f) => f.status === 429, verdict: throttled },
  // A missing scope or role answers 401 as an expired token does (xero.md, Refusals): a refresh would loop for ever.
  { fits: (f) => f.status === 401 && lacksRight.test(f.said), verdict: refuse('not_permitted') },
  { fits: (f) => f.status === 401 && !f.json && !f.isEmpty, verdict: () => 'unknown' },
  // Expired, garbled or unexplained: one refresh settles which, and the caller refreshes only once.
  { fits: (f) => f.status === 401, verdict: () => ({ reason: 'token_expired' }) },
  {
    fits: (f) => f.status === 403 && /AuthenticationUnsuccessful/i.test(f.said),
    verdict: () => ({ reason: 'disconnected' }),
  },
  // Without JSON it comes from something in front of Xero, and says nothing about rights.
  { fits: (f) => f.status === 403 && f.json, verdict: refuse('not_permitted') },
  { fits: (f) => f.status === 403, verdict: () => 'unknown' },
  // Xero's own 404 has no body (xero.md, Errors); a page with content comes from a gateway, and says nothing of the document.
  { fits: (f) => (f.status === 404 || f.status === 410) && (f.isXeros || f.isEmpty), verdict: refuse('not_found') },
  { fits: (f) => f.status === 408 || f.status === 425, verdict: () => 'unknown' },
  // The key was used for something else: what became of that call is not known here (xero.md, Idempotency).
  { fits: (f) => f.status === 400 && /idempotency.?key.*different request/i.test(f.said), verdict: () => 'unknown' },
  { fits: (f) => f.status === 400 && elementsOf(f.answer).length > 0, verdict: () => 'invalid' },
  { fits: (f) => f.status === 501 && f.type === 'ApiMethodNotImplementedException', verdict: refuse('rejected') },
  // Whoever says so has not taken the request: smaller ones may pass. An address that is too long is a look-up's.
  { fits: (f) => f.intent === 'write' && (f.status === 413 || f.status === 414), verdict: tooLarge },
  { fits: (f) => f.status >= 400 && f.status < 500 && f.isXeros, verdict: refuse('rejected') },
  // A 4xx without Xero's JSON comes from a gateway: whether Xero has seen the request is not known.
  // Redirects, 5xx, and no answer at all. A 5xx on a create may have been saved (xero.md, Errors).
  { fits: () => true, verdict: () => 'unknown' },
]

function factsOf(answer: Answer, intent: Intent): Facts {
  const { body, status } = answer
  const json = isObject(body) ? body : {}
  const words = ['Detail', 'detail', 'Message', 'message', 'Title', 'title', 'error_description', 'error']
  const plain = typeof body === 'string' && !body.includes('<') ? body.trim() : ''
  const said = words.map((field) => text(json, field)).find((word) => word !== null) ?? plain
  return {
    answer,
    status,
    json: isObject(body),
    isXeros: errorFields.some((field) => field in json),
    isEmpty: body === '',
    intent,
    type: text(json, 'Type') ?? '',
    said: cutText(said, 500),
  }
}

const elementsOf = ({ body }: Answer): Json[] => (isObject(body) ? rows(body, 'Elements') : [])

const happened = ({ status, fault, body }: Answer): string => {
  if (status === 0) return `No complete answer arrived (${fault ?? 'connection lost'}).`
  if (status >= 200 && status < 300) return `The answer (status ${status}) is not what Xero documents.`
  return typeof body === 'string' && body.includes('<') ? `Status ${status}, not from Xero's API.` : `Status ${status}.`
}

/** An answer that cannot be believed, or none. */
export function unknown(answer: Answer, intent: Intent): Failure {
  const { said } = factsOf(answer, intent)
  const code = intent === 'write' ? 'outcome_unknown' : 'unreachable'
  const error: SyncError = syncError(code, {
    cause: `${happened(answer)} ${intent === 'write' ? 'The call may or may not have been carried out.' : 'Nothing was read.'}`,
    xero: said && answer.status >= 300 ? [said] : [],
  })
  return { kind: 'unknown', error, limits: limitsOf(answer) }
}

export function judge(answer: Answer, intent: Intent): Verdict {
  const facts = factsOf(answer, intent)
  const found = verdicts.find((row) => row.fits(facts))?.verdict(facts) ?? 'unknown'
  if (found === 'answered') return { kind: 'answered' }
  if (found === 'unknown') return unknown(answer, intent)
  if (found === 'invalid') return { kind: 'invalid', elements: elementsOf(answer) }
  return refused(found, limitsOf(answer))
}

export const refused = (refusal: Refusal, limits: ObservedLimits): Failure => ({ kind: 'refused', refusal, limits })

/** For calls that have no elements: a validation error is a refusal of the whole. */
export function judgeWhole(answer: Answer, intent: Intent): { readonly kind: 'answered' } | Failure {
  const verdict = judge(answer, intent)
  if (verdict.kind !== 'invalid') return verdict
  return refused(refuse('rejected')(factsOf(answer, intent)), limitsOf(answer))
}
