// The documents are held to what they describe: codes, settings, states, variables, routes, import rule and links. What
// can be told from the code is compared with it; what cannot is for people to read.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { connectionStatuses, connectionTransitions } from '../src/domain/connection.ts'
import { entityTypes, exportOrder } from '../src/domain/entity-types.ts'
import { problems } from '../src/domain/errors.ts'
import { queueStatuses, queueTransitions } from '../src/domain/queue-item.ts'
import { syncErrors } from '../src/domain/sync-errors.ts'
import { jobStatuses, jobTransitions } from '../src/domain/sync-job.ts'
import { syncStates } from '../src/domain/sync-state.ts'
import { buildTestApp } from './http/support/build.ts'
import { codeWords, documents, read, tableUnder, withoutFences } from './support/documents.ts'
import { errorsDocument, settingsDocument } from './support/written-documents.ts'

const architecture = read('docs/architecture.md')
const operations = read('docs/operations.md')

t.test('given the tables of the code, then docs/errors.md and docs/settings.md are what they say', async (t) => {
  t.equal(read('docs/errors.md'), errorsDocument(), 'docs/errors.md: run "npm run docs"')
  t.equal(read('docs/settings.md'), settingsDocument(), 'docs/settings.md: run "npm run docs"')
  const listed = (heading: string) =>
    tableUnder(read('docs/errors.md'), heading).map(([code = '']) => codeWords(code)[0])
  t.same(listed('## Problems'), Object.keys(problems))
  t.same(listed('## Sync errors'), Object.keys(syncErrors))
})

const machines = [
  ['### Connection', connectionStatuses, connectionTransitions],
  ['### Queue item', queueStatuses, queueTransitions],
  ['### Job', jobStatuses, jobTransitions],
] as const

t.test(
  'given the state machines of the domain, then docs/architecture.md has the same states and transitions',
  async (t) => {
    for (const [heading, statuses, transitions] of machines) {
      const rows = tableUnder(architecture, heading)
      t.same(
        Object.fromEntries(rows.map(([from = '', to = '']) => [codeWords(from)[0], codeWords(to)])),
        transitions,
        heading,
      )
      t.equal(rows.length, statuses.length)
    }
  },
)

t.test('given the table of record types, then docs/architecture.md has the same one', async (t) => {
  const rows = tableUnder(architecture, '## Record types')
  const expected = exportOrder.map((type) => {
    const { list, direction, batchSize } = entityTypes[type]
    return [`\`${type}\``, list, direction === 'two_way' ? 'two ways' : 'export only', String(batchSize)]
  })
  t.same(rows, expected)
})

