// Xero's validation messages, as a table from text to sync error. Validation errors carry no code, only English text with
// names and dates inside, so substrings are all there is (FACTS §4). Everything else is told apart by status and type.
import { type SyncErrorCode, syncError } from '../../domain/sync-errors.ts'
import type { SyncError } from '../../domain/sync-state.ts'
import type { Json } from './json.ts'

interface Row {
  readonly pattern: RegExp
  readonly code: SyncErrorCode
  readonly field?: string
}

/** The first row that fits wins: the narrow ones stand before the wide ones. */
export const messages: readonly Row[] = [
  { pattern: /lock date/i, code: 'period_locked', field: '/date' },
  { pattern: /account number already exists/i, code: 'rejected', field: '/accountNumber' },
  {
    pattern: /contact name .*(already assigned|must be unique)|already assigned to another contact/i,
    code: 'contact_name_taken',
    field: '/name',
  },
  { pattern: /another contact has this contact number/i, code: 'duplicate_number' },
  { pattern: /price list item with code .* already exists/i, code: 'duplicate_number', field: '/code' },
  { pattern: /(invoice|order) (#|number) must be unique/i, code: 'duplicate_number', field: '/number' },
  { pattern: /must be unique|already exists/i, code: 'duplicate_number' },
  { pattern: /archived contact|contact (is|has been|was) archived/i, code: 'contact_archived' },
  { pattern: /cannot be used with account code/i, code: 'tax_not_allowed' },
  { pattern: /tax ?type .*(does not exist|not valid|invalid|cannot be used)/i, code: 'tax_not_allowed' },
  {
    pattern: /account code .*(not a valid|archived|deleted|does not exist)|is not a valid code|a valid account/i,
    code: 'account_invalid',
  },
  {
    pattern: /not subscribed to currency|currency .*(not enabled|not subscribed)/i,
    code: 'currency_not_enabled',
    field: '/currency',
  },
  { pattern: /limit of invoices you can approve/i, code: 'plan_limit' },
  {
    pattern: /used in (a )?transaction|item .*(in use|has been used)|cannot be deleted .*transaction/i,
    code: 'item_in_use',
  },
  {
    pattern:
      /not of valid status for modification|cannot be edited as it has a payment|status \S+ cannot be applied|payments? or credit notes? allocated/i,
    code: 'not_modifiable',
  },
  { pattern: /correct permissions|higher privileges/i, code: 'not_permitted' },
  { pattern: /e-?mail address must be valid/i, code: 'rejected', field: '/email' },
  { pattern: /contact persons?|additional people/i, code: 'rejected', field: '/contactPersons' },
  { pattern: /(contact|invoice|item).*(could not be found|was not found|does not exist)/i, code: 'not_found' },
]

/** A message of Xero's and the place in the record that it hangs on, where its nesting tells. */
export interface Complaint {
  readonly message: string
  readonly field: string | null
}

/** Of several complaints the one that is understood best decides; all of them are kept word for word. */
export function classify(complaints: readonly Complaint[], fallback: SyncErrorCode = 'rejected'): SyncError {
  const xero = [...new Set(complaints.map((complaint) => complaint.message))]
  const known = complaints
    .map((complaint) => ({ complaint, row: messages.find((row) => row.pattern.test(complaint.message)) }))
    .filter(({ row }) => row !== undefined)
  const best = known.find(({ row }) => row?.code !== 'rejected') ?? known[0]
  const code = best?.row?.code ?? fallback
  const field = best?.row?.field ?? best?.complaint.field ?? complaints[0]?.field ?? null
  const said = xero.join(' ')
  return syncError(code, { field, xero, ...(said && code === 'rejected' ? { cause: said } : {}) })
}

const say = (entry: unknown): string | null => {
  if (entry === null || typeof entry !== 'object') return null
  const { Message, Description } = entry as { Message?: unknown; Description?: unknown }
  const said = Message ?? Description // One documented answer has Description instead (FACTS §4).
  return typeof said === 'string' && said.trim() !== '' ? said.trim().slice(0, 1000) : null
}

/** All validation errors of an element, also nested ones in its contact and its lines (FACTS §4). */
export function complaintsOf(element: Json, field: string | null = null, depth = 0): Complaint[] {
  const own = Array.isArray(element.ValidationErrors) ? element.ValidationErrors : []
  const found = own.map(say).filter((message) => message !== null)
  const nested = Object.entries(element).flatMap(([name, value]) => {
    if (name === 'ValidationErrors' || name === 'Warnings' || value === null || typeof value !== 'object') return []
    if (depth >= 3) return []
    const children: unknown[] = Array.isArray(value) ? value : [value]
    return children.flatMap((child, index) =>
      child === null || typeof child !== 'object'
        ? []
        : complaintsOf(child as Json, name === 'LineItems' ? `/lines/${index}` : field, depth + 1),
    )
  })
  return [...found.map((message) => ({ message, field })), ...nested]
}

export const warningsOf = (element: Json): string[] =>
  (Array.isArray(element.Warnings) ? element.Warnings : []).map(say).filter((message) => message !== null)
