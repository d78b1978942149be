// The page at the root, for somebody who types the address into a browser.
import { escapeHtml, page } from './html.ts'

export const homePage = (version: string): string =>
  page(
    'Accounting sync',
    `<p>A service that other programs call. Nothing is set here by hand; these pages may help:</p>
<ul>
<li><a href="/docs">API reference</a>, also as <a href="/openapi.yaml">openapi.yaml</a></li>
<li><a href="/health/ready">Readiness</a> and <a href="/health/live">liveness</a> of this process</li>
</ul>
<p><small>Version ${escapeHtml(version)}</small></p>`,
  )
