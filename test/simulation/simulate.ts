// One schedule from its seed: faults for a while, then none, until everything has come to rest; then the invariants.
import { hasBooks, isBusy, withBooks, withImportOff } from './books.ts'
import { type Company, live, openCompany } from './company.ts'
import type { SimulationDatabase } from './database.ts'
import { hasParts, withDrawnParts } from './drawn-parts.ts'
import { violationsOf } from './invariants.ts'
import { type Mix, mixes } from './mixes.ts'
import { busyPeople } from './people.ts'
import { plot } from './plot.ts'
import { randomFrom } from './random.ts'
import { openStage, type Stage } from './stage.ts'
import { hasUnlinks, withUnlinks } from './unlinks.ts'

const minute = 60_000
const day = 24 * 60 * minute
/** Jobs after the faults, at most: what failed is tried again, and what waits for it follows. */
const roundsAtMost = 6
/** No list lags longer behind what stands in Xero. */
const longestLagMs = 5 * minute
/** A schedule takes a thousand as a rule: one that turns idly must not hold up all the others. */
const statementsAtMost = 60_000

export interface Figures {
  readonly documents: number
  readonly writes: number
  readonly lookUps: number
  readonly reads: number
  readonly refreshes: number
  readonly writeCalls: number
  readonly uncertainMs: readonly number[]
  readonly queries: number
}

export interface Outcome {
  readonly seed: number
  readonly mix: string
  readonly violations: readonly string[]
  readonly hash: string
  readonly reached: Readonly<Record<string, number>>
  readonly figures: Figures
  readonly lines: readonly string[]
}

export const mixOf = (seed: number): Mix => mixes[seed % mixes.length] as Mix

export async function simulate(database: SimulationDatabase, seed: number, verbose = false): Promise<Outcome> {
  await database.reset()
  const queriesBefore = database.executed()
  const mix = mixOf(seed)
  const stage = openStage(database, seed, mix, verbose)
  const { agenda } = stage
  const companies: Company[] = []
  const problems: string[] = []
  let crashed: unknown = null
  const track = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => {
      crashed ??= error
    })
  const isEndless = () => database.executed() - queriesBefore > statementsAtMost
  const failed = () => crashed !== null || isEndless()

  let set = false
  track(
    prepare(stage, seed, mix, companies).then(() => {
      set = true
    }),
  )
  await agenda.run(agenda.now() + minute, () => set || failed())
  if (!set) throw crashed ?? new Error('the companies could not be set up')
  const begun = agenda.now()
  const calmAt = begun + Math.max(...companies.map(({ plot: { calmAt: at } }) => at))
  stage.start(
    stage.random.chance(0.75) ? 2 : 1,
    companies.some((company) => company.plot.hasSchedule),
  )
  stage.setFaulty(true)
  for (const company of companies) track(live(stage, company))
  await agenda.run(calmAt, failed)

  stage.setFaulty(false)
  stage.server.awayUntil = Math.min(stage.server.awayUntil, agenda.now())
  await agenda.run(agenda.now() + day, () => failed() || companies.every(({ done }) => done))
  let seen = ''
  for (let round = 0; round < roundsAtMost && !failed(); round++) {
    if (!(await rest(stage, calmAt + day, failed))) problems.push('it did not come to rest within a day')
    const waiting = await waitingOf(database)
    if (problems.length > 0 || waiting === '' || waiting === seen) break
    seen = waiting
    let begunJobs = false
    track(
      jobs(stage, companies).then(() => {
        begunJobs = true
      }),
    )
    await agenda.run(agenda.now() + minute, () => begunJobs || failed())
  }
  if (companies.some((company) => company.plot.conflict) && !failed()) {
    // What people did last is visible by now, and is taken over.
    await agenda.run(agenda.now() + longestLagMs, failed)
    // Where the product wins, an import may show what has to be written once more.
    const isOverruled = companies.some((company) => company.plot.conflict === 'product_wins')
    for (let last = isOverruled ? 2 : 1; last > 0 && !failed(); last--) {
      let begunJobs = false
      track(
        jobs(stage, companies).then(() => {
          begunJobs = true
        }),
      )
      await agenda.run(agenda.now() + minute, () => begunJobs || failed())
      if (!(await rest(stage, agenda.now() + day, failed)))
        problems.push('it did not come to rest after the last import')
    }
  }
  if (!failed()) await sweep(stage, track, failed)
  // Meanwhile the schedule may have begun a job.
  if (!failed() && !(await rest(stage, agenda.now() + day, failed))) problems.push('it did not come to rest again')
  if (isEndless()) problems.push(`it took more than ${statementsAtMost} statements: something turns idly`)
  if (crashed) problems.push(`the simulation failed: ${crashed instanceof Error ? crashed.stack : String(crashed)}`)
  const violations = [...problems, ...(await violationsOf(stage, database, companies))]
  const outcome = {
    seed,
    mix: mix.name,
    violations,
    hash: agenda.traceHash(),
    reached: await reachedOf(stage, database),
    figures: await figuresOf(stage, database, database.executed() - queriesBefore),
    lines: agenda.lines,
  }
  stage.stop()
  await agenda.run(agenda.now(), () => true)
  return outcome
}

