// Every property of every schema tells its meaning: the OpenAPI document and the product's developers have nothing else.
import t from 'tap'
import type { TSchema } from 'typebox'
import { recordSchemas } from '../../src/domain/records/index.ts'
import { schemaFaults } from '../../src/domain/schema-faults.ts'
import { defaultSettings, Settings, settingsSectionSchemas, settingsSections } from '../../src/domain/settings/index.ts'

interface Node {
  type?: string
  description?: string
  default?: unknown
  additionalProperties?: boolean
  properties?: Record<string, Node>
  patternProperties?: Record<string, Node>
  maxProperties?: number
  items?: Node
  maxItems?: number
  anyOf?: Node[]
}

function* walk(path: string, node: Node): Generator<[string, Node]> {
  yield [path, node]
  for (const [name, child] of Object.entries(node.properties ?? {})) yield* walk(`${path}.${name}`, child)
  if (node.items) yield* walk(`${path}[]`, node.items)
  for (const branch of node.anyOf ?? []) if (branch.type === 'object') yield* walk(path, branch)
}

const schemas: Record<string, TSchema> = { ...recordSchemas, settings: Settings }

t.test('given every schema, when it is walked, then each property is described and no object is open', async (t) => {
  for (const [name, schema] of Object.entries(schemas)) {
    for (const [path, node] of walk(name, schema as Node)) {
      t.ok(node.description, `${path} has a description`)
      if (node.properties) t.equal(node.additionalProperties, false, `${path} refuses unknown fields`)
    }
  }
})

t.test('given the settings, when nothing is set, then the defaults are complete, valid and six sections', async (t) => {
  t.same(schemaFaults(Settings, defaultSettings()), [])
  t.same(settingsSections, ['items', 'customers', 'invoices', 'vendors', 'company', 'schedule'])
  for (const [name, schema] of Object.entries(settingsSectionSchemas)) {
    for (const [path, node] of walk(name, schema as Node)) {
      const optional = path.includes('trackingMap.class') || path.endsWith('[]')
      if (!optional) t.ok('default' in node, `${path} has a default`)
    }
  }
  t.not(defaultSettings().customers, defaultSettings().customers, 'no two callers share an object')
})

t.test('given more than eight faults, when a value is checked, then all of them are told at once', async (t) => {
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`field${index}`, 1]))
  t.equal(schemaFaults(recordSchemas.item, many).length, 23)
})

t.test(
  'given a value that a nullable field refuses, when it is checked, then one fault says what is wrong',
  async (t) => {
    const settings = defaultSettings()
    const wrong = { ...settings, invoices: { ...settings.invoices, cutOverDate: '2026-02-30' } }
    t.match(schemaFaults(Settings, wrong), [{ pointer: '/invoices/cutOverDate', detail: /YYYY-MM-DD/ }])
    const number = { ...settings, invoices: { ...settings.invoices, cutOverDate: 5 } }
    t.equal(schemaFaults(Settings, number).length, 1)
  },
)

t.test('given the schemas, when they are walked, then every list and map has a most', async (t) => {
  for (const [name, schema] of Object.entries(schemas)) {
    for (const [path, node] of walk(name, schema as Node)) {
      if (node.type === 'array') t.ok(node.maxItems, path)
      if (node.patternProperties) t.ok(node.maxProperties, path)
    }
  }
})

t.test('given values that do not fit, then the words say what to send', async (t) => {
  const told = (schema: TSchema, value: unknown) =>
    Object.fromEntries(schemaFaults(schema, value).map(({ pointer, detail, action }) => [pointer, [detail, action]]))
  const settings = defaultSettings()
  const accounts = { ...settings.invoices.accounts, sales: 200, shipping: '' }
  const group = { income: '', expense: 5, salesTaxCode: null, purchaseTaxCode: null }
  const odd = {
    ...settings,
    items: { ...settings.items, itemGroups: { a: group } },
    invoices: { ...settings.invoices, accounts },
    schedule: { ...settings.schedule, everyMinutes: 1, daysOfWeek: ['monday', 'monday'] },
  }
  t.strictSame(told(Settings, odd), {
    '/items/itemGroups/a/income': ['must not be empty', 'Send a text, or null.'],
    '/items/itemGroups/a/expense': ['must be a string or null, not a number', 'Put it in quotes: "5".'],
    '/invoices/accounts/sales': ['must be a string or null, not a number', 'Put it in quotes: "200".'],
    '/invoices/accounts/shipping': ['must not be empty', 'Send a text, or null.'],
    '/schedule/everyMinutes': ['must be 15 or more', 'Send 15 or more.'],
    '/schedule/daysOfWeek': ['has an entry twice', 'Send each entry once.'],
  })
  const person = { name: '', id: '', phones: [{ number: '1' }], terms: { days: 'x' } }
  t.match(told(recordSchemas.customer, person), {
    '/name': ['must not be empty', 'Send a text.'],
    '/id': ['must not be empty', 'Send a text, or leave it out.'],
    '/phones/0/kind': ['is missing', /^Add the field, with one of: default, mobile/],
    '/terms/kind': ['is missing', /^Add the field, with one of: DAYSAFTERBILLDATE, /],
    '/terms/days': ['must be a whole number, not a string', 'Send a whole number.'],
  })
})

t.test('given a list that is too long, then nothing is said of its further entries', async (t) => {
  const faults = schemaFaults(recordSchemas.customer, { name: 'x', contactPersons: Array(4_900).fill({ color: 1 }) })
  t.strictSame(faults.shift(), {
    pointer: '/contactPersons',
    detail: 'must not have more than 5 entries',
    action: 'Send at most 5 entries.',
  })
  t.ok(
    faults.every(({ pointer }) => /^\/contactPersons\/[0-4]\//.test(pointer)),
    JSON.stringify(faults),
  )
})