t.test('given the import rule of the architecture test, then docs/architecture.md says the same', async (t) => {
  const rule = /const mayImport[^=]*= \{\n(.*?)\n\}/s.exec(read('test/architecture.test.ts'))?.[1] ?? ''
  const rows = [...rule.matchAll(/^ {2}'?([a-z/-]+)'?: \[(.*?)\],/gms)]
  t.ok(rows.length > 10, 'the rule was found')
  const expected = rows.map(([, room, list = '']) => [room, [...list.matchAll(/'([^']+)'/g)].map(([, name]) => name)])
  const documented = tableUnder(architecture, '## Who may import whom').map(([room = '', list = '']) => [
    codeWords(room)[0],
    codeWords(list),
  ])
  t.same(Object.fromEntries(documented), Object.fromEntries(expected))
})

t.test('given every state something can be stuck in, then docs/operations.md has its row', async (t) => {
  const states = (heading: string) =>
    tableUnder(operations, heading).flatMap(([first = '', , third]) => (third === undefined ? [] : codeWords(first)))
  t.same(states('### Connections'), [...connectionStatuses])
  t.same(new Set(states('### Jobs')), new Set(jobStatuses))
  for (const status of queueStatuses) t.ok(states('### Queue items').includes(status), `queue item: ${status}`)
  t.same(new Set(states('### Records')), new Set(syncStates))
})

t.test('given the calls of docs/operations.md, then each names an operation that exists', async (t) => {
  const app = await buildTestApp()
  t.teardown(() => app.close())
  await app.ready()
  const paths = Object.entries(app.swagger().paths ?? {}).map(([path, item]) => ({
    pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
    methods: Object.keys(item ?? {}),
  }))
  const calls = [...operations.matchAll(/\bapi (?:-i )?(?:-X ([A-Z]+) )?"([^"]+)"/g)]
  t.ok(calls.length > 40, `${calls.length} calls were found`)
  for (const [text, method = 'GET', address = ''] of calls) {
    const path = address
      .replace(/^\$URL/, '')
      .replace(/^\$C/, '/v1/connections/one')
      .replaceAll(/\$[A-Z]+/g, 'one')
      .replace(/\?.*$/, '')
    const found = paths.filter(({ pattern }) => pattern.test(path))
    t.ok(
      found.some(({ methods }) => methods.includes(method.toLowerCase())),
      text,
    )
  }
})

/** The names that src/config.ts reads, told from its text: nothing else reads the environment. */
const variables = [
  ...new Set(
    [...read('src/config.ts').matchAll(/(?:given|integer|flag|url)\('([A-Z][A-Z_]+)'/g)].map(([, name = '']) => name),
  ),
].sort()

t.test('given the environment that src/config.ts reads, then every document lists exactly that', async (t) => {
  t.ok(variables.length > 20, `${variables.length} variables were found`)
  const example = [...read('.env.example').matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(([, name = '']) => name)
  t.same(example.sort(), variables, '.env.example')
  const inTable = (text: string, heading: string) =>
    tableUnder(text, heading)
      .flatMap(([first = '']) => codeWords(first))
      .sort()
  t.same(inTable(read('README.md'), '## Running it'), variables, 'README.md')
  t.same(inTable(operations, '## Configure'), variables, 'docs/operations.md')
})

t.test('given .env.example, then a shell, Docker and systemd read it alike', async (t) => {
  const values = read('.env.example')
    .split('\n')
    .filter((line) => /^#?[A-Z][A-Z_]+=/.test(line))
  for (const line of values) t.notMatch(line, /[ "'$`]/, line)
})

/** As GitHub makes anchors of headings. */
const anchorsOf = (text: string): string[] =>
  [...withoutFences(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )

t.test('given the links between documents, then each leads somewhere', async (t) => {
  let count = 0
  for (const path of documents()) {
    for (const [, target = ''] of withoutFences(read(path)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue
      count += 1
      const [file = '', anchor] = target.split('#')
      const found = file === '' ? path : join(dirname(path), file)
      t.ok(existsSync(found), `${path} → ${target}`)
      if (anchor && existsSync(found)) t.ok(anchorsOf(read(found)).includes(anchor), `${path} → ${target}`)
    }
  }
  t.ok(count > 25, `${count} links were checked`)
})

t.test('given what the code says of Xero, then docs/xero.md has the place that it points to', async (t) => {
  const headings = new Set([...read('docs/xero.md').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading))
  let count = 0
  for (const path of globSync('{src,test,migrations}/**/*.ts')) {
    for (const [, heading] of read(path).matchAll(/\bxero\.md, ([^):;]+)/g)) {
      count += 1
      t.ok(headings.has(heading ?? ''), `${path} → ${heading}`)
    }
    t.notMatch(read(path), /FACTS \u00a7/, path)
  }
  t.ok(count > 50, `${count} places were checked`)
})

t.test('given every document, then it names no place of a machine and nothing outside the project', async (t) => {
  const outside = [
    /(?<![\w.}$/])\/(?:home|Users|root|work|tmp|mnt|opt|var)\b/,
    /[A-Z]:\\/,
    /\.\.\/shared/,
    /\b(?:DESIGN|FACTS|RELIABILITY|FUNCTIONS|LIBRARIES)(?:\.md| §)/,
  ]
  for (const path of [...documents(), '.env.example', 'Dockerfile'])
    for (const pattern of outside) t.notMatch(readFileSync(path, 'utf8'), pattern, `${path}: ${pattern}`)
})

t.test('given the decisions, then each is listed and stays short', async (t) => {
  const files = documents().filter((path) => path.startsWith('docs/adr/'))
  t.ok(files.length >= 14)
  for (const path of files) {
    t.ok(architecture.includes(`(${path.replace('docs/', '')})`), `${path} is listed in docs/architecture.md`)
    t.ok(read(path).split('\n').length <= 41, `${path} has at most 40 lines`)
    t.match(read(path), /^# \d{4} .+\n\n\*\*Question\.\*\* /, path)
  }
  t.ok(read('README.md').split('\n').length <= 151, 'README.md has at most 150 lines')
})
