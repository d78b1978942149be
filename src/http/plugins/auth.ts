// Who calls, and for which company. A company's key acts for its company. The bootstrap key acts for the company named in
// X-Company-Id and is refused without one: were the company taken from the connection in the path, the id of a connection
// would be enough to act for its owner. Closed by default: only a route that says `config: { public: true }` is open.
// Another company's id answers as an unknown one, because every service call below is scoped by companyId.

import type { FastifyRequest } from 'fastify'
import { isCompanyId } from '../../domain/api-key.ts'
import { problem } from '../../domain/errors.ts'
import type { Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { callerAddress } from '../client-address.ts'
import { invalidParameter } from '../faults.ts'

/** The key of a request; null where it carries none. */
export const bearerOf = (header: string | undefined): string | null =>
  /^Bearer +(\S{1,500})$/i.exec(header ?? '')?.[1] ?? null

function chosenCompany(request: FastifyRequest): string | null {
  const company = request.headers['x-company-id']
  if (company === undefined) return null
  if (typeof company === 'string' && isCompanyId(company)) return company
  throw invalidParameter(
    'X-Company-Id',
    'must be 1 to 64 letters, digits, dots, underscores or hyphens',
    'Send the id of a company.',
  )
}

async function identify(request: FastifyRequest, services: Services): Promise<void> {
  const bearer = bearerOf(request.headers.authorization)
  if (bearer === null) return
  request.principal = await services.access.authenticate(bearer, callerAddress(request))
  if (request.principal === null) return
  request.companyFilter = request.principal.companyId ?? chosenCompany(request)
  request.companyId = request.companyFilter ?? ''
}

/** First of two steps; the rate limit counts between them, so that guessing keys is limited as well. */
export function identification(app: App, services: Services): void {
  app.decorateRequest('principal', null)
  app.decorateRequest('companyId', '')
  app.decorateRequest('companyFilter', null)
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config?.public !== true) await identify(request, services)
  })
}

export function requirePrincipal(app: App): void {
  app.addHook('preParsing', async (request) => {
    // Paths without a route are answered by the not-found handler, to everyone alike.
    const { public: isPublic, everyCompany } = request.routeOptions.config ?? {}
    if (request.is404 || isPublic === true) return
    if (request.principal === null) throw problem('unauthorized', 'The request carries no valid API key.')
    if (request.companyFilter === null && everyCompany !== true)
      throw invalidParameter(
        'X-Company-Id',
        'is required with the bootstrap key',
        'Send the id of the company that the request is for, or use a key of that company. GET /v1/connections tells whose a connection is.',
      )
  })
}
