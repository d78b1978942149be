// Sync jobs: create, watch, cancel, and what a job could not bring over.
import { QueueItem } from '../../domain/queue-item.ts'
import { SyncJob } from '../../domain/sync-job.ts'
import type { Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { listOf } from '../paging.ts'
import { listQuery, pageOf } from '../schemas/lists.ts'
import { ConnectionPath, JobPath, NewJob } from '../schemas/parameters.ts'

const tags = ['Sync jobs']

export function jobRoutes(app: App, { jobs }: Services): void {
  app.post(
    '/v1/connections/:connectionId/sync-jobs',
    {
      schema: {
        operationId: 'createSyncJob',
        summary: 'Create a sync job',
        description:
          'Takes the queue, exports it and then imports what changed in Xero. A worker begins at once; follow it with getSyncJob. At most ' +
          'one job of a connection is unfinished: otherwise 409, with its address in Location.',
        tags,
        params: ConnectionPath,
        body: NewJob,
        response: { 201: SyncJob },
      },
      config: { idempotent: true, problems: ['job_in_progress', 'connection_not_active'] },
    },
    async (request, reply) => {
      const { connectionId } = request.params
      const job = await jobs.create(request.companyId, connectionId, { kind: request.body.kind ?? 'incremental' })
      return reply.code(201).header('location', `/v1/connections/${connectionId}/sync-jobs/${job.id}`).send(job)
    },
  )

  app.get(
    '/v1/connections/:connectionId/sync-jobs',
    {
      schema: {
        operationId: 'listSyncJobs',
        summary: 'List sync jobs',
        description: 'The jobs of the connection, newest first.',
        tags,
        params: ConnectionPath,
        querystring: listQuery,
        response: { 200: pageOf(SyncJob, 'sync jobs') },
      },
    },
    (request, reply) =>
      listOf(request, reply, null, (page) => jobs.list(request.companyId, request.params.connectionId, page)),
  )

  app.get(
    '/v1/connections/:connectionId/sync-jobs/:jobId',
    {
      schema: {
        operationId: 'getSyncJob',
        summary: 'Get a sync job',
        description: 'Status and progress, also while it runs.',
        tags,
        params: JobPath,
        response: { 200: SyncJob },
      },
    },
    (request) => jobs.get(request.companyId, request.params.connectionId, request.params.jobId),
  )

  app.post(
    '/v1/connections/:connectionId/sync-jobs/:jobId/cancel',
    {
      schema: {
        operationId: 'cancelSyncJob',
        summary: 'Cancel a sync job',
        description: 'It ends after the call in flight; items that were not sent return to the queue.',
        tags,
        params: JobPath,
        response: { 200: SyncJob },
      },
      config: { problems: ['invalid_state_transition'] },
    },
    (request) => jobs.cancel(request.companyId, request.params.connectionId, request.params.jobId),
  )

  app.get(
    '/v1/connections/:connectionId/sync-jobs/:jobId/errors',
    {
      schema: {
        operationId: 'listSyncJobErrors',
        summary: 'List the errors of a sync job',
        description: 'The queue items that this job could not settle, each with cause and remedy.',
        tags,
        params: JobPath,
        querystring: listQuery,
        response: { 200: pageOf(QueueItem, 'queue items with their errors') },
      },
    },
    (request, reply) => {
      const { connectionId, jobId } = request.params
      return listOf(request, reply, null, (page) => jobs.errors(request.companyId, connectionId, jobId, page))
    },
  )
}
