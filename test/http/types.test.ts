// Clients of the API are made by openapi-typescript with its defaults: every body that the README or the API description
// shows is of the type that comes of that, so that a field with a default may be left out.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import ts from 'typescript'
import { operations } from '../support/contract.ts'
import { shellBlocks } from '../support/documents.ts'

const folder = mkdtempSync(join(tmpdir(), 'types-'))
t.teardown(() => rmSync(folder, { recursive: true }))
const generator = 'node_modules/openapi-typescript/bin/cli.js'
execFileSync(process.execPath, [generator, 'openapi.yaml', '--output', join(folder, 'api.ts')], { stdio: 'ignore' })

interface Body {
  readonly name: string
  readonly type: string
  readonly value: unknown
}
/** The type of an operation's body; each has one media type. */
function typeOf({ method, path, operation }: (typeof operations)[number]): string {
  const [media = ''] = Object.keys(operation.requestBody?.content ?? {})
  const keys = [path, method.toLowerCase(), 'requestBody'].map((key) => `[${JSON.stringify(key)}]`)
  return `NonNullable<paths${keys.join('')}>["content"][${JSON.stringify(media)}]`
}

/** The errors of the compiler where each body is given to a constant of its type. */
function errorsOf(bodies: readonly Body[]): string[] {
  const main = join(folder, 'bodies.ts')
  const lines = bodies.map(({ type, value }, index) => `export const b${index}: ${type} = ${JSON.stringify(value)}`)
  const text = `import type { paths } from './api.ts'\n${lines.join('\n')}\n`
  const options = {
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    types: [],
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile } = host
  host.getSourceFile = (path, target) =>
    path === main ? ts.createSourceFile(path, text, target) : getSourceFile.call(host, path, target)
  const program = ts.createProgram([main], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file?.fileName === main ? (file.getLineAndCharacterOfPosition(start).line ?? 0) - 1 : -1
    return `${bodies[line]?.name ?? file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
}

const calls = shellBlocks(readFileSync('README.md', 'utf8')).flatMap((block) => [
  ...block.matchAll(/api -X (\w+) "\$URL([^"]+)".*? -d (?:'([^']+)'|"((?:\\"|[^"])+)")/g),
])
const ofReadme = calls.map(([, method = '', address = '', plain, quoted = '']): Body => {
  const path = address.replaceAll(/\$\w+/g, 'x')
  const fits = (template: string): boolean => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path)
  const found = operations.find((one) => one.method === method && fits(one.path))
  if (!found) throw new Error(`README.md calls ${method} ${path}, which is no operation`)
  const value = JSON.parse(plain ?? quoted.replaceAll('\\"', '"'))
  return { name: `README.md, ${method} ${address}`, type: typeOf(found), value }
})
const ofDocument = operations.flatMap((one): Body[] =>
  Object.values(one.operation.requestBody?.content ?? {}).map(({ example }) => ({
    name: `openapi.yaml, ${one.operation.operationId}`,
    type: typeOf(one),
    value: example,
  })),
)

t.test('given the bodies of the README and the description, when types are generated, then all fit', async (t) => {
  t.ok(ofReadme.length >= 9, `${ofReadme.length} bodies of the README`)
  t.ok(ofDocument.length > 30, `${ofDocument.length} bodies of the description`)
  t.strictSame(errorsOf([...ofReadme, ...ofDocument]), [])
})

t.test('given a body that is wrong, when it is compiled, then the compiler says so', async (t) => {
  const customer = ofReadme.find(({ name }) => name.endsWith('/customers/c-1'))
  const wrong = [
    { name: 'a misspelt field', type: customer?.type ?? '', value: { name: 'A', emial: 'a@b.example' } },
    { name: 'a number for a text', type: customer?.type ?? '', value: { name: 12 } },
  ]
  t.match(errorsOf(wrong), [/^a misspelt field: .*emial/, /^a number for a text: /])
})
