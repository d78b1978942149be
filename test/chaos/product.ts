// The inventory product of a schedule: an ordinary client of the REST API with a key. It makes a request again when the
// connection broke or the answer was a 5xx, with the same Idempotency-Key, and never gives one up that may still be served.
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { entityTypes, type RecordType } from '../../src/domain/entity-types.ts'
import type { Simulator } from '../../src/simulator/index.ts'
import type { Body } from '../support/drawn-records.ts'
import type { Replica } from './replicas.ts'
import type { Deed, Story } from './story.ts'

const againAfterMs = 50
const patienceMs = 120_000

// biome-ignore lint/suspicious/noExplicitAny: answers are read as they are expected
type Anything = any
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Anything
}

export interface Wanted {
  readonly type: RecordType
  readonly id: string
  readonly body: Body
  readonly deleted: boolean
}

export interface Product {
  readonly story: Story
  readonly company: string
  readonly organisation: string
  readonly organisationId: string
  readonly wanted: ReadonlyMap<string, Wanted>
  readonly connectionId: string
  /** Whether the consent was lost on purpose. */
  readonly lostConsent: boolean
  /** Figures: requests made again, and 5xx answers seen. */
  readonly repeated: { broken: number; faulty: number }
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Connects the organisation and saves the settings. */
  open(): Promise<void>
  perform(deed: Deed): Promise<void>
  reconnect(): Promise<void>
  all(path: string): Promise<Anything[]>
}

export interface ProductParts {
  readonly story: Story
  readonly apiKey: string
  readonly simulator: Simulator
  /** Processes of the service, each of which may be down. */
  readonly replicas: readonly Pick<Replica, 'isAlive' | 'url'>[]
}

