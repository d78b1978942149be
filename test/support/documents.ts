// Reading the project's own documents: their files, fenced blocks, tables and links.
import { globSync, readFileSync } from 'node:fs'

/** Every document that people read. */
export const documents = (): string[] => [
  'README.md',
  'CHANGELOG.md',
  ...globSync('docs/**/*.md').sort(),
  ...globSync('{bench,src}/**/*.md').sort(),
]

export const read = (path: string): string => readFileSync(path, 'utf8')

/** Contents of the fenced blocks of one language. */
export const fencedBlocks = (text: string, language: string): string[] =>
  [...text.matchAll(/^```(\S*)\n(.*?)^```$/gms)].flatMap(([, found, body]) =>
    found === language && body !== undefined ? [body] : [],
  )

export const shellBlocks = (text: string): string[] => fencedBlocks(text, 'sh')

export const withoutFences = (text: string): string => text.replace(/^```.*?^```$/gms, '')

/** Rows of the table below a heading, cells trimmed, without the header. */
export function tableUnder(text: string, heading: string): string[][] {
  const start = text.indexOf(`\n${heading}\n`)
  if (start < 0) throw new Error(`there is no heading "${heading}"`)
  const rest = text.slice(start + heading.length + 2)
  const section = rest.slice(0, rest.search(/^#{1,6} /m) < 0 ? undefined : rest.search(/^#{1,6} /m))
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, line.lastIndexOf('|'))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    )
}

/** Words set in code, in order. */
export const codeWords = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].flatMap(([, word]) => word ?? [])
