// API keys. A company's key manages the keys of its company; the bootstrap key those of all. There is no Idempotency-Key
// here: keeping the answer for a replay would mean keeping the secret.

import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { problem } from '../../domain/errors.ts'
import type { Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { listOf } from '../paging.ts'
import { ApiKey, NewApiKey, NewApiKeyRequest } from '../schemas/api-keys.ts'
import { listQuery, pageOf } from '../schemas/lists.ts'
import { ApiKeyPath } from '../schemas/parameters.ts'

const tags = ['API keys']

/** Only the bootstrap key may choose. */
function companyOf(request: FastifyRequest, wanted: string | undefined): string {
  const own = request.principal?.companyId ?? null
  if (own !== null && (wanted ?? own) !== own) {
    throw problem('forbidden', 'A company’s key creates keys for its own company only.')
  }
  const companyId = own ?? wanted ?? request.companyFilter
  if (companyId !== null) return companyId
  const fault = { pointer: '/companyId', detail: 'is missing', action: 'Name the company that the key is for.' }
  throw problem('validation_failed', 'The bootstrap key has to name a company.', { errors: [fault] })
}

export function apiKeyRoutes(app: App, { access }: Services): void {
  app.get(
    '/v1/api-keys',
    {
      schema: {
        operationId: 'listApiKeys',
        summary: 'List API keys',
        description: 'Keys without their secrets, revoked ones too.',
        tags,
        querystring: listQuery,
        response: { 200: pageOf(ApiKey, 'API keys') },
      },
      config: { everyCompany: true },
    },
    (request, reply) => listOf(request, reply, null, (page) => access.listKeys(request.companyFilter, page)),
  )

  app.post(
    '/v1/api-keys',
    {
      schema: {
        operationId: 'createApiKey',
        summary: 'Create an API key',
        description:
          'The secret is in this answer and nowhere else. The bootstrap key names the company. A key that is made with a company’s key ' +
          'expires with that one at the latest, and is revoked with it.',
        tags,
        body: NewApiKeyRequest,
        response: { 201: NewApiKey },
      },
      config: { everyCompany: true, problems: ['forbidden', 'limit_reached'] },
    },
    async (request, reply) => {
      const { companyId, name, expiresAt = null } = request.body as Static<typeof NewApiKeyRequest>
      const { keyId } = request.principal ?? { keyId: 'bootstrap' }
      const madeBy = keyId === 'bootstrap' ? null : keyId
      const company = companyOf(request, companyId)
      const { key, secret } = await access.createKey({ companyId: company, name, expiresAt, madeBy })
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...key, secret })
    },
  )

  app.delete(
    '/v1/api-keys/:keyId',
    {
      schema: {
        operationId: 'revokeApiKey',
        summary: 'Revoke an API key',
        description:
          'It stops working at once, and so do all keys that were made with it. Any key of a company may revoke any key of that company, ' +
          'also the one that it was made with; the bootstrap key may revoke all.',
        tags,
        params: ApiKeyPath,
        response: { 204: Type.Null({ description: 'Revoked.' }) },
      },
      config: { everyCompany: true },
    },
    async (request, reply) => {
      await access.revokeKey(request.companyFilter, request.params.keyId)
      return reply.code(204).send(null)
    },
  )
}
