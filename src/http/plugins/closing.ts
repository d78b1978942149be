// While the server is being stopped, requests on connections that are still open get a problem document that says so, and
// the connection ends. (Fastify's own answer for this is not one.)
import { problem } from '../../domain/errors.ts'
import type { App } from '../app-types.ts'

export function refuseWhileClosing(app: App): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onRequest', async (_request, reply) => {
    if (!closing) return
    reply.header('connection', 'close')
    throw problem('unavailable', 'The service is being stopped.')
  })
}
