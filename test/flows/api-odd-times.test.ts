// Dates and instants that the written form allows and neither JavaScript nor the database can hold are refused like every
// other bad value. Every operation of openapi.yaml is tried, wherever it takes a date or an instant.
import t from 'tap'
import { operations } from '../support/contract.ts'
import { openWorld } from '../support/house.ts'

type Json = Readonly<Record<string, unknown>>
interface Schema {
  readonly type?: string
  readonly format?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}
interface Described {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: Schema; example: unknown }>> }
}

const bad: Readonly<Record<string, readonly string[]>> = {
  date: [
    '0000-01-01',
    '0000-12-31',
    '2026-02-29',
    '2026-13-01',
    '2026-01-00',
    '10000-01-01',
    '-0001-01-01',
    '2026-01-01Z',
  ],
  'date-time': [
    ...['0000-01-01T00:00:00Z', '0000-12-31T23:59:59Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00'],
    ...['10000-01-01T00:00:00Z', '+010000-01-01T00:00:00Z', '2026-06-30T23:59:60Z', '2026-07-01T09:59:60+10:00'],
    ...['2026-01-01T24:00:00Z', '2026-01-01T00:00:00+23:59', '2026-01-01T00:00:00+16:00', '2026-01-01T00:00:00+24:00'],
    ...[
      '2026-01-01T00:00:00Z[Europe/London]',
      '2026-01-01T00:00:00Z[u-ca=hebrew]',
      '2026-01-01T00:00:00',
      '2026-01-01',
    ],
    ...[`2026-01-01T00:00:00.${'0'.repeat(200)}1Z`, '2026-02-29T00:00:00Z', '2026-01-01 00:00:00Z', 'infinity', 'now'],
  ],
}
const good = [
  ...['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '2026-01-01t00:00:00z', '2026-01-01T00:00:00.123456789Z'],
  ...['2026-01-01T00:00:00+14:00', '2026-01-01T00:00:00-12:00', '2024-02-29T00:00:00-00:00'],
]

const { api, connect } = await openWorld(t, { environment: { RATE_LIMIT_PER_MINUTE: '1000000' } })
const connectionId = await connect()
const addressOf = (path: string): string =>
  path
    .replace('{connectionId}', connectionId)
    .replace('{recordId}', 'r1')
    .replaceAll(/\{\w+\}/g, '0192d3c4-5e6f-7a8b-9c0d-1e2f3a4b5c6d')

interface Place {
  readonly pointer: string
  readonly format: string
  /** The whole value, with another one in that place. */
  with(other: string): unknown
}

/** Every place in a value that may hold a date or an instant, also where it holds none now. */
function* placesOf(schema: Schema, value: unknown, pointer = ''): Generator<Place> {
  for (const branch of schema.anyOf ?? []) yield* placesOf(branch, value, pointer)
  if (schema.format !== undefined && schema.format in bad)
    yield { pointer, format: schema.format, with: (other) => other }
  if (schema.items) {
    const [first, ...rest] = Array.isArray(value) ? value : []
    for (const place of placesOf(schema.items, first, `${pointer}/0`))
      yield { ...place, with: (other) => [place.with(other), ...rest] }
  }
  const fields = value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : {}
  for (const [name, child] of Object.entries(schema.properties ?? {}))
    for (const place of placesOf(child, fields[name], `${pointer}/${name}`))
      yield { ...place, with: (other) => ({ ...fields, [name]: place.with(other) }) }
}

const pointersOf = ({ errors = [] }: { errors?: readonly { pointer: string }[] }) => errors.map((one) => one.pointer)

const queries = operations.flatMap(({ method, path, operation }) =>
  ((operation as Described).parameters ?? [])
    .filter((parameter) => parameter.in === 'query' && (parameter.schema.format ?? '') in bad)
    .map((parameter) => ({ method, path, name: parameter.name, format: String(parameter.schema.format) })),
)

t.test('given every query with a date or an instant, when nobody can hold it, then it is refused', async (t) => {
  t.ok(queries.length >= 5, String(queries.length))
  for (const { method, path, name, format } of queries) {
    for (const value of bad[format] ?? []) {
      const { status, body } = await api(method, `${addressOf(path)}?${new URLSearchParams({ [name]: value })}`)
      t.match([status, body.code], [400, 'invalid_request'], `${method} ${path} ${name}=${value}`)
      t.strictSame(pointersOf(body), [name])
    }
    for (const value of good)
      t.equal((await api(method, `${addressOf(path)}?${new URLSearchParams({ [name]: value })}`)).status, 200, value)
  }
})

t.test('given every body with a date or an instant, when nobody can hold it, then it is refused', async (t) => {
  const { headers } = await api('GET', `/v1/connections/${connectionId}/settings`)
  let places = 0
  for (const { method, path, operation } of operations) {
    const [media] = Object.values((operation as Described).requestBody?.content ?? {})
    if (!media) continue
    const example = path.includes('{recordId}') && method === 'PUT' ? { ...(media.example as Json) } : media.example
    if (path.includes('{recordId}')) delete (example as { id?: string }).id
    for (const place of placesOf(media.schema, example)) {
      places += 1
      for (const value of bad[place.format] ?? []) {
        const matched = { 'if-match': String(headers.etag) }
        const { status, body } = await api(method, addressOf(path), place.with(value), matched)
        const name = `${method} ${path}: ${value} in ${place.pointer}`
        const isElement = status === 200 && place.pointer.startsWith('/records/')
        if (!isElement) t.match([status, body.code], [422, /^(validation_failed|settings_invalid)$/], name)
        // Of one of many records it is told within the record, of a section of settings within all of them.
        const pointers = pointersOf(isElement ? body.results[0] : body)
        const isTold = pointers.some(
          (one) => one !== '' && (place.pointer.endsWith(one) || one.endsWith(place.pointer)),
        )
        t.ok(isTold, `${name}: ${pointers}`)
      }
    }
  }
  t.ok(places >= 10, String(places))
  t.equal((await api('GET', `/v1/connections/${connectionId}/settings`)).headers.etag, headers.etag)
})

t.test('given the ends of what can be held, when a key ends there, then it does, unless that is over', async (t) => {
  const later = good.map((instant) => instant.replace(/^20\d\d/, '2096'))
  for (const expiresAt of new Set([...later, ...good])) {
    const { status, body } = await api('POST', '/v1/api-keys', { companyId: 'acme', name: 'Backend', expiresAt })
    const instant = new Date(expiresAt.toUpperCase())
    const isOver = instant.getTime() < Date.now()
    if (isOver) t.match([status, pointersOf(body)], [422, ['/expiresAt']], expiresAt)
    else t.match([status, body.expiresAt], [201, instant.toISOString()], expiresAt)
  }
})
