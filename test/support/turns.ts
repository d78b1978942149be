// How often others have their turn while something is worked off: a stretch that holds the event loop gives none.

/** Turns of the event loop until the work has ended, and its result. */
export async function turnsDuring<T>(work: () => Promise<T>): Promise<{ readonly turns: number; readonly result: T }> {
  let turns = 0
  let isOver = false
  const count = () => {
    turns += 1
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  try {
    const result = await work()
    return { result, turns }
  } finally {
    isOver = true
  }
}
