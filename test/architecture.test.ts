// Guards the import rule: reads the import lines of src and fails on a breach, naming the file and the line.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'

interface Import {
  readonly file: string
  readonly target: string
  /** Erased at run time: a type says what is expected, and pulls nothing in. */
  readonly typeOnly: boolean
}

const pattern =
  /^\s*(?:import|export)\s+(type\s)?[^'"]*?from\s+['"]([^'"]+)['"]|import\(['"]([^'"]+)['"]\)|^import\s+['"]([^'"]+)['"]/gm

const files = globSync('src/**/*.ts').sort()
const imports: Import[] = files.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(pattern)].map((match) => {
    const target = match[2] ?? match[3] ?? match[4] ?? ''
    return {
      file,
      target: target.startsWith('.') ? normalize(join(dirname(file), target)) : target,
      typeOnly: match[1] !== undefined,
    }
  }),
)

/** The room of a file: `src/accounting/xero` is a room of its own inside `src/accounting`. */
function roomOf(path: string): string {
  if (!path.startsWith('src/')) return path.startsWith('migrations/') ? 'migrations' : 'package'
  if (path.startsWith('src/accounting/xero/')) return 'accounting/xero'
  const [, room = '', rest] = path.split('/')
  return rest === undefined ? room.replace(/\.(ts|cjs)$/, '') : room
}

/** Room → rooms that it may import. Packages are ruled below. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  main: ['config', 'house', 'lib', 'observability', 'preflight'],
  cli: ['config', 'demo', 'describe-api', 'domain', 'house', 'lib', 'observability', 'preflight', 'simulator'],
  demo: ['config', 'db', 'domain', 'house', 'lib', 'observability', 'simulator'],
  'describe-api': ['http', 'observability', 'services', 'version'],
  house: ['accounting/xero', 'config', 'db', 'http', 'lib', 'observability', 'services', 'version', 'worker'],
  config: ['config-checks', 'lib'],
  'config-checks': [],
  version: [],
  http: ['services', 'domain', 'lib', 'observability'],
  worker: ['services', 'domain', 'lib', 'observability'],
  services: ['accounting', 'stores', 'db', 'domain', 'lib', 'observability'],
  stores: ['db', 'domain', 'lib'],
  accounting: ['domain', 'lib'],
  'accounting/xero': ['accounting', 'domain', 'lib'],
  // The tables name domain values, so that stores return them without conversion.
  db: ['domain', 'lib', 'migrations'],
  domain: ['lib'],
  simulator: ['lib'],
  lib: [],
  observability: [],
}

/** Package → the files that may import it at run time. */
const packageHomes: Readonly<Record<string, readonly string[]>> = {
  'xero-node': ['src/accounting/xero/client.ts'],
  pg: ['src/db/open.ts'],
  '@electric-sql/pglite': ['src/db/embedded/engine.ts', 'src/db/embedded/statements.ts', 'src/db/embedded/wire.ts'],
  'node-cron': ['src/worker/ticks.ts'],
  '@fastify/oauth2': ['src/http/plugins/oauth.ts'],
  croner: ['src/domain/schedule.ts'],
}

t.test('given every import of src, then it goes only where the house allows', async (t) => {
  t.ok(imports.length > 300, `${imports.length} imports were read`)
  for (const { file, target } of imports) {
    const from = roomOf(file)
    const to = roomOf(target)
    const allowed = mayImport[from]
    t.ok(allowed, `the room "${from}" of ${file} has a rule`)
    if (to === 'package' || to === from || !allowed) continue
    t.ok(allowed.includes(to), `${file} may import ${target}`)
  }
})

t.test('given the packages that have one home, then nothing else imports them', async (t) => {
  for (const [name, homes] of Object.entries(packageHomes)) {
    const users = imports.filter(({ target }) => target === name || target.startsWith(`${name}/`))
    t.ok(users.length > 0, `${name} is used`)
    for (const { file, typeOnly } of users) t.ok(typeOnly || homes.includes(file), `${file} may import ${name}`)
  }
})

t.test('given the stores, then SQL stands nowhere else', async (t) => {
  const allowed = ['stores', 'db', 'migrations']
  for (const { file, target, typeOnly } of imports) {
    if (target === 'kysely' || target.startsWith('kysely/')) t.ok(typeOnly || allowed.includes(roomOf(file)), file)
  }
})

t.test('given the domain, then it reads no clock and rolls no dice', async (t) => {
  for (const file of files.filter((path) => path.startsWith('src/domain/'))) {
    const text = readFileSync(file, 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')
    t.notMatch(text, /new Date\(\)|Date\.now\(|Math\.random\(|randomBytes|process\./, file)
  }
})

t.test("given the service, then it never goes by the machine's own clock", async (t) => {
  // Apart: what runs beside the service, and the age of a file on this machine's own disk.
  const apart = /^src\/(simulator|demo)\/|^src\/lib\/clock\.ts$|^src\/db\/data-dir-lock\.ts$/
  for (const file of files.filter((path) => !apart.test(path))) {
    t.notMatch(readFileSync(file, 'utf8'), /new Date\(\)|Date\.now\(/, file)
  }
})

t.test('given ids of lines, which are a caller’s own, then they are looked up in one place', async (t) => {
  for (const file of files.filter((path) => !/^src\/(simulator\/|domain\/line-ids\.ts)/.test(path))) {
    t.notMatch(readFileSync(file, 'utf8'), /lineIds\[/, `${file}: remoteLineId()`)
  }
})

t.test('given a wrong import, then the rule would see it', async (t) => {
  const breach = [..."import { sql } from '../stores/records.ts'".matchAll(pattern)]
  t.equal(breach[0]?.[2], '../stores/records.ts')
  t.equal(roomOf('src/http/routes/jobs.ts'), 'http')
  t.notOk(mayImport.http?.includes(roomOf('src/stores/records.ts')))
})
