// Connections: create, list, get, disconnect; the steps of a consent that the product's backend takes; health.
import { Type } from 'typebox'
import { Connection, connectionStatuses } from '../../domain/connection.ts'
import { problem } from '../../domain/errors.ts'
import type { ConsentInvitation as Invitation, Principal, Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { listOf } from '../paging.ts'
import {
  Confirmation,
  ConnectionHealth,
  ConnectionRequest,
  ConsentInvitation,
  GrantedOrganisations,
  OrganisationChoice,
} from '../schemas/connections.ts'
import { listParameters, pageOf, queryOf } from '../schemas/lists.ts'
import { ConnectionPath } from '../schemas/parameters.ts'
import { callsXero } from '../timeouts.ts'

const tags = ['Connections']
const invitation = (from: Invitation) => ({
  ...from.connection,
  authorizationUrl: from.authorizationUrl,
  authorizationExpiresAt: from.expiresAt,
})

/** Two companies that write into one organisation would meet there: only the operator may say that this is meant. */
function mayShare(principal: Principal | null, allowShared = false): boolean {
  if (!allowShared || principal?.companyId === null) return allowShared
  throw problem('forbidden', 'allowShared is for the bootstrap key.', {
    action: 'Leave allowShared out, or let the operator of the service confirm with the bootstrap key.',
  })
}

export function connectionRoutes(app: App, { connections }: Services): void {
  app.get(
    '/v1/connections',
    {
      schema: {
        operationId: 'listConnections',
        summary: 'List connections',
        description:
          'The connections of the company, newest first. The bootstrap key sees those of all companies, or of the one in X-Company-Id.',
        tags,
        querystring: queryOf({
          ...listParameters,
          status: Type.Optional(Type.Enum([...connectionStatuses], { description: 'Only those in this status.' })),
        }),
        response: { 200: pageOf(Connection, 'connections') },
      },
      config: { everyCompany: true },
    },
    (request, reply) => {
      const filter = { status: request.query.status ?? null }
      return listOf(request, reply, filter, (page) => connections.list(request.companyFilter, filter, page))
    },
  )

  app.post(
    '/v1/connections',
    {
      schema: {
        operationId: 'createConnection',
        summary: 'Start a connection',
        description:
          'Makes a connection that waits for consent. Open authorizationUrl in a browser; after consent the browser returns with a ' +
          'code, which confirmConnection takes.',
        tags,
        body: ConnectionRequest,
        response: { 201: ConsentInvitation },
      },
      config: { idempotent: true, problems: ['validation_failed', 'limit_reached'] },
    },
    async (request, reply) => {
      const invited = await connections.create(request.companyId, { returnUrl: request.body.returnUrl ?? null })
      return reply.code(201).header('location', `/v1/connections/${invited.connection.id}`).send(invitation(invited))
    },
  )

  app.get(
    '/v1/connections/:connectionId',
    {
      schema: {
        operationId: 'getConnection',
        summary: 'Get a connection',
        description: 'The connection with its status and organisation.',
        tags,
        params: ConnectionPath,
        response: { 200: Connection },
      },
    },
    (request) => connections.get(request.companyId, request.params.connectionId),
  )

  app.delete(
    '/v1/connections/:connectionId',
    {
      schema: {
        operationId: 'disconnect',
        summary: 'Disconnect',
        description:
          'Ends the connection, at Xero too. Records, links and settings stay, for a later reconnect. An unfinished job is cancelled ' +
          'first, and stays so where Xero then refuses or cannot be reached.',
        tags,
        params: ConnectionPath,
        response: { 200: Connection },
      },
      config: { problems: ['xero_unreachable', 'xero_throttled', 'application_credentials'] },
      ...callsXero,
    },
    (request) => connections.disconnect(request.companyId, request.params.connectionId),
  )

  app.post(
    '/v1/connections/:connectionId/reconnect',
    {
      schema: {
        operationId: 'reconnect',
        summary: 'Reconnect',
        description:
          'Starts consent again for a connection that lost it or was disconnected. Settings and links are kept.',
        tags,
        params: ConnectionPath,
        body: ConnectionRequest,
        response: { 200: ConsentInvitation },
      },
      config: { idempotent: true, problems: ['validation_failed', 'limit_reached'] },
    },
    async (request) => {
      const { companyId, params, body } = request
      return invitation(
        await connections.reconnect(companyId, params.connectionId, { returnUrl: body.returnUrl ?? null }),
      )
    },
  )

  app.post(
    '/v1/connections/:connectionId/confirm',
    {
      schema: {
        operationId: 'confirmConnection',
        summary: 'Confirm a consent',
        description:
          'Completes a consent with the code that the return URL carried. Only the company that started it can do so, so that nobody can connect it to somebody else’s organisation. Then the connection is active, or select_organisation when several were granted.',
        tags,
        params: ConnectionPath,
        body: Confirmation,
        response: { 200: Connection },
      },
      config: {
        problems: [
          'completion_code_invalid',
          'invalid_state_transition',
          'organisation_already_connected',
          'forbidden',
        ],
      },
      ...callsXero,
    },
    ({ companyId, params, body, principal }) =>
      connections.confirm(companyId, params.connectionId, body.completionCode, mayShare(principal, body.allowShared)),
  )

  app.get(
    '/v1/connections/:connectionId/organisations',
    {
      schema: {
        operationId: 'listGrantedOrganisations',
        summary: 'List the organisations to choose from',
        description: 'The organisations that the consent granted. Choose one with selectOrganisation.',
        tags,
        params: ConnectionPath,
        response: { 200: GrantedOrganisations },
      },
    },
    async (request) => ({ items: await connections.organisations(request.companyId, request.params.connectionId) }),
  )

  app.post(
    '/v1/connections/:connectionId/select-organisation',
    {
      schema: {
        operationId: 'selectOrganisation',
        summary: 'Choose the organisation',
        description: 'Needed when a consent granted several organisations. The connection becomes active.',
        tags,
        params: ConnectionPath,
        body: OrganisationChoice,
        response: { 200: Connection },
      },
      config: { problems: ['invalid_state_transition', 'organisation_already_connected', 'forbidden'] },
    },
    ({ companyId, params, body, principal }) =>
      connections.selectOrganisation(
        companyId,
        params.connectionId,
        body.organisationId,
        mayShare(principal, body.allowShared),
      ),
  )

  app.post(
    '/v1/connections/:connectionId/look-up-first',
    {
      schema: {
        operationId: 'lookUpFirst',
        summary: 'Look everything up first',
        description:
          'For support, after the database of the service was restored from a backup: until it is known again what was sent after the ' +
          'backup, nothing is created in Xero without being looked for there first. This ends by itself.',
        tags,
        params: ConnectionPath,
        response: { 200: Connection },
      },
      config: { problems: ['connection_not_active'] },
    },
    (request) => connections.lookUpFirst(request.companyId, request.params.connectionId),
  )

  app.post(
    '/v1/connections/:connectionId/lift-limits',
    {
      schema: {
        operationId: 'liftLimits',
        summary: "Try again before Xero's limit ends",
        description:
          "For support, where health says `throttled` although Xero allows calls again, for example after the app's tier was raised. " +
          'What the service has on record of the day and of the time to wait is forgotten, and waiting jobs go on at once. Where the ' +
          'limit still holds, Xero refuses one call, nothing is lost, and the service waits as before.',
        tags,
        params: ConnectionPath,
        response: { 200: ConnectionHealth },
      },
      config: { problems: ['connection_not_active'] },
    },
    (request) => connections.liftLimits(request.companyId, request.params.connectionId),
  )

  app.get(
    '/v1/connections/:connectionId/health',
    {
      schema: {
        operationId: 'getConnectionHealth',
        summary: 'Check the health of a connection',
        description: 'Status, queue, last job, next run and call limits at a glance, with a remedy for what is wrong.',
        tags,
        params: ConnectionPath,
        response: { 200: ConnectionHealth },
      },
    },
    (request) => connections.health(request.companyId, request.params.connectionId),
  )
}
