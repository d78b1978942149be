// Places by name: at most so many pieces of work under one name are under way at once, the others wait in order.

export type Places = <T>(name: string, work: () => Promise<T>) => Promise<T>

export function createPlaces(atOnce: number): Places {
  const taken = new Map<string, { running: number; readonly waiting: (() => void)[] }>()
  return async (name, work) => {
    const place = taken.get(name) ?? { running: 0, waiting: [] }
    taken.set(name, place)
    if (place.running < atOnce) place.running += 1
    // Whoever leaves hands its place over, so that nobody comes in between.
    else await new Promise<void>((enter) => place.waiting.push(enter))
    try {
      return await work()
    } finally {
      const next = place.waiting.shift()
      if (next) next()
      else {
        place.running -= 1
        if (place.running === 0) taken.delete(name)
      }
    }
  }
}
