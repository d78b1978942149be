// The virtual time of one schedule. Whatever waits (for a query, for an answer, for time to pass) has an entry here, and
// exactly one entry is served at a time: everything that it sets off has come to rest before the next one begins. That
// is what makes a schedule repeat exactly.

import { createHash } from 'node:crypto'
import { setImmediate as macrotask } from 'node:timers/promises'

interface Entry {
  readonly at: number
  readonly order: number
  readonly serve: () => void
}

export interface Agenda {
  /** Milliseconds since the epoch. */
  now(): number
  /** Serves `serve` at the time, or now when the time is past. */
  at(time: number, serve: () => void): void
  /** Something is under way outside of virtual time (the database computes): nothing else is served until it ends. */
  busy<T>(work: Promise<T>): Promise<T>
  /** Serves entries until `done`, the time, or until none is left. */
  run(until: number, done: () => boolean): Promise<void>
  /** Puts a line into the trace. */
  trace(line: () => string): void
  traceHash(): string
  readonly lines: readonly string[]
}

export function agenda(start: number, verbose: boolean): Agenda {
  const heap: Entry[] = []
  const lines: string[] = []
  const digest = createHash('sha256')
  let now = start
  let order = 0
  let underWay = 0

  const before = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.order < b.order)

  function push(entry: Entry): void {
    heap.push(entry)
    for (let child = heap.length - 1; child > 0; ) {
      const parent = (child - 1) >> 1
      const [up, down] = [heap[parent] as Entry, heap[child] as Entry]
      if (!before(down, up)) return
      heap[parent] = down
      heap[child] = up
      child = parent
    }
  }

  function pop(): Entry | undefined {
    const top = heap[0]
    const last = heap.pop()
    if (!last || heap.length === 0) return top
    heap[0] = last
    for (let parent = 0; ; ) {
      const left = 2 * parent + 1
      const right = left + 1
      let least = parent
      if (left < heap.length && before(heap[left] as Entry, heap[least] as Entry)) least = left
      if (right < heap.length && before(heap[right] as Entry, heap[least] as Entry)) least = right
      if (least === parent) return top
      const [up, down] = [heap[parent] as Entry, heap[least] as Entry]
      heap[parent] = down
      heap[least] = up
      parent = least
    }
  }

  async function settle(): Promise<void> {
    do await macrotask()
    while (underWay > 0)
  }

  return {
    now: () => now,
    at: (time, serve) => push({ at: Math.max(time, now), order: order++, serve }),
    async busy(work) {
      underWay += 1
      try {
        return await work
      } finally {
        underWay -= 1
      }
    },
    async run(until, done) {
      await settle()
      while (!done()) {
        const next = heap[0]
        if (!next || next.at > until) {
          now = Math.max(now, until)
          return
        }
        pop()
        now = next.at
        next.serve()
        await settle()
      }
    },
    trace(line) {
      const text = `${new Date(now).toISOString().slice(11, 23)} ${line()}`
      digest.update(text)
      if (verbose) lines.push(text)
    },
    traceHash: () => digest.copy().digest('hex').slice(0, 16),
    lines,
  }
}
