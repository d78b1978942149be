// Answers of the API: the envelope, and the shapes of every kind of refusal.

import { newId } from '../ids.ts'
import type { JsonObject } from '../json.ts'
import type { Bearer } from '../oauth/tokens.ts'
import { americanStamp, bareStamp } from '../time.ts'

export interface Answer {
  status: number
  /** Sent as JSON. */
  body?: JsonObject
  /** Sent as it is. */
  raw?: string
  contentType?: string
  headers?: Record<string, string>
  /** The socket is destroyed, after `partial` when there is one. */
  lost?: boolean
  partial?: Buffer
}

export interface Page {
  page: number
  pageSize: number
  pageCount: number
  itemCount: number
}

export const ok = (appName: string, at: number, collection: string, elements: JsonObject[], page?: Page): Answer => ({
  status: 200,
  body: {
    Id: newId(),
    Status: 'OK',
    ProviderName: appName,
    DateTimeUTC: bareStamp(at),
    ...(page ? { pagination: page } : {}),
    [collection]: elements,
  },
})

/** 404 is a page without content, not JSON. */
export const notFound = (): Answer => ({ status: 404, raw: '', contentType: 'text/html; charset=utf-8' })

const numbers = {
  ValidationException: 10,
  PostDataInvalidException: 14,
  QueryParseException: 16,
  NoDataProcessedException: 17,
  ApiMethodNotImplementedException: 20,
}

/** A refusal of the whole request. Thrown anywhere below the pipeline; it undoes what the request did. */
export class Refusal extends Error {
  answer: Answer
  constructor(answer: Answer, message: string) {
    super(message)
    this.answer = answer
  }
}

export const refusal = (type: keyof typeof numbers, message: string, status = 400, elements?: JsonObject[]) =>
  new Refusal(
    {
      status,
      body: {
        ErrorNumber: numbers[type],
        Type: type,
        Message: message,
        ...(elements ? { Elements: elements } : {}),
      },
    },
    message,
  )

export const missing = (what: string) => new Refusal(notFound(), `${what} not found`)

/** ProblemDetails-like answers to tokens and tenants that do not fit. */
export function denied(status: 401 | 403, why?: Bearer | 'scope'): Answer {
  let detail = 'AuthenticationUnsuccessful'
  if (why === 'scope') detail = 'AuthorizationUnsuccessful'
  else if (why?.kind === 'expired') detail = `TokenExpired: token expired at ${americanStamp(why.at)}`
  return problem(status, status === 401 ? 'Unauthorized' : 'Forbidden', detail)
}

export const problem = (status: number, title: string, detail: string): Answer => ({
  status,
  body: { Type: null, Title: title, Status: status, Detail: detail, Instance: newId(), Extensions: {} },
})
