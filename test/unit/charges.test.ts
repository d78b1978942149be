// Charges of a bill are known again when some come, go, change places or change themselves.
import t from 'tap'
import { type Charge, chargeIds } from '../../src/domain/posting/charges.ts'

const charge = (description: string, amount: string, more: object = {}): Charge => ({ description, amount, ...more })
const [a, b, c] = [charge('a', '10'), charge('b', '20'), charge('c', '30')]
const ids = (now: readonly Charge[], sent: readonly Charge[] | null, taken: readonly string[] = []): string =>
  chargeIds(now, sent?.map((one, index) => ({ ...one, lineId: `#charge:${index}` })) ?? null, taken)
    .map((id) => id.replace('#charge:', ''))
    .join(' ')

t.test('given charges that were sent, when others come and go, then each keeps its line', async (t) => {
  t.equal(ids([a, b], null), '0 1', 'a bill that was never sent')
  t.equal(ids([c, a, b], [a, b]), '2 0 1')
  t.equal(ids([b, a], [a, b]), '1 0')
  t.equal(ids([b], [a, b]), '1')
  t.equal(ids([b, c], [a, b]), '1 2', 'a line that goes is not given to another one')
  t.equal(ids([c, a], [a], ['1', '#charge:1']), '2 0', 'nor is one that stands there without having been sent')
  t.equal(ids([a, a, a], [a, a]), '0 1 2', 'equal ones in order')
  t.equal(ids([], [a]), '')
})

t.test('given charges that were sent, when they change, then each is known by what stayed', async (t) => {
  const taxed = (one: Charge): Charge => ({ ...one, taxCode: 'ZERO' })
  const [small, large] = [charge('a', '10'), charge('a', '20')]
  t.equal(ids([{ ...b, amount: '20.000' }, charge('b', '7')], [charge('b', '19'), b]), '1 0', 'in other digits')
  const own = (account: string, amount: string) => charge('a', amount, { account })
  t.equal(ids([own('310', '8'), own('300', '9')], [own('300', '1'), own('310', '2')]), '1 0', 'other amounts')
  t.equal(ids([taxed(large), taxed(small)], [small, large]), '1 0', 'other tax codes')
  t.equal(ids([charge('y', '20'), charge('x', '10')], [a, b]), '1 0', 'other texts')
  t.equal(ids([taxed(charge('b', '1')), taxed(charge('a', '2'))], [a, b]), '1 0', 'amounts and tax codes')
  t.equal(ids([charge('x', '1')], [a]), '1', 'another text and amount are another charge')
  t.equal(ids([charge('a', '10', { itemId: 'i' })], [a]), '1', 'so is another item')
})
