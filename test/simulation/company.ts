// A company of a schedule: its connection, what it did, and what it must find at the end.
import type { RecordType } from '../../src/domain/entity-types.ts'
import { changeConnection, insertConnection } from '../../src/stores/connections.ts'
import { type Body, centsOf } from '../support/drawn-records.ts'
import { inBooks } from './people.ts'
import type { Act, Plot } from './plot.ts'
import type { Held, Stage } from './stage.ts'
import { isLive, type Organisation, standsFor } from './xero/organisation.ts'
import { saidIn, valuesOfBody } from './xero/values.ts'

export interface Wanted {
  readonly type: RecordType
  readonly id: string
  readonly body: Body
  readonly deleted: boolean
}

export interface Company {
  readonly tag: string
  readonly companyId: string
  readonly connectionId: string
  readonly organisationId: string
  readonly user: string
  readonly plot: Plot
  /** All companies that the same consent serves, this one among them. */
  readonly ofConsent: Company[]
  readonly wanted: Map<string, Wanted>
  /** Numbers and codes that a person took in Xero. */
  readonly foreign: Set<string>
  /** Invoices and bills that a person changed in Xero. */
  readonly edited: Set<string>
  /** Records that somebody unlinked from their contacts and items. */
  readonly unlinked: Set<string>
  /** Why the connection may have asked for a new consent. */
  lostConsent: boolean
  done: boolean
  put(type: RecordType, bodies: readonly Body[]): Promise<void>
}

const retryMs = 5_000

export async function openCompany(stage: Stage, tag: string, plot: Plot, sharing: Company | null): Promise<Company> {
  const { front, model, newId, agenda } = stage
  const companyId = sharing?.companyId ?? `company-${tag}`
  const user = sharing?.user ?? `user-${tag}`
  const connectionId = newId()
  const organisationId = newId()
  model.addOrganisation(organisationId)
  const now = new Date(agenda.now()).toISOString()
  await insertConnection(front.db, companyId, connectionId, now)
  const company: Company = {
    tag,
    companyId,
    connectionId,
    organisationId,
    user,
    plot,
    ofConsent: sharing?.ofConsent ?? [],
    wanted: new Map(),
    foreign: new Set(),
    edited: new Set(),
    unlinked: new Set(),
    lostConsent: false,
    done: false,
    put: (type, bodies) => put(stage, company, type, bodies),
  }
  if (plot.conflict) model.trail.watch(organisationId, plot.conflict, plot.importOff)
  company.ofConsent.push(company)
  const known = model.identity.consentOfUser(user)
  await consent(stage, company, [...(known?.organisations ?? []), organisationId])
  const { version } = await front.settings.get(companyId, connectionId)
  await front.settings.patch(companyId, connectionId, plot.settings, version)
  return company
}

/** A person consents, again if need be: new tokens, and all connections of the consent are active. */
export async function consent(stage: Stage, company: Company, organisations: readonly string[]): Promise<void> {
  const { front, model, agenda } = stage
  const { companyId, user } = company
  for (const id of organisations) {
    const there = model.organisations.get(id)
    if (there) there.connected = true
  }
  const tokens = model.identity.consent(user, organisations)
  const tokenSetId = await front.tokens.saveConsent(companyId, user, tokens)
  const states = ['pending_consent', 'active', 'needs_reconnect'] as const
  for (const { connectionId, organisationId } of company.ofConsent) {
    const joined = { organisationId, remoteConnectionId: organisationId, tokenSetId }
    const change = { ...joined, status: 'active', reason: null } as const
    await changeConnection(front.db, companyId, connectionId, states, change, new Date(agenda.now()).toISOString())
  }
}

const key = (type: string, id: string) => `${type}:${id}`

async function put(stage: Stage, company: Company, type: RecordType, bodies: readonly Body[]): Promise<void> {
  const { front, model } = stage
  const { companyId, connectionId, organisationId, wanted, plot } = company
  const held = plot.conflict ? await stage.held(connectionId, type) : new Map<string, Held>()
  // Also a body whose answer is lost may be written.
  model.trail.said(organisationId, bodies.flatMap(saidIn))
  const results = await front.records.upsertMany(companyId, connectionId, type, bodies)
  for (const [index, body] of bodies.entries()) {
    const result = results[index]?.result
    if (result === 'refused' || result === undefined) continue
    wanted.set(key(type, body.id), { type, id: body.id, body, deleted: false })
    const before = held.get(body.id)
    // Two records of one contact that both win would write it in turn.
    const isInsisted = plot.conflict === 'product_wins' && !before?.isShared
    const values = before ? valuesOfBody(before.body) : null
    model.trail.handedOver(key(type, body.id), valuesOfBody(body), values, isInsisted)
  }
}

