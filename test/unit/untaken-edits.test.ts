// Fields in which a record learns nothing, as a write says them: where the product wins, a field that it did not say anew is
// as it stands in Xero by now.
import t from 'tap'
import { leftOpen, withoutUntaken } from '../../src/domain/untaken-edits.ts'

t.test('given edits that a record did not take, when the product wins, then a later edit stands', async (t) => {
  const untaken = { taxNumber: { said: '21', there: '39' }, email: { said: null, there: 'old@x.example' } }
  const now = { taxNumber: '48', email: 'new@x.example' }
  t.strictSame(leftOpen({ taxNumber: '21' }, untaken, now, {}), now, 'not the one that was seen first')
  t.strictSame(
    leftOpen({ taxNumber: '22' }, untaken, now, {}),
    { ...now, taxNumber: '22' },
    'unless it says something new',
  )
  t.strictSame(leftOpen({ taxNumber: '21' }, untaken, {}, {}), {}, 'and what was taken away there is')
})

t.test('given an address that the product changed beside an edit, then only the edit is left out', async (t) => {
  const key = 'addresses/billing'
  const said = { kind: 'billing', lines: ['2 Road'], city: 'York' }
  const there = { ...said, postalCode: '1234' }
  const agreed = { [key]: { kind: 'billing', lines: ['1 Road'], postalCode: '1234' } }
  const heard = withoutUntaken(agreed, { [key]: { said, there } })
  t.strictSame(heard, { [key]: { kind: 'billing', lines: ['1 Road'] } }, 'the new street and city are still to be sent')

  const entry = (number: string, more: object = {}) => ({ 'phones/mobile': { kind: 'mobile', number, ...more } })
  const learned = { 'phones/mobile': { said: entry('1')['phones/mobile'], there: entry('2')['phones/mobile'] } }
  t.strictSame(leftOpen(entry('1'), learned, entry('3'), {}), entry('3'), 'a learned one is as it stands by now')
  t.strictSame(leftOpen(entry('1'), learned, entry('3'), entry('1')), entry('1'), 'the product says this one')
  t.strictSame(leftOpen(entry('1'), learned, {}, {}), {}, 'a learned one that a person took away is gone')
})
