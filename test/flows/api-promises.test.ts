// The API description promises nothing that never happens: each problem that follows from the shape of an operation is
// provoked at each operation that names it. What an operation's own service raises is looked for by test/unit/promises.test.ts.
import t from 'tap'
import type { ProblemCode } from '../../src/domain/errors.ts'
import { type DocumentedOperation, operations } from '../support/contract.ts'
import { bootstrapKey, openWorld } from '../support/house.ts'

const { send, connect } = await openWorld(t, { environment: { RATE_LIMIT_PER_MINUTE: '1000000' } })
const connectionId = await connect()
const nowhere = '01936f5a-7c1e-7b3a-9f4d-2a6b8c0d1e2f'
const key = { authorization: `Bearer ${bootstrapKey}`, 'x-company-id': 'acme' }
const json = { ...key, 'content-type': 'application/json', 'if-match': '*', 'idempotency-key': 'first' }

const codesOf = ({ operation }: DocumentedOperation): string[] =>
  Object.values(operation.responses).flatMap((one) =>
    Object.keys(one.content?.['application/problem+json']?.examples ?? {}),
  )
const url = (path: string, connection = connectionId) =>
  path.replace('{connectionId}', connection).replaceAll(/\{\w+\}/g, nowhere)
const tooDeep = `{"x": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`
const longest = `{"x": "${'x'.repeat(12 * 1024 * 1024)}"}`

interface Provocation {
  readonly headers: Readonly<Record<string, string>>
  readonly payload?: string | Buffer
  readonly url?: (path: string) => string
}
const provocations: Partial<Record<ProblemCode, Provocation>> = {
  unauthorized: { headers: {} },
  invalid_request: { headers: { ...key, 'x-company-id': 'not a company' } },
  not_found: { headers: json, url: (path) => url(path, nowhere), payload: '{}' },
  invalid_json: { headers: json, payload: '{"a":' },
  not_utf8: { headers: json, payload: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]) },
  unsupported_media_type: { headers: { ...json, 'content-type': 'text/plain' }, payload: '{}' },
  // Unknown fields of settings are settings_invalid; what is nested too deep is refused everywhere.
  validation_failed: { headers: json, payload: tooDeep },
  payload_too_large: { headers: json, payload: longest },
}

const without = (headers: Readonly<Record<string, string>>, name: string) =>
  Object.fromEntries(Object.entries(headers).filter(([one]) => one !== name))

for (const [code, provocation] of Object.entries(provocations)) {
  t.test(`given the operations that promise ${code}, when it is provoked, then it comes`, async (t) => {
    const promising = operations.filter(
      ({ path, operation, ...one }) => path.startsWith('/v1') && codesOf({ path, operation, ...one }).includes(code),
    )
    t.ok(promising.length > 5, `${promising.length} operations`)
    for (const { method, path, operation } of promising) {
      const { headers, payload, url: to = url } = provocation
      // A body that is right but for what is provoked: where one is needed, its own example.
      const [media] = Object.values(operation.requestBody?.content ?? {})
      const body = payload === '{}' && media ? JSON.stringify(media.example) : payload
      const hasBody = body !== undefined && method !== 'GET'
      const sent = hasBody ? { headers, payload: body } : { headers: without(headers, 'content-type') }
      const answer = await send(method, to(path), sent)
      t.equal(answer.body?.code, code, `${method} ${path}: ${answer.text.slice(0, 200)}`)
    }
  })
}
