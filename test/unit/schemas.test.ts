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
  items?: Node
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
