// However many fields or parameters nobody knows come with a request, it is refused, whatever the list of faults can hold.
// Every operation of openapi.yaml is tried, at each object of its body.
import t from 'tap'
import { operations } from '../support/contract.ts'
import { openWorld } from '../support/house.ts'
import { customer, invoice } from '../support/records.ts'

type Json = Readonly<Record<string, unknown>>
interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}
interface Parameter {
  readonly in: string
  readonly name: string
}
interface Described {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: Schema; example: unknown }>> }
}

const numbers = [199, 200, 201, 20_000]
/** Fields of a body, which may have 1,000. */
const numbersOfFields = [199, 200, 201, 900]
/** Inside of a body. */
const numberWithin = 201
const unknown = (count: number): Json =>
  Object.fromEntries(Array.from({ length: count }, (_value, n) => [`unknown${n}`, 1]))

const { api, connect, simulator } = await openWorld(t)
const connectionId = await connect()
const c = `/v1/connections/${connectionId}`
const addressOf = (path: string): string =>
  path
    .replace('{connectionId}', connectionId)
    .replace('{recordId}', 'r1')
    .replaceAll(/\{\w+\}/g, '0192d3c4-5e6f-7a8b-9c0d-1e2f3a4b5c6d')

const isObject = (value: unknown): value is Json => value !== null && typeof value === 'object' && !Array.isArray(value)

/** The value once for each closed object in it, with the fields added there. */
function* crowded(schema: Schema, value: unknown, fields: Json, at = ''): Generator<readonly [string, unknown]> {
  if (Array.isArray(value)) {
    const [first, ...rest] = value
    if (first === undefined || !schema.items) return
    for (const [where, one] of crowded(schema.items, first, fields, `${at}/0`)) yield [where, [one, ...rest]]
  }
  if (!isObject(value)) return
  const node = schema.anyOf?.find((branch) => branch.type === 'object') ?? schema
  if (node.additionalProperties === false) yield [at || '/', { ...value, ...fields }]
  for (const [name, child] of Object.entries(value)) {
    const inner =
      node.properties?.[name] ?? (typeof node.additionalProperties === 'object' ? node.additionalProperties : null)
    if (!inner) continue
    for (const [where, one] of crowded(inner, child, fields, `${at}/${name}`)) yield [where, { ...value, [name]: one }]
  }
}

const restTold = (count: number) => (count > 200 ? new RegExp(`${count - 200} further error`) : /./)

t.test('given every query, when it comes with unknown parameters, then it is refused', async (t) => {
  // The browser comes back from Xero with whatever Xero adds.
  const asked = operations.filter(
    ({ path, operation }) =>
      path !== '/connect/callback' &&
      (operation as Described).parameters?.some((parameter) => parameter.in === 'query'),
  )
  t.ok(asked.length > 20)
  for (const { method, path } of asked) {
    for (const count of numbers) {
      const query = new URLSearchParams(unknown(count) as Record<string, string>)
      const { status, body, text } = await api(method, `${addressOf(path)}?limit=100000&${query}`)
      t.match([status, body.code], [400, 'invalid_request'], `${method} ${path} with ${count}`)
      t.ok(body.errors.length <= 201, 'the report is capped')
      t.match(text, restTold(count + (text.includes('"limit"') ? 1 : 0)), 'and tells the number of the rest')
    }
  }
})

