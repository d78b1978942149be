// A company whose records are raced over: two processes of the service on one PostgreSQL, of which the slow one can be
// stopped before each of its statements while the quick one works.
import { sql } from 'kysely'
import type { Test } from 'tap'
import { type House, openHouse } from '../../src/house.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { stepsOfJob } from '../../src/services/job-plan.ts'
import { type Answer, bootstrapKey, openWorld, testConfig, type World } from '../support/house.ts'
import { openPausedDatabase, type PausedDatabase } from '../support/paused-database.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

export type Kind = 'customers' | 'invoices' | 'items'

export interface Stage {
  readonly world: World
  readonly tenant: Tenant
  readonly quick: House
  readonly slow: House
  readonly paused: PausedDatabase
  ask(house: House, method: string, path: string, body?: unknown): Promise<Answer>
  /** An id that no race had yet. */
  newId(): string
  /** The id of a record of content number 1 that stands in Xero. */
  syncedId(kind: Kind): Promise<string>
  /** A person enters something in Xero that has no record, and an import reads it; `apart` is its id there. */
  standApart(kind: Kind, id: string): Promise<void>
  apart(id: string): string
  /** Starts a job whose next step is this one. */
  startJobAt(step: string, kind?: 'incremental' | 'full'): Promise<void>
  /** Gives an unfinished job that step as its next one. */
  jumpTo(step: string): Promise<void>
  /** The connection, which was disconnected, is connected again; returns the status that it had. */
  connectAgain(): Promise<string>
  /** Works until no job is unfinished; without its reading of lists, unless they matter. */
  workOff(withLists: boolean): Promise<void>
  /** Documents in Xero that two records of a type are. */
  heldTwice(): Promise<string[]>
  /** Whether a statement of this database waits for a lock. */
  isBlocked(): Promise<boolean>
}

/** The n-th content of a record: its value is found again in Xero. */
export function contentOf(kind: Kind, id: string, n: number, more: object = {}): object {
  switch (kind) {
    case 'customers':
      return customer(id, { name: wantedValue(kind, id, n), ...more })
    case 'items':
      return item(id, { kind: 'service', name: wantedValue(kind, id, n), ...more })
    case 'invoices': {
      const { lines, ...rest } = invoice(id, 'base', ['base'])
      return { ...rest, lines: lines.map((line) => ({ ...line, unitPrice: wantedValue(kind, id, n) })), ...more }
    }
  }
}

export const wantedValue = (kind: Kind, id: string, n: number): string =>
  kind === 'invoices' ? `${10 + n}.00` : `${kind} ${id} ${n}`

// biome-ignore lint/suspicious/noExplicitAny: documents are read as the simulator holds them
type Anything = any

export const valueInRecord = (kind: Kind, record: Anything): string =>
  kind === 'invoices' ? Number(record.lines[0].unitPrice).toFixed(2) : record.name

/** The document of a record that stands in Xero, by its marker or by the id that it is linked to; and its value. */
export function standing(stage: Stage, kind: Kind, id: string, xeroId?: string): { value: string } | null {
  const { tenant } = stage
  const isLive = (one: Anything) => one.ContactStatus !== 'ARCHIVED' && !['VOIDED', 'DELETED'].includes(one.Status)
  const [list, key, marker, named] = (
    {
      customers: ['Contacts', 'ContactID', 'ContactNumber', `C-${id}`],
      items: ['Items', 'ItemID', 'Code', `SKU-${id}`],
      invoices: ['Invoices', 'InvoiceID', 'InvoiceNumber', `INV-${id}`],
    } as const
  )[kind]
  const live: Anything[] = tenant.xero(list).filter(isLive)
  const found = live.find((one) => one[marker] === named) ?? live.find((one) => one[key] === xeroId)
  if (!found) return null
  return { value: kind === 'invoices' ? Number(found.LineItems[0].UnitAmount).toFixed(2) : found.Name }
}

/** A few more than most moves have statements. */
const readyAtOnce = 60

