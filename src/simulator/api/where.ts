// The `where` parameter: Xero's OData-like language. Parsed into a predicate over an element as the API shows it. Texts are
// compared without regard to case; whatever cannot be parsed is a QueryParseException.
import { isObject, type JsonObject } from '../json.ts'
import { readStamp } from '../time.ts'
import { refusal } from './answer.ts'
import { shapes } from './fields.ts'
import { type Token, tokens } from './where-tokens.ts'

type Value = string | number | boolean | null | undefined
type Read = (element: JsonObject) => Value

const bad = (message: string) => refusal('QueryParseException', message)

/** Texts fold their case; a stamp becomes its instant, so that it compares with DateTime(…). */
function comparable(value: Value): Value {
  if (typeof value !== 'string') return value ?? null
  return readStamp(value) ?? value.toLowerCase()
}

const comparisons: Record<string, (a: Value, b: Value) => boolean> = {
  '==': (a, b) => a === b,
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => ordered(a, b) && (a as number) < (b as number),
  '<=': (a, b) => ordered(a, b) && (a as number) <= (b as number),
  '>': (a, b) => ordered(a, b) && (a as number) > (b as number),
  '>=': (a, b) => ordered(a, b) && (a as number) >= (b as number),
}
const ordered = (a: Value, b: Value) => a !== null && b !== null && typeof a === typeof b

const methods: Record<string, (value: Value, argument: Value) => Value> = {
  contains: (value, argument) => text(value).includes(text(argument)),
  startswith: (value, argument) => text(value).startsWith(text(argument)),
  endswith: (value, argument) => text(value).endsWith(text(argument)),
  tolower: (value) => value,
  toupper: (value) => value,
  tostring: (value) => value,
}
const text = (value: Value) => String(value ?? '').toLowerCase()

/** Reads a path such as Contact.ContactID, whatever the case of its letters. */
function reader(shapeName: string, path: string[]): Read {
  let known: string | null | undefined = shapeName
  const names = path.map((part) => {
    const fields: Record<string, string | null> = (known ? shapes[known] : undefined) ?? {}
    const name = Object.keys(fields).find((field) => field.toLowerCase() === part.toLowerCase())
    if (name === undefined) throw bad(`No property or field '${part}' exists in type '${known ?? 'value'}'`)
    known = fields[name]
    return name
  })
  return (element) => {
    let value: unknown = element
    for (const name of names) value = isObject(value) ? value[name] : undefined
    return typeof value === 'object' ? null : (value as Value)
  }
}

export function parseWhere(source: string, shapeName: string): (element: JsonObject) => boolean {
  const list = tokens(source)
  let position = 0
  const peek = (): Token | undefined => list[position]
  const take = (): Token => {
    const token = list[position++]
    if (!token) throw bad('Expression expected')
    return token
  }
  const accept = (...texts: string[]) => {
    const token = peek()
    if (!token || token.kind === 'text' || !texts.includes(token.value.toUpperCase())) return false
    position += 1
    return true
  }
  const expect = (value: string) => {
    if (!accept(value)) throw bad(`'${value}' expected`)
  }

  function call(): number[] | string[] {
    const values: string[] = []
    expect('(')
    while (!accept(')')) {
      const token = take()
      values.push(token.value === '-' ? `-${take().value}` : token.value)
      accept(',')
    }
    return values
  }

  function literalCall(name: string): Read {
    const [first = '', ...rest] = call().map(String)
    if (name === 'guid') return () => first.toLowerCase()
    if (rest.length === 0) {
      const ms = Date.parse(/[Z+]/.test(first) ? first : `${first.length === 10 ? `${first}T00:00:00` : first}Z`)
      if (Number.isNaN(ms)) throw bad(`'${first}' is not a date`)
      return () => ms
    }
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = [first, ...rest].map(Number)
    const ms = Date.UTC(year, month - 1, day, hour, minute, second)
    if (Number.isNaN(ms)) throw bad('DateTime expects numbers')
    return () => ms
  }

  function operand(): Read {
    if (accept('(')) {
      const inner = or()
      expect(')')
      return inner
    }
    const token = take()
    if (token.kind === 'text') return () => token.value
    if (token.kind === 'number') return () => Number(token.value)
    if (token.value === '-') return () => -Number(take().value)
    if (token.kind !== 'name') throw bad(`Syntax error at '${token.value}'`)
    const word = token.value.toLowerCase()
    if (word === 'null') return () => null
    if (word === 'true' || word === 'false') return () => word === 'true'
    if (word === 'datetime' && accept('.')) take()
    if (word === 'guid' || word === 'datetime') return literalCall(word)
    const path = [token.value]
    let read: Read | undefined
    while (accept('.')) {
      const part = take().value
      const method = methods[part.toLowerCase()]
      if (!method || !(peek()?.value === '(')) {
        path.push(part)
        continue
      }
      const [argument] = call()
      const inner: Read = read ?? reader(shapeName, path)
      read = (element) => method(inner(element), argument)
    }
    return read ?? reader(shapeName, path)
  }

  function comparison(): Read {
    if (accept('!')) {
      const inner = comparison()
      return (element) => inner(element) !== true
    }
    const left = operand()
    const operator = peek()
    const compare = operator?.kind === 'sign' ? comparisons[operator.value] : undefined
    if (!compare) return left
    position += 1
    const right = operand()
    return (element) => compare(comparable(left(element)), comparable(right(element)))
  }

  function and(): Read {
    const parts = [comparison()]
    while (accept('AND', '&&')) parts.push(comparison())
    return parts.length === 1 ? (parts[0] as Read) : (element) => parts.every((part) => part(element) === true)
  }

  function or(): Read {
    const parts = [and()]
    while (accept('OR', '||')) parts.push(and())
    return parts.length === 1 ? (parts[0] as Read) : (element) => parts.some((part) => part(element) === true)
  }

  const predicate = or()
  if (position < list.length) throw bad(`Syntax error at '${peek()?.value}'`)
  return (element) => predicate(element) === true
}