t.test('given every body, when any object of it has unknown fields, then it is refused', async (t) => {
  const { headers } = await api('GET', `${c}/settings`)
  const written = operations.filter(({ operation }) => (operation as Described).requestBody)
  t.ok(written.length > 20)
  for (const { method, path, operation } of written) {
    const [media] = Object.values((operation as Described).requestBody?.content ?? {})
    if (!media) throw new Error(path)
    const example = path.includes('{recordId}') && method === 'PUT' ? { ...(media.example as Json) } : media.example
    if (path.includes('{recordId}')) delete (example as { id?: string }).id
    for (const count of numbersOfFields) {
      for (const [where, sent] of crowded(media.schema, example, unknown(count))) {
        if (where !== '/' && count !== numberWithin) continue
        const matched = { 'if-match': String(headers.etag) }
        const { status, body } = await api(method, addressOf(path), sent, matched)
        const name = `${method} ${path} with ${count} in ${where}`
        const isElement = status === 200 && where.startsWith('/records/')
        const errors = isElement ? body.results[0].errors : body.errors
        if (isElement) t.equal(body.results[0].result, 'refused', name)
        else t.match([status, body.code], [422, /^(validation_failed|settings_invalid)$/], name)
        t.ok(errors?.length > 0 && errors.length <= 201, 'the report is capped')
        t.match(JSON.stringify(errors), restTold(count), 'and tells the number of the rest')
      }
    }
  }
  t.equal((await api('GET', `${c}/settings`)).headers.etag, headers.etag, 'no setting was changed')
  t.same((await api('GET', `${c}/sync-queue-items`)).body.items, [], 'no record was stored')
  t.same(simulator.control.journal({ area: 'api', path: '/Invoices' }), [])
})

t.test('given unknown fields beside other faults, when it is put, then the others are told too', async (t) => {
  const lines = [{ id: '1', description: 'x', quantity: '1.123456789', unitPrice: '1' }]
  const faulty = invoice('i1', 'c1', [], { date: '2026-99-99', lines, ...unknown(900) })
  const { status, body } = await api('PUT', `${c}/invoices/i1`, faulty)
  t.equal(status, 422)
  const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer)
  t.match(pointers.slice(0, 2).sort(), ['/date', '/lines/0/quantity'])
  t.match(body.detail, /902 error/)
  const long = 'x'.repeat(100_000)
  const answer = await api('PUT', `${c}/customers/c1`, customer('c1', { [long]: 1 }))
  t.ok(answer.text.length < 5_000, 'a name of a field is not told whole')
})

t.test('given a thousand faulty records, when they are put at once, then the answer stays small', async (t) => {
  const records = Array.from({ length: 1000 }, (_value, n) => customer(`many${n}`, unknown(205)))
  const { status, body } = await api('PUT', `${c}/customers`, { records })
  t.equal(status, 200)
  t.equal(body.summary.refused, 1000)
  const told: unknown[][] = body.results.map(({ errors }: { errors: unknown[] }) => errors)
  t.ok(
    told.every((errors) => errors.length > 0),
    'each says why',
  )
  t.ok(told.flat().length <= 4_200, String(told.flat().length))
  t.match(JSON.stringify(told.at(-1)), /204 further error/)
})

t.test(
  'given a thousand invoices of a hundred faulty lines, when they are put, then the answer is under 2 MB',
  async (t) => {
    const long = 'x'.repeat(2_000)
    const faulty = [
      { quantity: 1, unitPrice: 12.5 },
      { id: 1, [long.slice(0, 60)]: 1 },
    ]
    const lines = Array.from({ length: 100 }, (_value, n) => faulty[n % faulty.length])
    const records = Array.from({ length: 1000 }, (_value, n) => ({ ...invoice(`many${n}`, 'c1', []), lines }))
    const { status, body, text } = await api('PUT', `${c}/invoices`, { records })
    t.match([status, body.summary.refused], [200, 1000])
    const bytes = Buffer.byteLength(text)
    t.ok(bytes < 2_000_000, `${bytes} bytes`)
    const single = await api('PUT', `${c}/invoices/many`, { ...records[0], id: undefined })
    t.ok(Buffer.byteLength(single.text) < 100_000, `${Buffer.byteLength(single.text)} bytes of one record`)
    // Names of fields are told, and may be as long as the body.
    const named = Array.from({ length: 1000 }, (_value, n) => customer(`long${n}`, { [long]: 1, [`${long}y`]: 1 }))
    const told = Buffer.byteLength((await api('PUT', `${c}/customers`, { records: named })).text)
    t.ok(told < 2_000_000, `${told} bytes with long names`)
  },
)
