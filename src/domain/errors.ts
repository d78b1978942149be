// The table of API problems (RFC 9457): code → status, title and remedy. Codes are stable; a caller may rely on them.
// Body content is refused with 422, query and path parameters with 400. One handler in http renders ProblemError.

interface Row {
  readonly status: number
  readonly title: string
  readonly action: string
}

const row = (status: number, title: string, action: string): Row => ({ status, title, action })

export const problems = {
  invalid_request: row(
    400,
    'A parameter is not valid',
    'Correct the request as described in detail and, where present, in errors.',
  ),
  invalid_json: row(400, 'The body is not JSON', 'Send a JSON document in UTF-8.'),
  not_utf8: row(
    400,
    'The body is not UTF-8',
    'Send the JSON document in UTF-8; the JSON libraries of most languages do.',
  ),
  unauthorized: row(
    401,
    'No valid API key',
    'Send "Authorization: Bearer <key>" with a key that is not revoked or expired.',
  ),
  forbidden: row(403, 'The key may not do this', 'Use a key that has the right; an administrator can create one.'),
  not_found: row(404, 'Not found', 'Check the id; it may belong to another company.'),
  route_not_found: row(404, 'No such route', 'GET /docs shows every route.'),
  method_not_allowed: row(405, 'The route does not know this method', 'Use one of the methods in the Allow header.'),
  job_in_progress: row(
    409,
    'A sync job of this connection is not finished',
    'Wait for the job named in jobId, or cancel it, then try again.',
  ),
  queue_item_locked: row(
    409,
    'A running job holds this queue item',
    'Wait until the job has ended, or cancel the job.',
  ),
  queue_item_uncertain: row(
    409,
    "The result of this item's last write is not known yet",
    'Its sync job finds the result out by itself, within about ten minutes; cancelling it does not make that faster. Where that job has ended, POST …/sync-jobs: the next job finds it out first. Then try again.',
  ),
  delete_irreversible: row(
    409,
    'A deletion cannot be undone',
    'Run a sync job, so that the deletion goes through. Where Xero refuses it, lastError of the record says why; to leave the document there, unlink the record with DELETE …/link, and the next sync job ends the deletion. Then create the record again.',
  ),
  entity_item_not_removable: row(
    409,
    'The queue item of an item, customer or vendor cannot be removed on its own',
    'Delete the record, or pass force=true: Xero may then overwrite the record at the next import.',
  ),
  idempotency_in_progress: row(
    409,
    'The first request with this Idempotency-Key is still running',
    'Try again after the seconds given in Retry-After.',
  ),
  already_linked: row(
    409,
    'The link is taken',
    'Unlink the record that holds this document in Xero, or choose another document.',
  ),
  organisation_already_connected: row(
    409,
    'The organisation is connected already',
    'Use the existing connection, or disconnect it first.',
  ),
  connection_not_active: row(
    409,
    'The connection is not active',
    'GET the connection: finish its consent, select an organisation, or reconnect.',
  ),
  invalid_state_transition: row(
    409,
    'This is not possible in the current status',
    'GET the resource; its status decides what may follow.',
  ),
  limit_reached: row(409, 'There are too many of these already', 'Remove what is not needed any more, then try again.'),
  precondition_failed: row(
    412,
    'It was changed in the meantime',
    'GET it again, apply your change to the new version, and send the new ETag in If-Match.',
  ),
  payload_too_large: row(413, 'The body is too large', 'Send less in one request: fewer records, or a shorter one.'),
  unsupported_media_type: row(
    415,
    'The body has an unknown media type',
    'Send Content-Type: application/json, in UTF-8 and not compressed.',
  ),
  validation_failed: row(422, 'The content is not valid', 'Correct every field named in errors and send it again.'),
  idempotency_mismatch: row(
    422,
    'The Idempotency-Key was used for another request',
    'Use a new key for every new request, and the same key only to repeat the same request.',
  ),
  idempotency_answer_lost: row(
    409,
    'The stored answer was lost with its encryption key',
    'The request was carried out: look what it did, with GET, and send the next request with a new key.',
  ),
  settings_invalid: row(422, 'The settings are not valid', 'Correct every setting named in errors; nothing was saved.'),
  completion_code_invalid: row(
    422,
    'The completion code is not valid',
    'Codes are used once and expire. Start the consent again with POST …/reconnect.',
  ),
  connect_session_invalid: row(
    422,
    'The link is used up or has expired',
    'Ask for a new link: POST /v1/connections or POST …/reconnect.',
  ),
  precondition_required: row(428, 'If-Match is missing', 'GET the resource and send its ETag in If-Match.'),
  too_many_requests: row(429, 'Too many requests', 'Try again after the seconds given in Retry-After.'),
  internal_error: row(500, 'The service failed', 'Try again; if it lasts, report it with the request id.'),
  xero_unreachable: row(
    502,
    'Xero could not be reached or did not answer properly',
    'Try again in a minute; https://status.xero.com shows known outages.',
  ),
  unavailable: row(503, 'The service is not available', 'Try again after the seconds given in Retry-After.'),
  application_credentials: row(
    503,
    "Xero refuses this service's own credentials",
    'Correct XERO_CLIENT_ID and XERO_CLIENT_SECRET of the service, and start it again; connections are not affected.',
  ),
  xero_throttled: row(
    503,
    "Xero's call limit is reached",
    'Try again after the seconds given in Retry-After; sync jobs go on by themselves.',
  ),
} as const satisfies Record<string, Row>

export type ProblemCode = keyof typeof problems

/** One fault: a JSON pointer into the body (or the parameter's name), what is wrong and what to do. */
export interface ProblemFault {
  readonly pointer: string
  readonly detail: string
  readonly action?: string
}

export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly action: string
  readonly errors: readonly ProblemFault[]
  /** Further members of the problem document, for example the id of the job in progress. */
  readonly extra?: Readonly<Record<string, unknown>>

  constructor(code: ProblemCode, detail: string, more: ProblemMore = {}) {
    super(`${code}: ${detail}`, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'ProblemError'
    this.code = code
    this.status = problems[code].status
    this.title = problems[code].title
    this.detail = detail
    this.action = more.action ?? problems[code].action
    this.errors = more.errors ?? []
    this.extra = more.extra
  }
}

export interface ProblemMore {
  readonly action?: string
  readonly errors?: readonly ProblemFault[]
  readonly extra?: Readonly<Record<string, unknown>>
  /** For the log; never rendered. */
  readonly cause?: unknown
}

export const problem = (code: ProblemCode, detail: string, more: ProblemMore = {}): ProblemError =>
  new ProblemError(code, detail, more)
