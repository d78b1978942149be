// Which line of a document is which one of those that were sent, when the product numbers its lines anew.
import t from 'tap'
import { formerLineIds } from '../../src/domain/posting/renumbered-lines.ts'
import type { DocumentLine } from '../../src/domain/records/index.ts'

/** "2 B 20": the line 2 with the text B, at 20; a fourth word is its tax code. */
const lineOf = (said: string): DocumentLine => {
  const [id = '', description, unitPrice = '10', taxCode] = said.split(' ')
  return { id, description, quantity: '1', unitPrice, ...(taxCode && { taxCode }) } as DocumentLine
}
/** "1=2 2=new": the line 1 is the one that was sent as 2, and 2 is a new one. */
const found = (now: readonly string[], sent: readonly string[]): string => {
  const former = formerLineIds(now.map(lineOf), sent.map(lineOf))
  return now
    .map((one) => lineOf(one).id)
    .reduce((text, id) => `${text} ${id}=${former.get(id) ?? 'new'}`, '')
    .trim()
}

t.test(
  'given lines whose ids are places, when they come and go, then each is the one that says the same',
  async (t) => {
    const [a, b, c] = ['1 A 10', '2 B 20', '3 C 30']
    t.equal(found(['1 B 20'], [a, b]), '1=2', 'the first one taken away')
    t.equal(found(['1 A 10', '2 C 30'], [a, b, c]), '1=1 2=3', 'one in the middle')
    t.equal(found(['1 N 5', '2 A 10', '3 B 20'], [a, b]), '1=new 2=1 3=2', 'one put in front')
    t.equal(found(['1 B 20', '2 A 10'], [a, b]), '1=2 2=1', 'two exchanged')
    t.equal(found(['1 B 20', '2 N 5'], [a, b]), '1=2 2=new', 'the first one taken away, and another one added')
    t.equal(found(['1 B 20', '2 C 35'], [a, b, c]), '1=2 2=3', 'and the last one changed')
    t.equal(found(['1 N 5', '2 A 10', '3 B 25'], [a, b]), '1=new 2=1 3=2', 'one put in front, and the last one changed')
    t.equal(found(['1 N 20', '2 A 10'], [a, b]), '1=new 2=1', 'an amount alone is no name')
  },
)

t.test('given lines with ids of their own, when they change, then each keeps its id', async (t) => {
  const sent = ['1 A 10', '2 B 20']
  t.equal(found(['2 B 20'], sent), '2=2')
  t.equal(found(['2 B 20', '1 A 10'], sent), '2=2 1=1')
  t.equal(found(['1 A 11', '2 B 20'], sent), '1=1 2=2', 'another price')
  t.equal(found(['1 X 10', '2 B 20'], sent), '1=1 2=2', 'another text')
  t.equal(found(['1 X 7', '2 B 20'], sent), '1=1 2=2', 'all of it')
  t.equal(found(['1 X 7'], sent), '1=1', 'that says what nobody said')
  t.equal(found(['9 B 20', '1 A 10'], sent), '9=2 1=1', 'under an id that is new')
  t.equal(found(['9 B 21', '1 A 10'], sent), '9=new 1=1', 'and says something else')
  t.equal(found(['1 A 10', '2 A 10'], ['1 A 10', '2 B 20', '3 A 10']), '1=1 2=3', 'one that fits wholly goes first')
})

t.test('given equal lines, when some come and go, then they count in order', async (t) => {
  const sent = ['1 X 5', '2 A 10', '3 A 10', '4 A 10']
  t.equal(found(['1 A 10', '2 A 10', '3 A 10'], sent), '1=2 2=3 3=4')
  t.equal(found(['1 A 10', '2 A 10'], ['1 A 10', '2 X 5', '3 A 10']), '1=1 2=3')
  t.equal(found(['1 A 10', '2 A 10', '3 A 10'], ['1 A 10', '2 X 5', '3 A 10', '4 A 10']), '1=1 2=3 3=4')
  t.equal(found(['30 A 10', '10 A 10', '20 A 10'], ['10 A 10', '20 A 10']), '30=new 10=10 20=20', 'an id that is new')
  t.equal(found(['30 A 10', '10 A 10'], ['10 A 10', '20 A 10']), '30=20 10=10')
  t.equal(
    found(['5 A 10', '10 A 10', '20 A 10'], ['5 A 9', '10 A 10', '20 A 10']),
    '5=5 10=10 20=20',
    'one that became equal',
  )
  const taxed = ['1 A 10 GST', '2 A 10 ZERO']
  t.equal(found(['1 A 10 ZERO'], taxed), '1=2', 'equal but for the tax code')
  t.equal(found(['1 A 10 ZERO', '2 A 10 ZERO'], taxed), '1=1 2=2')
  t.equal(found(['1 B 20', '2 A 10 ZERO'], ['1 A 10 GST', '2 B 20 GST']), '1=2 2=1', 'a tax code that changed as well')
})

t.test('given equal lines of other costs, when all cost the same, then each keeps its id', async (t) => {
  const [one, other] = ['1 A 10', '2 A 10'].map(lineOf) as [DocumentLine, DocumentLine]
  const costs = (first: string, second: string) => [
    { ...one, unitCost: first },
    { ...other, unitCost: second },
  ]
  t.strictSame(
    [...formerLineIds(costs('3', '4'), costs('4', '3'))],
    [
      ['1', '1'],
      ['2', '2'],
    ],
  )
})
