// Xero's validation messages, as a table from text to sync error. Validation errors carry no code, only English text with
// names and dates inside, so substrings are all there is (xero.md, Errors). Everything else is told apart by status and type.
import { type SyncErrorCode, syncError } from '../../domain/sync-errors.ts'
import type { SyncError } from '../../domain/sync-state.ts'
import { cutText } from '../../lib/text.ts'
import type { Json } from './json.ts'

interface Row {
  readonly pattern: RegExp
  readonly code: SyncErrorCode
  readonly field?: string
}

/** Ways of saying that a value does not exist or may not be used. */
const faulty =
  "not (a )?valid|invalid|must be (a )?valid|valid (account|code|tax)|does ?n[o']t exist|not exist|(not|n't) be found|not found|" +
  '(not (a )?|match a )recogni[sz]ed|archived|deleted|not active|inactive|cannot be used|cannot be set|must be specified|is required'
const saysOf = (subject: string, more = ''): RegExp => new RegExp(`(?:${subject}).*(${faulty}${more})`, 'i')

const longer =
  "(cannot|can't|must not|may not|should not) (exceed|be longer|be more)|too long|exceeds?\\b|maximum (allowed )?(length|characters)|" +
  '(less|fewer) than (or equal to )?\\d+ characters|(no more than|at most) \\d+ characters'
const tooLong = (subject: string, code: SyncErrorCode, field?: string): Row => ({
  pattern: new RegExp(`(?:${subject}).*(${longer})`, 'i'),
  code,
  ...(field === undefined ? {} : { field }),
})

/**
 * The first row that fits a message wins, so the narrow ones stand before the wide ones. Of several messages the one whose
 * row stands first decides: a number that is taken may mean that the document is there already, whatever else is wrong.
 */
