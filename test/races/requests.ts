// Requests of the product that race, and what each of them says was acknowledged.
import type { House } from '../../src/house.ts'
import { contentOf, type Kind, type Stage } from './stage.ts'

/** The word of an acknowledged request on the record that is raced over. */
export interface Claim {
  /** The record has this content, by its number. */
  readonly content?: number
  readonly deleted?: boolean
  /** The record was taken out of the queue, or unlinked: it need not be in Xero as it is. */
  readonly released?: boolean
  /** The document in Xero that the record was linked to by hand. */
  readonly linked?: string
  /** The connection ended: nothing more is sent until it is reconnected. */
  readonly disconnected?: boolean
  /** Checks what else was acknowledged and must hold when the race is over: says what is wrong, or null. */
  readonly holds?: (stage: Stage) => Promise<string | null>
}

export interface Move {
  readonly name: string
  /** Undoes what would stop everything else, when the race is over: says what is wrong, or null. */
  after?(stage: Stage, claims: readonly Claim[]): Promise<string | null>
  /** The surroundings that a request needs before the moment comes. */
  ready?(stage: Stage, id: string): Promise<void>
  /** Null: nothing was acknowledged (a refusal, or there was nothing to do). */
  run(stage: Stage, house: House, id: string): Promise<Claim | null>
}

const types = { customers: 'customer', invoices: 'invoice', items: 'item' } as const

export async function accepted(answer: Promise<{ status: number; body: Record<string, unknown> }>, claim: Claim) {
  const { status, body } = await answer
  if (status >= 500) throw new Error(`answered ${status}: ${JSON.stringify(body)}`)
  return status < 300 ? claim : null
}

/** The open incident of an invoice. */
async function incidentOf(stage: Stage, id: string): Promise<{ id: string } | undefined> {
  const { body } = await stage.ask(stage.quick, 'GET', 'incidents?open=true&limit=200')
  return (body as { items: { id: string; marker: string }[] }).items.find(({ marker }) => marker === `INV-${id}`)
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
  link: {
    name: 'link by hand',
    ready: (stage, id) => stage.standApart(kind, id),
    async run(stage, house, id) {
      const xeroId = stage.apart(id)
      return accepted(stage.ask(house, 'PUT', `${kind}/${id}/link`, { xeroId }), { linked: xeroId })
    },
  },
  settings: {
    name: 'PATCH settings',
    async run(stage, house) {
      const fullEvery = (Number(stage.newId().slice(1)) % 300) + 20
      const { status } = await stage.ask(house, 'PATCH', 'settings', { schedule: { fullEvery } })
      if (status >= 500) throw new Error(`answered ${status}`)
      const holds = async () => {
        const { body } = await stage.ask(stage.quick, 'GET', 'settings/schedule')
        return body.fullEvery === fullEvery ? null : 'the acknowledged settings do not hold'
      }
      return status === 200 ? { holds } : null
    },
  },
  resolve: {
    name: 'resolve the conflict',
    run: (stage, house, id) =>
      accepted(stage.ask(house, 'POST', `${kind}/${id}/resolve-conflict`, { keep: 'product' }), { content: 2 }),
  },
  resolveIncident: {
    name: 'resolve the incident',
    async run(stage, house, id) {
      const one = await incidentOf(stage, id)
      if (!one) return null
      const holds = async () => ((await incidentOf(stage, id)) ? 'the incident that was resolved is open again' : null)
      return accepted(stage.ask(house, 'POST', `incidents/${one.id}/resolve`), { holds })
    },
  },
  disconnect: {
    name: 'disconnect',
    run: (stage, house) => accepted(stage.ask(house, 'DELETE', ''), { disconnected: true }),
    async after(stage, claims) {
      const status = await stage.connectAgain()
      const isEnded = claims.some(({ disconnected }) => disconnected)
      return isEnded && status !== 'disconnected' ? `the connection is ${status}` : null
    },
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
