// What stands at the head of the OpenAPI document: what the service is, how to get in, and the parts that operations share.
import { companyIdForm, mostCompanyIdCharacters } from '../../domain/api-key.ts'
import { headers } from './headers.ts'
import { problemExamples, singleResponses } from './problems-of.ts'

const description = `Keeps an inventory product's books in step with Xero.

Create or replace items, customers, vendors, invoices and bills; changed records wait in the sync queue; a sync job exports the queue to
Xero and imports what changed there; the change feed tells what was imported.

**Access.** \`Authorization: Bearer <key>\`. A company's key sees its company only; what belongs to another one answers 404.

**Values.** Money, quantities and rates are decimal strings, dates \`YYYY-MM-DD\`, instants UTC in ISO 8601
(RFC 3339), both of the years 0001 to 9999.

**Limits.** A body, or each record of a bulk request, has at most 25,000 values, 1,000 fields of one object, 5,000 entries of one
list and 64 levels; anything larger is refused as a whole (\`validation_failed\`), and the error names the place.

**Errors** are problem documents (RFC 9457) with a stable \`code\`, a remedy in \`action\`, and every error at once in \`errors\`.

**Headers.** In addition to those listed with each answer, every answer carries the security headers of browsers, such as
\`Content-Security-Policy\` and \`X-Content-Type-Options\`.

**Lists** are paged by an opaque cursor: pass \`nextCursor\` as \`cursor\` until it is null. A page ends at \`limit\` entries, or
sooner where they are long: at about 1 MB, after at least one.`

const tags: readonly (readonly [string, string])[] = [
  ['Connections', 'One company joined to one organisation of Xero.'],
  ['Consent', 'The browser’s part of connecting. No key is needed.'],
  ['Settings', 'How records are synced, in six sections.'],
  ['Items', 'Items of the inventory product.'],
  ['Customers', 'Customers; contacts in Xero.'],
  ['Vendors', 'Vendors; contacts in Xero.'],
  ['Invoices', 'Sales invoices; exported only.'],
  ['Bills', 'Bills of vendors; exported only.'],
  ['Contacts', 'Contacts of Xero without a role here.'],
  ['Reference lists', 'What settings choose from, read from Xero.'],
  ['Sync queue', 'Changes that wait to be sent to Xero.'],
  ['Sync jobs', 'Runs: export, then import.'],
  ['Incidents', 'What the sweep found in Xero that needs a person’s attention.'],
  ['Changes', 'What imports changed, for the product to read.'],
  ['API keys', 'Management of API keys.'],
  ['Health', 'Liveness and readiness probes.'],
]

const companyId = { type: 'string', minLength: 1, maxLength: mostCompanyIdCharacters, pattern: companyIdForm } as const

const parameters = {
  CompanyId: {
    name: 'X-Company-Id',
    in: 'header',
    required: false,
    description:
      'The company that the request is for. Required with the bootstrap key, which is refused without it; ignored with a company’s own key.',
    schema: companyId,
    example: 'acme',
  },
  CompanyFilter: {
    name: 'X-Company-Id',
    in: 'header',
    required: false,
    description:
      'With the bootstrap key: only what is of this company; without it, of all companies. Ignored with a company’s own key.',
    schema: companyId,
    example: 'acme',
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'A new random value for every new request. Sent again with it, the request answers as the first time and does nothing.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    example: '01936f5a-7c1e-7b3a-9f4d-2a6b8c0d1e2f',
  },
} as const

/** `publicUrl`: where this service is reached; generators take it unless they are given another one. */
export const about = (version: string, publicUrl: string) => ({
  openapi: '3.1.0' as const,
  info: {
    title: 'Accounting sync',
    version,
    description,
    contact: { name: 'The operator of the service' },
    license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
  },
  servers: [
    {
      url: '{baseUrl}',
      description: 'The service, at its PUBLIC_URL.',
      variables: { baseUrl: { default: publicUrl, description: 'Scheme, host and port.' } },
    },
  ],
  tags: tags.map(([name, what]) => ({ name, description: what })),
  security: [{ apiKey: [] }],
  components: {
    securitySchemes: {
      apiKey: { type: 'http' as const, scheme: 'bearer', description: 'An API key, made with createApiKey.' },
    },
    parameters,
    headers,
    examples: problemExamples,
    responses: singleResponses,
  },
})
