// How much of a list of faults is told. The check decides whether a value is valid; a report only explains, so it may be cut,
// and then says how many faults are left out.
import type { ProblemFault } from './errors.ts'

/** Of one value: a body, an element of a bulk request, a query. */
export const faultsPerValue = 200
/** Of all elements of one answer together. Each refused element keeps its first fault beside these. */
export const faultsPerAnswer = 2_000

const longestPointer = 500

/** A name of a field may be as long as a body; what is told of it is not. */
const shortened = <F extends ProblemFault>(fault: F): F =>
  fault.pointer.length <= longestPointer ? fault : { ...fault, pointer: `${fault.pointer.slice(0, longestPointer)}…` }

interface Rest {
  readonly count: number
  /** The faults were not counted to their end. */
  readonly atLeast: boolean
}
/** The number of faults for which the closing entry of a report stands, so that a report can be cut once more. */
const rests = new WeakMap<ProblemFault, Rest>()
const restOf = (fault: ProblemFault): Rest => rests.get(fault) ?? { count: 1, atLeast: false }

const sum = (all: readonly Rest[]): Rest => ({
  count: all.reduce((total, { count }) => total + count, 0),
  atLeast: all.some(({ atLeast }) => atLeast),
})
const inWords = ({ count, atLeast }: Rest): string => `${atLeast ? 'at least ' : ''}${count}`

function closing(rest: Rest) {
  const entry = {
    pointer: '',
    detail: `has ${inWords(rest)} further error(s), which are not listed`,
    action: 'Correct the errors listed here and send it again.',
  }
  rests.set(entry, rest)
  return entry
}

/** The first faults, and one entry that tells the number of the rest. `more` were counted and never made. */
export function faultReport<F extends ProblemFault>(
  faults: readonly F[],
  { more = { count: 0, atLeast: false }, limit = faultsPerValue }: { more?: Rest; limit?: number } = {},
): (F | ReturnType<typeof closing>)[] {
  const isWhole = faults.length <= limit || (faults.length === limit + 1 && rests.has(faults[limit] as F))
  const told = faults.slice(0, isWhole ? undefined : limit)
  const rest = sum([...faults.slice(told.length).map(restOf), more])
  const shown = told.map((fault) => (rests.has(fault) ? fault : shortened(fault)))
  return rest.count === 0 ? shown : [...shown, closing(rest)]
}

/** How many faults a report stands for, in words. */
export const faultCount = (report: readonly ProblemFault[]): string => inWords(sum(report.map(restOf)))
