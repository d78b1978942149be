// Reading a list: filters, where, order and pages, in Xero's way. Rows are built lazily, so that a page of 100 out of ten
// thousand costs a hundred.
import type { JsonObject } from '../json.ts'
import { type Answer, ok, type Page, refusal } from './answer.ts'
import type { Call, Row } from './call.ts'
import { shapes } from './fields.ts'
import type { ListBehaviour } from './lists.ts'
import { parseWhere } from './where.ts'

const defaultPageSize = 100
const maximumPageSize = 1000

/** Comma-separated ids, numbers or statuses, folded; undefined when the parameter was not sent. */
export function listed(call: Call, name: string): Set<string> | undefined {
  const value = call.query.get(name)
  return value === null ? undefined : new Set(value.split(',').map((one) => one.trim().toLowerCase()))
}

export const switched = (call: Call, name: string) => call.query.get(name)?.toLowerCase() === 'true'

/** summaryOnly forces pages. */
export const isPaged = (call: Call, behaviour: ListBehaviour) =>
  behaviour.paged && (call.query.has('page') || switched(call, 'summaryOnly'))

function positive(value: string | null, fallback: number): number {
  const number = Number(value ?? fallback)
  return Number.isInteger(number) && number > 0 ? number : fallback
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a ?? '').localeCompare(String(b ?? ''), 'en', { numeric: /^\/Date/.test(String(a ?? '')) })
}

type Order = { name: string; direction: 1 | -1 }[]

function parseOrder(source: string, shapeName: string): Order {
  return source.split(',').map((part) => {
    const [path = '', direction = 'ASC', more] = part.trim().split(/\s+/)
    const [first = ''] = path.split('.')
    const name = Object.keys(shapes[shapeName] ?? {}).find((field) => field.toLowerCase() === first.toLowerCase())
    if (name === undefined || more !== undefined || !/^(ASC|DESC)$/i.test(direction))
      throw refusal('QueryParseException', `No property or field '${first}' exists in type '${shapeName}'`)
    return { name, direction: direction.toUpperCase() === 'ASC' ? 1 : -1 }
  })
}

function sorted(rows: Row[], order: Order | undefined): Row[] {
  const byDefault = (a: Row, b: Row) => a.updatedAt - b.updatedAt || compare(a.id, b.id)
  if (!order) return rows.sort(byDefault)
  const keyed = rows.map((row) => {
    const view = row.view()
    return { row: { ...row, view: () => view }, keys: order.map((one) => view[one.name]) }
  })
  keyed.sort((a, b) => {
    for (const [index, one] of order.entries()) {
      const difference = compare(a.keys[index], b.keys[index]) * one.direction
      if (difference !== 0) return difference
    }
    return byDefault(a.row, b.row)
  })
  return keyed.map((one) => one.row)
}

export function readList(call: Call, behaviour: ListBehaviour, candidates: Row[]): Answer {
  const since = behaviour.modifiedSince ? call.modifiedSince : undefined
  const where = call.query.get('where')
  const order = call.query.get('order')
  let rows = since === undefined ? [...candidates] : candidates.filter((row) => row.updatedAt >= since)
  if (where !== null && where !== '') {
    const matches = parseWhere(where, behaviour.shape)
    rows = rows.filter((row) => matches(row.view()))
  }
  rows = sorted(rows, order === null || order === '' ? undefined : parseOrder(order, behaviour.shape))
  const show = (some: Row[]): JsonObject[] => some.map((row) => row.view())
  if (!isPaged(call, behaviour)) return ok(call.world.app.name, call.at, behaviour.collection, show(rows))
  const pageSize = Math.min(maximumPageSize, positive(call.query.get('pageSize'), defaultPageSize))
  const page = positive(call.query.get('page'), 1)
  const pagination: Page = {
    page,
    pageSize,
    pageCount: Math.ceil(rows.length / pageSize),
    itemCount: rows.length,
  }
  const shown = show(rows.slice((page - 1) * pageSize, page * pageSize))
  return ok(call.world.app.name, call.at, behaviour.collection, shown, pagination)
}
