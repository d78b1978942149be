// While the service is being stopped it still listens for a while, so that a load balancer sees that it is not ready: every
// request gets a problem document that says so, and its connection ends. Probes are answered: they tell the same.
import { problem } from '../../domain/errors.ts'
import type { App } from '../app-types.ts'

export function refuseWhileClosing(app: App, isDraining: () => boolean): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onRequest', async (request, reply) => {
    if (!closing && !isDraining()) return
    reply.header('connection', 'close')
    if (request.routeOptions.config?.probe !== true) throw problem('unavailable', 'The service is being stopped.')
  })
}
