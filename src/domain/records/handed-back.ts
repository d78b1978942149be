// A record that is handed back as it was read. Xero holds values that it would not take from us (a name of 263 characters,
// two addresses in one field), and the import brings them in: who changes another field must not be asked to mend them.
import { canonicalJson } from '../../lib/json.ts'
import { entityTypes, type RecordType } from '../entity-types.ts'
import { type Fault, fitsSchema } from '../schema-faults.ts'
import { canonical } from './canonical.ts'
import { recordSchemas } from './schemas.ts'
import { shownSchemas } from './shown.ts'

/** The fields in which a caller speaks of the record itself; they never come from Xero. */
const callersOwn: readonly string[] = ['/id', '/version']

const partsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))

const child = (value: unknown, name: string): unknown =>
  value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined

/** The value that stands at the place, or at the same place of another entry: entries of a list may be sent in another order. */
function candidates(value: unknown, [part, ...rest]: readonly string[]): unknown[] {
  if (part === undefined) return [value]
  if (Array.isArray(value)) return value.flatMap((entry) => candidates(entry, rest))
  return candidates(child(value, part), rest)
}

const at = (value: unknown, parts: readonly string[]): unknown => parts.reduce(child, value)
const textOf = (value: unknown): string => canonicalJson(value ?? null)

/** The faults of values that the stored record does not hold. Only records that also come from Xero can hold such values. */
export function faultsOfNewValues(type: RecordType, body: unknown, stored: unknown, faults: readonly Fault[]): Fault[] {
  if (entityTypes[type].direction !== 'two_way' || !fitsSchema(shownSchemas[type], body)) return [...faults]
  const [given, held] = [body, stored].map((value) => canonical(recordSchemas[type], value))
  return faults.filter((fault) => {
    const parts = partsOf(fault.pointer)
    if (parts.length === 0 || callersOwn.includes(fault.pointer)) return true
    const value = at(given, parts)
    // An unknown field, or a blank, has no canonical form: it would look like one that both lack.
    if (value === undefined && at(body, parts) !== undefined) return true
    const text = textOf(value)
    return !candidates(held, parts).some((candidate) => textOf(candidate) === text)
  })
}
