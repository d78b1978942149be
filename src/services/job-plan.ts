// The steps of a job, in order. A job is served one step at a time, one call each, and its remaining steps are stored:
// whichever worker takes it next goes on from there.
import { exportOrder, type RecordType } from '../domain/entity-types.ts'
import type { JobStatus } from '../domain/sync-job.ts'

export type Step =
  /** Outcomes of earlier writes that are not known yet are found out before anything else is sent. */
  | { readonly kind: 'settle' }
  | { readonly kind: 'reference'; readonly call: number }
  /** Reads what changed in Xero, where records wait to be sent: both sides are compared, and nothing is doubled. */
  | { readonly kind: 'match' }
  | { readonly kind: 'export'; readonly type: RecordType }
  | { readonly kind: 'remove'; readonly type: RecordType }
  | { readonly kind: 'read'; readonly list: 'contacts' | 'items' }
  /** Reads what changed since, before more is sent: the job waited, or has been sending for long. */
  | { readonly kind: 'reread'; readonly list: 'contacts' | 'items' }
  /** Asks once more, by their ids, for rows that the list showed oddly and that the job is to write. */
  | { readonly kind: 'recheck'; readonly list: 'contacts' | 'items'; readonly after: string }
  /** Compares a whole list: the only way to see what was deleted (xero.md, Reading). */
  | { readonly kind: 'sweep'; readonly list: 'items'; readonly second: boolean }
  /** Entities that Xero knows and we do not become records. */
  | { readonly kind: 'assign'; readonly type: 'customer' | 'vendor' | 'item' }

/** What a whole comparison missed is looked for once more before it is believed. */
export const secondSweep = 'sweep:items:second'

export const formatStep = (step: Step): string =>
  [
    step.kind,
    ...('type' in step ? [step.type] : 'list' in step ? [step.list] : 'call' in step ? [step.call] : []),
  ].join(':')

export function parseStep(text: string): Step {
  const [kind, argument, after = ''] = text.split(':')
  switch (kind) {
    case 'reference':
      return { kind, call: Number(argument) }
    case 'export':
    case 'remove':
      return { kind, type: argument as RecordType }
    case 'read':
    case 'reread':
      return { kind, list: argument as 'contacts' | 'items' }
    case 'recheck':
      return { kind, list: argument as 'contacts' | 'items', after }
    case 'sweep':
      return { kind, list: 'items', second: text === secondSweep }
    case 'assign':
      return { kind, type: argument as 'customer' | 'vendor' | 'item' }
    case 'match':
      return { kind }
    default:
      return { kind: 'settle' }
  }
}

/** Creations and changes in dependency order, then deletions in the reverse one. */
export const exportSteps = (): string[] => [
  ...exportOrder.map((type) => formatStep({ kind: 'export', type })),
  ...[...exportOrder].reverse().map((type) => formatStep({ kind: 'remove', type })),
  'settle',
]

const importSteps = [
  'read:contacts',
  'assign:customer',
  'assign:vendor',
  'read:items',
  'sweep:items',
  'assign:item',
] as const

export const stepsOfJob = (referenceCalls: number): string[] => [
  'settle',
  ...Array.from({ length: referenceCalls }, (_, call) => formatStep({ kind: 'reference', call })),
  'match',
  ...exportSteps(),
  ...importSteps,
]

const importing: readonly string[] = [...importSteps, secondSweep]

/** The status that a job shows while these steps are left. */
export const statusOf = (steps: readonly string[]): JobStatus =>
  steps.every((step) => importing.includes(step)) ? 'importing' : 'exporting'
