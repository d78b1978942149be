// The inventory product's own id of a record, as a request gives it.
import type { ProblemFault } from '../errors.ts'
import { ownIdPattern } from './common.ts'

const longestId = 64
const ownId = new RegExp(ownIdPattern, 'u')

export const fault = (pointer: string, detail: string, action: string): ProblemFault => ({ pointer, detail, action })

/** "." and ".." are no ids: every client takes them out of an address. */
export function idFaults(id: unknown): ProblemFault[] {
  if (typeof id === 'string' && id.length <= longestId && ownId.test(id) && !/^\.{1,2}$/.test(id)) return []
  const detail =
    id === undefined || id === null
      ? 'is missing'
      : `must be 1 to ${longestId} characters, not "." or "..", without control characters and without blanks at its ends`
  return [fault('/id', detail, 'Give every record the id that your product has for it.')]
}

/** The faults of a record and of its id; the schema may say more precisely what is wrong with the id. */
export const withIdFaults = (ofId: readonly ProblemFault[], ofBody: readonly ProblemFault[]): ProblemFault[] =>
  ofBody.some(({ pointer }) => pointer === '/id') ? [...ofBody] : [...ofId, ...ofBody]

/** An id that was sent may be as long as a body. */
export const shownId = (id: string): string => (id.length <= longestId ? id : `${id.slice(0, longestId)}…`)
