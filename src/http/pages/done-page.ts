// The end of a consent without a return URL: it shows what the product needs to finish it. The address can be made up
// by anyone, so only what has the form of ours is shown, and nothing that somebody would run.
import { escapeHtml, page } from './html.ts'

export interface Outcome {
  readonly connectionId?: string
  /** The completion code. */
  readonly code?: string
  readonly error?: string
}

const connectionForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** 256 random bits, base64url. */
const codeForm = /^[A-Za-z0-9_-]{43}$/
const errorForm = /^[a-z][a-z_]{2,40}$/

const granted = (connectionId: string, code: string): string =>
  page(
    'Access was granted',
    `<p>One step is left: your inventory product confirms the connection. Give it these two values if it asks for them.</p>
<dl><dt>Connection</dt><dd><code>${escapeHtml(connectionId)}</code></dd>
<dt>Completion code, valid once and for ten minutes</dt><dd><code>${escapeHtml(code)}</code></dd></dl>`,
  )

const notGranted = (error: string): string =>
  page(
    'Not connected',
    `<p>Access to Xero was not granted, so nothing was connected and nothing has changed.</p>
<dl><dt>Reason</dt><dd><code>${escapeHtml(error)}</code></dd></dl>
<p>Go back to your inventory product and start the connection there again.</p>`,
  )

const unknown = page(
  'Nothing to show',
  `<p>This address is not one that a connection with Xero ends at.</p>
<p>Go back to your inventory product and start the connection there.</p>`,
)

export function donePage({ connectionId = '', code, error }: Outcome): string {
  if (error !== undefined && code === undefined) return errorForm.test(error) ? notGranted(error) : unknown
  if (error !== undefined || code === undefined) return unknown
  return connectionForm.test(connectionId) && codeForm.test(code) ? granted(connectionId, code) : unknown
}
