// Requests that Node would answer by itself, without a body and without a request id: they come this way, and get a problem. An expectation
// other than 100-continue may be left unmet (RFC 9110, 10.1.1); an HTTP/1.1 request without a Host may not (RFC 9112, 3.2).
import { problem } from '../../domain/errors.ts'
import type { App } from '../app-types.ts'

export const serverOptions = { requireHostHeader: false }

export function ownRefusals(app: App): void {
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
  app.addHook('onRequest', async ({ raw }) => {
    if (raw.httpVersion === '1.1' && raw.headers.host === undefined)
      throw problem('invalid_request', 'The request has no Host header.', { action: 'Send the host of the URL in it.' })
  })
}
