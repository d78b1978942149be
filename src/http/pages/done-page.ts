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

const again = 'Go back to your inventory product and start the connection there again.'

/** The cause, with whoever can do something about it, and the advice. Words of OAuth 2 (RFC 6749, 4.1.2.1) and of our own. */
const reasons: Readonly<Record<string, readonly [cause: string, advice: string]>> = {
  access_denied: ['Access was declined on the page of Xero.', again],
  application_credentials: [
    'Xero does not accept this service at present. You did nothing wrong.',
    'Please tell the people who provide your inventory product: the credentials of their Xero app need attention.',
  ],
  exchange_failed: ['Xero did not complete the connection. You did nothing wrong.', `Wait a few minutes. ${again}`],
  server_error: ['Xero had an error of its own. You did nothing wrong.', `Wait a few minutes. ${again}`],
  temporarily_unavailable: ['Xero is not available at present.', `Wait a few minutes. ${again}`],
}
const ourOwn = [
  'This service could not complete the connection. You did nothing wrong.',
  `Wait a few minutes. ${again}`,
] as const

function notGranted(error: string): string {
  const [cause, advice] = (Object.hasOwn(reasons, error) ? reasons[error] : undefined) ?? ourOwn
  return page(
    'Not connected',
    `<p>${escapeHtml(cause)} Nothing was connected and nothing has changed.</p>
<p>${escapeHtml(advice)}</p>
<p><small>Reason: ${escapeHtml(error)}</small></p>`,
  )
}

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
