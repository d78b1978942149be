// A JSON schema as it is walked beside a value: which part of it a field of the value is held to.

export interface Node {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly patternProperties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: unknown
  readonly maxProperties?: number
  readonly items?: Node
  readonly maxItems?: number
  readonly anyOf?: readonly Node[]
}

export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** A nullable object is a union; the branch that can hold the value is the one to look into. */
export const branchFor = (node: Node, value: unknown): Node =>
  node.anyOf?.find((branch) => branch.type === (Array.isArray(value) ? 'array' : 'object')) ?? node

const patterns = new Map<string, RegExp>()
function patternOf(text: string): RegExp {
  const known = patterns.get(text) ?? new RegExp(text, 'u')
  patterns.set(text, known)
  return known
}

/** The schema of a field of an object; undefined: the schema does not name it. */
export function fieldNode(node: Node, name: string): Node | undefined {
  if (node.properties && Object.hasOwn(node.properties, name)) return node.properties[name]
  for (const pattern in node.patternProperties)
    if (patternOf(pattern).test(name)) return node.patternProperties[pattern]
  return undefined
}

/** The schema of a place in a value; undefined: the schema does not reach so far. */
export function nodeAt(root: Node, value: unknown, parts: readonly string[]): Node | undefined {
  let node: Node | undefined = root
  let inner = value
  for (const part of parts) {
    if (node === undefined) return undefined
    const branch = branchFor(node, inner)
    node = Array.isArray(inner) ? branch.items : fieldNode(branch, part)
    inner = (inner as Readonly<Record<string, unknown>> | null | undefined)?.[part]
  }
  return node
}
