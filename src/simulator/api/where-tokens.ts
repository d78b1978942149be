// Cuts a `where` expression into its words.
import { refusal } from './answer.ts'

export interface Token {
  kind: 'text' | 'number' | 'name' | 'sign'
  value: string
}

const pattern =
  /\s+|"((?:[^"\\]|\\.|"")*)"|(\d+(?:\.\d+)?)|([A-Za-z_][A-Za-z0-9_]*)|(==|!=|<>|<=|>=|&&|\|\||[<>=!().,-])/y

export function tokens(source: string): Token[] {
  const found: Token[] = []
  pattern.lastIndex = 0
  while (pattern.lastIndex < source.length) {
    const at = pattern.lastIndex
    const match = pattern.exec(source)
    if (!match) throw refusal('QueryParseException', `Syntax error in '${source}' at position ${at}`)
    const [, text, number, name, sign] = match
    if (text !== undefined) found.push({ kind: 'text', value: text.replaceAll('""', '"').replaceAll(/\\(.)/g, '$1') })
    else if (number !== undefined) found.push({ kind: 'number', value: number })
    else if (name !== undefined) found.push({ kind: 'name', value: name })
    else if (sign !== undefined) found.push({ kind: 'sign', value: sign })
  }
  if (found.length === 0) throw refusal('QueryParseException', 'Expression expected')
  return found
}
