// The tables of problems and sync errors are an interface: each row must be complete and of a status that HTTP knows.
import { STATUS_CODES } from 'node:http'
import t from 'tap'
import { type ProblemCode, ProblemError, problem, problems } from '../../src/domain/errors.ts'
import { type SyncErrorCode, syncError, syncErrors } from '../../src/domain/sync-errors.ts'

t.test(
  'given the table of problems, when it is walked, then each has an error status, a title and a remedy',
  async (t) => {
    for (const [code, row] of Object.entries(problems)) {
      t.match(code, /^[a-z]+(_[a-z][a-z0-9]*)*$/)
      t.ok(row.status >= 400 && STATUS_CODES[row.status], `${code} has a known error status`)
      t.ok(row.title.length > 5 && !row.title.endsWith('.'), `${code} has a title`)
      t.match(row.action, /\w.*\.$/, `${code} has a remedy in a sentence`)
    }
  },
)

t.test('given a code, when a problem is made, then it carries the row of the table and what was added', async (t) => {
  const errors = [{ pointer: '/a', detail: 'is missing' }]
  const cause = new Error('inner')
  const error = problem('job_in_progress', 'Job 7 runs.', { errors, extra: { jobId: '7' }, cause })
  t.type(error, ProblemError)
  t.type(error, Error)
  t.match(error, {
    code: 'job_in_progress',
    status: 409,
    title: problems.job_in_progress.title,
    detail: 'Job 7 runs.',
    action: problems.job_in_progress.action,
    extra: { jobId: '7' },
  })
  t.same(error.errors, errors)
  t.equal(error.cause, cause)
  t.equal(problem('not_found', 'x', { action: 'Do y.' }).action, 'Do y.')
})

t.test('given the contract of statuses, when a code is looked up, then its status is the promised one', async (t) => {
  const promised: Partial<Record<ProblemCode, number>> = {
    invalid_request: 400,
    unauthorized: 401,
    forbidden: 403,
    not_found: 404,
    job_in_progress: 409,
    precondition_failed: 412,
    validation_failed: 422,
    settings_invalid: 422,
    idempotency_mismatch: 422,
    precondition_required: 428,
    too_many_requests: 429,
    xero_unreachable: 502,
    xero_throttled: 503,
  }
  for (const [code, status] of Object.entries(promised)) t.equal(problems[code as ProblemCode].status, status, code)
})

t.test('given the table of sync errors, when it is walked, then each names cause and remedy', async (t) => {
  for (const code of Object.keys(syncErrors) as SyncErrorCode[]) {
    const error = syncError(code)
    t.match(error, { code, field: null, xero: [] })
    for (const text of [error.cause, error.action]) t.match(text, /\w.*\.$/, `${code}: ${text}`)
  }
})
