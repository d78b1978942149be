// A company with an organisation of its own inside a world: the tests of one file share service, database and simulator
// without seeing each other's records, and each can say what was called for its organisation.
import type { Test } from 'tap'
import type { JournalEntry, OrganisationSeed } from '../../src/simulator/index.ts'
import type { Answer, World } from './house.ts'
import { settingsForDemoOrganisation } from './records.ts'

/** A path below the connection: 'customers', 'invoices', 'sync-jobs', … */
type Path = string
// biome-ignore lint/suspicious/noExplicitAny: answers are read as the test expects them
type Anything = any

export interface Tenant {
  readonly company: string
  /** Its name in the simulator. */
  readonly organisation: string
  readonly organisationId: string
  readonly connectionId: string
  api(method: string, path: Path, body?: unknown, headers?: Record<string, string>): Promise<Answer<Anything>>
  /** Hands records over in one bulk request; all of them must be taken. */
  put(path: Path, ...records: readonly object[]): Promise<void>
  settings(patch: object): Promise<void>
  /** Consents once more, after the connection was lost. */
  reconnect(): Promise<void>
  startJob(kind?: 'incremental' | 'full'): Promise<string>
  /** Starts a job and works until it has ended; returns it. */
  sync(kind?: 'incremental' | 'full'): Promise<Anything>
  job(id: string): Promise<Anything>
  errors(jobId: string): Promise<Anything[]>
  /** The sync state of a record. */
  state(path: Path, id: string): Promise<Anything>
  /** Open queue items, or those in these statuses. */
  queue(...statuses: string[]): Promise<Anything[]>
  changes(after?: number): Promise<Anything[]>
  /** Calls to the API for this organisation since the last `mark`, such as "PUT /Contacts". */
  calls(wanted?: string): JournalEntry[]
  mark(): void
  /** A list of the organisation as the simulator holds it. */
  xero(list: 'Contacts' | 'Items' | 'Invoices'): Anything[]
  /** What must hold after every test: only known fields were sent, no limit was broken, nothing stands in Xero twice. */
  checkXero(t: Test): void
}

