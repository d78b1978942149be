// Watches the statements of all processes, so that what must hold at every moment (an intent before its call) and what
// must happen now and then (a takeover, a fenced write) is seen without asking the service.
import type { Replica } from './replica.ts'

export interface Uncertainty {
  readonly batchId: string
  readonly since: number
  readonly until: number
}

export interface Observer {
  query(
    by: Replica,
    text: string,
    values: readonly unknown[],
    rows: readonly Record<string, unknown>[],
    affected: number,
  ): void
  committed(by: Replica): void
  undone(by: Replica): void
  databaseFailed(by: Replica): void
  /** Answers of writes that reached a process and are not on record yet. */
  answered(by: Replica, recorded: boolean): void
  /** Keys whose intent is committed. */
  readonly intents: ReadonlySet<string>
  /** When the intent of a key was made; never, when it was not. */
  intendedAt(key: string): number
  /** The records of an intent, in the order of its elements. */
  recordsOf(key: string): readonly string[]
  readonly uncertainties: readonly Uncertainty[]
}

const sqlOf = {
  intent: 'insert into "write_batches"',
  change: 'update "write_batches"',
  claim: 'UPDATE sync_jobs SET lease_owner',
  save: 'update "sync_jobs" set "status"',
}

/** Among the values of an intent: its elements, as text. */
function elementsIn(texts: readonly string[]): string[] {
  const text = texts.find((one) => one.startsWith('[{') && one.includes('"queueItemId"'))
  const elements = JSON.parse(text ?? '[]') as readonly { recordType: string; recordId: string }[]
  return elements.map(({ recordType, recordId }) => `${recordType}:${recordId}`)
}

export function observer(now: () => number, reached: (what: string) => void): Observer {
  const intents = new Set<string>()
  const pending = new Map<Replica, (() => void)[]>()
  const holders = new Map<string, Replica>()
  const unsettled = new Map<string, number>()
  const firstSent = new Map<string, number>()
  const recordsOf = new Map<string, string[]>()
  const uncertainties: Uncertainty[] = []
  const recording = new Set<Replica>()

  const later = (by: Replica, effect: () => void) => {
    const list = pending.get(by) ?? []
    list.push(effect)
    pending.set(by, list)
  }

  return {
    intents,
    uncertainties,
    recordsOf: (key) => recordsOf.get(key) ?? [],
    intendedAt: (key) => firstSent.get(key) ?? Number.POSITIVE_INFINITY,
    query(by, text, values, rows, affected) {
      if (text.startsWith(sqlOf.intent)) {
        const texts = values.filter((value) => typeof value === 'string')
        const at = now()
        const records = elementsIn(texts)
        later(by, () => {
          for (const value of texts) {
            intents.add(value)
            recordsOf.set(value, records)
            if (!firstSent.has(value)) firstSent.set(value, at)
          }
        })
      } else if (text.startsWith(sqlOf.change)) {
        const id = String(values.at(-1))
        if (values.includes('uncertain')) later(by, () => unsettled.set(id, firstSent.get(id) ?? now()))
        if (values.includes('settled')) {
          later(by, () => {
            const since = unsettled.get(id)
            if (since !== undefined) uncertainties.push({ batchId: id, since, until: now() })
            unsettled.delete(id)
          })
        }
      } else if (text.trimStart().startsWith(sqlOf.claim)) {
        for (const row of rows) {
          const id = String(row.id)
          const holder = holders.get(id)
          if (holder && holder !== by) reached('lease takeover')
          holders.set(id, by)
        }
      } else if (text.startsWith(sqlOf.save) && affected > 0) {
        for (const [id, holder] of holders) if (holder === by && values.includes(id)) holders.delete(id)
      }
    },
    committed(by) {
      for (const effect of pending.get(by) ?? []) effect()
      pending.delete(by)
    },
    undone(by) {
      pending.delete(by)
    },
    databaseFailed(by) {
      if (recording.delete(by)) reached('database down during record')
    },
    answered(by, recorded) {
      if (recorded) recording.delete(by)
      else recording.add(by)
    },
  }
}
