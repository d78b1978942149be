// The way of every API request, in order: journal, token, tenant, limits, fault before, idempotency, handler, fault after,
// answer. Both places where misfortune may strike are in `handle`, and nowhere else.
import { setTimeout as wait } from 'node:timers/promises'
import { type Fault, faultyAnswer, stageOf, takeFault } from '../faults.ts'
import { type JournalEntry, record } from '../journal.ts'
import { readBearer } from '../oauth/tokens.ts'
import { drawFault } from '../weather.ts'
import { now, type World } from '../world.ts'
import { type Answer, denied } from './answer.ts'
import { type Dispatched, dispatch } from './dispatch.ts'
import { fingerprint, recall, remember, takesKey } from './idempotency.ts'
import { landLateRequests } from './late.ts'
import { enter, leave, limitHeaders, usageOf } from './limits.ts'
import { tooLarge } from './sizes.ts'

export interface ApiRequest {
  method: string
  /** With its query, as it was sent. */
  url: string
  headers: { [name: string]: string | undefined }
  bodyText: string
}

interface Handled extends Partial<Dispatched> {
  answer: Answer
  replayed?: boolean
  fault?: Fault | undefined
}

const base = '/api.xro/2.0/'

async function handle(
  world: World,
  request: ApiRequest,
  url: URL,
  fault: Fault | undefined,
  entry: JournalEntry,
): Promise<Handled> {
  const tenantId = request.headers['xero-tenant-id']?.toLowerCase() ?? ''
  if (fault?.kind === 'lost_request') return { answer: { status: 0, lost: true } }
  const oversized = tooLarge(world.sizes, url, request.bodyText)
  if (oversized) return { answer: oversized, refusal: `status ${oversized.status}` }
  const bearer = readBearer(world, request.headers.authorization)
  if (bearer.kind !== 'valid') return { answer: denied(401, bearer), refusal: bearer.kind }
  const organisation = world.organisations.get(tenantId)
  const connected = [...world.connections.values()].some(
    (one) => one.tenantId === tenantId && one.userId === bearer.userId,
  )
  if (fault?.kind === 'disconnect') {
    for (const one of [...world.connections.values()]) if (one.tenantId === tenantId) world.connections.delete(one.id)
    return { answer: denied(403), refusal: 'not connected' }
  }
  if (!organisation || !connected) return { answer: denied(403), refusal: 'not connected' }
  if (fault?.kind === 'http_429') {
    usageOf(world.traffic, tenantId).retryAt = now(world) + (fault.retryAfter ?? 0) * 1000
    return { answer: faultyAnswer(fault, undefined) as Answer }
  }
  const refused = enter(world.traffic, world.limits, tenantId, now(world))
  if (refused) return { answer: refused, refusal: refused.headers?.['x-rate-limit-problem'] ?? 'limit' }
  const asked = { method: request.method, path: url.pathname, query: url.searchParams, bodyText: request.bodyText }
  try {
    if (world.latencyMs > 0) await wait(world.latencyMs)
    if (fault && stageOf(fault) === 'before' && fault.kind !== 'late_arrival') {
      // ---- misfortune before anything is saved
      if (fault.kind === 'slow') await wait(fault.delayMs ?? 0)
      const answer = faultyAnswer(fault, undefined, asked)
      if (answer) return { answer: keep(world, request, tenantId, answer) }
    }
    const who = { organisation, user: world.users.get(bearer.userId), scopes: bearer.scopes }
    if (fault?.kind === 'late_arrival') {
      const at = now(world) + (fault.delayMs ?? 0)
      world.late.push({ at, land: () => note(entry, perform(world, request, url, who, at)) })
      return { answer: { status: 0, lost: true } }
    }
    const handled = perform(world, request, url, who, now(world))
    if (fault && stageOf(fault) === 'after') {
      // ---- misfortune after it is saved
      if (fault.kind === 'slow') await wait(fault.delayMs ?? 0)
      const answer = faultyAnswer(fault, handled.answer, asked)
      if (answer) {
        if (fault.kind === 'http_500_after') keep(world, request, tenantId, answer)
        return { ...handled, answer }
      }
    }
    return handled
  } finally {
    leave(world.traffic, tenantId)
  }
}

