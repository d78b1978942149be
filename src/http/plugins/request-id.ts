// The id under which a request is found in the log: the caller's own where it is well formed, so that one id follows a
// request through several services; otherwise a new one.

import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { App } from '../app-types.ts'

const wellFormed = /^[A-Za-z0-9._-]{8,64}$/

export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && wellFormed.test(given) ? given : randomUUID()
}

export function requestIdEcho(app: App): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
}
