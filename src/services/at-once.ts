// Several calls of one step under way at once: an organisation allows more in a minute than can be made one after the
// other when an answer takes long.
import type { StepResult } from './job-context.ts'

/** The more a result stops the job, the further in front it stands. */
const weight: readonly StepResult['kind'][] = ['fail', 'wait', 'trouble', 'again', 'done']

/** Starts them together and ends when all have ended, the faulty ones too: nothing is under way when a step is over. */
export async function atOnce(steps: readonly Promise<StepResult>[]): Promise<StepResult> {
  const results: StepResult[] = []
  for (const settled of await Promise.allSettled(steps)) {
    if (settled.status === 'rejected') throw settled.reason
    results.push(settled.value)
  }
  const [first = { kind: 'again' }] = results.sort((a, b) => weight.indexOf(a.kind) - weight.indexOf(b.kind))
  return first
}
