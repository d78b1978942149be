// One race: one side stands before its n-th statement while the other one runs to its end, or until it waits for a lock; then
// the first one goes on. For every n there is, and both ways round. Afterwards everything that was acknowledged must stand in
// Xero, or be shown with its reason.
import { setTimeout as pause } from 'node:timers/promises'
import type { Moment } from './moves.ts'
import type { Claim, Move } from './requests.ts'
import { type Stage, standing, valueInRecord, wantedValue } from './stage.ts'

export interface Race {
  readonly id: string
  readonly what: string
  readonly claims: readonly Claim[]
}

export interface Outcome {
  readonly races: number
  readonly violations: readonly string[]
}

/** Longer than any statement of a race takes on a busy machine: the other side waits for something that is no lock. */
const stuckMs = 20_000

/** Runs `paused` on the slow house and `other` on the quick one; null when `paused` has fewer statements than n. */
async function race(stage: Stage, paused: Move, other: Move, n: number, id: string): Promise<Race | null> {
  const stop = stage.paused.pauseBefore(n)
  const slow = paused.run(stage, stage.slow, id)
  const statement = await Promise.race([stop.reached, slow.then(() => null)])
  if (statement === null) {
    stop.release()
    return null
  }
  let isDone = false
  const quick = other.run(stage, stage.quick, id).finally(() => {
    isDone = true
  })
  quick.catch(() => undefined)
  for (const begun = performance.now(); !isDone; await pause(2)) {
    if (await stage.isBlocked()) break
    if (performance.now() - begun > stuckMs) break
  }
  stop.release()
  const claims = (await Promise.all([slow, quick])).filter((claim) => claim !== null)
  const [words] = /^\s*\w+(\s+\S+){0,3}/.exec(statement) ?? [statement]
  return { id, claims, what: `${paused.name}, before its statement ${n} (${words}), and ${other.name}` }
}

/** All places of one side, or every `stride`-th. The job that is left is worked off after each race. */
async function places(
  stage: Stage,
  moment: Moment,
  request: Move,
  { side, stride, violations }: { side: 'engine' | 'request'; stride: number; violations: string[] },
) {
  const races: Race[] = []
  const [paused, other] = side === 'engine' ? [moment, request] : [request, moment]
  for (let n = 1; ; n += stride) {
    const id = moment.from === 'synced' ? await stage.syncedId(moment.kind) : stage.newId()
    await request.ready?.(stage, id)
    await moment.prepare(stage, id)
    const one = await race(stage, paused, other, n, id)
    const unmade = await request.after?.(stage, one?.claims ?? [])
    if (unmade) violations.push(`${id}: ${one?.what}: ${unmade}`)
    await stage.workOff(moment.byXero !== undefined)
    if (one === null) return races
    for (const { holds } of one.claims) {
      const wrong = await holds?.(stage)
      if (wrong) violations.push(`${one.id}: ${one.what}: ${wrong}`)
    }
    races.push(one)
  }
}

/** Every place of every request against a moment, both ways round. */
export async function racesOf(
  stage: Stage,
  moment: Moment,
  requests: readonly Move[],
  { stride = 1 }: { stride?: number } = {},
): Promise<Outcome> {
  const races: Race[] = []
  const violations: string[] = []
  const { logLines } = stage.world
  const from = logLines.length
  for (const request of requests) {
    for (const side of ['engine', 'request'] as const) {
      races.push(...(await places(stage, moment, request, { side, stride, violations })))
    }
  }
  await moment.end?.(stage)
  for (let round = 0; round < 2; round++) await stage.tenant.sync()
  const queue = new Map((await stage.tenant.queue()).map((item) => [item.recordId, item]))
  violations.push(...(await stage.heldTwice()).map((one) => `two records are ${one}`))
  for (const one of races) {
    const wrong = await judge(stage, moment, one, queue.get(one.id))
    if (wrong) violations.push(`${one.id}: ${one.what}: ${wrong}`)
  }
  const faults = logLines.slice(from).filter((line) => JSON.parse(line).level >= 50)
  violations.push(...faults.map((line) => `a fault in the log: ${line.slice(0, 400)}`))
  return { races: races.length, violations }
}

interface Shown {
  readonly status: string
  readonly lastError: unknown
}

const isOfRecord = ({ content, deleted, released, linked }: Claim): boolean =>
  content !== undefined || deleted === true || released === true || linked !== undefined

/** What is wrong with a record when all is quiet; null: nothing. */
async function judge(stage: Stage, moment: Moment, { id, claims }: Race, open?: Shown): Promise<string | null> {
  const { kind } = moment
  const { status, body } = await stage.tenant.api('GET', `${kind}/${id}`)
  if (status === 404 && moment.maybeNone && claims.every((claim) => !isOfRecord(claim))) return null
  if (status !== 200) return `the record answers ${status}`
  const linked = claims.flatMap((claim) => claim.linked ?? [])
  const isLinkedElsewhere = body.sync.xero?.id !== linked[0] && !claims.some(({ released }) => released)
  if (linked.length > 0 && isLinkedElsewhere) return `it was linked to ${linked}, and is ${body.sync.xero?.id}`
  const there = standing(stage, kind, id, body.sync.xero?.id)
  const { state, lastError } = body.sync
  const isExplained = open !== undefined && (open.lastError ?? lastError) !== null
  const isDeleted = claims.some(({ deleted }) => deleted) || moment.name === 'a document is removed'
  const wanted = claims.flatMap(({ content }) => content ?? [])
  const isReleased = claims.some(({ released }) => released)
  if (open && !isExplained) return `it is ${open.status} in the queue for no reason that is shown`
  if (['locked', 'uncertain', 'pending'].includes(state) && !open) return `it shows ${state}, and nothing is under way`
  if (body.deletedAt !== null) {
    if (!isDeleted && moment.byXero !== 'deleted') return 'it was deleted by nobody'
    return there && !isExplained ? `its deletion was acknowledged, it stands in Xero and shows ${state}` : null
  }
  if (isDeleted && wanted.length === 0) return 'its acknowledged deletion was taken back'
  const value = valueInRecord(kind, body.record)
  const values = wanted.map((n) => wantedValue(kind, id, n))
  if (wanted.length > 0 && !values.includes(value) && moment.byXero === undefined) return `it holds ${value}`
  if (isExplained || isReleased) return null
  if (!there)
    return moment.byXero === 'deleted' && state === 'never_synced' ? null : `it is not in Xero and shows ${state}`
  return there.value === value ? null : `it holds ${value}, Xero holds ${there.value}, and it shows ${state}`
}
