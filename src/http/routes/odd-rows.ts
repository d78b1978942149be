// Rows of Xero's lists that an import could not understand.
import { OddRow } from '../../domain/odd-row.ts'
import type { Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { listOf } from '../paging.ts'
import { listQuery, pageOf } from '../schemas/lists.ts'
import { ConnectionPath } from '../schemas/parameters.ts'

export function oddRowRoutes(app: App, { oddRows }: Services): void {
  app.get(
    '/v1/connections/:connectionId/odd-rows',
    {
      schema: {
        operationId: 'listOddRows',
        summary: 'List odd rows',
        description:
          'Contacts and items of Xero that an import could not understand. They count as present, and nothing of them is taken over; a row that can be read again disappears.',
        tags: ['Incidents'],
        params: ConnectionPath,
        querystring: listQuery,
        response: { 200: pageOf(OddRow, 'odd rows') },
      },
    },
    (request, reply) =>
      listOf(request, reply, null, (page) => oddRows.list(request.companyId, request.params.connectionId, page)),
  )
}
