// What people should know of records and their counterparts in Xero.
import { RecordFinding } from '../../domain/record-finding.ts'
import type { Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { listOf } from '../paging.ts'
import { listQuery, pageOf } from '../schemas/lists.ts'
import { ConnectionPath } from '../schemas/parameters.ts'

export function recordFindingRoutes(app: App, { recordFindings }: Services): void {
  app.get(
    '/v1/connections/:connectionId/findings',
    {
      schema: {
        operationId: 'listFindings',
        summary: 'List findings about records',
        description:
          'Items whose code was changed in Xero, items that Xero tracks, contacts that stay active although their record is not, fields that the product took away and Xero keeps, and what became no record because its id is in use. None of them stops work; each disappears when it no longer applies. Findings about settings are in …/settings/check.',
        tags: ['Incidents'],
        params: ConnectionPath,
        querystring: listQuery,
        response: { 200: pageOf(RecordFinding, 'findings') },
      },
    },
    (request, reply) =>
      listOf(request, reply, null, (page) => recordFindings.list(request.companyId, request.params.connectionId, page)),
  )
}
