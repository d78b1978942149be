// What races: moves of the engine, each with the moment right before it, and requests of the product.
import type { House } from '../../src/house.ts'
import { contentOf, type Kind, type Stage } from './stage.ts'

/** What a move says of the record that is raced over, when it was acknowledged. */
export interface Claim {
  /** The record has this content, by its number. */
  readonly content?: number
  readonly deleted?: boolean
  /** It was taken out of the queue, or unlinked: it need not be in Xero as it is. */
  readonly released?: boolean
}

export interface Move {
  readonly name: string
  /** Null: nothing was acknowledged (a refusal, or there was nothing to do). */
  run(stage: Stage, house: House, id: string): Promise<Claim | null>
}

export interface Moment extends Move {
  readonly kind: Kind
  /** The record as the moment finds it: content number 1, unless said. */
  readonly from: 'nothing' | 'synced'
  prepare(stage: Stage, id: string): Promise<void>
  /** What the engine's move may do to the record on its own: take another value over, or take it away. */
  readonly byXero?: 'edited' | 'deleted'
  readonly against: readonly string[]
}

const turn: Move['run'] = async (_, house) => {
  await house.turn()
  return {}
}

const put = async (stage: Stage, kind: Kind, id: string, n: number) => stage.tenant.put(kind, contentOf(kind, id, n))
const types = { customers: 'customer', invoices: 'invoice', items: 'item' } as const

async function accepted(answer: Promise<{ status: number; body: Record<string, unknown> }>, claim: Claim) {
  const { status, body } = await answer
  if (status >= 500) throw new Error(`answered ${status}: ${JSON.stringify(body)}`)
  return status < 300 ? claim : null
}

export const requests = (kind: Kind): Readonly<Record<string, Move>> => ({
  change: {
    name: 'PUT',
    run: (stage, house, id) =>
      accepted(stage.ask(house, 'PUT', `${kind}/${id}`, contentOf(kind, id, 7)), { content: 7 }),
  },
  changeMany: {
    name: 'bulk PUT',
    async run(stage, house, id) {
      const answer = await stage.ask(house, 'PUT', kind, { records: [contentOf(kind, id, 8)] })
      const [first] = (answer.body as { results?: { result: string }[] }).results ?? []
      return first && first.result !== 'refused' ? { content: 8 } : null
    },
  },
  remove: {
    name: 'DELETE',
    run: (stage, house, id) => accepted(stage.ask(house, 'DELETE', `${kind}/${id}`), { deleted: true }),
  },
  requeue: {
    name: 'queue again',
    run: (stage, house, id) =>
      accepted(stage.ask(house, 'POST', 'sync-queue-items', { recordType: types[kind], recordIds: [id] }), {}),
  },
  unqueue: {
    name: 'take out of the queue',
    async run(stage, house, id) {
      const waiting = 'pending,failed,blocked,conflict'
      const { body } = await stage.ask(house, 'GET', `sync-queue-items?recordId=${id}&status=${waiting}`)
      const [first] = (body as { items: { id: string }[] }).items
      if (!first) return null
      return accepted(stage.ask(house, 'DELETE', `sync-queue-items/${first.id}?force=true`), { released: true })
    },
  },
  unlink: {
    name: 'unlink',
    run: (stage, house, id) => accepted(stage.ask(house, 'DELETE', `${kind}/${id}/link`), { released: true }),
  },
  startJob: { name: 'POST job', run: (stage, house) => accepted(stage.ask(house, 'POST', 'sync-jobs', {}), {}) },
  cancel: {
    name: 'cancel the job',
    async run(stage, house) {
      const { body } = await stage.ask(house, 'GET', 'sync-jobs?limit=1')
      const [job] = (body as { items: { id: string }[] }).items
      return job ? accepted(stage.ask(house, 'POST', `sync-jobs/${job.id}/cancel`), {}) : null
    },
  },
})

const all = ['remove', 'change', 'changeMany', 'requeue', 'unqueue', 'unlink'] as const