export function openProduct({ story, apiKey, simulator, replicas }: ProductParts): Product {
  const { control } = simulator
  const { tag } = story
  const company = `company-${tag}`
  const organisation = `Organisation ${tag}`
  const user = `${tag}@example.com`
  const { organisations } = control.seed({ organisations: [{ name: organisation, isDemoCompany: true }] })
  control.seed({ users: [{ email: user, name: tag, organisations: [organisation] }] })
  const organisationId = organisations[0] ?? ''
  const wanted = new Map<string, Wanted>()
  const repeated = { broken: 0, faulty: 0 }
  let connectionId = ''
  let lostConsent = false
  let turn = 0

  /** A request to whichever replica answers; `path` may be a whole path of the service. */
  async function send(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const until = Date.now() + patienceMs
    for (;;) {
      turn += 1
      const replica = replicas[turn % replicas.length]
      try {
        if (replica?.isAlive) {
          const response = await fetch(`${replica.url}${path}`, { ...init, method, redirect: 'manual' })
          const busy = response.status === 409 && (await response.clone().text()).includes('idempotency_in_progress')
          if (response.status < 500 && !busy) return response
          repeated.faulty += 1
          await response.arrayBuffer()
        }
      } catch {
        repeated.broken += 1
      }
      if (Date.now() > until) throw new Error(`${method} ${path} was not answered in two minutes`)
      await pause(againAfterMs)
    }
  }

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await send(method, path, {
      headers: {
        authorization: `Bearer ${apiKey}`,
        'x-company-id': company,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== ''
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }
  const api: Product['api'] = (method, path, body, headers) =>
    call(method, `/v1/connections/${connectionId}${path === '' ? '' : `/${path}`}`, body, headers)

  async function all(path: string): Promise<Anything[]> {
    const found: Anything[] = []
    for (let cursor = ''; ; ) {
      const { status, body } = await api('GET', `${path}${path.includes('?') ? '&' : '?'}limit=200${cursor}`)
      if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${JSON.stringify(body)}`)
      found.push(...body.items)
      if (!body.nextCursor) return found
      cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`
    }
  }

  /** The way of a browser; where it ends. */
  async function browse(link: string): Promise<URL> {
    const started = await send('GET', pathOf(link))
    const cookie = started.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ')
    const query = new URLSearchParams({ simulator_consent: 'allow', simulator_user: user })
    query.set('simulator_organisations', organisationId)
    const there = started.headers.get('location')
    if (!there) throw new Error(`the link answered ${started.status}`)
    const consent = await fetch(`${there}&${query}`, { redirect: 'manual' })
    const back = consent.headers.get('location')
    if (!back) throw new Error(`the consent page answered ${consent.status}`)
    const called = await send('GET', pathOf(back), { headers: { cookie } })
    const end = called.headers.get('location')
    if (!end) throw new Error(`the callback answered ${called.status}: ${await called.text()}`)
    return new URL(end)
  }

  async function consent(link: string): Promise<boolean> {
    const end = await browse(link)
    const completionCode = end.searchParams.get('code')
    if (!completionCode) return false
    const confirmed = await api('POST', 'confirm', { completionCode })
    return confirmed.status === 200
  }

  /** The answer of the identity server may be lost in mid consent: then a person does it all again. */
  async function reconnect(): Promise<void> {
    for (let attempt = 0; attempt < 10; attempt++) {
      const { status, body } = await api('POST', 'reconnect', {})
      if (status >= 400) return
      if (await consent(body.authorizationUrl).catch(() => false)) return
    }
  }

  /** Xero lets nobody make a second invoice of one number: where ours stands already, the person comes too late. */
  function makeForeign(id: string): void {
    const number = foreignInvoice(id).InvoiceNumber.toLowerCase()
    const taken = control.read(organisation, 'Invoices').map((one) => String(one.InvoiceNumber).toLowerCase())
    if (!taken.includes(number)) control.createInvoice(organisation, foreignInvoice(id))
  }

  /** Of the same vendor, where it is known: a person enters the vendor's invoice that the product hands over as well. */
  function makeForeignBill(id: string): void {
    const body = wanted.get(`bill:${id}`)?.body
    if (!body) return
    const vendor = control.read(organisation, 'Contacts').find((one) => one.ContactNumber === `V-${body.vendorId}`)
    control.createInvoice(organisation, {
      ...foreignInvoice(id),
      Type: 'ACCPAY',
      InvoiceNumber: String(body.vendorInvoiceNumber ?? body.number),
      LineItems: [{ Description: 'Alike', Quantity: 1, UnitAmount: 9.5, AccountCode: '300' }],
      ...(vendor ? { Contact: { ContactID: vendor.ContactID } } : {}),
    })
  }

  async function perform(deed: Deed): Promise<void> {
    switch (deed.kind) {
      case 'put': {
        const { status, body } = await api('PUT', entityTypes[deed.type].path, { records: deed.bodies })
        if (status !== 200) throw new Error(`PUT ${deed.type} answered ${status}: ${JSON.stringify(body)}`)
        for (const [index, record] of deed.bodies.entries()) {
          const { result } = body.results[index] ?? {}
          if (result === 'refused' || result === undefined) continue
          wanted.set(`${deed.type}:${record.id}`, { type: deed.type, id: record.id, body: record, deleted: false })
        }
        return
      }
      case 'delete': {
        const known = wanted.get(`${deed.type}:${deed.id}`)
        if (!known) return
        const { status } = await api('DELETE', `${entityTypes[deed.type].path}/${deed.id}`)
        // 404: an earlier try whose answer was lost has deleted it.
        if (status >= 400 && status !== 404) return
        wanted.set(`${deed.type}:${deed.id}`, { ...known, deleted: true })
        return
      }
      case 'job':
        await api('POST', 'sync-jobs', { kind: deed.full ? 'full' : 'incremental' })
        return
      case 'cancel': {
        const { body } = await api('GET', 'sync-jobs?limit=1')
        const [job] = body.items
        if (job && job.completedAt === null) await api('POST', `sync-jobs/${job.id}/cancel`)
        return
      }
      case 'foreign':
        return deed.type === 'invoice' ? makeForeign(deed.id) : makeForeignBill(deed.id)
      case 'tokens':
        return control.invalidateAccessTokens()
      case 'disconnect':
        lostConsent = true
        return control.faults({ kind: 'disconnect', tenantId: organisationId, skip: deed.calls })
      case 'reconnect':
        return reconnect()
    }
  }

  return {
    story,
    company,
    organisation,
    organisationId,
    wanted,
    repeated,
    get connectionId() {
      return connectionId
    },
    get lostConsent() {
      return lostConsent
    },
    api,
    all,
    async open() {
      const created = await call('POST', '/v1/connections', {})
      if (created.status !== 201) throw new Error(`POST connections answered ${created.status}`)
      connectionId = created.body.id
      if (!(await consent(created.body.authorizationUrl).catch(() => false))) await reconnect()
      const { body } = await api('GET', '')
      if (body.status !== 'active') throw new Error(`the organisation could not be connected: ${body.status}`)
      const patched = await api('PATCH', 'settings', story.settings, { 'if-match': '*' })
      if (patched.status !== 200) throw new Error(`PATCH settings: ${JSON.stringify(patched.body)}`)
    },
    perform,
    reconnect,
  }
}

const foreignInvoice = (id: string) => ({
  Type: 'ACCREC',
  InvoiceNumber: `N-${id}`,
  Contact: { Name: `Foreign ${id}` },
  Date: '2026-11-01',
  DueDate: '2026-12-01',
  Status: 'AUTHORISED',
  LineItems: [{ Description: 'Foreign', Quantity: 1, UnitAmount: 1, AccountCode: '200' }],
})

const pathOf = (url: string): string => {
  const { pathname, search } = new URL(url)
  return pathname + search
}
