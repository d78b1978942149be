// Incidents: what the sweep found at Xero that a person should look at.
import { Type } from 'typebox'
import { Incident } from '../../domain/incident.ts'
import type { Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { listOf } from '../paging.ts'
import { listParameters, pageOf, queryOf } from '../schemas/lists.ts'
import { ConnectionPath, IncidentPath } from '../schemas/parameters.ts'

const tags = ['Incidents']

const query = queryOf({
  ...listParameters,
  open: Type.Optional(Type.Boolean({ default: true, description: 'Only those that are open; false: all.' })),
})

export function incidentRoutes(app: App, { incidents }: Services): void {
  app.get(
    '/v1/connections/:connectionId/incidents',
    {
      schema: {
        operationId: 'listIncidents',
        summary: 'List incidents',
        description:
          'Documents that are in Xero twice, or that this application created and that no record is linked to. An hourly sweep finds them.',
        tags,
        params: ConnectionPath,
        querystring: query,
        response: { 200: pageOf(Incident, 'incidents') },
      },
    },
    (request, reply) => {
      const open = request.query.open ?? true
      return listOf(request, reply, { open }, (page) =>
        incidents.list(request.companyId, request.params.connectionId, { open }, page),
      )
    },
  )

  app.post(
    '/v1/connections/:connectionId/incidents/:incidentId/resolve',
    {
      schema: {
        operationId: 'resolveIncident',
        summary: 'Resolve an incident',
        description:
          'Records that a person has looked at it. A duplicate that is still there comes back with the next sweep.',
        tags,
        params: IncidentPath,
        response: { 200: Incident },
      },
    },
    (request) => incidents.resolve(request.companyId, request.params.connectionId, request.params.incidentId),
  )
}
