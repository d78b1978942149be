// The report of a value that does not fit: in words, once, with advice that helps.
import t from 'tap'
import { Invoice } from '../../src/domain/records/invoice.ts'
import { Item } from '../../src/domain/records/item.ts'
import { schemaFaults } from '../../src/domain/schema-faults.ts'
import { formOf } from '../../src/domain/text-forms.ts'
import { operations } from '../support/contract.ts'
import '../../src/http/app.ts'

function patternsIn(node: unknown): string[] {
  if (node === null || typeof node !== 'object') return []
  const own = 'pattern' in node && typeof node.pattern === 'string' ? [node.pattern] : []
  return [...own, ...Object.values(node).flatMap(patternsIn)]
}

t.test(
  'given every pattern of a body or parameter, when it is told, then in words with an example that fits',
  async (t) => {
    const ofBodies = operations.flatMap(({ operation }) => patternsIn(operation.requestBody))
    const ofParameters = operations.flatMap(({ operation }) => patternsIn(operation.parameters))
    const patterns = new Set([...ofBodies, ...ofParameters])
    t.ok(ofParameters.length > 50, `${ofParameters.length} of parameters`)
    t.ok(patterns.size >= 8, `${patterns.size} patterns`)
    for (const pattern of patterns) {
      const form = formOf(pattern)
      t.ok(form, `${pattern} has words`)
      t.match(form?.example, new RegExp(pattern, 'u'))
      t.notMatch(form?.words, /[\\^$\]]/)
    }
  },
)

const item = (fields: object) => schemaFaults(Item, { code: 'A', name: 'A', kind: 'service', ...fields })

t.test('given an amount as a number, when it is refused, then the advice is the same amount in quotes', async (t) => {
  for (const [sent, quoted] of [
    [12.5, '"12.50"'],
    [12, '"12"'],
    [12.345, '"12.345"'],
    [-0.1, '"-0.10"'],
  ] as const) {
    t.strictSame(item({ salePrice: sent }), [
      { pointer: '/salePrice', detail: 'must be a string, not a number', action: `Put it in quotes: ${quoted}.` },
    ])
  }
})

t.test('given a field that does not exist, when it is refused, then it is called unknown', async (t) => {
  t.match(item({ colour: 'red' }), [{ pointer: '/colour', detail: /unknown field/ }])
})

t.test(
  'given values of the wrong form, when they are refused, then each is told once and without a pattern',
  async (t) => {
    const faults = schemaFaults(Invoice, {
      number: 'a',
      customerId: '',
      date: '2026-13-01',
      currency: 'nzd',
      lines: [{ id: '#1', quantity: '1,5', unitPrice: null, description: null }],
    })
    const pointers = faults.map(({ pointer }) => pointer)
    t.strictSame(pointers, [...new Set(pointers)], 'once')
    for (const { pointer, detail, action } of faults) t.notMatch(`${detail} ${action}`, /\\|\^|\$/, pointer)
    const told = Object.fromEntries(faults.map(({ pointer, detail }) => [pointer, detail]))
    t.match(told, {
      '/customerId': 'must not be empty',
      '/currency': /three capital letters/,
      '/lines/0/quantity': /at most 13 digits before the point and at most 4 decimals/,
      '/lines/0/description': 'must be a string, not null',
    })
    const actions = Object.fromEntries(faults.map(({ pointer, action }) => [pointer, action]))
    t.match(actions, {
      '/lines/0/unitPrice': /^Send a string/,
      '/lines/0/description': /^Leave the field out, or send a string/,
    })
  },
)
