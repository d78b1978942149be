// Bytes that are not HTTP never reach a route, nor the error handler: they are answered here, on the socket itself.
import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify'
import { problem } from '../../domain/errors.ts'
import { problemType } from '../schemas/problem.ts'

const detailOf = (code: string): string =>
  code === 'HPE_HEADER_OVERFLOW'
    ? 'The headers are larger than this server takes.'
    : code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? 'The request did not arrive in time.'
      : 'This is not a valid HTTP request.'

export const clientErrors =
  (logger: FastifyBaseLogger): NonNullable<FastifyServerOptions['clientErrorHandler']> =>
  (error, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy()
      return
    }
    const requestId = randomUUID()
    logger.debug({ requestId, code: error.code, clientAddress: socket.remoteAddress }, 'a request was not valid HTTP')
    const { code, status, title, detail, action } = problem('invalid_request', detailOf(error.code))
    const body = JSON.stringify({
      type: problemType(code),
      title,
      status,
      detail,
      code,
      action,
      actions: [],
      instance: '/',
      requestId,
    })
    const head = [
      'HTTP/1.1 400 Bad Request',
      'Content-Type: application/problem+json',
      'Cache-Control: no-store',
      `X-Request-Id: ${requestId}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  }
