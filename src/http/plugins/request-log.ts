// One line a request, aborted ones too. It names the route's pattern and never the address itself, because query strings
// carry codes and states; no header and no body is ever written.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { systemClock } from '../../lib/clock.ts'
import { shortMemory } from '../../lib/short-memory.ts'
import type { App } from '../app-types.ts'
import { callerAddress, clientAddress } from '../client-address.ts'

/** nginx's number for "the client closed the connection". */
const clientClosed = 499
/** Of a flood one line a minute and caller says enough. */
const floodLineEveryMs = 60_000
const quiet = new Set(['/health/live', '/health/ready'])

const callerOf = (request: FastifyRequest): string => request.principal?.companyId ?? callerAddress(request)

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
      clientAddress: clientAddress(request),
      companyId: request.companyId || undefined,
      keyId: request.principal?.keyId,
      operation: (request.routeOptions.schema as { operationId?: string } | undefined)?.operationId,
    },
    status === clientClosed ? 'request aborted' : 'request',
  )
}

export function requestLog(app: App): void {
  const written = new WeakSet<FastifyRequest>()
  const floods = shortMemory<true>(systemClock, floodLineEveryMs)
  const isToldAlready = (request: FastifyRequest): boolean => {
    const caller = callerOf(request)
    if (floods.get(caller)) return true
    floods.set(caller, true)
    return false
  }
  const once = (request: FastifyRequest, reply: FastifyReply, status: number): void => {
    if (written.has(request)) return
    written.add(request)
    if (status === 429 && isToldAlready(request)) return
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
