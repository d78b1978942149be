// The services as the routes use them: every sync error that they answer names the calls that come next.
import { openStatuses, type QueueItem } from '../domain/queue-item.ts'
import type { SyncErrorCode } from '../domain/sync-errors.ts'
import type { SyncJob } from '../domain/sync-job.ts'
import type { SyncState } from '../domain/sync-state.ts'
import type { Attempt, ConnectionHealth, Page, RecordView, Services } from '../services/contract.ts'
import { withCalls } from './error-calls.ts'

/** Why nothing of a record was sent: untrue once something of it waits to be sent. */
const notSent: ReadonlySet<string> = new Set([
  'status_not_sent',
  'kept_as_sent',
  'change_withdrawn',
  'unlinked',
] satisfies SyncErrorCode[])

function syncOf(
  sync: SyncState,
  connectionId: string,
  { type, id, deletedAt = null }: Pick<RecordView, 'type' | 'id'> & { readonly deletedAt?: string | null },
): SyncState {
  const { state, lastError, xero } = sync
  if (!lastError || (state === 'pending' && notSent.has(lastError.code))) return { ...sync, lastError: null }
  const place = { connectionId, record: { type, id }, isDeletion: deletedAt !== null, isLinked: xero !== null }
  return { ...sync, lastError: withCalls(lastError, place) }
}

const viewOf =
  (connectionId: string) =>
  (view: RecordView): RecordView => ({ ...view, sync: syncOf(view.sync, connectionId, view) })

function itemOf(item: QueueItem): QueueItem {
  const { connectionId, recordType: type, recordId: id, lastError } = item
  const isDeletion = item.action === 'delete'
  const queueItemId = isDeletion || !openStatuses.some((status) => status === item.status) ? undefined : item.id
  const place = { connectionId, record: { type, id }, isDeletion, queueItemId }
  return { ...item, lastError: lastError && withCalls(lastError, place) }
}

const jobOf = (job: SyncJob): SyncJob => ({
  ...job,
  error: job.error && withCalls(job.error, { connectionId: job.connectionId, record: null }),
})

const pageOf = <T>({ items, next }: Page<T>, shown: (entry: T) => T): Page<T> => ({ items: items.map(shown), next })

/** The service with some of its methods replaced. */
const over = <S extends object>(service: S, replaced: Partial<S>): S => Object.assign(Object.create(service), replaced)

export function withShownErrors(services: Services): Services {
  const { records, queue, jobs, connections } = services
  const healthOf = (health: ConnectionHealth): ConnectionHealth => ({
    ...health,
    lastJob: health.lastJob && jobOf(health.lastJob),
  })
  return {
    ...services,
    records: over(records, {
      async upsert(company, connection, ...asked) {
        const { result, record } = await records.upsert(company, connection, ...asked)
        return { result, record: viewOf(connection)(record) }
      },
      async upsertMany(company, connection, type, bodies) {
        const results = await records.upsertMany(company, connection, type, bodies)
        return results.map((one) =>
          one.sync && one.id !== null ? { ...one, sync: syncOf(one.sync, connection, { type, id: one.id }) } : one,
        )
      },
      get: async (company, connection, ...asked) =>
        viewOf(connection)(await records.get(company, connection, ...asked)),
      list: async (company, connection, ...asked) =>
        pageOf(await records.list(company, connection, ...asked), viewOf(connection)),
      remove: async (company, connection, ...asked) =>
        viewOf(connection)(await records.remove(company, connection, ...asked)),
      async attempts(company, connection, type, id, page) {
        const found = await records.attempts(company, connection, type, id, page)
        const record = { type, id }
        return pageOf(
          found,
          (attempt: Attempt): Attempt => ({
            ...attempt,
            error: attempt.error && withCalls(attempt.error, { connectionId: connection, record }),
          }),
        )
      },
      link: async (company, connection, ...asked) =>
        viewOf(connection)(await records.link(company, connection, ...asked)),
      resolveConflict: async (company, connection, ...asked) =>
        viewOf(connection)(await records.resolveConflict(company, connection, ...asked)),
      unlink: async (company, connection, ...asked) =>
        viewOf(connection)(await records.unlink(company, connection, ...asked)),
    }),
    queue: over(queue, {
      list: async (...asked) => pageOf(await queue.list(...asked), itemOf),
      get: async (...asked) => itemOf(await queue.get(...asked)),
      remove: async (...asked) => itemOf(await queue.remove(...asked)),
    }),
    jobs: over(jobs, {
      create: async (...asked) => jobOf(await jobs.create(...asked)),
      list: async (...asked) => pageOf(await jobs.list(...asked), jobOf),
      get: async (...asked) => jobOf(await jobs.get(...asked)),
      cancel: async (...asked) => jobOf(await jobs.cancel(...asked)),
      errors: async (...asked) => pageOf(await jobs.errors(...asked), itemOf),
    }),
    connections: over(connections, {
      health: async (...asked) => healthOf(await connections.health(...asked)),
      liftLimits: async (...asked) => healthOf(await connections.liftLimits(...asked)),
    }),
  }
}
