// A link keeps what it knows of lines when their document numbers them anew.
import t from 'tap'
import type { Decisions } from '../../src/domain/posting/decisions.ts'
import { inIdsOfNow } from '../../src/services/renumbered-links.ts'
import type { Link } from '../../src/stores/links.ts'

const said = (id: string, description: string) => ({ id, description, quantity: '1', unitPrice: '10' })
const lines = { 1: { accountCode: '300' }, 2: { accountCode: '429' }, '#shipping': { accountCode: '260' } }
const field = (id: string) => `/lines/${id}/accountCode`
const link = {
  lineIds: { 1: 'a', 2: 'b', '#shipping': 's' },
  sent: {
    ...{ url: null, brandingThemeId: null },
    left: [field('1'), '/dueDate', field('#shipping'), '/lines/a/b/class'],
    kept: [{ field: field('2'), product: '300', xero: '429' }],
    decisions: { lines, said: [said('1', 'A'), said('2', 'B')] } as unknown as Decisions,
  },
} as unknown as Link
const of = (...body: object[]) => inIdsOfNow({ body: { lines: body } as never }, link)

t.test('given a line put in front, then all that is known of the others goes by the ids of now', async (t) => {
  const { lineIds, sent } = of(said('1', 'N'), said('2', 'A'), said('3', 'B'))
  t.strictSame(lineIds, { 2: 'a', 3: 'b', '#shipping': 's' })
  t.strictSame(sent?.left, [field('2'), '/dueDate', field('#shipping'), '/lines/a/b/class'])
  t.match(sent?.kept, [{ field: field('3'), product: '300' }])
  t.strictSame(Object.keys(sent?.decisions?.lines ?? {}), ['2', '3', '#shipping'])
  t.match(sent?.decisions?.said, [{ id: '2' }, { id: '3' }])
})

t.test('given a line taken away, then nothing that is known of it goes by an id of now', async (t) => {
  const { lineIds, sent } = of(said('1', 'B'))
  t.strictSame(lineIds, { 1: 'b', '#shipping': 's' })
  t.strictSame(sent?.left, ['/dueDate', field('#shipping'), '/lines/a/b/class'])
  t.match(sent?.kept, [{ field: field('1') }])
})

t.test('given the same ids, or a document of which nobody knows what it said, then the link stays', async (t) => {
  t.equal(of(said('1', 'A'), said('2', 'Other')), link)
  const old = { ...link, sent: { ...link.sent, decisions: { lines } } } as unknown as Link
  t.equal(inIdsOfNow({ body: { lines: [said('1', 'B')] } as never }, old), old)
})
