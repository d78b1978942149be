// Words that no reader of the service meets: of the API description, the documents, the messages, the pages and the log.
import { globSync } from 'node:fs'
import t from 'tap'
import ts from 'typescript'
import { documents, read } from './support/documents.ts'

/** With the word to use instead. The simulator's README is not held to them: it injects faults, which is the term. */
const avoided: readonly (readonly [RegExp, string])[] = [
  [/\bhand(?:s|ed|ing)? over\b|\bhandovers?\b/i, 'create or replace, send, PUT'],
  [/\btake[ns]? back\b|\btook back\b/i, 'undo'],
  [/\bfaults?\b|\bfaulty\b/i, 'error'],
  [/\bfield known here\b/i, 'unknown field'],
  [/(?<!\bliveness |\breadiness |\bliveness and readiness )\bprobes?\b/i, 'liveness probe, readiness probe'],
  [/\banew\b/i, 'again'],
  [/\bwhoever\b/i, 'a person who, those who'],
  [/\bnevertheless\b/i, 'anyway'],
  [/\bbears?\b/i, 'has, carries'],
  [/\blet(?:s|ting)? go of\b/i, 'clears, unlinks'],
  [/\b(?:true|needed|wanted|known) no more\b/i, 'no longer'],
  [/\bshall\b/i, 'must, is to'],
  [/\b(?:here|there)(?:of|by|with|upon)\b|\bwhilst\b|\baforementioned\b/i, 'plain words'],
]

const told = (text: string): string[] =>
  avoided.flatMap(([word, better]) => {
    const at = text.search(word)
    return at < 0 ? [] : [`"${text.slice(Math.max(0, at - 40), at + 40)}": ${better}`]
  })

/** Texts in words of a source file: quoted, with a space in them. */
function messagesOf(path: string): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      if (/\w \w/.test(node.text)) found.push(node.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true))
  return found
}

t.test('given the list of words to avoid, when one is written, then it is found', async (t) => {
  for (const [text, count] of [
    ['Hand over an invoice', 1],
    ['The mark is never taken back.', 1],
    ['Every fault at once', 1],
    ['A liveness probe, and the readiness probe', 0],
    ['Liveness and readiness probes.', 0],
    ['Probes.', 1],
    ['by default', 0],
  ] as const)
    t.equal(told(text).length, count, text)
})

t.test('given what people read, then none of the words to avoid is in it', async (t) => {
  const paths = ['openapi.yaml', '.env.example', ...documents()].filter((path) => path !== 'src/simulator/README.md')
  for (const path of paths) t.same(read(path).split('\n').flatMap(told), [], path)
})

t.test('given what the code says, then none of the words to avoid is in it', async (t) => {
  // The stores are SQL.
  const sources = globSync('src/**/*.ts').filter((path) => !/^src.(simulator|stores)./.test(path))
  const messages = sources.map((path) => [path, messagesOf(path)] as const)
  t.ok(messages.flatMap(([, texts]) => texts).length > 1000, 'messages were found')
  for (const [path, texts] of messages) t.same(texts.flatMap(told), [], path)
})
