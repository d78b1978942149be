// Paths that no route answers: 405 with Allow where the path exists with another method, otherwise 404. The rate limit
// counts them too, because guessing paths is not free.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { problem } from '../../domain/errors.ts'
import type { App } from '../app-types.ts'
import { shownPath } from '../shown-path.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route by its pattern; tests walk it. */
    knownRoutes: ReadonlyMap<string, KnownRoute>
  }
}

export interface KnownRoute {
  readonly path: RegExp
  readonly methods: Set<string>
}

const usual = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z]+/g, '[^/]+')}$`)

/** Addresses that the router cannot read, by their requests. */
const unreadable = new WeakMap<IncomingMessage, Error>()

/**
 * A request that the router cannot read goes on as a path that no route answers, with the router's own error: without that no hook would run, so
 * it would have no headers for browsers, no place in the log and no limit.
 */
export function goOnUnreadable(app: App, error: Error, request: IncomingMessage, response: ServerResponse): void {
  unreadable.set(request, error)
  Object.assign(request, { originalUrl: request.url, url: '/-' })
  app.routing(request, response)
}

/** Call it before the first route: it listens to the routes that follow. */
export function notFound(app: App): void {
  const routes = new Map<string, KnownRoute>()
  app.decorate('knownRoutes', routes)
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    const route = routes.get(url) ?? { path: patternOf(url), methods: new Set<string>() }
    for (const name of [method].flat()) route.methods.add(name)
    routes.set(url, route)
  })
  const methodsOf = (path: string): string[] => [
    ...new Set([...routes.values()].filter((route) => route.path.test(path)).flatMap((route) => [...route.methods])),
  ]
  const refuse = (request: FastifyRequest, reply: FastifyReply): never => {
    const error = unreadable.get(request.raw)
    if (error) throw error
    const allowed = methodsOf(request.url.split('?')[0] ?? '/')
    const path = shownPath(request)
    if (allowed.length === 0) throw problem('route_not_found', `No route answers ${request.method} ${path}.`)
    reply.header('allow', allowed.join(', '))
    throw problem('method_not_allowed', `${path} takes ${allowed.join(', ')}.`)
  }
  // Of some methods Fastify asks for a body before it looks for the handler of what was not found.
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404 && !usual.has(request.method)) refuse(request, reply)
  })
  app.setNotFoundHandler((request, reply) => {
    refuse(request, reply)
  })
}
