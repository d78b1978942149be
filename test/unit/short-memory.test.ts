// What a process remembers for a while ends by the clock, also where nothing else is remembered.
import t from 'tap'
import { systemClock } from '../../src/lib/clock.ts'
import { shortMemory } from '../../src/lib/short-memory.ts'

t.test('given values of several times, when time passes, then each is forgotten in its turn', async (t) => {
  let now = 0
  const memory = shortMemory<number>({ ...systemClock, uptime: () => now }, 100)
  memory.set('a', 1)
  now = 60
  memory.set('b', 2)
  t.same([memory.get('a'), memory.get('b')], [1, 2])
  now = 100
  t.same([memory.get('a'), memory.get('b')], [undefined, 2], 'nothing was set meanwhile')
  memory.set('b', 3)
  now = 160
  t.equal(memory.get('b'), 3, 'set anew, it is kept anew')
  memory.forget('b')
  t.equal(memory.get('b'), undefined)
})
