// The HTTP application: plugins and routes in the order in which they are written here. It never listens, so that tests
// inject requests and only main.ts decides about ports.

import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify, { type FastifyBaseLogger, type FastifyServerOptions, LogController } from 'fastify'
import { cursors } from '../lib/cursor.ts'
import type { Services } from '../services/contract.ts'
import type { App } from './app-types.ts'
import { identification, requirePrincipal } from './plugins/auth.ts'
import { clientErrors } from './plugins/client-error.ts'
import { refuseWhileClosing } from './plugins/closing.ts'
import { idempotencyKeys } from './plugins/idempotency.ts'
import { goOnUnreadable, notFound } from './plugins/not-found.ts'
import { type ConsentOptions, oauth } from './plugins/oauth.ts'
import { openapi, openapiRoutes } from './plugins/openapi.ts'
import { ownRefusals, serverOptions } from './plugins/own-refusals.ts'
import { parsers } from './plugins/parsers.ts'
import { problemRendering } from './plugins/problems.ts'
import { type RateLimit, rateLimiting } from './plugins/rate-limit.ts'
import { requestIdEcho, requestIdOf } from './plugins/request-id.ts'
import { requestLog } from './plugins/request-log.ts'
import { securityHeaders } from './plugins/security-headers.ts'
import { serialization } from './plugins/serialization.ts'
import { validation } from './plugins/validation.ts'
import { apiKeyRoutes } from './routes/api-keys.ts'
import { changeRoutes } from './routes/changes.ts'
import { connectRoutes } from './routes/connect.ts'
import { connectionRoutes } from './routes/connections.ts'
import { contactRoutes } from './routes/contacts.ts'
import { healthRoutes } from './routes/health.ts'
import { homeRoutes } from './routes/home.ts'
import { incidentRoutes } from './routes/incidents.ts'
import { jobRoutes } from './routes/jobs.ts'
import { oddRowRoutes } from './routes/odd-rows.ts'
import { queueRoutes } from './routes/queue.ts'
import { recordFindingRoutes } from './routes/record-findings.ts'
import { recordRoutes } from './routes/records.ts'
import { referenceRoutes } from './routes/reference.ts'
import { settingsRoutes } from './routes/settings.ts'
import { settingsSectionRoutes } from './routes/settings-sections.ts'
import { withShownErrors } from './shown-errors.ts'
import { serverTimeouts } from './timeouts.ts'

export { openapiDocument, prepareDocuments } from './plugins/openapi.ts'

export interface AppOptions {
  readonly services: Services
  readonly logger: FastifyBaseLogger
  /** Address under which browsers reach this service, without a trailing slash. */
  readonly publicUrl: string
  readonly consent: ConsentOptions
  /** Signs list cursors; the same in all processes. */
  readonly cursorSecret: string | Buffer
  /** Addresses of proxies whose X-Forwarded headers are believed; none when absent. */
  readonly trustProxy?: FastifyServerOptions['trustProxy']
  readonly rateLimit?: RateLimit
  readonly version: string
  /** True from the moment the process is asked to stop. */
  readonly isDraining?: () => boolean
}

const defaultRateLimit: RateLimit = { max: 3000, window: 60_000 }

export async function buildApp(options: AppOptions): Promise<App> {
  const { version } = options
  const services = withShownErrors(options.services)
  const publicUrl = options.publicUrl.replace(/\/+$/, '')
  const app: App = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIdOf,
    trustProxy: options.trustProxy ?? false,
    bodyLimit: 1024 * 1024,
    return503OnClosing: false,
    // On a machine that is busy a start takes longer than the framework's ten seconds, and is none the worse for it.
    pluginTimeout: 60_000,
    clientErrorHandler: clientErrors(options.logger),
    frameworkErrors: (error, request, reply) => goOnUnreadable(app, error, request.raw, reply.raw),
    // A record id of 64 characters may be percent-encoded to nine times its length.
    routerOptions: { maxParamLength: 600 },
    http: serverOptions,
    ...serverTimeouts,
  }).withTypeProvider<TypeBoxTypeProvider>()

  app.decorate('cursors', cursors(options.cursorSecret))
  problemRendering(app)
  parsers(app)
  validation(app)
  serialization(app)
  requestIdEcho(app)
  ownRefusals(app)
  requestLog(app)
  refuseWhileClosing(app, options.isDraining ?? (() => false))
  await securityHeaders(app, publicUrl)
  const limit = await rateLimiting(app, options.rateLimit ?? defaultRateLimit, (bearer) =>
    services.access.wasRight(bearer),
  )
  app.addHook('onRequest', limit.beforeTheKey)
  identification(app, services)
  app.addHook('onRequest', limit.afterTheKey)
  requirePrincipal(app)
  idempotencyKeys(app, services)
  notFound(app)
  await oauth(app, publicUrl, options.consent, services)
  await openapi(app, version, publicUrl)

  homeRoutes(app, version)
  healthRoutes(app, services, version)
  connectRoutes(app, services)
  connectionRoutes(app, services)
  settingsRoutes(app, services)
  settingsSectionRoutes(app, services)
  recordRoutes(app, services)
  contactRoutes(app, services)
  referenceRoutes(app, services)
  queueRoutes(app, services)
  jobRoutes(app, services)
  changeRoutes(app, services)
  incidentRoutes(app, services)
  oddRowRoutes(app, services)
  recordFindingRoutes(app, services)
  apiKeyRoutes(app, services)
  openapiRoutes(app)
  return app
}