/** A 500 is cached under the key like any other answer; what a gateway says is not. */
function keep(world: World, request: ApiRequest, tenantId: string, answer: Answer): Answer {
  const key = request.headers['idempotency-key']
  if (key && takesKey(request.method) && answer.status === 500) {
    const print = fingerprint(request.method, request.url, tenantId, request.bodyText)
    remember(world.idempotency, key, print, now(world), answer)
  }
  return answer
}

type Who = Pick<Parameters<typeof dispatch>[0], 'organisation' | 'user'> & { scopes: string[] }

/** Everything between the two faults happens without waiting, so two requests with one key cannot both be carried out. */
function perform(world: World, request: ApiRequest, url: URL, who: Who, at: number): Handled {
  const key = takesKey(request.method) ? request.headers['idempotency-key'] : undefined
  const print = fingerprint(request.method, request.url, who.organisation.id, request.bodyText)
  const recalled = key === undefined ? undefined : recall(world.idempotency, key, print, at)
  if (recalled) return recalled
  if (!request.headers.accept?.includes('application/json'))
    return {
      answer: {
        status: 406,
        raw: 'Accept: application/json is needed; this simulator writes no XML',
        contentType: 'text/plain',
      },
    }
  const handled = dispatch(
    { world, organisation: who.organisation, user: who.user, at },
    {
      method: request.method,
      segments: segmentsOf(url),
      query: url.searchParams,
      bodyText: request.bodyText,
      ifModifiedSince: request.headers['if-modified-since'],
      scopes: who.scopes,
    },
  )
  const answered = handled.answer.status !== 401 && handled.answer.status !== 404
  if (key !== undefined && answered) remember(world.idempotency, key, print, at, handled.answer)
  return handled
}

function decoded(search: string): string {
  try {
    return decodeURIComponent(search.replaceAll('+', ' '))
  } catch {
    return search
  }
}

function segmentsOf(url: URL): string[] {
  const parts = url.pathname.slice(base.length).split('/').filter(Boolean)
  try {
    return parts.map(decodeURIComponent)
  } catch {
    return parts
  }
}

function parsed(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** What the journal keeps of what was done. */
function note(entry: JournalEntry, { committed, unknown, replayed, refusal }: Handled): void {
  entry.committed = committed ?? []
  entry.unknown = unknown ?? []
  entry.replayed = replayed ?? false
  if (refusal !== undefined) entry.refusal = refusal
}

export async function answerApi(world: World, request: ApiRequest): Promise<Answer> {
  landLateRequests(world)
  const url = new URL(request.url, 'http://localhost')
  const tenantId = request.headers['xero-tenant-id']?.toLowerCase()
  const entry = record(world.journal, {
    at: new Date(now(world)).toISOString(),
    area: 'api',
    method: request.method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: {
      ...(tenantId === undefined ? {} : { tenantId }),
      ...(request.headers['idempotency-key'] ? { idempotencyKey: request.headers['idempotency-key'] } : {}),
      ...(request.headers['if-modified-since'] ? { ifModifiedSince: request.headers['if-modified-since'] } : {}),
    },
    ...(request.method === 'GET' ? {} : { body: parsed(request.bodyText) }),
    status: null,
    committed: [],
    replayed: false,
    unknown: [],
  })
  const query = decoded(url.search)
  const planned = takeFault(world.faults, { method: request.method, path: url.pathname, query, tenantId })
  const fault = planned ?? drawFault(world.weather, request.method === 'GET' ? 'api' : 'writes')
  if (fault) entry.fault = fault.kind
  const handled = await handle(world, request, url, fault, entry)
  entry.status = handled.answer.lost ? null : handled.answer.status
  note(entry, handled)
  return {
    ...handled.answer,
    headers: { ...limitHeaders(world.traffic, world.limits, tenantId ?? '', now(world)), ...handled.answer.headers },
  }
}
