// Records: the same routes for every type of the table of record types.

import { Type } from 'typebox'
import { entityTypes, type RecordType, recordTypes } from '../../domain/entity-types.ts'
import { recordSchemas } from '../../domain/records/index.ts'
import type { BulkResult, Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { listOf } from '../paging.ts'
import { judgedByService } from '../plugins/validation.ts'
import { pageOf } from '../schemas/lists.ts'
import { ConnectionPath, RecordPath } from '../schemas/parameters.ts'
import { BulkAnswer, BulkEnvelope, bulkRequest, recordQuery, storedRecord, writtenRecord } from '../schemas/records.ts'
import { recordLinkRoutes } from './record-links.ts'
import { namesOf } from './record-names.ts'

const mebibyte = 1024 * 1024

export function recordRoutes(app: App, services: Services): void {
  for (const type of recordTypes) {
    routesOf(app, services, type)
    recordLinkRoutes(app, services, type)
  }
}

function summaryOf(results: readonly BulkResult[]) {
  const summary = { created: 0, updated: 0, unchanged: 0, stale: 0, refused: 0 }
  for (const { result } of results) summary[result] += 1
  return summary
}

function routesOf(app: App, { records }: Services, type: RecordType): void {
  const { path } = entityTypes[type]
  const { one, many, anItem } = namesOf(entityTypes[type])
  const tags = [many]
  const list = `/v1/connections/:connectionId/${path}` as const
  const single = `${list}/:recordId` as const

  app.get(
    list,
    {
      schema: {
        operationId: `list${many}`,
        summary: `List ${path}`,
        description: `The ${path} of the connection with their sync states, in a stable order.`,
        tags,
        params: ConnectionPath,
        querystring: recordQuery,
        response: { 200: pageOf(storedRecord(type), path) },
      },
    },
    (request, reply) => {
      const { state = null, search = null, updatedSince = null } = request.query
      const filter = { state, search, updatedSince }
      return listOf(request, reply, filter, (page) =>
        records.list(request.companyId, request.params.connectionId, type, filter, page),
      )
    },
  )

  app.put(
    list,
    {
      schema: {
        operationId: `bulkPut${many}`,
        summary: `Create or replace many ${path}`,
        description:
          'Creates or replaces up to 1,000 records in one request. Each record is checked on its own: a record with errors is refused in results and does not stop the others, so the answer is 200 even when some were refused.',
        tags,
        params: ConnectionPath,
        body: bulkRequest(type),
        response: { 200: BulkAnswer },
      },
      validatorCompiler: judgedByService(BulkEnvelope),
      bodyLimit: 12 * mebibyte,
      config: { bulk: true },
    },
    async (request) => {
      const { companyId, params, body } = request
      const results = await records.upsertMany(companyId, params.connectionId, type, body.records)
      return { results, summary: summaryOf(results) }
    },
  )

  app.put(
    single,
    {
      schema: {
        operationId: `put${one}`,
        summary: `Create or replace ${anItem}`,
        description: `Creates or replaces the ${type}. When its content changed and it is to be synced, a queue item opens; the next sync job sends it to Xero. A body with the same content changes nothing; what somebody has changed in Xero since then stays, unless the settings let the product win.`,
        tags,
        params: RecordPath,
        body: recordSchemas[type],
        response: { 200: writtenRecord(type), 201: writtenRecord(type) },
      },
      validatorCompiler: judgedByService(Type.Object({})),
      config: { problems: ['delete_irreversible'] },
    },
    async (request, reply) => {
      const { companyId, params, body } = request
      const { result, record } = await records.upsert(companyId, params.connectionId, type, params.recordId, body)
      return reply.code(result === 'created' ? 201 : 200).send({ result, ...record })
    },
  )

  app.get(
    single,
    {
      schema: {
        operationId: `get${one}`,
        summary: `Get ${anItem}`,
        description: `The ${type} as stored, with its sync state.`,
        tags,
        params: RecordPath,
        response: { 200: storedRecord(type) },
      },
    },
    (request) => records.get(request.companyId, request.params.connectionId, type, request.params.recordId),
  )

  app.delete(
    single,
    {
      schema: {
        operationId: `delete${one}`,
        summary: `Delete ${anItem}`,
        description:
          'Marks the record deleted; where it was synced, the deletion is queued for Xero. It cannot be undone. Where a deleted record is still in Xero and nothing is queued, its deletion is queued again.',
        tags,
        params: RecordPath,
        response: { 200: storedRecord(type) },
      },
    },
    (request) => records.remove(request.companyId, request.params.connectionId, type, request.params.recordId),
  )
}
