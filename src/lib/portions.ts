// Work that would hold up every other request is done in portions; between two of them the event loop is given back.
import { setImmediate } from 'node:timers/promises'

/** Lets requests, timers and sockets that are due have their turn. */
export const giveWay = (): Promise<void> => setImmediate()

/** Consecutive portions of at most so much weight; what is heavier alone is a portion of its own. */
export function portions<T>(all: readonly T[], most: number, weightOf: (one: T) => number): T[][] {
  const made: T[][] = []
  let weight = 0
  for (const one of all) {
    const own = weightOf(one)
    const last = made.at(-1)
    if (last && weight + own <= most) {
      last.push(one)
      weight += own
    } else {
      made.push([one])
      weight = own
    }
  }
  return made
}

/** Yields one after the other; after so much weight others have their turn. */
export async function* gently<T>(all: Iterable<T>, most: number, weightOf: (one: T) => number): AsyncGenerator<T> {
  let weight = 0
  for (const one of all) {
    if (weight > most) {
      weight = 0
      await giveWay()
    }
    weight += weightOf(one)
    yield one
  }
}
