// A server that answers what the test scripts, on a real socket, and keeps what was asked. For odd answers that a
// simulator of Xero has no reason to give.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createXeroProvider } from '../../../src/accounting/xero/provider.ts'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Scripted {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Objects are sent as JSON. */
  readonly body?: unknown
}
export type Script = (asked: Asked, response: ServerResponse) => Scripted | null

export const accessToken = 'eyJhbGciOiJSUzI1NiJ9.canary-access-token.c2lnbmF0dXJl'
export const refreshToken = 'canary-refresh-token'
export const clientSecret = 'canary-client-secret'
export const call = { accessToken, organisationId: '7cc4a1ea-9b0a-4f0f-8f7a-0d7a3c1f2b11' }

interface Teardown {
  teardown(close: () => void): void
}

/** A provider before a scripted server. A script that returns null has answered by itself, or never will. */
export async function scripted(t: Teardown, script: Script, timeoutMs = 5_000) {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://xero.test')
      const body = Buffer.concat(chunks).toString('utf8')
      const one = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body,
      }
      asked.push(one)
      const answer = script(one, response)
      if (answer === null) return
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? '')
      const type = typeof answer.body === 'string' ? {} : { 'content-type': 'application/json; charset=utf-8' }
      response.writeHead(answer.status ?? 200, { ...type, ...answer.headers })
      response.end(answer.body === undefined ? '' : text)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, 'localhost', resolve)
  })
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const config = { clientId: 'client', clientSecret, identityUrl: url, apiUrl: `${url}/`, timeoutMs }
  return { provider: createXeroProvider(config), asked, url }
}
