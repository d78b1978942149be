// The clock that follows another one: right, never going back, and blind to what the machine's own clock shows.
import t from 'tap'
import { type FollowingClock, followingClock, systemClock, type TimeSample } from '../../src/lib/clock.ts'

const start = Date.parse('2026-11-25T02:00:00.000Z')
const minute = 60_000

/** A clock that follows the true time on a machine whose uptime the test moves and whose time is nonsense. */
function stage(): {
  clock: FollowingClock
  pass(ms: number): void
  shown(): number
  sample(more?: object): TimeSample
} {
  let uptime = 5_000
  const machine = { ...systemClock, now: () => new Date(12 * minute * Math.random()), uptime: () => uptime }
  const clock = followingClock(machine, { time: start, uptime, uncertainty: 0 })
  return {
    clock,
    pass: (ms) => {
      uptime += ms
    },
    shown: () => clock.now().getTime() - start,
    /** The true time is that of the start and what has passed. */
    sample: (more = {}) => ({ time: start + uptime - 5_000, uptime, uncertainty: 0, ...more }),
  }
}

t.test('given one look at the other clock, when time passes, then uptime counts on', async (t) => {
  const { clock, pass, shown } = stage()
  t.equal(shown(), 0)
  pass(61_234.9)
  t.equal(shown(), 61_234)
  t.equal(clock.uptime(), 66_234.9)
})

t.test('given a clock that is behind, when it is put right, then it is right at once', async (t) => {
  const { clock, pass, shown, sample } = stage()
  pass(minute)
  clock.follow(sample({ time: start + 10 * minute }))
  t.equal(shown(), 10 * minute)
})

t.test('given a clock that is ahead, when it is put right, then it goes slowly and never back', async (t) => {
  const { clock, pass, shown } = stage()
  clock.follow({ time: start - 10_000, uptime: 5_000, uncertainty: 0 })
  t.equal(shown(), 0, 'not a moment back')
  pass(10_000)
  t.equal(shown(), 5_000, 'at half the speed')
  pass(10_000)
  t.equal(shown(), 10_000, 'right after twice the time')
  pass(10_000)
  t.equal(shown(), 20_000, 'and then at full speed')
})

t.test(
  'given measures of every kind, when they come one after the other, then the clock never goes back',
  async (t) => {
    const { clock, pass, shown, sample } = stage()
    let last = shown()
    for (let n = 0; n < 2_000; n++) {
      pass((n * 37) % 400)
      if (n % 3 === 0) {
        const { time, uptime } = sample()
        clock.follow({ time: time + ((n * 7_919) % 4_000) - 2_000, uptime, uncertainty: (n * 31) % 700 })
      }
      t.ok(shown() >= last, `${shown()} after ${last}`)
      last = shown()
    }
  },
)

t.test('given a slow answer, when it agrees within its round trip, then the clock stays as it is', async (t) => {
  const { clock, pass, shown, sample } = stage()
  pass(minute)
  const { time, uptime } = sample()
  clock.follow({ time: time + 900, uptime, uncertainty: 1_000 })
  t.equal(shown(), minute)
  clock.follow({ time: time + 1_900, uptime, uncertainty: 1_000 })
  t.equal(shown(), minute + 900, 'and moves no further than it must have been wrong')
})
