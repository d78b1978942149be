// A simulator with a clock in the test's hand, and a small client that speaks to it over its real socket.
import { type Simulator, type SimulatorOptions, somerset, startSimulator } from '../../../src/simulator/index.ts'
import type { JsonObject } from '../../../src/simulator/json.ts'

export interface Answered {
  status: number
  headers: Headers
  text: string
  /** Whatever the server wrote; undefined when it is not JSON. */
  json: ReturnType<JSON['parse']>
}

export interface Stage {
  simulator: Simulator
  clock: { now(): Date; advance(milliseconds: number): void }
  tenantId: string
  token: string
  /** A new token, after the clock has passed the old one's end. */
  renew(): void
  /** Calls the API of the first organisation with a valid token. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>
  get(path: string, headers?: Record<string, string>): Promise<Answered>
  put(path: string, body: unknown, headers?: Record<string, string>): Promise<Answered>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answered>
}

export const start = Date.parse('2026-11-23T02:00:00.500Z')
export const seconds = (count: number) => count * 1000
export const minutes = (count: number) => count * 60_000
export const hours = (count: number) => count * 3_600_000
export const days = (count: number) => count * 86_400_000

export async function answered(response: Response): Promise<Answered> {
  const text = await response.text()
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = undefined
  }
  return { status: response.status, headers: response.headers, text, json }
}

type Test = { teardown(act: () => unknown): void }

export async function stage(t: Test, options: SimulatorOptions = {}): Promise<Stage> {
  let ms = start
  const clock = {
    now: () => new Date(ms),
    advance: (milliseconds: number) => {
      ms += milliseconds
    },
  }
  const simulator = await startSimulator({ clock, minuteLimit: 10_000, ...options })
  t.teardown(() => simulator.close())
  const { tokens, connections } = simulator.control.connect()
  const tenantId = connections[0]?.tenantId ?? ''
  const token = String(tokens.access_token)
  let current = token
  const api: Stage['api'] = async (method, path, body, headers = {}) =>
    answered(
      await fetch(`${simulator.apiUrl}/api.xro/2.0/${path}`, {
        method,
        headers: {
          authorization: `Bearer ${current}`,
          'xero-tenant-id': tenantId,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    )
  return {
    simulator,
    clock,
    tenantId,
    token,
    renew: () => {
      current = String(simulator.control.connect().tokens.access_token)
    },
    api,
    get: (path, headers) => api('GET', path, undefined, headers),
    put: (path, body, headers) => api('PUT', path, body, headers),
    post: (path, body, headers) => api('POST', path, body, headers),
  }
}

/** Query with where or other texts escaped. */
export const query = (path: string, parameters: Record<string, string>) => `${path}?${new URLSearchParams(parameters)}`

export const line = (fields: JsonObject = {}): JsonObject => ({
  Description: 'Racket',
  Quantity: 1,
  UnitAmount: 100,
  AccountCode: '200',
  ...fields,
})
export const sale = (fields: JsonObject = {}): JsonObject => ({
  Type: 'ACCREC',
  Contact: { Name: 'Ann Customer' },
  Date: '2026-11-20',
  DueDate: '2026-12-20',
  Status: 'AUTHORISED',
  LineItems: [line()],
  ...fields,
})
export const bill = (fields: JsonObject = {}): JsonObject => ({
  Type: 'ACCPAY',
  Contact: { Name: 'Bob Supplier' },
  Date: '2026-11-20',
  DueDate: '2026-12-20',
  Status: 'AUTHORISED',
  LineItems: [line({ AccountCode: '300' })],
  ...fields,
})

export const messages = (answer: Answered): string[] =>
  (answer.json?.Elements ?? []).flatMap((element: { ValidationErrors: { Message: string }[] }) =>
    element.ValidationErrors.map((one) => one.Message),
  )

export { somerset }