async function prepare(stage: Stage, seed: number, mix: Mix, companies: Company[]): Promise<void> {
  const two = stage.random.chance(0.12)
  for (const letter of two ? ['a', 'b'] : ['a']) {
    const tag = `s${seed}${letter}`
    const sharing = stage.random.chance(0.5) ? (companies[0] ?? null) : null
    const drawn = plot(randomFrom(seed, tag), mix, tag)
    const played =
      hasBooks(seed) || hasParts(seed) || hasUnlinks(seed)
        ? withBooks(drawn, randomFrom(seed, `${tag} books`), tag)
        : drawn
    const busy = isBusy(seed) ? withImportOff(played, randomFrom(seed, `${tag} import off`)) : played
    const drawnParts = hasParts(seed) ? withDrawnParts(busy, randomFrom(seed, `${tag} parts`), tag) : busy
    const final = hasUnlinks(seed) ? withUnlinks(drawnParts, randomFrom(seed, `${tag} unlinks`)) : drawnParts
    stage.agenda.trace(() => `${tag}: ${final.conflict ?? ''}, nothing learned by ${final.importOff?.join() || 'none'}`)
    companies.push(await openCompany(stage, tag, final, sharing))
  }
  if (isBusy(seed)) busyPeople(stage, companies, randomFrom(seed, 'busy people'))
}

async function jobs(stage: Stage, companies: readonly Company[]): Promise<void> {
  for (const company of companies) {
    await stage.front.jobs
      .create(company.companyId, company.connectionId, { kind: 'incremental' })
      .catch(() => undefined)
  }
}

/** The hourly comparison with what Xero says that this application created, once after all has come to rest. */
async function sweep(stage: Stage, track: (work: Promise<unknown>) => void, failed: () => boolean): Promise<void> {
  let swept = false
  const all = async () => {
    while (await stage.front.sweep());
    swept = true
  }
  track(all())
  await stage.agenda.run(stage.agenda.now() + minute, () => swept || failed())
}

/** True when every process sleeps and nothing is due. Each looks once more: where a real one polls, these sleep until woken. */
async function rest(stage: Stage, until: number, failed: () => boolean): Promise<boolean> {
  const { agenda } = stage
  stage.wakeAll()
  await agenda.run(until, () => failed() || stage.resting())
  return agenda.now() < until
}

async function waitingOf(database: SimulationDatabase): Promise<string> {
  const { rows } = await database.execute(
    `SELECT record_type || ' ' || record_id || ' ' || action || ' ' || status || ' ' || coalesce(last_error->>'code', '') AS item
     FROM sync_queue_items WHERE status NOT IN ('synced', 'cancelled', 'superseded') ORDER BY 1`,
    [],
  )
  return rows.map(({ item }) => String(item)).join('\n')
}

async function reachedOf(stage: Stage, database: SimulationDatabase): Promise<Record<string, number>> {
  const { rows } = await database.execute("SELECT count(*)::int4 AS n FROM attempts WHERE outcome = 'adopted'", [])
  const adopted = Number(rows[0]?.n ?? 0)
  return { ...Object.fromEntries(stage.reached), ...(adopted > 0 ? { 'look-up adopted a document': adopted } : {}) }
}

async function figuresOf(stage: Stage, database: SimulationDatabase, queries: number): Promise<Figures> {
  const { rows } = await database.execute(
    `SELECT (SELECT count(*)::int4 FROM write_batches) AS calls,
       (SELECT coalesce(sum(jsonb_array_length(elements)), 0)::int4 FROM write_batches) AS documents`,
    [],
  )
  const { counts } = stage.model
  return {
    ...counts,
    documents: Number(rows[0]?.documents ?? 0),
    writeCalls: Number(rows[0]?.calls ?? 0),
    uncertainMs: stage.observer.uncertainties.map(({ since, until }) => until - since),
    queries,
  }
}
