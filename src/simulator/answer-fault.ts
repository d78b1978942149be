// An answer that is not Xero's own: a gateway's page, a list that lacks half of its rows, rows that should not be, a refusal
// in other words. Described by data, so that it can be asked for over HTTP; in process a function does as well.
import type { Answer } from './api/answer.ts'
import { isObject, type JsonObject, objects } from './json.ts'

export interface RowsChange {
  /** The list empty, null, or missing from the answer altogether. */
  as?: 'empty' | 'null' | 'absent'
  /** The part of the rows that is left, the first ones: 0.5 for half. */
  share?: number
  /** Rows with one of these values in a member of their own (an id, a code, a name) are left out. */
  without?: string[]
  /** Rows that are put behind the others, whatever they are: null, a row without a code, … */
  add?: unknown[]
}

export interface AnswerChange {
  status?: number
  /** Sent as it stands instead of Xero's answer; as HTML when it begins with `<`. */
  raw?: string
  /** Sent as JSON instead of Xero's answer. */
  json?: unknown
  contentType?: string
  headers?: Record<string, string>
  /** What becomes of the rows of Xero's answer. */
  rows?: RowsChange
  /** Texts that are exchanged in Xero's answer: `['0.0001', '1E-04']`. */
  replace?: [from: string, to: string][]
  /** Every element that was sent is refused with these messages, in Xero's form. Nothing is saved. */
  messages?: string[]
}

export interface AskedFor {
  method: string
  path: string
  query: URLSearchParams
  bodyText: string
}

/** In process: undefined leaves Xero's answer as it is. */
export type AnswerMaker = (real: Answer | undefined, request: AskedFor) => Answer | undefined

export const gatewayPage = (title: string) =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body><center><h1>${title}</h1></center></body></html>`

/** A refusal of a gateway or of Xero leaves nothing behind; another answer may stand for something that was saved. */
export const strikesBefore = (change: AnswerChange | AnswerMaker | undefined): boolean =>
  typeof change === 'object' && (change.messages !== undefined || (change.status ?? 200) >= 300)

function changedRows(body: JsonObject, change: RowsChange): JsonObject {
  const name = Object.keys(body).find((key) => Array.isArray(body[key]))
  if (name === undefined) return body
  const { [name]: own, ...rest } = body
  if (change.as === 'absent') return rest
  if (change.as === 'null') return { ...rest, [name]: null }
  const all = change.as === 'empty' ? [] : (own as unknown[])
  const share = all.slice(0, Math.ceil(all.length * (change.share ?? 1)))
  const left = share.filter((row) => !isObject(row) || !Object.values(row).some((value) => listed(change, value)))
  return { ...rest, [name]: [...left, ...(change.add ?? [])] }
}

const listed = ({ without = [] }: RowsChange, value: unknown) => typeof value === 'string' && without.includes(value)

/** What Xero says when it refuses every element; with summarizeErrors=false as a 200. */
function refused(messages: string[], { path, query, bodyText }: AskedFor): Answer {
  const collection = path.split('/').find((part) => /^[A-Z]/.test(part)) ?? 'Elements'
  const parsed: unknown = bodyText === '' ? {} : JSON.parse(bodyText)
  const sent = isObject(parsed) && Array.isArray(parsed[collection]) ? parsed[collection] : [parsed].flat()
  const ValidationErrors = messages.map((Message) => ({ Message }))
  const each = query.get('summarizeErrors')?.toLowerCase() === 'false'
  const elements = objects(sent).map((element) => ({
    ...element,
    ...(collection === 'Invoices' ? { HasErrors: true } : { HasValidationErrors: true }),
    ...(each ? { StatusAttributeString: 'ERROR' } : {}),
    ValidationErrors,
  }))
  if (each) return { status: 200, body: { Status: 'OK', [collection]: elements } }
  const [Type, Message] = ['ValidationException', 'A validation exception occurred']
  return { status: 400, body: { ErrorNumber: 10, Type, Message, Elements: elements } }
}

export function changedAnswer(
  change: AnswerChange | AnswerMaker,
  real: Answer | undefined,
  request: AskedFor,
): Answer | undefined {
  if (typeof change === 'function') return change(real, request)
  const { status, raw, json, contentType, headers, rows, replace, messages } = change
  const framed = (answer: Answer): Answer => ({
    ...answer,
    ...(status === undefined ? {} : { status }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(headers === undefined ? {} : { headers: { ...answer.headers, ...headers } }),
  })
  const html = 'text/html; charset=utf-8'
  const asJson = 'application/json; charset=utf-8'
  if (messages) return framed(refused(messages, request))
  if (raw !== undefined)
    return framed({ status: 200, raw, contentType: raw.trimStart().startsWith('<') ? html : asJson })
  if (json !== undefined) return framed({ status: 200, raw: JSON.stringify(json), contentType: asJson })
  // Without a body of its own a refusal is bare: it takes nothing of the real answer over.
  if (strikesBefore(change)) return framed({ status: 400, raw: '' })
  if (!real?.body) return real && framed(real)
  const body = rows ? changedRows(real.body, rows) : real.body
  if (!replace) return framed({ ...real, body })
  const text = replace.reduce((whole, [from, to]) => whole.replaceAll(from, to), JSON.stringify(body))
  const { body: _body, ...rest } = real
  return framed({ ...rest, raw: text, contentType: asJson })
}
