// Moves of the engine that race with requests, each with the moment right before it. The requests are in requests.ts.
import { accepted, type Move, requests } from './requests.ts'
import { contentOf, type Kind, type Stage } from './stage.ts'

export interface Moment extends Move {
  readonly kind: Kind
  /** The record as the moment finds it: content number 1, unless said. */
  readonly from: 'nothing' | 'synced'
  prepare(stage: Stage, id: string): Promise<void>
  /** What the engine's move may do to the record on its own: take another value over, or take it away. */
  readonly byXero?: 'edited' | 'deleted'
  /** The record may be none of the product's when nothing was acknowledged. */
  readonly maybeNone?: boolean
  /** Afterwards, when all races of it were run. */
  end?(stage: Stage): Promise<void>
  readonly against: readonly string[]
}

const turn: Move['run'] = async (_, house) => {
  await house.turn()
  return {}
}

const hour = 60 * 60_000
const put = async (stage: Stage, kind: Kind, id: string, n: number) => stage.tenant.put(kind, contentOf(kind, id, n))
/** A person edited the document in Xero, and the product changed it too. */
async function inConflict(stage: Stage, id: string): Promise<void> {
  const { tenant, world } = stage
  world.clock.advance(60_000)
  world.simulator.control.editLine(tenant.organisation, `INV-${id}`, 0, { UnitAmount: 77 })
  await put(stage, 'invoices', id, 2)
  await stage.startJobAt('export:invoice')
  await stage.workOff(false)
}

const all = ['remove', 'change', 'changeMany', 'requeue', 'unqueue', 'unlink'] as const

/** Moves of the engine. */
export const moments: readonly Moment[] = [
  {
    name: 'a job takes the queue',
    kind: 'invoices',
    from: 'nothing',
    prepare: (stage, id) => put(stage, 'invoices', id, 1),
    run: (stage, house) => accepted(stage.ask(house, 'POST', 'sync-jobs', {}), {}),
    against: [...all, 'startJob', 'link', 'settings', 'disconnect'],
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
    // Else it would be due again, with every later move of the clock.
    end: (stage) => stage.tenant.settings({ schedule: { enabled: false } }),
    against: ['remove', 'change', 'startJob', 'unqueue', 'settings', 'disconnect'],
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
    against: [...all, 'cancel', 'link', 'settings', 'disconnect'],
  },
  {
    name: 'a contact is created',
    kind: 'customers',
    from: 'nothing',
    async prepare(stage, id) {
      await put(stage, 'customers', id, 1)
      await stage.startJobAt('export:customer')
    },
    run: turn,
    against: ['link'],
  },
  {
    name: 'an unlinked contact waits for its job',
    kind: 'customers',
    from: 'nothing',
    prepare: (stage, id) => put(stage, 'customers', id, 1),
    run: (stage, house) => accepted(stage.ask(house, 'POST', 'sync-jobs', {}), {}),
    against: ['link'],
  },
  {
    name: 'a contact without a record becomes one',
    kind: 'customers',
    from: 'nothing',
    maybeNone: true,
    async prepare(stage, id) {
      await stage.standApart('customers', id)
      await stage.startJobAt('assign:customer')
    },
    run: turn,
    against: ['link', 'change', 'settings', 'cancel'],
  },
  {
    name: 'an item without a record becomes one',
    kind: 'items',
    from: 'nothing',
    maybeNone: true,
    async prepare(stage, id) {
      await stage.standApart('items', id)
      await stage.startJobAt('assign:item')
    },
    run: turn,
    against: ['link', 'change', 'cancel'],
  },
  {
    name: 'a job takes what is in conflict',
    kind: 'invoices',
    from: 'synced',
    prepare: inConflict,
    run: (stage, house) => accepted(stage.ask(house, 'POST', 'sync-jobs', {}), {}),
    against: ['resolve', 'change', 'remove'],
  },
  {
    name: 'a conflict is looked at again',
    kind: 'invoices',
    from: 'synced',
    async prepare(stage, id) {
      await inConflict(stage, id)
      await stage.startJobAt('export:invoice')
    },
    run: turn,
    against: ['resolve', 'cancel'],
  },
  {
    name: 'the sweep compares',
    kind: 'invoices',
    from: 'synced',
    async prepare(stage, id) {
      await stage.ask(stage.quick, 'DELETE', `invoices/${id}/link`)
      stage.world.clock.advance(hour)
      await stage.quick.sweep()
      stage.world.clock.advance(hour)
    },
    async run(_, house) {
      await house.sweep()
      return { released: true }
    },
    against: ['resolveIncident'],
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
    against: [...all, 'cancel', 'disconnect'],
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
    against: [...all, 'startJob', 'settings'],
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