export async function openRaces(t: Test): Promise<(name: string) => Promise<Stage>> {
  const world = await openWorld(t)
  const { database, clock } = world
  const paused = openPausedDatabase(database.url ?? '')
  const log = createLogger({ level: 'info', destination: { write: (line: string) => void world.logLines.push(line) } })
  const slow = await openHouse({
    config: testConfig(world.simulator),
    log,
    clock,
    database: paused,
    random: () => 0.5,
  })
  t.teardown(() => slow.close())
  let ids = 0
  return async (name) => {
    const tenant = await openTenant(world, name)
    await tenant.put('customers', customer('base'))
    await tenant.put('items', item('base', { kind: 'service' }))
    await tenant.sync()
    const { connectionId, company, organisation } = tenant
    const { control } = world.simulator
    const ready = new Map<Kind, string[]>()
    const apart = new Map<string, string>()
    const newId = () => `r${++ids}`

    /** One job for many: most of the time of a race would be spent on making its record. */
    async function makeSynced(kind: Kind): Promise<string[]> {
      const fresh = Array.from({ length: readyAtOnce }, newId)
      await tenant.put(kind, ...fresh.map((id) => contentOf(kind, id, 1)))
      await tenant.sync()
      clock.advance(5 * 60_000)
      return fresh
    }

    const draft = (ContactID: string, id: string) => {
      const LineItems = [{ Description: 'x', Quantity: 1, UnitAmount: 5, AccountCode: '200' }]
      const document = { Type: 'ACCREC', Contact: { ContactID }, Date: '2026-11-20', DueDate: '2026-12-20' }
      const entered = { ...document, LineItems, InvoiceNumber: `APART-${id}`, Status: 'DRAFT' }
      return String(control.createInvoice(organisation, entered).InvoiceID)
    }

    function enter(kind: Kind, id: string): string {
      const name = `Apart ${id}`
      if (kind === 'items') return String(control.createItem(organisation, { Code: `APART-${id}`, Name: name }).ItemID)
      if (kind === 'invoices') {
        const base = tenant.xero('Contacts').find(({ ContactNumber }) => ContactNumber === 'C-base')
        return draft(base?.ContactID, id)
      }
      const contactId = String(control.createContact(organisation, { Name: name }).ContactID)
      // An invoice makes a customer of it.
      draft(contactId, id)
      return contactId
    }

    async function jumpTo(step: string): Promise<void> {
      const steps = stepsOfJob(0)
      const left = step === 'settle' ? steps : steps.slice(steps.indexOf(step))
      const { numAffectedRows } = await sql`UPDATE sync_jobs SET steps = ${JSON.stringify(left)}::jsonb
        WHERE connection_id = ${connectionId}::uuid AND completed_at IS NULL`.execute(database.db)
      if (numAffectedRows !== 1n) throw new Error(`there is no unfinished job to do ${step}`)
    }

    return {
      world,
      tenant,
      quick: world.house,
      slow,
      paused,
      newId,
      async syncedId(kind) {
        if (!ready.get(kind)?.length) ready.set(kind, await makeSynced(kind))
        return ready.get(kind)?.pop() ?? ''
      },
      async standApart(kind, id) {
        if (apart.has(id)) return
        clock.advance(60_000)
        apart.set(id, enter(kind, id))
        if (kind === 'invoices') return
        await tenant.startJob()
        await jumpTo(`read:${kind === 'items' ? 'items' : 'contacts'}`)
        await world.house.turn()
        // The race is about what it would make of it.
        await sql`UPDATE sync_jobs SET steps = '["settle"]' WHERE connection_id = ${connectionId}::uuid AND completed_at IS NULL`.execute(
          database.db,
        )
        await world.work()
      },
      apart: (id) => apart.get(id) ?? '',
      jumpTo,
      ask: (house, method, path, body) =>
        world.send(method, `/v1/connections/${connectionId}${path === '' ? '' : `/${path}`}`, {
          house,
          headers: {
            authorization: `Bearer ${bootstrapKey}`,
            'x-company-id': company,
            ...(method === 'PATCH' && { 'if-match': '*' }),
            ...(body !== undefined && { 'content-type': 'application/json' }),
          },
          ...(body !== undefined && { payload: JSON.stringify(body) }),
        }),
      async startJobAt(step, kind) {
        await tenant.startJob(kind)
        await jumpTo(step)
      },
      async connectAgain() {
        const { status } = (await tenant.api('GET', '')).body
        if (status !== 'active') await tenant.reconnect()
        return status
      },
      async workOff(withLists) {
        if (!withLists) {
          await sql`UPDATE sync_jobs SET steps = (SELECT coalesce(jsonb_agg(step), '[]') FROM jsonb_array_elements_text(steps) step
            WHERE step !~ '^(reference|match|read|assign|sweep)')
            WHERE connection_id = ${connectionId}::uuid AND completed_at IS NULL`.execute(database.db)
        }
        await world.work()
      },
      async heldTwice() {
        const { rows } = await sql<{ one: string }>`SELECT type || ' ' || remote_id AS one FROM links
          WHERE connection_id = ${connectionId}::uuid AND NOT follows_merge GROUP BY type, remote_id HAVING count(*) > 1`.execute(
          database.db,
        )
        return rows.map(({ one }) => one)
      },
      async isBlocked() {
        const { rows } = await sql<{ blocked: boolean }>`SELECT EXISTS (SELECT 1 FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock') AS blocked`.execute(database.db)
        return rows[0]?.blocked === true
      },
    }
  }
}
