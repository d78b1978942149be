// The sync queue: what waits to be brought to Xero, and what became of it.
import { Type } from 'typebox'
import { QueueItem } from '../../domain/queue-item.ts'
import { type QueueFilter, queueSorts, type Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { listOf } from '../paging.ts'
import { listParameters, pageOf, queryOf } from '../schemas/lists.ts'
import { ConnectionPath, QueueItemPath } from '../schemas/parameters.ts'
import { QueueCount, queueFilters, RequeueAnswer, RequeueRequest } from '../schemas/queue.ts'

const tags = ['Sync queue']

const filterOf = (query: { [N in keyof QueueFilter]?: QueueFilter[N] }): QueueFilter => ({
  recordType: query.recordType ?? null,
  action: query.action ?? null,
  status: query.status ?? null,
  jobId: query.jobId ?? null,
  recordId: query.recordId ?? null,
  search: query.search ?? null,
})

export function queueRoutes(app: App, { queue }: Services): void {
  app.get(
    '/v1/connections/:connectionId/sync-queue-items',
    {
      schema: {
        operationId: 'listQueueItems',
        summary: 'List queue items',
        description:
          'Without a status filter: the open items. Filters are combined with AND; several values of one with OR.',
        tags,
        params: ConnectionPath,
        querystring: queryOf({
          ...listParameters,
          ...queueFilters,
          sort: Type.Optional(
            Type.Enum([...queueSorts], { default: '-createdAt', description: 'A leading minus: newest first.' }),
          ),
        }),
        response: { 200: pageOf(QueueItem, 'queue items') },
      },
    },
    (request, reply) => {
      const { sort = '-createdAt' } = request.query
      const filter = filterOf(request.query)
      return listOf(request, reply, { ...filter, sort }, (page) =>
        queue.list(request.companyId, request.params.connectionId, filter, sort, page),
      )
    },
  )

  app.get(
    '/v1/connections/:connectionId/sync-queue-items/count',
    {
      schema: {
        operationId: 'countQueueItems',
        summary: 'Count queue items',
        description: 'How many items the list with the same filters holds.',
        tags,
        params: ConnectionPath,
        querystring: queryOf(queueFilters),
        response: { 200: QueueCount },
      },
    },
    async (request) => ({
      count: await queue.count(request.companyId, request.params.connectionId, filterOf(request.query)),
    }),
  )

  app.post(
    '/v1/connections/:connectionId/sync-queue-items',
    {
      schema: {
        operationId: 'requeueRecords',
        summary: 'Queue records again',
        description:
          'Opens queue items for stored records, the named ones or all of a type, as if they had just changed. A customer, vendor or item that stands in Xero as it is here is not sent. A named record that was deleted and still stands in Xero gets its deletion queued again.',
        tags,
        params: ConnectionPath,
        body: RequeueRequest,
        response: { 200: RequeueAnswer },
      },
      config: { idempotent: true },
    },
    (request) => {
      const { recordType, recordIds = null } = request.body
      return queue.requeue(request.companyId, request.params.connectionId, { recordType, recordIds })
    },
  )

  app.get(
    '/v1/connections/:connectionId/sync-queue-items/:itemId',
    {
      schema: {
        operationId: 'getQueueItem',
        summary: 'Get a queue item',
        description: 'The item with its status, last error and remedy.',
        tags,
        params: QueueItemPath,
        response: { 200: QueueItem },
      },
    },
    (request) => queue.get(request.companyId, request.params.connectionId, request.params.itemId),
  )

  app.delete(
    '/v1/connections/:connectionId/sync-queue-items/:itemId',
    {
      schema: {
        operationId: 'deleteQueueItem',
        summary: 'Take an item out of the queue',
        description:
          'The change is then not sent to Xero. A deletion cannot be undone, an item that a job holds cannot be taken out, and ' +
          'that of an item, customer or vendor only with force.',
        tags,
        params: QueueItemPath,
        querystring: queryOf({
          force: Type.Optional(
            Type.Boolean({
              default: false,
              description:
                'Also for an item, customer or vendor: Xero may then overwrite the record at the next import.',
            }),
          ),
        }),
        response: { 200: QueueItem },
      },
      config: {
        problems: [
          'delete_irreversible',
          'queue_item_locked',
          'queue_item_uncertain',
          'entity_item_not_removable',
          'invalid_state_transition',
        ],
      },
    },
    (request) => {
      const { connectionId, itemId } = request.params
      return queue.remove(request.companyId, connectionId, itemId, { force: request.query.force ?? false })
    },
  )
}
