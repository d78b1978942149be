// docs/errors.md and docs/settings.md are written from the tables and schemas that the service itself works by, so that a
// code or a default cannot be documented differently from what happens. test/docs.test.ts compares.
import { problems } from '../../src/domain/errors.ts'
import type { Node } from '../../src/domain/schema-node.ts'
import { type SettingsSection, settingsSectionSchemas, settingsSections } from '../../src/domain/settings/index.ts'
import { syncErrors } from '../../src/domain/sync-errors.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')
const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
const written = '<!-- Written by `npm run docs` from the tables of the code. Change it there. -->'

export function errorsDocument(): string {
  const problemRows = Object.entries(problems).map(([code, { status, title, action }]) =>
    row(`\`${code}\``, String(status), title, action),
  )
  const syncRows = Object.entries(syncErrors).map(([code, { title, cause, action, retryable }]) =>
    row(`\`${code}\``, title, cause, action, retryable ? 'yes' : 'no'),
  )
  return `# Errors

${written}

There are two kinds. A **problem** answers a request that was not carried out. A **sync error** says why a record or a job could not be
brought to Xero; it stands on the record (\`sync.lastError\`), on its queue item (\`lastError\`), in the job's error list and, when the job as
a whole failed, on the job (\`error\`). Codes are stable; texts may become more exact.

## Problems

Answers of 4xx and 5xx are problem documents (RFC 9457, \`application/problem+json\`): \`type\`, \`title\`, \`status\`, \`detail\`, \`instance\`,
and besides \`code\`, \`action\` (what to do), \`requestId\` (also in the log), and \`errors\`: every error at once, each with a JSON pointer.
Where waiting helps, \`Retry-After\` says how long.

| code | status | meaning | what to do |
|---|---|---|---|
${problemRows.join('\n')}

## Sync errors

\`cause\` and \`action\` are often more exact than here: they name the field, the record or the date. \`xero\` holds Xero's own messages,
unchanged. *Retryable* ones may succeed later although nobody changes the record.

| code | meaning | cause | what to do | retryable |
|---|---|---|---|---|
${syncRows.join('\n')}
`
}

interface Schema extends Node {
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly default?: unknown
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
}

const present = (schema: Schema): Schema => schema.anyOf?.find(({ type }) => type !== 'null') ?? schema

function takes(schema: Schema): string {
  const inner = present(schema)
  const orNull = inner === schema ? '' : ' or null'
  if (inner.enum) return `${inner.enum.map((value) => `\`${value}\``).join(', ')}${orNull}`
  if (inner.type === 'array') return `list of ${takes(inner.items ?? {})}, at most ${inner.maxItems}`
  if (inner.patternProperties) return `map, at most ${inner.maxProperties?.toLocaleString('en')} entries`
  const range = inner.minimum === undefined ? '' : ` ${inner.minimum} to ${inner.maximum}`
  return `${inner.type ?? 'value'}${range}${orNull}`
}

/** One row a setting; what is only a group of settings has no row of its own. */
function rowsOf(path: string, schema: Schema): string[] {
  const inner = present(schema)
  if (inner.properties)
    return Object.entries(inner.properties).flatMap(([name, child]) => rowsOf(`${path}.${name}`, child))
  const standard = schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``
  const own = row(`\`${path}\``, takes(schema), standard, schema.description ?? '')
  const entry = Object.values(inner.patternProperties ?? {})[0]
  return [own, ...(entry?.properties ? rowsOf(`${path}.{key}`, entry) : [])]
}

const intro: Readonly<Record<SettingsSection, string>> = {
  items: 'Which items become items in Xero, and with which accounts.',
  customers: 'How customers are matched to contacts, imported and deleted.',
  invoices: 'When an invoice enters the queue, and how it is dated, numbered, taxed and rounded.',
  vendors:
    'How vendors are matched to contacts, imported and deleted; when a bill enters the queue, and how it is posted.',
  company: 'What holds for the connection as a whole.',
  schedule: 'When jobs are created without anyone asking.',
}

export function settingsDocument(): string {
  const sections = settingsSections.map((name) => {
    const rows = rowsOf(name, settingsSectionSchemas[name] as Schema)
    return `## ${name}

${intro[name]}

| setting | takes | default | meaning |
|---|---|---|---|
${rows.join('\n')}
`
  })
  return `# Settings

${written}

Settings belong to a connection. \`GET …/settings\` shows them all with defaults filled in; \`PATCH …/settings\` is a JSON merge patch (RFC
7396) in which \`null\` takes a setting back to its default; \`PUT …/settings/{section}\` replaces one section. Every write names the version
it is based on in \`If-Match\`. A new connection needs only the accounts: \`items.accounts\`, \`invoices.accounts.sales\`,
\`vendors.accounts.purchases\` and, unless the product's tax codes are Xero's own tax types, \`invoices.taxMap\` and \`vendors.taxMap\`. \`GET …/settings/check\` says what does not fit the organisation.

A setting exists only if the service honours it. It takes effect with the next record that is created or replaced, or the next step of a job;
\`POST …/sync-queue-items\` sends records again that were sent under earlier settings. Of an invoice or bill that was sent, its number and
dates, and the account, tax type and text of a line, stay until it is queued so, or its record says something else of them ([0023](adr/0023-decided-when-it-was-sent.md)).

${sections.join('\n')}`
}
