// Where a consent ends when the product named no return URL: what the product needs to finish it.
import { escapeHtml, page } from './html.ts'

export interface Outcome {
  readonly connectionId?: string
  /** The completion code. */
  readonly code?: string
  readonly error?: string
}

const confirmCommand = (publicUrl: string, connectionId: string, code: string): string =>
  [
    `curl -X POST ${publicUrl}/v1/connections/${connectionId}/confirm \\`,
    `  -H "Authorization: Bearer $API_KEY" -H "Content-Type: application/json" \\`,
    `  -d '${JSON.stringify({ completionCode: code })}'`,
  ].join('\n')

export function donePage(publicUrl: string, { connectionId, code, error }: Outcome): string {
  if (!connectionId || !code) {
    return page(
      'Not connected',
      `<p>Xero did not grant access, so nothing was connected.</p>
<dl><dt>Reason</dt><dd><code>${escapeHtml(error ?? 'unknown')}</code></dd></dl>
<p>Start the connection again whenever you like.</p>`,
    )
  }
  return page(
    'Access was granted',
    `<p>One step is left: the backend that started this connection confirms it with its own key.</p>
<dl><dt>Connection</dt><dd><code>${escapeHtml(connectionId)}</code></dd>
<dt>Completion code, valid once</dt><dd><code>${escapeHtml(code)}</code></dd></dl>
<pre>${escapeHtml(confirmCommand(publicUrl, connectionId, code))}</pre>`,
  )
}
