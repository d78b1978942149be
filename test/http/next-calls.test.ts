// Each problem that names next calls names calls that exist, and where nothing is known it names none.
import t from 'tap'
import { recordTypes } from '../../src/domain/entity-types.ts'
import { type ProblemCode, problem, problems } from '../../src/domain/errors.ts'
import { type SyncErrorCode, syncError, syncErrors } from '../../src/domain/sync-errors.ts'
import { withCalls } from '../../src/http/error-calls.ts'
import { nextCalls } from '../../src/http/next-calls.ts'
import { problemExamples } from '../../src/http/openapi/problems-of.ts'
import { operations } from '../support/contract.ts'

const connectionId = '01936f5a-7c1e-7b3a-9f4d-2a6b8c0d1e2f'
const codes = Object.keys(problems) as ProblemCode[]
const isThere = (method: string, path: string): boolean =>
  path === '/docs' ||
  operations.some(
    (one) =>
      one.method === method &&
      new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path.split('?')[0] ?? ''),
  )

t.test('given the example of every problem, when its next calls are read, then each is an operation', async (t) => {
  for (const code of codes) {
    const example = problemExamples[code]
    if (!example) throw new Error(`${code} has no example`)
    const { actions, instance } = example.value
    for (const { method, path } of actions) t.ok(isThere(method, path), `${code} at ${instance}: ${method} ${path}`)
  }
  const silent = codes.filter((code) => problemExamples[code]?.value.actions.length === 0)
  t.strictSame(
    silent.filter((code) => problems[code].status === 409),
    ['idempotency_in_progress', 'idempotency_answer_lost'],
    'a conflict with the state of things names the call that changes it, but for a call that only its maker knows',
  )
})

t.test('given a problem that arises outside a connection, when calls need one, then none is named', async (t) => {
  const place = { self: '/connect', connectionId: undefined }
  t.strictSame(nextCalls(problem('completion_code_invalid', ''), place), [])
  t.strictSame(nextCalls(problem('organisation_already_connected', ''), place), [])
})

t.test('given an id with a slash, when it is put into a path, then it stays one segment', async (t) => {
  const fault = problem('already_linked', '', { extra: { recordId: 'a/b' } })
  const place = { self: '/v1/connections/x/customers/c/link', connectionId: 'x' }
  t.strictSame(nextCalls(fault, place), [{ method: 'DELETE', path: '/v1/connections/x/customers/a%2Fb/link' }])
})

t.test('given every sync error of every type, when its next calls are read, then each is an operation', async (t) => {
  const blockedBy = { type: 'customer', id: 'a/b' } as const
  const lost: string[] = []
  for (const code of Object.keys(syncErrors) as SyncErrorCode[]) {
    for (const type of recordTypes) {
      for (const record of [{ type, id: 'a/b' }, null]) {
        const { actions = [] } = withCalls(syncError(code, { blockedBy }), { connectionId, record })
        for (const { method, path } of actions)
          if (!isThere(method, path)) lost.push(`${code} of ${type}: ${method} ${path}`)
      }
    }
  }
  t.strictSame(lost, [])
  const calls = (code: SyncErrorCode) =>
    withCalls(syncError(code, { blockedBy }), { connectionId, record: { type: 'invoice', id: 'a/b' } }).actions
  const c = `/v1/connections/${connectionId}`
  t.strictSame(calls('dependency_failed'), [{ method: 'GET', path: `${c}/customers/a%2Fb` }])
  t.strictSame(calls('edited_in_xero'), [{ method: 'POST', path: `${c}/invoices/a%2Fb/resolve-conflict` }])
  const unknown = { ...syncError('internal'), code: 'of_an_older_version' }
  t.strictSame(
    withCalls(unknown, { connectionId, record: null }).actions,
    [],
    'an error of an older version names none',
  )
})

t.test('given a deletion that failed, when its next calls are read, then none brings the record back', async (t) => {
  const record = { type: 'invoice', id: 'i1' } as const
  const own = `/v1/connections/${connectionId}/invoices/i1`
  for (const code of Object.keys(syncErrors) as SyncErrorCode[]) {
    const error = syncError(code)
    const { actions = [] } = withCalls(error, { connectionId, record, isDeletion: true })
    const calls = actions.map(({ method, path }) => `${method} ${path}`)
    t.notOk(calls.includes(`PUT ${own}`), code)
    if (!error.retryable) t.equal(calls.at(-1), `DELETE ${own}/link`, code)
  }
})

t.test(
  'given a name that is taken, when the record is linked, then it is unlinked before it is linked anew',
  async (t) => {
    const callsOf = (isLinked: boolean) =>
      withCalls(syncError('contact_name_taken'), {
        connectionId,
        record: { type: 'customer', id: 'c1' },
        isLinked,
      }).actions?.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)
    t.strictSame(callsOf(false), ['PUT c1', 'PUT link', 'POST sync-jobs'])
    t.strictSame(callsOf(true), ['PUT c1', 'DELETE link', 'PUT link', 'POST sync-jobs'])
  },
)
