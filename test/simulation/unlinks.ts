// A further share of the schedules with existing books, apart from the others: support unlinks customers, vendors and items at any
// moment, some of them are deleted and created again, and all are queued once more. Seeds of their own, so that what the other
// schedules draw stays as it is.
import type { RecordType } from '../../src/domain/entity-types.ts'
import type { Body } from '../support/drawn-records.ts'
import type { Act, Plot } from './plot.ts'
import type { Random } from './random.ts'

const types: readonly RecordType[] = ['customer', 'vendor', 'item']

/** Seeds beyond those of all other schedules. */
export const hasUnlinks = (seed: number): boolean => seed > 1_000_000

export function withUnlinks(plot: Plot, random: Random): Plot {
  const length = Math.max(...plot.acts.map(({ at }) => at))
  const acts: { at: number; act: Act }[] = []
  const handed = plot.acts.flatMap(({ act }) =>
    act.kind === 'put' && types.includes(act.type) ? act.bodies.map((body) => ({ type: act.type, body })) : [],
  )
  for (let n = random.between(1, 3); n > 0 && handed.length > 0; n--) {
    const { type, body } = random.pick(handed)
    const { id } = body
    let at = random.between(Math.floor(length / 4), length)
    const next = (act: Act) => {
      at += random.chance(0.5) ? 1_000 : random.between(1_000, 600_000)
      acts.push({ at, act })
    }
    const order = random.pick(['unlink', 'unlink delete', 'delete unlink', 'unlink job delete'])
    for (const kind of order.split(' ')) {
      if (kind === 'unlink') next({ kind, type, id })
      else if (kind === 'delete') next({ kind, type, id })
      else next({ kind: 'job', full: false })
    }
    // The product leaves out some of what it said before.
    const said = Object.entries(body).filter(
      ([name]) => ['id', 'name', 'code', 'kind'].includes(name) || random.chance(0.6),
    )
    next({ kind: 'put', type, bodies: [Object.fromEntries(said) as Body] })
    next({ kind: 'requeue', type })
    next({ kind: 'job', full: false })
  }
  const all = [...plot.acts, ...acts].sort((one, other) => one.at - other.at)
  const last = Math.max(...all.map(({ at }) => at))
  return { ...plot, acts: all, calmAt: Math.max(plot.calmAt, last + 60_000) }
}
