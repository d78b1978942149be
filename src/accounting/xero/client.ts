// The only file that knows xero-node and the HTTP client it brings. The SDK has no timeout, rejects with JSON strings
// and turns money into numbers (xero.md, The SDK), so every call of it is steered through its own hook for authentication: there
// our limits are set on that one request, and the answer is taken as it came off the wire. Nothing global is changed.
import { createRequire } from 'node:module'
import type { AccountingApi } from 'xero-node'
import { parseLossless } from '../../lib/json.ts'
import { keepable, keepableText, mayBeUnkeepable } from '../../lib/keepable-text.ts'
import type { Call } from '../provider.ts'
import type { Answer } from './answer.ts'

export type { AccountingApi, Contact, Invoice, Item, LineItem, Purchase } from 'xero-node'

export interface ClientConfig {
  readonly apiUrl: string
  readonly timeoutMs: number
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs: number
  /** Texts that may never appear in what is handed on, should the other side echo them. */
  readonly secrets: readonly string[]
  /** exact: numbers arrive as the text that was sent, for answers that hold money. plain: several times cheaper. */
  readonly numbers?: Numbers
}
export type Numbers = 'exact' | 'plain'

export interface Client {
  /** Loads the SDK, which takes a process a third of a second and more at its first call. */
  ready(): Promise<void>
  http(request: HttpRequest): Promise<Answer>
  /** A read of the accounting API. */
  get(call: Call, path: string, query?: Query, modifiedSince?: string | null, numbers?: Numbers): Promise<Answer>
  /** One call through the SDK. */
  sdk(call: Call, use: (api: AccountingApi) => Promise<unknown>): Promise<Answer>
}
export type Query = Readonly<Record<string, string | number | boolean | undefined>>

interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly data: unknown
}
type Adapter = (config: object) => Promise<HttpResponse>
interface Axios {
  request(config: object): Promise<HttpResponse>
  getAdapter(name: 'http'): Adapter
}

/** Xero's own limit for a request is 10 MB (xero.md, Writing). An answer larger than this is not one of Xero's. */
const maxRequestBytes = 10 * 1024 * 1024
const maxAnswerBytes = 64 * 1024 * 1024

/**
 * Texts that no database keeps end here, so that nothing else has to think of them. Xero shows half of an emoji in its own way and
 * keeps it: read as U+FFFD it is what both sides have from then on, and only what differs from that is sent. A change elsewhere in
 * the same person, number, address or line gives U+FFFD back with it.
 */
function parsed(text: string, numbers: Numbers): unknown {
  const isKeepable = !mayBeUnkeepable(text)
  try {
    const value = numbers === 'exact' ? parseLossless(text) : JSON.parse(text)
    return isKeepable ? value : keepable(value)
  } catch {
    return isKeepable ? text : keepableText(text)
  }
}

const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((clean, secret) => (secret ? clean.replaceAll(secret, '[removed]') : clean), text)

function toAnswer(response: HttpResponse, secrets: readonly string[], numbers: Numbers): Answer {
  const headers = Object.entries(response.headers).map(([name, value]) => [
    name.toLowerCase(),
    withoutSecrets(String(value), secrets),
  ])
  const text = typeof response.data === 'string' ? withoutSecrets(response.data, secrets) : ''
  return { status: response.status, headers: Object.fromEntries(headers), body: parsed(text, numbers), fault: null }
}

/** Only the code is kept of an error: its message and its config may hold what was sent. */
function lost(error: unknown): Answer {
  const code = error !== null && typeof error === 'object' && 'code' in error ? error.code : null
  const fault = typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? code : 'EFAULT'
  return { status: 0, headers: {}, body: '', fault: fault === 'ERR_CANCELED' ? 'ETIMEDOUT' : fault }
}

export function createClient(config: ClientConfig): Client {
  // Loaded on first use: the SDK takes a third of a second and 26 MB, which a process that only answers HTTP never needs.
  let loading: Promise<{ Api: typeof AccountingApi; axios: Axios }> | null = null
  const load = () => {
    loading ??= import('xero-node/dist/gen/api/accountingApi.js').then((sdk) => ({
      Api: sdk.AccountingApi as typeof AccountingApi,
      axios: createRequire(import.meta.resolve('xero-node'))('axios') as Axios,
    }))
    return loading
  }

  /** The settings of one request. The signal bounds the whole call: axios' timeout misses an answer that only trickles. */
  const steer = (
    axios: Axios,
    timeoutMs: number,
    secrets: readonly string[],
    numbers: Numbers,
    keep: (answer: Answer) => void,
  ) => ({
    timeout: timeoutMs,
    signal: AbortSignal.timeout(timeoutMs),
    maxRedirects: 0,
    maxContentLength: maxAnswerBytes,
    maxBodyLength: maxRequestBytes,
    decompress: true,
    responseType: 'text',
    validateStatus: () => true,
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
    async adapter(request: object) {
      keep(
        await axios
          .getAdapter('http')(request)
          .then((response) => toAnswer(response, secrets, numbers), lost),
      )
      // The SDK gets nothing to deserialise, and nothing to reject with.
      return { status: 204, statusText: '', headers: {}, data: undefined, config: request }
    },
  })

  const http = async (request: HttpRequest): Promise<Answer> => {
    const { axios } = await load()
    let answer = lost({ code: 'ENOTSENT' })
    const settings = steer(axios, request.timeoutMs, request.secrets, request.numbers ?? 'exact', (arrived) => {
      answer = arrived
    })
    const { method, url, headers, body } = request
    await axios.request({ method, url, headers, data: body, ...settings }).catch(() => null)
    return answer
  }

  return {
    async ready() {
      await load()
    },
    http,
    get(call, path, query = {}, modifiedSince = null, numbers = 'exact') {
      const pairs = Object.entries(query)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
      return http({
        method: 'GET',
        url: `${config.apiUrl}/api.xro/2.0/${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`,
        headers: {
          authorization: `Bearer ${call.accessToken}`,
          'xero-tenant-id': call.organisationId,
          accept: 'application/json',
          ...(modifiedSince === null ? {} : { 'If-Modified-Since': modifiedSince }),
        },
        timeoutMs: call.timeoutMs ?? config.timeoutMs,
        secrets: [call.accessToken],
        numbers,
      })
    },
    async sdk(call, use) {
      const { Api, axios } = await load()
      let answer: Answer | null = null
      const api = new Api(`${config.apiUrl}/api.xro/2.0`)
      api.accessToken = call.accessToken
      api.setDefaultAuthentication({
        applyToRequest(request) {
          const settings = steer(axios, call.timeoutMs ?? config.timeoutMs, [call.accessToken], 'exact', (arrived) => {
            answer = arrived
          })
          // Written here and not by axios, so that a replay sends the same bytes; a DELETE of the SDK carries a body `{}`.
          const data = request.method === 'DELETE' ? undefined : JSON.stringify(request.data)
          const type = data === undefined ? {} : { 'Content-Type': 'application/json' }
          Object.assign(request, settings, { data, headers: { ...request.headers, ...type } })
        },
      })
      // A rejection of the SDK is a JSON string about an answer that is already kept.
      await use(api).catch(() => null)
      if (answer === null) throw new Error('xero-node did not send the request')
      return answer
    },
  }
}
