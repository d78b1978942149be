// Planned misfortunes. Each API request asks here twice: before it is handled and after it is saved but not yet answered
// (api/pipeline.ts). A plan is used up in order; faults by chance are in weather.ts.
import { Buffer } from 'node:buffer'
import { type AnswerChange, type AnswerMaker, type AskedFor, changedAnswer, strikesBefore } from './answer-fault.ts'
import type { Answer } from './api/answer.ts'

export const faultKinds = {
  lost_request: { stage: 'before', about: 'the socket breaks before Xero sees the request' },
  late_arrival: { stage: 'before', about: 'the socket breaks, and the request arrives delayMs of the clock later' },
  lost_response: { stage: 'after', about: 'saved, then the socket breaks without an answer' },
  http_500_before: { stage: 'before', about: '500, nothing saved' },
  http_500_after: { stage: 'after', about: 'saved, but the answer is a 500' },
  http_503: { stage: 'before', about: '503 with plain text, nothing saved' },
  http_429: { stage: 'before', about: '429 with the given problem and retryAfter' },
  html_200: { stage: 'after', about: '200 with a page of HTML' },
  empty_200: { stage: 'after', about: '200 without a body' },
  bare_200: { stage: 'after', about: '200 with an empty object' },
  truncated: { stage: 'after', about: 'the first half of the answer, then the socket breaks' },
  slow: { stage: 'after', about: 'waits delayMs of real time' },
  answer: { stage: 'after', about: 'another answer, as `answer` describes it; a refusal saves nothing' },
  disconnect: { stage: 'before', about: 'the organisation is disconnected from the app right then' },
} as const
export type FaultKind = keyof typeof faultKinds
export type Stage = 'before' | 'after'

export interface FaultPlan {
  kind: FaultKind
  /** Absent: any method. */
  method?: string
  /** Text that the path contains, such as '/Invoices'. Absent: any path. */
  path?: string
  /** Text that the decoded query contains, such as 'page=2' or 'IDs='. Absent: any query. */
  query?: string
  tenantId?: string
  /** How many requests it hits; 1 when absent. */
  times?: number
  /** How many matching requests pass unharmed first. */
  skip?: number
  /** html_200, empty_200, bare_200, answer and slow can also strike before anything is saved. */
  stage?: Stage
  delayMs?: number
  problem?: 'minute' | 'day' | 'concurrent' | 'appminute'
  retryAfter?: number
  /** Of the kind `answer`. */
  answer?: AnswerChange | AnswerMaker
}
export interface Fault extends FaultPlan {
  left: number
  skipLeft: number
}

export function planFault(plan: FaultPlan): Fault {
  if (!Object.hasOwn(faultKinds, plan.kind)) {
    throw new Error(`no fault of the kind "${plan.kind}"; there are ${Object.keys(faultKinds).join(', ')}`)
  }
  return { ...plan, left: plan.times ?? 1, skipLeft: plan.skip ?? 0 }
}

/** The fault that strikes this request, used up by asking. */
export function takeFault(
  faults: Fault[],
  request: { method: string; path: string; query?: string; tenantId?: string | undefined },
): Fault | undefined {
  for (const fault of faults) {
    const matches =
      (fault.method === undefined || fault.method.toUpperCase() === request.method) &&
      (fault.path === undefined || request.path.includes(fault.path)) &&
      (fault.query === undefined || (request.query ?? '').includes(fault.query)) &&
      (fault.tenantId === undefined || fault.tenantId === request.tenantId)
    if (fault.left === 0 || !matches) continue
    if (fault.skipLeft > 0) {
      fault.skipLeft -= 1
      continue
    }
    fault.left -= 1
    return fault
  }
  return undefined
}

export const stageOf = (fault: Fault): Stage =>
  fault.stage ?? (strikesBefore(fault.answer) ? 'before' : faultKinds[fault.kind].stage)

const page = '<!DOCTYPE html><html><head><title>Xero</title></head><body><h1>We will be back soon</h1></body></html>'

/** The answer that a fault puts in place of the real one; undefined: it changes no answer. */
export function faultyAnswer(fault: Fault, real: Answer | undefined, request?: AskedFor): Answer | undefined {
  switch (fault.kind) {
    case 'lost_request':
    case 'late_arrival':
    case 'lost_response':
      return { status: 0, lost: true }
    case 'http_500_before':
    case 'http_500_after':
      return {
        status: 500,
        body: { Type: null, Title: 'An error occurred', Status: 500, Detail: 'An error occurred in Xero.' },
      }
    case 'http_503':
      return { status: 503, raw: 'The Xero API is temporarily unavailable', contentType: 'text/plain; charset=utf-8' }
    case 'http_429':
      return {
        status: 429,
        headers: {
          'x-rate-limit-problem': fault.problem ?? 'minute',
          ...(fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }),
        },
      }
    case 'html_200':
      return { status: 200, raw: page, contentType: 'text/html; charset=utf-8' }
    case 'empty_200':
      return { status: 200, raw: '', contentType: 'application/json; charset=utf-8' }
    case 'bare_200':
      return { status: 200, body: {} }
    case 'truncated': {
      const text = Buffer.from(real?.raw ?? JSON.stringify(real?.body ?? {}))
      return { status: real?.status ?? 200, lost: true, partial: text.subarray(0, Math.ceil(text.length / 2)) }
    }
    case 'answer':
      return fault.answer && request && changedAnswer(fault.answer, real, request)
    case 'slow':
    case 'disconnect':
      return undefined
  }
}