export async function openTenant(
  world: World,
  name: string,
  options: { settings?: object; seed?: Partial<OrganisationSeed>; user?: string; company?: string } = {},
): Promise<Tenant> {
  const { simulator, clock } = world
  const { control } = simulator
  const organisation = `Organisation ${name}`
  const user = options.user ?? `${name}@example.com`
  const { organisations } = control.seed({
    organisations: [{ name: organisation, isDemoCompany: true, ...options.seed }],
  })
  // One person may belong to several organisations of the test: the seed of a user replaces the earlier one.
  const others = control.users().find((one) => one.email === user)?.organisationIds ?? []
  control.seed({ users: [{ email: user, name, organisations: [...others, organisation] }] })
  const organisationId = organisations[0] ?? ''
  const company = options.company ?? `company-${name}`
  const scope = { 'x-company-id': company }
  const connectionId = await connectAs(world, company, user, organisation)
  let since = 0

  const api: Tenant['api'] = (method, path, body, headers = {}) =>
    world.api(method, `/v1/connections/${connectionId}${path === '' ? '' : `/${path}`}`, body, { ...scope, ...headers })
  const items = async (path: string) => {
    const found: Anything[] = []
    for (let cursor = ''; ; ) {
      const { status, body } = await api('GET', `${path}${path.includes('?') ? '&' : '?'}limit=200${cursor}`)
      if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${JSON.stringify(body)}`)
      found.push(...body.items)
      if (!body.nextCursor) return found
      cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`
    }
  }

  const tenant: Tenant = {
    company,
    organisation,
    organisationId,
    connectionId,
    api,
    async put(path, ...records) {
      if (records.length === 0) return
      const { status, body } = await api('PUT', path, { records })
      if (status !== 200 || body.summary.refused > 0) throw new Error(`PUT ${path}: ${status} ${JSON.stringify(body)}`)
    },
    async settings(patch) {
      const current = await api('GET', 'settings')
      const patched = await api('PATCH', 'settings', patch, { 'if-match': String(current.headers.etag) })
      if (patched.status !== 200) throw new Error(`PATCH settings: ${patched.status} ${JSON.stringify(patched.body)}`)
    },
    async reconnect() {
      const { body } = await api('POST', 'reconnect', {})
      await consent(world, company, connectionId, body.authorizationUrl, user, organisation)
    },
    async startJob(kind = 'incremental') {
      const { status, body } = await api('POST', 'sync-jobs', { kind })
      if (status !== 201) throw new Error(`POST sync-jobs: ${status} ${JSON.stringify(body)}`)
      return body.id
    },
    async sync(kind) {
      const id = await tenant.startJob(kind)
      await world.work()
      const job = await tenant.job(id)
      if (job.completedAt === null) throw new Error(`the job did not end: ${JSON.stringify(job)}`)
      return job
    },
    job: async (id) => (await api('GET', `sync-jobs/${id}`)).body,
    errors: (jobId) => items(`sync-jobs/${jobId}/errors`),
    async state(path, id) {
      const { status, body } = await api('GET', `${path}/${encodeURIComponent(id)}`)
      if (status !== 200) throw new Error(`GET ${path}/${id}: ${status} ${JSON.stringify(body)}`)
      return body.sync
    },
    queue: (...statuses) => items(`sync-queue-items${statuses.length > 0 ? `?status=${statuses.join(',')}` : ''}`),
    async changes(after = 0) {
      const found: Anything[] = []
      for (let next = after; ; ) {
        const { status, body } = await api('GET', `changes?after=${next}&limit=200`)
        if (status !== 200) throw new Error(`GET changes: ${status} ${JSON.stringify(body)}`)
        found.push(...body.items)
        if (!body.hasMore) return found
        next = body.nextAfter
      }
    },
    calls(wanted = '') {
      const [method, path] = wanted.split(' ')
      return control
        .journal({ area: 'api', tenantId: organisationId, after: since, ...(path && { path }) })
        .filter((entry) => !method || entry.method === method)
    },
    mark() {
      since = control.journal().at(-1)?.seq ?? 0
    },
    xero: (list) => control.read(organisation, list),
    checkXero(t) {
      const all = control.journal({ tenantId: organisationId })
      const counters = control.counters()[organisationId]
      t.strictSame(
        all.flatMap((entry) => entry.unknown),
        [],
        'only fields and parameters that Xero knows were sent',
      )
      t.equal(counters?.early ?? 0, 0, 'no call came before a Retry-After had passed')
      t.strictSame(counters?.refused ?? {}, {}, 'no call was over a limit')
      t.strictSame(twice(tenant), [], 'nothing stands in Xero twice')
    },
  }
  await tenant.settings(options.settings ?? settingsForDemoOrganisation)
  // Consents of one test world would end together otherwise.
  clock.advance(1)
  return tenant
}

/** Markers that more than one live document has. */
function twice(tenant: Tenant): string[] {
  const live = [
    ...tenant.xero('Contacts').flatMap((one) => (one.ContactNumber ? `contact ${one.ContactNumber}` : [])),
    ...tenant.xero('Items').map((one) => `item ${String(one.Code).toLowerCase()}`),
    ...tenant
      .xero('Invoices')
      .filter((one) => !['VOIDED', 'DELETED'].includes(one.Status))
      .map((one) => (one.Type === 'ACCPAY' ? `bill ${one.Url ?? one.InvoiceID}` : `invoice ${one.InvoiceNumber}`)),
  ]
  return live.filter((marker, index) => live.indexOf(marker) !== index)
}

async function connectAs(world: World, company: string, user: string, organisation: string): Promise<string> {
  const created = await world.api('POST', '/v1/connections', {}, { 'x-company-id': company })
  await consent(world, company, created.body.id, created.body.authorizationUrl, user, organisation)
  return created.body.id
}

async function consent(
  world: World,
  company: string,
  connectionId: string,
  authorizationUrl: string,
  user: string,
  organisation: string,
): Promise<void> {
  world.simulator.control.consent({ mode: 'automatic', user, organisations: [organisation] })
  const end = await world.browse(authorizationUrl)
  const body = { completionCode: end.searchParams.get('code') }
  const confirmed = await world.api('POST', `/v1/connections/${connectionId}/confirm`, body, {
    'x-company-id': company,
  })
  if (confirmed.status !== 200)
    throw new Error(`confirm answered ${confirmed.status}: ${JSON.stringify(confirmed.body)}`)
}