async function perform(stage: Stage, company: Company, act: Act): Promise<void> {
  const { front, model } = stage
  const { companyId, connectionId, organisationId, wanted } = company
  const organisation = model.organisations.get(organisationId)
  switch (act.kind) {
    case 'put':
      return company.put(act.type, act.bodies)
    case 'delete': {
      const known = wanted.get(key(act.type, act.id))
      if (!known) return
      await front.records.remove(companyId, connectionId, act.type, act.id)
      wanted.set(key(act.type, act.id), { ...known, deleted: true })
      return
    }
    case 'unlink':
      await front.records.unlink(companyId, connectionId, act.type, act.id)
      company.unlinked.add(key(act.type, act.id))
      model.trail.unlinked(key(act.type, act.id))
      return
    case 'job':
      await front.jobs.create(companyId, connectionId, { kind: act.full ? 'full' : 'incremental' })
      return stage.wakeAll()
    case 'cancel': {
      const page = await front.jobs.list(companyId, connectionId, { after: null, limit: 1 })
      const [job] = page.items
      if (job && job.completedAt === null) await front.jobs.cancel(companyId, connectionId, job.id)
      return stage.wakeAll()
    }
    case 'settings': {
      const { version } = await front.settings.get(companyId, connectionId)
      await front.settings.patch(companyId, connectionId, act.patch, version)
      // A document that is queued by hand takes the prefix of the settings.
      const { prefix } = (act.patch as { readonly invoices?: { readonly prefix?: string } }).invoices ?? {}
      const numbers = [...wanted.values()].flatMap(({ type, body }) =>
        type === 'invoice' ? [`${prefix}${body.number}`] : [],
      )
      if (prefix !== undefined) model.trail.said(organisationId, numbers)
      return
    }
    case 'requeue':
      await front.queue.requeue(companyId, connectionId, { recordType: act.type, recordIds: null })
      return
    case 'foreign':
      return foreign(company, act, organisation)
    case 'enter':
      return enter(company, act, organisation)
    case 'edit': {
      const ours = organisation
        ?.all()
        .find((one) => one.byApp && isLive(one) && standsFor(one.posted, act.type, act.id))
      if (!organisation || ours?.posted.list !== 'invoices') return
      const line = { lineId: 'person', description: 'By hand', quantity: '1', unitAmount: '0.01', tracking: [] }
      const posted = { ...ours.posted, lines: [...ours.posted.lines, line] }
      organisation.update({ posted, remoteId: ours.id, lineIds: ours.lineIds })
      company.edited.add(act.id)
      return
    }
    case 'books':
    case 'touch':
    case 'archive':
    case 'merge':
    case 'resolve':
    case 'amend':
      return inBooks(stage, company, act)
    case 'disconnect':
      company.lostConsent = true
      if (organisation) organisation.connected = false
      return
    case 'revoke':
      for (const each of company.ofConsent) each.lostConsent = true
      model.identity.revoke(company.user)
      return
    case 'reconnect':
      return consent(stage, company, [...(model.identity.consentOfUser(company.user)?.organisations ?? [])])
  }
}

function foreign(
  company: Company,
  { type, id }: Extract<Act, { kind: 'foreign' }>,
  organisation: Organisation | undefined,
): void {
  if (!organisation) return
  const made = (posted: Parameters<typeof organisation.create>[0]['posted']) =>
    organisation.create({ posted, remoteId: null, lineIds: {} }, false)
  if (type === 'item') {
    const code = id.toUpperCase()
    made({ list: 'items', code, name: 'Made in Xero', isSold: true, isPurchased: true })
    company.foreign.add(code.toLowerCase())
    return
  }
  const contactNumber = `foreign-${id}`
  const contact = made({
    list: 'contacts',
    contactNumber,
    name: `Foreign ${id}`,
    phones: [],
    addresses: [],
    contactPersons: [],
    archived: false,
  })
  if (contact.kind !== 'written') return
  const number = `N-${id}`
  made({
    list: 'invoices',
    kind: 'sale',
    number,
    contactRemoteId: contact.remote.remoteId,
    date: '2026-11-01',
    status: 'AUTHORISED',
    lines: [{ lineId: '1', description: 'Foreign', quantity: '1', unitAmount: '1.00', tracking: [] }],
  })
  company.foreign.add(number.toLowerCase())
}

function enter(
  { wanted }: Company,
  { id, isAlike }: Extract<Act, { kind: 'enter' }>,
  organisation: Organisation | undefined,
): void {
  const body = wanted.get(key('bill', id))?.body
  const vendor = organisation?.all().find((one) => standsFor(one.posted, 'vendor', String(body?.vendorId)))
  if (!organisation || !body || !vendor) return
  const amount = isAlike ? String(centsOf(body) / 100) : '1.00'
  const count = (body.lines as unknown[]).length + ((body.otherCharges ?? []) as unknown[]).length
  // The model compares total and number of lines.
  const lines = Array.from({ length: isAlike ? count : 1 }, (_, n) => ({
    lineId: String(n),
    description: 'By hand',
    quantity: n === 0 ? '1' : '0',
    unitAmount: amount,
    tracking: [],
  }))
  const posted = {
    list: 'invoices',
    kind: 'bill',
    number: String(body.vendorInvoiceNumber ?? body.number),
    url: '',
    contactRemoteId: vendor.id,
    date: '2026-11-20',
    status: 'AUTHORISED',
    lines,
  } as const
  organisation.create({ posted, remoteId: null, lineIds: {} }, false)
}

/** What the product and people do, one after the other; a request that fails for a fault of ours is made again. */
export async function live(stage: Stage, company: Company): Promise<void> {
  const begun = stage.agenda.now()
  for (const { at, act } of company.plot.acts) {
    await stage.front.replica.gate(Math.max(0, begun + at - stage.agenda.now()))
    for (;;) {
      try {
        stage.agenda.trace(() => `${company.tag}: ${JSON.stringify(act)}`)
        await perform(stage, company, act)
        break
      } catch (error) {
        // A problem is an answer (a job runs already, the record is being deleted); anything else is a fault.
        if (error instanceof Error && error.name === 'ProblemError') break
        await stage.front.replica.gate(retryMs)
      }
    }
  }
  company.done = true
}
