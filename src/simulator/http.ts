// The socket: one Fastify server that is login, identity, API and control at once. Bodies stay text here; each part reads its
// own, because Xero's way of refusing a bad body is not Fastify's.
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Answer } from './api/answer.ts'
import { answerApi } from './api/pipeline.ts'
import type { Control } from './control/control.ts'
import { controlRoutes } from './control/routes.ts'
import { identityFaults } from './identity-faults.ts'
import { newId } from './ids.ts'
import { record } from './journal.ts'
import { authorizeRoutes } from './oauth/authorize.ts'
import { connectionRoutes } from './oauth/connections-route.ts'
import { tokenRoutes } from './oauth/token-route.ts'
import { now, type World } from './world.ts'

/** Where a request is on its way: it came; it was carried out and nothing is answered yet; the answer has left. */
export type Moment = 'arrived' | 'carried_out' | 'answered'
export interface Passing {
  moment: Moment
  method: string
  path: string
  /** The address by which the client calls: it can tell clients apart. */
  host: string
  idempotencyKey?: string | undefined
}
/** Told of every request of login, identity and API; the request waits for it. */
export type Watch = (passing: Passing) => void | Promise<void>

const tenMegabytes = 10 * 1024 * 1024

function single(headers: FastifyRequest['headers']): { [name: string]: string | undefined } {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  )
}

function send(reply: FastifyReply, answer: Answer) {
  if (answer.lost) {
    // The status line and half of the body, or nothing at all, and then the connection is gone.
    reply.hijack()
    const { socket } = reply.raw
    if (!answer.partial) return socket?.destroy()
    reply.raw.writeHead(answer.status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': answer.partial.length * 2,
    })
    reply.raw.write(answer.partial, () => socket?.destroy())
    return undefined
  }
  reply.code(answer.status).headers({ 'x-correlation-id': newId(), ...answer.headers })
  if (answer.body !== undefined) return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer.body))
  if (answer.contentType !== undefined) reply.type(answer.contentType)
  return reply.send(answer.raw)
}

/** Secrets stay out of the journal: of a form only its kind is kept. */
function recordIdentity(world: World, request: FastifyRequest, status: number): void {
  const path = request.url.split('?')[0] ?? ''
  const connections = path.startsWith('/connections')
  const query = { ...(request.query as Record<string, string>) }
  for (const secret of ['state', 'code_challenge', 'nonce']) if (secret in query) query[secret] = '…'
  const kind = new URLSearchParams(String(request.body ?? '')).get('grant_type')
  record(world.journal, {
    at: new Date(now(world)).toISOString(),
    area: connections ? 'connections' : 'identity',
    method: request.method,
    path,
    query,
    headers: {},
    ...(kind === null ? {} : { body: { grant_type: kind } }),
    status,
    committed: [],
    replayed: false,
    unknown: [],
  })
}

export function buildHttp(world: World, control: Control, log: boolean, watch: Watch): FastifyInstance {
  const http = fastify({ logger: log, bodyLimit: tenMegabytes, forceCloseConnections: true, exposeHeadRoutes: false })
  http.removeAllContentTypeParsers()
  http.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))

  const isApi = (request: FastifyRequest) => request.url.startsWith('/api.xro/')
  const tell = async (moment: Moment, request: FastifyRequest): Promise<void> => {
    if (request.url.startsWith('/_control')) return
    const { host = '', 'idempotency-key': idempotencyKey } = single(request.headers)
    await watch({ moment, method: request.method, path: request.url.split('?')[0] ?? '', host, idempotencyKey })
  }
  http.addHook('preHandler', (request) => tell('arrived', request))
  http.addHook('onSend', async (request, _reply, payload) => {
    if (!isApi(request)) await tell('carried_out', request)
    return payload
  })
  http.addHook('onResponse', (request) => tell('answered', request))
  http.addHook('onResponse', async (request, reply) => {
    if (!isApi(request) && !request.url.startsWith('/_control')) recordIdentity(world, request, reply.statusCode)
  })
  identityFaults(http, world)
  authorizeRoutes(http, world)
  tokenRoutes(http, world)
  connectionRoutes(http, world)
  controlRoutes(http, control)
  http.route({
    method: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'],
    url: '/api.xro/2.0/*',
    handler: async (request, reply) => {
      const answer = await answerApi(world, {
        method: request.method,
        url: request.url,
        headers: single(request.headers),
        bodyText: typeof request.body === 'string' ? request.body : '',
      })
      // Of a faulty answer too: the API's part of `onSend` is not reached when the socket is destroyed.
      await tell('carried_out', request)
      return send(reply, answer)
    },
  })
  http.setNotFoundHandler((_request, reply) => reply.code(404).type('text/html; charset=utf-8').send(''))
  return http
}
