// Fields of a bill with payments that may still be changed (xero.md, Invoices and bills: since March 2026). Of a sales invoice nothing may.
import { figureDifferences } from './answer-check.ts'
import { remoteLineId } from './line-ids.ts'
import type { PostedDocument } from './posting/posted.ts'
import type { TaxRate } from './reference-lists.ts'
import { contradictions } from './remote-edits.ts'
import type { StandingDocument } from './standing-document.ts'

const ofDocument = ['/number', '/dueDate', '/contact', '/url']
const ofLine = ['description', 'accountCode', 'class']

/** True when nothing else than that would change. An account cannot be taken away without making the line anew. */
export function isChangeablePaid(
  posted: PostedDocument,
  standing: StandingDocument,
  lineIds: Readonly<Record<string, string>>,
  taxRates: readonly TaxRate[] | null,
): boolean {
  const { lines } = standing.content
  if (posted.kind !== 'bill' || lines === null || lines.length !== posted.lines.length) return false
  const there = new Set(lines.map(({ remoteId }) => remoteId))
  if (!posted.lines.every(({ lineId }) => there.has(remoteLineId(lineIds, lineId) ?? ''))) return false
  const isAllowed = (field: string): boolean =>
    ofDocument.includes(field) || (field.startsWith('/lines/') && ofLine.includes(field.split('/').at(-1) ?? ''))
  return (
    posted.lines.every(({ accountCode }) => accountCode !== undefined) &&
    contradictions(standing, posted, lineIds).every(({ field }) => isAllowed(field)) &&
    figureDifferences(posted, standing, lineIds, taxRates).length === 0
  )
}
