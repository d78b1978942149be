// The OpenAPI document, generated from the routes' own schemas, and its pages under /docs. Register it before the routes.
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { stringify } from 'yaml'
import type { App } from '../app-types.ts'
import { about } from '../openapi/about.ts'
import { components } from '../openapi/components.ts'
import { finish, type OpenApi, type RouteFacts } from '../openapi/finish.ts'

export async function openapi(app: App, version: string): Promise<void> {
  const routes = new Map<string, RouteFacts>()
  app.addHook('onRoute', ({ schema, config }) => {
    if (schema?.operationId) routes.set(schema.operationId, { schema, config: config ?? {} })
  })
  await app.register(swagger, {
    openapi: { ...about(version), components: { ...about(version).components, schemas: components as never } },
    hideUntagged: true,
    transformObject: (document) =>
      'openapiObject' in document
        ? (finish(document.openapiObject as OpenApi, routes) as typeof document.openapiObject)
        : document.swaggerObject,
  })
  // The pages' routes are not ours to mark; the document holds nothing secret.
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/docs')) route.config = { ...route.config, public: true }
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // Without upgrade-insecure-requests, which would break the pages on plain http.
    staticCSP: {
      'default-src': "'self'",
      'img-src': ["'self'", 'data:'],
      'style-src': ["'self'", "'unsafe-inline'"],
      'script-src': "'self'",
      'frame-ancestors': "'none'",
    },
    uiConfig: { docExpansion: 'none', persistAuthorization: false },
  })
}

/** Call it after the routes. They are not in the document themselves. */
export function openapiRoutes(app: App): void {
  const options = { config: { public: true }, schema: { hide: true } }
  app.get('/openapi.json', options, () => app.swagger())
  app.get('/openapi.yaml', options, async (_request, reply) =>
    reply.type('application/yaml; charset=utf-8').send(openapiDocument(app)),
  )
}

/** The document as YAML text, the same for the same routes. The application has to be ready. */
export const openapiDocument = (app: Pick<App, 'swagger'>): string =>
  stringify(app.swagger(), { lineWidth: 0, aliasDuplicateObjects: false })
