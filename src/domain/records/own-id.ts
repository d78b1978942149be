// The inventory product's own id of a record, as a request gives it.
import type { ProblemFault } from '../errors.ts'
import { ownIdPattern } from './common.ts'

const longestId = 64
const ownId = new RegExp(ownIdPattern, 'u')

export const fault = (pointer: string, detail: string, action: string): ProblemFault => ({ pointer, detail, action })

/** "." and ".." are no ids: every client takes them out of an address. */
export function idFaults(id: unknown): ProblemFault[] {
  return typeof id === 'string' && id.length <= longestId && ownId.test(id) && !/^\.{1,2}$/.test(id)
    ? []
    : [
        fault(
          '/id',
          'The id is missing, empty, too long, or one that no address can hold.',
          `Give every record your own id, 1 to ${longestId} characters, not "." or "..", without control characters and ` +
            'without blanks at its ends.',
        ),
      ]
}

/** An id that was sent may be as long as a body. */
export const shownId = (id: string): string => (id.length <= longestId ? id : `${id.slice(0, longestId)}…`)
