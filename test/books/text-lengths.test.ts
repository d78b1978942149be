// Lengths of texts as Xero counts them: an emoji takes two. A text that is too long there is refused here, at its place, and
// never takes a whole document along.
import t from 'tap'
import { recordSchemas } from '../../src/domain/records/schemas.ts'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../support/records.ts'
import { later, synced } from './support/books.ts'
import { line, openTrader, purchase, sale, service } from './support/trading.ts'

/** As many units of UTF-16, of which the last two are an emoji. */
const endingInEmoji = (units: number): string => `${'a'.repeat(units - 2)}👍`

interface Node {
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
}

/** The free texts of a schema (a country is written in letters): their places, as they are walked, and how long they may be. */
function textsOf(node: Node, path: readonly string[] = []): [path: readonly string[], longest: number][] {
  if (node.items) return textsOf(node.items, [...path, '0'])
  const isFree = node.format === undefined && !/\[A-Z\]|\\d\{/.test(node.pattern ?? '')
  if (node.maxLength !== undefined && isFree) return [[path, node.maxLength]]
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) =>
    /^id$|Id$|^country$/.test(name) ? [] : textsOf(child, [...path, name]),
  )
}

// biome-ignore lint/suspicious/noExplicitAny: bodies are written as the test needs them
type Anything = any

function written(body: Anything, [name, ...rest]: readonly string[], value: string): Anything {
  if (name === undefined) return value
  if (Array.isArray(body)) return body.map((one, index) => (String(index) === name ? written(one, rest, value) : one))
  return { ...body, [name]: written(body[name], rest, value) }
}

const address = { kind: 'billing', lines: ['1 High Street'] }
const person = {
  phones: [{ kind: 'default', number: '555' }],
  addresses: [address],
  contactPersons: [{ firstName: 'P' }],
}
const samples = {
  customer: ['customers', customer('t1', person)],
  vendor: ['vendors', vendor('t1', person)],
  item: ['items', item('t1')],
  invoice: ['invoices', invoice('t1', 'c1', ['s1'], { shipping: { amount: '1' } })],
  bill: ['bills', bill('t1', 'v1', ['s1'], { otherCharges: [{ amount: '1', description: 'Freight' }] })],
} as const

t.test('books: lengths of texts', async (t) => {
  const world = await openWorld(t)
  const tenant = await openTrader(world, 'lengths')

  for (const [type, [path, sample]] of Object.entries(samples))
    t.test(
      `given texts of ${path} that are too long by half an emoji, then each is refused at its place`,
      async (t) => {
        const texts = textsOf(recordSchemas[type as keyof typeof samples] as Node)
        t.ok(texts.length >= 5, `${texts.length} texts`)
        for (const [place, longest] of texts) {
          const pointer = `/${place.join('/')}`
          const handOver = async (units: number) => {
            const { status, body } = await tenant.api('PUT', `${path}/t1`, written(sample, place, endingInEmoji(units)))
            return { status, faults: (body.errors ?? []).map((one: { pointer: string }) => one.pointer) }
          }
          t.strictSame(await handOver(longest + 1), { status: 422, faults: [pointer] }, pointer)
          t.match(await handOver(longest), { status: /20[01]/ }, `${pointer} at its longest`)
        }
      },
    )

  t.test('given a line of 4,000 that ends in an emoji, then it arrives whole; one more names the line', async (t) => {
    const tenant = await openTrader(world, 'lines')
    const lines = (units: number) =>
      ['1', '2', '3', '4'].map((id) => line(id, id === '4' ? { description: endingInEmoji(units) } : {}))
    for (const [path, make] of [
      ['invoices', sale],
      ['bills', purchase],
    ] as const) {
      await tenant.put(path, make('a1', lines(4000)))
      const { status, body } = await tenant.api('PUT', `${path}/a2`, make('a2', lines(4001)))
      t.match({ status, body }, { status: 422, body: { errors: [{ pointer: '/lines/3/description' }] } })
    }
    await tenant.sync()
    for (const path of ['invoices', 'bills']) await synced(t, tenant, path, 'a1')
    t.ok(tenant.xero('Invoices').every(({ LineItems }) => LineItems[3].Description === endingInEmoji(4000)))
    tenant.checkXero(t)
  })

  t.test('given an item whose texts in Xero are too long for a line, then its documents arrive', async (t) => {
    const tenant = await openTrader(world, 'imported')
    await tenant.sync()
    later(world)
    const text = endingInEmoji(4001)
    const fields = { Description: text, PurchaseDescription: text }
    world.simulator.control.editItem(tenant.organisation, service('s1').code, fields, { unchecked: true })
    await tenant.sync()
    const { description: _text, ...plain } = line('1')
    await tenant.put('invoices', sale('a1', [plain]))
    await tenant.put('bills', purchase('b1', [plain]))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    await synced(t, tenant, 'bills', 'b1')
    for (const { LineItems } of tenant.xero('Invoices')) t.equal(LineItems[0].Description, 'a'.repeat(3999))
    tenant.checkXero(t)
  })
})
