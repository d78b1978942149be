// The OpenAPI document, generated from the routes' own schemas, and its pages under /docs. Register it before the routes.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { stringify } from 'yaml'
import { oncePer } from '../../lib/once-per.ts'
import type { App } from '../app-types.ts'
import { isNamed } from '../etag.ts'
import { about } from '../openapi/about.ts'
import { components } from '../openapi/components.ts'
import { finish, forItsPage, type OpenApi, type RouteFacts } from '../openapi/finish.ts'
import { referenceTheme } from '../pages/reference-theme.ts'

export async function openapi(app: App, version: string, publicUrl: string): Promise<void> {
  const routes = new Map<string, RouteFacts>()
  app.addHook('onRoute', ({ schema, config }) => {
    if (schema?.operationId) routes.set(schema.operationId, { schema, config: config ?? {} })
  })
  const head = about(version, publicUrl)
  await app.register(swagger, {
    openapi: { ...head, components: { ...head.components, schemas: components as never } },
    hideUntagged: true,
    transformObject: (document) =>
      'openapiObject' in document
        ? (finish(document.openapiObject as OpenApi, routes) as typeof document.openapiObject)
        : document.swaggerObject,
  })
  // The pages' routes are not ours to mark; the document holds nothing secret.
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/docs')) return
    route.config = { ...route.config, public: true }
    // The pages would render the document anew for each request.
    if (route.url === '/docs/json') route.handler = documentsOf(app).page.answer
    if (route.url === '/docs/yaml') route.handler = documentsOf(app).yaml.answer
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
    theme: referenceTheme,
    // Without Swagger's bar above it, which asks for the address of another document.
    uiConfig: { docExpansion: 'none', persistAuthorization: false, layout: 'BaseLayout' },
  })
  // Else the directory of its files is a page, of Swagger's own example.
  app.get('/docs/static/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs'))
}

/** Call it after the routes. They are not in the document themselves. */
export function openapiRoutes(app: App): void {
  const { json, yaml } = documentsOf(app)
  app.get('/openapi.json', { config: { public: true }, schema: { hide: true } }, json.answer)
  app.get('/openapi.yaml', { config: { public: true }, schema: { hide: true } }, yaml.answer)
}

/** Makes the documents before somebody asks: it takes a second, in which nobody else would be answered. */
export async function prepareDocuments(app: App): Promise<void> {
  await app.ready()
  for (const document of Object.values(documentsOf(app))) document.make()
}

const documentsOf = oncePer((app: App) => ({
  page: documentHandler('application/json; charset=utf-8', () =>
    JSON.stringify(forItsPage(app.swagger() as unknown as OpenApi)),
  ),
  json: documentHandler('application/json; charset=utf-8', () => JSON.stringify(app.swagger())),
  yaml: documentHandler('application/yaml; charset=utf-8', () => openapiDocument(app)),
}))

interface Bytes {
  readonly plain: Buffer
  readonly zipped: Buffer
  readonly etag: string
}

/** Made once: the routes are the same as long as the process runs. */
function documentHandler(type: string, text: () => string) {
  let made: Bytes | null = null
  const make = (): Bytes => {
    made ??= bytesOf(text())
    return made
  }
  const answer = async ({ headers }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { plain, zipped, etag } = make()
    reply.type(type).headers({ etag, 'cache-control': 'no-cache', vary: 'Accept-Encoding' })
    if (isNamed(headers['if-none-match'], etag)) return reply.code(304).send()
    if (!takesGzip(String(headers['accept-encoding'] ?? ''))) return reply.send(plain)
    return reply.header('content-encoding', 'gzip').send(zipped)
  }
  return { make, answer }
}

/** "gzip;q=0" refuses it (RFC 9110, 12.5.3). */
function takesGzip(header: string): boolean {
  const codings = header
    .toLowerCase()
    .split(',')
    .map((coding) => coding.split(';').map((part) => part.trim()))
  const wanted = codings.find(([name]) => name === 'gzip') ?? codings.find(([name]) => name === '*')
  return wanted !== undefined && !wanted.some((part) => /^q=0(\.0*)?$/.test(part))
}

function bytesOf(text: string): Bytes {
  const plain = Buffer.from(text)
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22)
  // Weak, because both encodings share it.
  return { plain, zipped: gzipSync(plain), etag: `W/"${hash}"` }
}

/** The document as YAML text, the same for the same routes. The application has to be ready. */
export const openapiDocument = (app: Pick<App, 'swagger'>): string =>
  stringify(app.swagger(), { lineWidth: 0, aliasDuplicateObjects: false })
