// Fields in which a record learns nothing, as a write says them: where the product wins, a field that it did not say anew is
// as it stands in Xero by now.
import t from 'tap'
import { leftOpen } from '../../src/domain/untaken-edits.ts'

t.test('given edits that a record did not take, when the product wins, then a later edit stands', async (t) => {
  const untaken = { taxNumber: { said: '21', there: '39' }, email: { said: null, there: 'old@x.example' } }
  const now = { taxNumber: '48', email: 'new@x.example' }
  t.strictSame(leftOpen({ taxNumber: '21' }, untaken, now), now, 'not the one that was seen first')
  t.strictSame(leftOpen({ taxNumber: '22' }, untaken, now), { ...now, taxNumber: '22' }, 'unless it says something new')
  t.strictSame(leftOpen({ taxNumber: '21' }, untaken, {}), {}, 'and what was taken away there is')
})
