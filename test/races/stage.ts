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
  /** Starts a job whose next step is this one. */
  startJobAt(step: string, kind?: 'incremental' | 'full'): Promise<void>
  /** Gives an unfinished job that step as its next one. */
  jumpTo(step: string): Promise<void>
  /** Works until no job is unfinished; without its reading of lists, unless they matter. */
  workOff(withLists: boolean): Promise<void>
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

/** The document of a record that stands in Xero, and its value. */
export function standing(stage: Stage, kind: Kind, id: string): { value: string } | null {
  const { tenant } = stage
  const found: Anything =
    kind === 'customers'
      ? tenant.xero('Contacts').find((one) => one.ContactNumber === `C-${id}` && one.ContactStatus === 'ACTIVE')
      : kind === 'items'
        ? tenant.xero('Items').find((one) => one.Code === `SKU-${id}`)
        : tenant
            .xero('Invoices')
            .find((one) => one.InvoiceNumber === `INV-${id}` && !['VOIDED', 'DELETED'].includes(one.Status))
  if (!found) return null
  return { value: kind === 'invoices' ? Number(found.LineItems[0].UnitAmount).toFixed(2) : found.Name }
}

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
    const { connectionId, company } = tenant

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
      newId: () => `r${++ids}`,
      jumpTo,
      ask: (house, method, path, body) =>
        world.send(method, `/v1/connections/${connectionId}/${path}`, {
          house,
          headers: {
            authorization: `Bearer ${bootstrapKey}`,
            'x-company-id': company,
            ...(body !== undefined && { 'content-type': 'application/json' }),
          },
          ...(body !== undefined && { payload: JSON.stringify(body) }),
        }),
      async startJobAt(step, kind) {
        await tenant.startJob(kind)
        await jumpTo(step)
      },
      async workOff(withLists) {
        if (!withLists) {
          await sql`UPDATE sync_jobs SET steps = (SELECT coalesce(jsonb_agg(step), '[]') FROM jsonb_array_elements_text(steps) step
            WHERE step !~ '^(reference|match|read|assign|sweep)')
            WHERE connection_id = ${connectionId}::uuid AND completed_at IS NULL`.execute(database.db)
        }
        await world.work()
      },
      async isBlocked() {
        const { rows } = await sql<{ blocked: boolean }>`SELECT EXISTS (SELECT 1 FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock') AS blocked`.execute(database.db)
        return rows[0]?.blocked === true
      },
    }
  }
}
