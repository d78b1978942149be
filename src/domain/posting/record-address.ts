// The address of a record at this service, by which a bill in Xero tells whose it is.
import { entityTypes, type RecordType } from '../entity-types.ts'

export const recordAddress = (
  publicUrl: string,
  { connectionId, type, id }: { readonly connectionId: string; readonly type: RecordType; readonly id: string },
): string => `${publicUrl}/v1/connections/${connectionId}/${entityTypes[type].path}/${encodeURIComponent(id)}`

/** The address without its connection; null where it is none of a record. */
function withoutConnection(address: string | null): string | null {
  const [, start, end] = /^(.*\/v1\/connections\/)[^/]+(\/[^/]+\/[^/]+)$/.exec(address ?? '') ?? []
  return start === undefined || end === undefined ? null : start + end
}

/** Both name one record, whichever connection each was written by: a company may connect an organisation anew. */
export function isSameRecordAddress(one: string | null, other: string | null): boolean {
  const record = withoutConnection(one)
  return record !== null && record === withoutConnection(other)
}
