// A union reports the faults of each of its branches; what helps is the one summary, or the branch that nearly fits.
import type { TypeBoxError } from './schema-words.ts'

const branchMark = '/anyOf/'

interface Union {
  readonly key: string
  /** Its place in the value. */
  readonly at: string
}
const keyOf = (schemaPath: string, instancePath: string): string => `${schemaPath}\n${instancePath}`

/** The unions that a fault stands in a branch of. */
function unionsAround({ schemaPath, instancePath }: TypeBoxError, places: ReadonlyMap<string, ReadonlySet<string>>) {
  const around: Union[] = []
  for (let mark = schemaPath.indexOf(branchMark); mark >= 0; mark = schemaPath.indexOf(branchMark, mark + 1)) {
    const path = schemaPath.slice(0, mark)
    const known = places.get(path)
    for (let at = instancePath; known; at = at.slice(0, at.lastIndexOf('/'))) {
      if (known.has(at)) around.push({ key: keyOf(path, at), at })
      if (at === '') break
    }
  }
  return around
}

/** Every other branch is "null": a fault that is not about the type of the value as a whole is the one to show. */
const isTelling = ({ keyword, instancePath }: TypeBoxError, { at }: Union): boolean =>
  instancePath !== at || (keyword !== 'type' && keyword !== 'const')

export interface Told {
  readonly error: TypeBoxError
  /** The types that the branches of a union ask for. */
  readonly branchTypes: readonly unknown[]
}

export function withoutBranches(errors: readonly TypeBoxError[]): Told[] {
  const places = new Map<string, Set<string>>()
  for (const { keyword, schemaPath, instancePath } of errors)
    if (keyword === 'anyOf') places.set(schemaPath, (places.get(schemaPath) ?? new Set()).add(instancePath))
  const found = errors.map((error) => ({ error, around: unionsAround(error, places) }))
  const told = new Set<string>()
  const types = new Map<string, unknown[]>()
  for (const { error, around } of found)
    for (const union of around)
      if (isTelling(error, union)) told.add(union.key)
      else types.set(union.key, [...(types.get(union.key) ?? []), (error.params as { type?: unknown }).type ?? []])
  return found.flatMap(({ error, around }) => {
    const own = keyOf(error.schemaPath, error.instancePath)
    const isShown = error.keyword === 'anyOf' ? !told.has(own) : around.every((union) => isTelling(error, union))
    return isShown ? [{ error, branchTypes: (types.get(own) ?? []).flat() }] : []
  })
}
