// One record that makes the service itself fail is found by doing the records in halves, down to the one that fails alone: so
// it stops only itself, and everything else goes on.
import { LeaseLost } from './job-context.ts'

export interface Culprit<T> {
  readonly element: T
  readonly error: unknown
}

/**
 * Does the work for all elements, and again for halves of those with which it failed. What fails alone, for the second time,
 * is returned. `probe` fails where not the element is at fault but everything (the database is away): then nothing is blamed.
 */
export async function isolate<T>(
  elements: readonly T[],
  work: (part: readonly T[]) => Promise<void>,
  probe: () => Promise<unknown>,
): Promise<Culprit<T>[]> {
  const attempt = async (part: readonly T[]): Promise<{ error: unknown } | null> => {
    try {
      await work(part)
      return null
    } catch (error) {
      if (error instanceof LeaseLost) throw error
      await probe()
      return { error }
    }
  }
  const search = async (part: readonly T[]): Promise<Culprit<T>[]> => {
    const [element] = part
    if (element === undefined) return []
    const failed = await attempt(part)
    if (!failed) return []
    if (part.length === 1) {
      const again = await attempt(part)
      return again ? [{ element, error: again.error }] : []
    }
    const half = Math.ceil(part.length / 2)
    return [...(await search(part.slice(0, half))), ...(await search(part.slice(half)))]
  }
  return search(elements)
}
