// One line a request, aborted ones too. It names the route's pattern and never the address itself, because query strings
// carry codes and states; no header and no body is ever written.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../app-types.ts'

/** nginx's number for "the client closed the connection". */
const clientClosed = 499
const quiet = new Set(['/health/live', '/health/ready'])

function write(request: FastifyRequest, status: number, milliseconds: number): void {
  const route = request.routeOptions.url ?? 'unknown'
  const level = status >= 500 ? 'error' : quiet.has(route) ? 'debug' : 'info'
  request.log[level](
    {
      method: request.method,
      route,
      status,
      durationMs: Math.round(milliseconds),
      requestId: request.id,
      companyId: request.companyId || undefined,
      keyId: request.principal?.keyId,
      operation: (request.routeOptions.schema as { operationId?: string } | undefined)?.operationId,
    },
    status === clientClosed ? 'request aborted' : 'request',
  )
}

export function requestLog(app: App): void {
  const written = new WeakSet<FastifyRequest>()
  const once = (request: FastifyRequest, reply: FastifyReply, status: number): void => {
    if (written.has(request)) return
    written.add(request)
    write(request, status, reply.elapsedTime)
  }
  app.addHook('onRequest', async (request, reply) => {
    // Closing without having finished means that the client went away, before or while we answered.
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) once(request, reply, clientClosed)
    })
  })
  app.addHook('onResponse', async (request, reply) => once(request, reply, reply.statusCode))
}