/** Moves of the engine. */
export const moments: readonly Moment[] = [
  {
    name: 'a job takes the queue',
    kind: 'invoices',
    from: 'nothing',
    prepare: (stage, id) => put(stage, 'invoices', id, 1),
    run: (stage, house) => accepted(stage.ask(house, 'POST', 'sync-jobs', {}), {}),
    against: [...all, 'startJob'],
  },
  {
    name: 'the schedule is due',
    kind: 'invoices',
    from: 'nothing',
    async prepare(stage, id) {
      await put(stage, 'invoices', id, 1)
      await stage.tenant.settings({ schedule: { enabled: true, mode: 'interval', everyMinutes: 60 } })
      stage.world.clock.advance(61 * 60_000)
    },
    async run(_, house) {
      await house.scheduleTick()
      return {}
    },
    against: ['remove', 'change', 'startJob', 'unqueue'],
  },
  {
    name: 'a creation is exported',
    kind: 'invoices',
    from: 'nothing',
    async prepare(stage, id) {
      await put(stage, 'invoices', id, 1)
      await stage.startJobAt('export:invoice')
    },
    run: turn,
    against: [...all, 'cancel'],
  },
  {
    name: 'a change is exported',
    kind: 'customers',
    from: 'synced',
    async prepare(stage, id) {
      await put(stage, 'customers', id, 2)
      await stage.startJobAt('export:customer')
    },
    run: turn,
    against: [...all, 'cancel'],
  },
  {
    name: 'a lost answer is found out',
    kind: 'customers',
    from: 'nothing',
    async prepare(stage, id) {
      const { control } = stage.world.simulator
      const tenantId = stage.tenant.organisationId
      await put(stage, 'customers', id, 1)
      control.faults({ kind: 'lost_response', method: 'PUT', path: '/Contacts', tenantId })
      await stage.startJobAt('export:customer')
      await stage.quick.turn()
      await stage.jumpTo('settle')
      stage.world.clock.advance(16_000)
    },
    run: turn,
    against: [...all, 'cancel'],
  },
  {
    name: 'a document is removed',
    kind: 'invoices',
    from: 'synced',
    async prepare(stage, id) {
      await stage.ask(stage.quick, 'DELETE', `invoices/${id}`)
      await stage.startJobAt('remove:invoice')
    },
    run: turn,
    against: ['remove', 'change', 'requeue', 'unqueue', 'cancel'],
  },
  {
    name: 'a job lets go of the queue',
    kind: 'invoices',
    from: 'nothing',
    async prepare(stage, id) {
      await put(stage, 'invoices', id, 1)
      await stage.startJobAt('export:invoice')
      await requests('invoices').cancel?.run(stage, stage.quick, id)
    },
    run: turn,
    against: [...all, 'startJob'],
  },
  {
    name: 'a page of contacts is imported',
    kind: 'customers',
    from: 'synced',
    byXero: 'edited',
    async prepare(stage, id) {
      stage.world.clock.advance(60_000)
      stage.world.simulator.control.editContact(stage.tenant.organisation, `C-${id}`, { Name: `Xero's ${id}` })
      await stage.startJobAt('read:contacts')
    },
    run: turn,
    against: [...all, 'startJob'],
  },
  {
    name: 'an item is missed in the whole list',
    kind: 'items',
    from: 'synced',
    byXero: 'deleted',
    async prepare(stage, id) {
      stage.world.clock.advance(60_000)
      stage.world.simulator.control.deleteItem(stage.tenant.organisation, `SKU-${id}`)
      await stage.startJobAt('sweep:items', 'full')
    },
    run: turn,
    against: [...all],
  },
]

/** Requests that race with requests. */
export const betweenRequests: readonly Moment[] = [
  {
    ...(requests('invoices').change as Move),
    name: 'a record is changed',
    kind: 'invoices',
    from: 'synced',
    prepare: async () => undefined,
    against: ['remove', 'changeMany', 'requeue', 'unlink'],
  },
  {
    ...(requests('invoices').remove as Move),
    name: 'a queued record is deleted',
    kind: 'invoices',
    from: 'synced',
    prepare: (stage, id) => put(stage, 'invoices', id, 2),
    against: ['requeue', 'unqueue', 'change'],
  },
]