export const messages: readonly Row[] = [
  { pattern: /has this contact number|contact number .*(already|must be unique)/i, code: 'duplicate_number' },
  {
    pattern: /account number .*(already (exists|assigned|in use)|must be unique)/i,
    code: 'account_number_taken',
    field: '/accountNumber',
  },
  {
    pattern:
      /(contact|the) name .*(already (assigned|exists|in use)|must be unique)|already assigned to another contact/i,
    code: 'contact_name_taken',
    field: '/name',
  },
  { pattern: /price list item with code .* already exists/i, code: 'duplicate_number', field: '/code' },
  { pattern: /(invoice|order) (#|number) must be unique/i, code: 'duplicate_number', field: '/number' },
  { pattern: /must be unique|already exists/i, code: 'duplicate_number' },
  { pattern: /lock date|locked period|period .*(is|has been) locked/i, code: 'period_locked', field: '/date' },
  {
    pattern:
      /archived contact|contact\b.*\b(is|has been|was) (archived|not active|inactive)|un-?archived before|contact ?status .*archived/i,
    code: 'contact_archived',
  },
  {
    pattern: /used in (a )?transaction|item .*(in use|has been used)|cannot be deleted .*transaction/i,
    code: 'item_in_use',
  },
  {
    pattern:
      /not of valid status for modification|cannot be edited as it has a payment|status \S+ cannot be applied|payments? or credit notes? (are |is |has been |have been )?allocated/i,
    code: 'not_modifiable',
  },
  { pattern: /multi[- ]?currenc/i, code: 'multi_currency_plan', field: '/currency' },
  { pattern: /subscribed to (the )?currency/i, code: 'currency_not_enabled', field: '/currency' },
  {
    pattern: saysOf('\\bcurrency( code)?\\b', '|not (enabled|subscribed|supported)'),
    code: 'currency_not_enabled',
    field: '/currency',
  },
  { pattern: /tracking ?(categor|option)|\btracking\b/i, code: 'tracking_invalid' },
  { pattern: /tax ?(type|rate|code).*cannot be used with|cannot be used with account code/i, code: 'tax_not_allowed' },
  { pattern: saysOf('\\btax ?(type|rate|code)s?\\b'), code: 'tax_type_invalid' },
  { pattern: /(insufficient|not enough) (quantity|stock|inventory)|quantity on hand/i, code: 'stock_insufficient' },
  { pattern: /tracked (as )?(inventory|item)|inventory (asset )?account|\bCOGS/i, code: 'tracked_item' },
  { pattern: /is not a valid code/i, code: 'account_invalid' },
  {
    pattern: saysOf('\\baccount ?(code|id|type)?s?\\b(?! number)'),
    code: 'account_invalid',
  },
  {
    pattern: /limit of (invoices|bills|transactions|documents)|limit .*you can approve|approval limit/i,
    code: 'plan_limit',
  },
  {
    pattern:
      /correct permissions?|higher privileges|(does not|doesn't) have .*(role|permission|access|privilege)|(lacks|requires?) .*(role|permission)|not (authori[sz]ed|permitted) to/i,
    code: 'not_permitted',
  },
  { pattern: /organi[sz]ation .*offline|offline for maintenance/i, code: 'organisation_offline' },
  tooLong('\\b(item|list item) ?code\\b|^(the )?code\\b', 'code_too_long', '/code'),
  tooLong('description', 'text_too_long', '/description'),
  tooLong('(first|last) ?name', 'text_too_long', '/firstName'),
  tooLong('\\bname\\b', 'text_too_long', '/name'),
  tooLong('e-?mail', 'text_too_long', '/email'),
  tooLong('account ?number', 'text_too_long', '/accountNumber'),
  tooLong('tax ?number', 'text_too_long', '/taxNumber'),
  tooLong('phone', 'text_too_long', '/phones'),
  tooLong('address|city|region|postal|country', 'text_too_long', '/addresses'),
  tooLong('invoice ?number', 'text_too_long', '/number'),
  {
    pattern: /too long|(cannot|must not) (exceed|be longer)\b.*characters|maximum (length|(allowed )?characters)/i,
    code: 'text_too_long',
  },
  { pattern: /payment ?terms?\b|\bterms?\b.*\b(day|between)\b/i, code: 'terms_invalid', field: '/terms' },
  { pattern: /web ?site/i, code: 'website_invalid', field: '/website' },
  { pattern: /\burl\b/i, code: 'deep_link_invalid' },
  { pattern: /contact ?persons?|additional people|primary person/i, code: 'persons_invalid', field: '/contactPersons' },
  { pattern: /e-?mail/i, code: 'email_invalid', field: '/email' },
  { pattern: /first ?name|last ?name/i, code: 'persons_invalid', field: '/firstName' },
  { pattern: /tax ?number|\b(ABN|VAT|GST|IRD) number/i, code: 'tax_number_invalid', field: '/taxNumber' },
  { pattern: /phone/i, code: 'address_invalid', field: '/phones' },
  { pattern: /\baddress(es)?\b|\bcountry\b|postal ?code/i, code: 'address_invalid', field: '/addresses' },
  {
    pattern: /\bname\b.*(bracket|must be specified|is required|space|invalid|not valid|cannot contain|character)/i,
    code: 'name_invalid',
    field: '/name',
  },
  { pattern: /(quantity|price|unit ?amount)\b.*(less than (0|zero)|negative|below zero)/i, code: 'negative_value' },
  { pattern: /\btotal\b.*(negative|less than (0|zero))/i, code: 'negative_total' },
  { pattern: /(total|amount)s?\b.*do(es)? not (match|agree|add up)/i, code: 'total_mismatch' },
  { pattern: saysOf('\\bitem ?code\\b'), code: 'item_unknown' },
  { pattern: /branding ?theme/i, code: 'branding_theme_unknown' },
  { pattern: /due ?date/i, code: 'date_invalid', field: '/dueDate' },
  { pattern: saysOf('\\bdate\\b'), code: 'date_invalid', field: '/date' },
  {
    pattern: /line ?items? must be|(description|quantity) must be specified/i,
    code: 'line_incomplete',
    field: '/lines',
  },
  {
    pattern:
      /(contact|invoice|item|document)\b.*((could not|cannot|can't) be found|(was )?not found|does ?n[o']t exist)/i,
    code: 'not_found',
  },
]

/** A message of Xero's and the place in the record that it hangs on, where its nesting tells. */
export interface Complaint {
  readonly message: string
  readonly field: string | null
}

/** Of several complaints the one whose row stands first in the table decides; all of them are kept word for word. */
export function classify(complaints: readonly Complaint[], fallback: SyncErrorCode = 'rejected'): SyncError {
  const xero = [...new Set(complaints.map((complaint) => complaint.message))]
  const [best] = complaints
    .map((complaint) => ({ complaint, row: messages.findIndex(({ pattern }) => pattern.test(complaint.message)) }))
    .filter(({ row }) => row !== -1)
    .sort((a, b) => a.row - b.row)
  const row = best && messages[best.row]
  const code = row?.code ?? fallback
  // The line that a complaint hangs on is nearer than the field that its words name.
  const field = best?.complaint.field ?? row?.field ?? complaints[0]?.field ?? null
  const said = xero.join(' ')
  return syncError(code, { field, xero, ...(said && code === 'rejected' ? { cause: said } : {}) })
}

const say = (entry: unknown): string | null => {
  if (entry === null || typeof entry !== 'object') return null
  const { Message, Description } = entry as { Message?: unknown; Description?: unknown }
  const said = Message ?? Description // One documented answer has Description instead (xero.md, Errors).
  return typeof said === 'string' && said.trim() !== '' ? cutText(said.trim(), 1000) : null
}

/** All validation errors of an element, also nested ones in its contact and its lines (xero.md, Errors). */
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
