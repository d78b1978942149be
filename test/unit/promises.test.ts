// OpenAPI promises nothing that never happens: every state, status and code has a place in the source that raises it. The
// place is looked for in the text, without what only reads a value (comparisons, cases, types) and without the tables.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { changeOperations, changeRecordTypes } from '../../src/domain/change.ts'
import { connectionStatuses } from '../../src/domain/connection.ts'
import { problems } from '../../src/domain/errors.ts'
import { incidentKinds } from '../../src/domain/incident.ts'
import { queueActions, queueStatuses } from '../../src/domain/queue-item.ts'
import { recordFindingCodes } from '../../src/domain/record-finding.ts'
import { Finding } from '../../src/domain/settings/findings.ts'
import { syncErrors } from '../../src/domain/sync-errors.ts'
import { jobKinds, jobStatuses, jobTriggers } from '../../src/domain/sync-job.ts'
import { syncStates } from '../../src/domain/sync-state.ts'
import { Attempt, upsertResults } from '../../src/http/schemas/records.ts'

const root = join(import.meta.dirname, '..', '..')
const tables =
  /^src\/(simulator|http\/schemas|http\/openapi|db\/tables|domain\/(errors|sync-errors|refusals|incident|record-finding|sync-job|sync-state|change|queue-item|connection)\.ts)/

/** Without comments, comparisons, cases and types: what is left of a value makes it. */
const withoutReading = (source: string): string =>
  source
    .replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, '')
    .replaceAll(/\b(status|state|kind|code|outcome|result) (in|NOT IN) \([^)]*\)/gi, '')
    .replaceAll(/[!=]== '\w+'|case '\w+'|'\w+'(?= \| ')|\| '\w+'/g, '')

const sources = globSync('src/**/*.ts', { cwd: root })
  .filter((file) => !tables.test(file))
  .map((file) => withoutReading(readFileSync(join(root, file), 'utf8')))
const isRaised = (...places: readonly RegExp[]): boolean =>
  places.some((place) => sources.some((source) => place.test(source)))

/** Those that nothing raises. */
const idle = (values: readonly string[], place: (value: string) => readonly RegExp[]): string[] =>
  values.filter((value) => !isRaised(...place(value)))
const mentioned = (value: string) => [new RegExp(`'${value}'`)]
const enumOf = (schema: unknown): string[] => (schema as { enum: string[] }).enum

t.test('given the problem codes, when the source is read, then each is raised as a problem', async (t) => {
  // By name; by a table of the parser's errors; or by one that chooses between several.
  const place = (code: string) => [
    new RegExp(`\\bproblem\\(\\s*'${code}'`),
    new RegExp(`: \\['${code}', '`),
    new RegExp(`\\bproblem\\([^)]*[?:] '${code}'`),
    new RegExp(`=> *\\n? *code .*'${code}'|code .*\\? code : '${code}'`),
  ]
  const forwarded = ['xero_throttled', 'xero_unreachable', 'application_credentials']
  t.strictSame(
    idle(
      Object.keys(problems).filter((code) => !forwarded.includes(code)),
      place,
    ),
    [],
  )
  t.strictSame(idle(forwarded, mentioned), [])
})

t.test('given every code and state, when the source is read, then something makes it', async (t) => {
  const promised: Readonly<Record<string, readonly string[]>> = {
    'sync errors': Object.keys(syncErrors),
    'kinds of incidents': incidentKinds,
    'findings of records': recordFindingCodes,
    'findings of settings': enumOf(Finding.properties.code),
    'statuses of connections': connectionStatuses,
    'statuses of jobs': jobStatuses,
    'kinds of jobs': jobKinds,
    'triggers of jobs': jobTriggers,
    'statuses of queue items': queueStatuses,
    'actions of queue items': queueActions,
    'states of records': syncStates,
    'results of a handover': upsertResults,
    'outcomes of attempts': enumOf((Attempt as unknown as { properties: { outcome: unknown } }).properties.outcome),
  }
  for (const [what, values] of Object.entries(promised)) {
    t.ok(values.length > 1, what)
    t.strictSame(idle(values, mentioned), [], what)
  }
})

t.test('given the change feed, when the source is read, then each operation and type is appended', async (t) => {
  t.strictSame(
    idle(changeOperations, (value) => [new RegExp(`operation: '${value}'`)]),
    [],
  )
  t.strictSame(changeRecordTypes, ['item', 'customer', 'vendor'], 'the types that flow both ways')
})

t.test('given a value that is only read, when it is looked for, then it does not count', async (t) => {
  const read = withoutReading("// 'a'\nif (x === 'a' || y !== 'a') type T = 'b' | 'a' | 'c'\n  case 'a': return")
  t.notMatch(read, /'a'/)
})
