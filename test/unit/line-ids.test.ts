// Ids of lines are a caller's own, and may be names that every object has.
import t from 'tap'
import { remoteLineId } from '../../src/domain/line-ids.ts'

t.test('given names that every object has, when no line has them, then nothing is found', async (t) => {
  for (const name of ['constructor', '__proto__', 'toString', 'valueOf'])
    t.equal(remoteLineId({ a: '1' }, name), undefined)
  t.equal(remoteLineId({ constructor: '1' } as unknown as Record<string, string>, 'constructor'), '1')
})
