// Cutting documents into write calls: by their number, and by the bytes that Xero takes (xero.md, Writing). Beyond that a gateway
// refuses the call before Xero sees it, every time it is made.
import { Buffer } from 'node:buffer'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { BatchElement } from '../domain/write-batch.ts'

/** Xero's 3.5 MB, less what its SDK may write more than the frozen text. */
export const requestBytesAtMost = 3_400_000

export interface Cut {
  readonly batches: readonly (readonly BatchElement[])[]
  /** Too large to be sent even alone. */
  readonly tooLarge: readonly { readonly element: BatchElement; readonly error: SyncError }[]
}

const tooLargeError = (bytes: number): SyncError => {
  const cause = `As Xero wants it the document has ${(bytes / 1_000_000).toFixed(1)} MB, and a request may have 3.5 MB.`
  return syncError('too_large', { cause })
}

/** `bodyOf`: the text of a call with these elements. */
export function inBatches(
  elements: readonly BatchElement[],
  size: number,
  bodyOf: (part: readonly BatchElement[]) => string,
): Cut {
  const bytesOf = (part: readonly BatchElement[]): number => Buffer.byteLength(bodyOf(part))
  const batches: BatchElement[][] = []
  const tooLarge: { element: BatchElement; error: SyncError }[] = []
  for (let start = 0; start < elements.length; start += size) {
    const chunk = elements.slice(start, start + size)
    if (bytesOf(chunk) <= requestBytesAtMost) {
      batches.push(chunk)
      continue
    }
    let [group, groupBytes]: [BatchElement[], number] = [[], 0]
    for (const element of chunk) {
      const bytes = bytesOf([element])
      if (bytes > requestBytesAtMost) {
        tooLarge.push({ element, error: tooLargeError(bytes) })
        continue
      }
      if (groupBytes + bytes > requestBytesAtMost) {
        batches.push(group)
        ;[group, groupBytes] = [[], 0]
      }
      group.push(element)
      groupBytes += bytes
    }
    if (group.length > 0) batches.push(group)
  }
  return { batches, tooLarge }
}
