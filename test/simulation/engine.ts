// One process of the service: its engine and the services that the product asks, on a database connection and a port to
// Xero that may fail. It works until nothing is due, then sleeps until something is, or until it is woken.
import type { AccountingProvider } from '../../src/accounting/provider.ts'
import type { Db } from '../../src/db/tables.ts'
import { sealedBox } from '../../src/lib/sealed-box.ts'
import type { Logger } from '../../src/observability/logger.ts'
import { openEngine } from '../../src/services/engine.ts'
import { jobService } from '../../src/services/jobs.ts'
import { queueService } from '../../src/services/queue.ts'
import { recordService } from '../../src/services/records.ts'
import { settingsService } from '../../src/services/settings.ts'
import type { Agenda } from './agenda.ts'
import type { Random } from './random.ts'
import type { Replica } from './replica.ts'

export interface EngineParts {
  readonly agenda: Agenda
  readonly replica: Replica
  readonly db: Db
  readonly provider: AccountingProvider
  readonly random: Random
  readonly newId: () => string
  readonly log: Logger
  readonly limits: { minute: number; day: number; concurrent: number; appMinute: number }
  /** Called after each turn: perhaps another process takes the next one. */
  readonly afterTurn: () => void
}

export type Engine = ReturnType<typeof engine>

const box = sealedBox([{ id: 's1', key: Buffer.alloc(32, 5) }])
const faultPauseMs = 2_000
const pollMs = 500
const finishEveryMs = 4 * 60_000

export function engine(parts: EngineParts) {
  const { replica, db, provider, random, newId, log, limits, afterTurn } = parts
  const { clock } = replica
  const { tokens, calls, startJob, runner, schedule, sweep } = openEngine({
    db,
    clock,
    provider,
    box,
    owner: replica.name,
    newId,
    publicUrl: 'https://sync.example.com',
    limits,
    random: random.next,
    log,
  })
  let wakeUp: (() => void) | null = null
  let resting = false
  let woken = false

  function wake(): void {
    resting = false
    woken = true
    wakeUp?.()
  }

  /** Whether something is due; where nothing is, or it was tried in vain, it sleeps until something is, or somebody wakes it. */
  async function look(tried: boolean): Promise<boolean> {
    woken = false
    const due = await runner.nextDueAt()
    // "-infinity" says that a job is due already.
    const inMs = due === null ? null : (Date.parse(due) || 0) - clock.now().getTime() + 1
    if (!tried && inMs !== null && inMs <= 1) return true
    if (woken) return false
    await new Promise<void>((open) => {
      let over = false
      const end = () => {
        if (over) return
        over = true
        wakeUp = null
        resting = false
        open()
      }
      resting = due === null
      wakeUp = () => void replica.gate(random.between(0, 20)).then(end)
      if (inMs !== null) void replica.gate(Math.max(pollMs, inMs)).then(end)
    })
    return false
  }

  return {
    replica,
    tokens,
    records: recordService({ db, clock, newId, provider, caller: calls }),
    jobs: jobService({ db, startJob, wake: () => undefined }),
    settings: settingsService({ db, clock, newId }),
    queue: queueService({ db, clock, newId }),
    sweep,
    db,
    wake,
    /** It waits, and nothing is due at any time. */
    isResting: () => resting,
    /** The loop of src/worker/runner.ts, asleep where that one polls. */
    async work(): Promise<void> {
      let worked = true
      for (;;) {
        try {
          const tried: boolean = worked
          worked = tried && (await runner.turn())
          if (!worked && (await look(tried))) worked = await runner.turn()
          if (worked) afterTurn()
        } catch {
          await clock.sleep(faultPauseMs)
        }
      }
    },
    /** The duty of src/house.ts, less often: a minute here costs as much as a turn. */
    async finishRefreshes(): Promise<void> {
      for (;;) {
        await clock.sleep(finishEveryMs)
        await tokens.finishRefreshes().catch(() => undefined)
      }
    },
    async tickSchedule(everyMs: number): Promise<void> {
      for (;;) {
        await clock.sleep(everyMs)
        try {
          if ((await schedule.tick()) > 0) {
            wake()
            afterTurn()
          }
        } catch {
          // The next tick comes.
        }
      }
    },
  }
}
