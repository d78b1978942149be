// Values as wide as a schema lets them be: its lengths and numbers at their ends, and text of every script. Where a form is
// only known to people (a tax code, a status), most draws are ones that mean something, so that records also reach Xero.
import fc from 'fast-check'
import { fitsSchema } from '../../../src/domain/schema-faults.ts'

export interface Node {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly items?: Node
  readonly anyOf?: readonly Node[]
  readonly additionalProperties?: Node | boolean
  readonly uniqueItems?: boolean
}

/** By the name of a field: what is drawn for it most of the time. */
export type Usual = Readonly<Record<string, readonly unknown[]>>

const units = [
  ...[
    'a',
    'Z',
    '0',
    'é',
    'ß',
    'İ',
    'я',
    '漢',
    'ع',
    'ก',
    'n\u0303',
    'e\u0301\u0323',
    '\u0301',
    '😀',
    '👩🏽‍🚀',
    '👨‍👩‍👧‍👦',
    '🇳🇿',
    '𝔘',
  ],
  ...[
    '/',
    '%',
    '%2F',
    '?',
    '#',
    '&',
    '=',
    '+',
    '.',
    '..',
    '\\',
    '"',
    "'",
    '`',
    '<',
    '>',
    '{id}',
    '$1',
    ':',
    ';',
    ',',
    '*',
    '|',
    '~',
  ],
  ...[' ', '\u00a0', '\u200b', '\u200d', '\u2028', '\ufeff', '\u202e', '\u0085', '\ufffd', '\uffff'],
]
const blanks = ['\t', '\n', '\r\n']

/** As many code points as the schema counts, of one letter that may take several UTF-16 units; or a few of all kinds. */
function text(node: Node): fc.Arbitrary<string> {
  const { maxLength = 1000, pattern } = node
  const isLong = maxLength > 300
  const fill = fc
    .tuple(fc.constantFrom(...units), fc.constantFrom(0, 1))
    .map(([unit, less]) => unit.repeat(Math.max(1, Math.floor(maxLength / [...unit].length) - less)))
  const from = pattern?.includes('\\u0000-\\u001F') ? units : [...units, ...blanks]
  const mixed = fc
    .array(fc.constantFrom(...from), { minLength: 1, maxLength: Math.min(maxLength, 20) })
    .map((parts) => parts.join(''))
  const ordinary = fc.stringMatching(/^[A-Za-z]{1,6}( [A-Za-z]{1,6})?$/)
  // One base letter with hundreds of marks is one character to a reader, and long to everybody else.
  const tall = fc.constantFrom('a', '漢').map((base) => `${base}${'\u0301'.repeat(maxLength - 1)}`)
  return fc
    .oneof(
      { arbitrary: ordinary, weight: 6 },
      { arbitrary: mixed, weight: 4 },
      { arbitrary: fill, weight: isLong ? 1 : 3 },
      { arbitrary: tall, weight: 1 },
    )
    .filter((value) => fitsSchema(node, value))
}

const dates = [
  ...['0001-01-01', '0004-02-29', '0099-12-31', '0100-01-31', '1899-12-31', '1970-01-01', '2000-02-29'],
  ...['2024-02-29', '2026-01-31', '2026-11-20', '2026-12-31', '9999-01-31', '9999-11-30', '9999-12-31'],
]
const emails = ['a@b.co', 'first.last+tag@sub.example.com', `${'l'.repeat(64)}@example.com`, "o'neil@example.com"]
const addresses = ['https://example.com', 'http://example.com/a?b=%20#c', 'mailto:a@example.com', 'urn:x:y']

function decimal(pattern: string): fc.Arbitrary<string> {
  const places = Number(/\(\\\.\\d\{1,(\d+)\}\)\?\$$/.exec(pattern)?.[1])
  const ordinary = fc.constantFrom('1', '2.5', '12.50', '7.25', '0.1000')
  const ends = fc.constantFrom(
    ...['0', '0000000000000', '9999999999999', `9999999999999.${'9'.repeat(places)}`, `0.${'0'.repeat(places - 1)}1`],
    ...(pattern.startsWith('^-?') ? ['-0', '-0.0', '-1', `-9999999999999.${'9'.repeat(places)}`] : []),
  )
  return fc.oneof({ arbitrary: ordinary, weight: 3 }, { arbitrary: ends, weight: 1 })
}

const instants = [
  ...[
    '0001-01-01T00:00:00Z',
    '1970-01-01T00:00:00.000Z',
    '2026-11-20T12:00:00+13:00',
    '2026-11-20T12:00:00.123456789Z',
  ],
  ...['2024-02-29T23:59:59-12:00', '9999-12-31T23:59:59.999Z'],
]

/** Values that a pattern lets in, and few would write. */
const matching = (node: Node, pattern: string) =>
  fc.stringMatching(new RegExp(pattern, 'u'), { size: 'small' }).filter((value) => fitsSchema(node, value))

function plain(node: Node): fc.Arbitrary<unknown> {
  if (node.enum) return fc.constantFrom(...node.enum)
  switch (node.type) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc
        .constantFrom(node.minimum ?? 0, 1, 20, 31, node.maximum ?? Number.MAX_SAFE_INTEGER)
        .filter((value) => value <= (node.maximum ?? Number.MAX_SAFE_INTEGER))
    case 'string':
      if (node.format === 'date') return fc.constantFrom(...dates)
      if (node.format === 'email') return fc.constantFrom(...emails)
      if (node.format === 'uri') return fc.constantFrom(...addresses, `https://example.com/${'p'.repeat(1900)}`)
      if (node.pattern === '^[A-Z]{3}$') return fc.constantFrom('AUD', 'USD', 'XXX')
      if (node.pattern?.startsWith('^(100')) return fc.constantFrom('0', '100', '100.00', '99.99', '0.01', '12.5')
      if (node.pattern?.includes('\\d{1,13}')) return decimal(node.pattern)
      if (node.format === 'uuid') return fc.uuid()
      if (node.format === 'date-time') return fc.constantFrom(...instants)
      if (node.pattern && !node.pattern.includes('\\u0000')) return matching(node, node.pattern)
      return text(node)
    default:
      throw new Error(`a schema of an unknown form: ${JSON.stringify(node)}`)
  }
}

/** Any value of the schema. */
export function drawn(node: Node, usual: Usual, name = ''): fc.Arbitrary<unknown> {
  const meant = usual[name]
  if (meant)
    return fc.oneof({ arbitrary: fc.constantFrom(...meant), weight: 30 }, { arbitrary: drawn(node, usual), weight: 1 })
  if (node.anyOf) return fc.oneof(...node.anyOf.map((branch) => drawn(branch, usual)))
  if (node.type === 'array') {
    const most = Math.min(node.maxItems ?? 3, 5)
    const [entry, lengths] = [drawn(node.items ?? {}, usual), { minLength: node.minItems ?? 0, maxLength: most }]
    return node.uniqueItems ? fc.uniqueArray(entry, lengths) : fc.array(entry, lengths)
  }
  if (node.properties) {
    const fields = Object.entries(node.properties).map(([key, child]) => [key, drawn(child, usual, key)] as const)
    return fc.record(Object.fromEntries(fields), { requiredKeys: [...(node.required ?? [])] })
  }
  if (typeof node.additionalProperties === 'object') {
    return fc.dictionary(text({ type: 'string', maxLength: 100 }), drawn(node.additionalProperties, usual), {
      maxKeys: 4,
    })
  }
  return plain(node)
}
