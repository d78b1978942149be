// Wrong API keys that one address may try in a minute before the database is asked for no more of them. A key that was right
// within a day, here or in another process, is looked up whatever its address: behind one proxy, or in one office, nobody's flood
// stops the others.
// Counted in memory: with several replicas each allows as many.
import { problem } from '../domain/errors.ts'
import type { Clock } from '../lib/clock.ts'
import { shortMemory } from '../lib/short-memory.ts'
import { keysInUse } from './keys-in-use.ts'

const most = 60
const windowMs = 60_000
const rightForMs = 24 * 60 * 60_000

interface Caller {
  wrong: number
  /** Keys that are being looked up: whether they are wrong is not known yet. */
  asked: number
  readonly until: number
  readonly waiting: (() => void)[]
}

const tooMany = (milliseconds: number) =>
  problem('too_many_requests', `More than ${most} wrong API keys came from this address in a minute.`, {
    extra: { retryAfter: Math.ceil(milliseconds / 1000) },
  })

/** A key is named by its id and the hash of its secret: with another secret it is another key. */
export function wrongKeys(clock: Clock, readInUse: (usedSince: string) => Promise<readonly string[]>) {
  const callers = shortMemory<Caller>(clock, windowMs)
  const right = shortMemory<true>(clock, rightForMs)
  const inUse = keysInUse(clock, readInUse)

  function callerAt(address: string): Caller {
    const known = callers.get(address)
    if (known) return known
    const caller = { wrong: 0, asked: 0, until: clock.uptime() + windowMs, waiting: [] }
    callers.set(address, caller)
    return caller
  }

  /**
   * Ends when one more key may be looked up, and counts it; false when none may be. Right keys that come at once for the first time
   * wait, and are not refused.
   */
  async function turnOf(caller: Caller): Promise<boolean> {
    while (caller.wrong + caller.asked >= most) {
      if (caller.wrong >= most) return false
      await new Promise<void>((done) => caller.waiting.push(done))
    }
    caller.asked += 1
    return true
  }

  async function lookUpAnyway<T>(address: string, key: string, lookUp: () => Promise<T | null>): Promise<T | null> {
    const found = await lookUp()
    if (found !== null) {
      right.set(key, true)
      return found
    }
    right.forget(key)
    inUse.forget(key)
    callerAt(address).wrong += 1
    return null
  }

  return {
    /** Whether the key was right within a day. */
    wasRight: async (key: string): Promise<boolean> => right.get(key) === true || (await inUse.has(key)),
    /** Looks the key up, unless too many of its address were wrong. */
    async limited<T>(address: string, key: string, lookUp: () => Promise<T | null>): Promise<T | null> {
      if (right.get(key)) return lookUpAnyway(address, key, lookUp)
      const caller = callerAt(address)
      if (!(await turnOf(caller))) {
        if (await inUse.has(key)) return lookUpAnyway(address, key, lookUp)
        throw tooMany(Math.max(1, caller.until - clock.uptime()))
      }
      try {
        const found = await lookUp()
        if (found === null) caller.wrong += 1
        else right.set(key, true)
        return found
      } finally {
        caller.asked -= 1
        for (const goOn of caller.waiting.splice(0)) goOn()
      }
    },
  }
}
