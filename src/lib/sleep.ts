// A pause that an AbortSignal ends early, so that shutdown never waits for a timer.
import { setTimeout as delay } from 'node:timers/promises'

export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal, ref: signal !== undefined }).catch((error: unknown) => {
    if (!signal?.aborted) throw error
  })
}
