// How a text has to look, in words: who is told of an error reads no regular expression. A schema names its pattern here, and
// the report of errors looks the words up.

export interface TextForm {
  /** After "must be" and "Send": "a currency code of three capital letters". */
  readonly words: string
  readonly example: string
}

const forms = new Map<string, TextForm>()

/** The pattern itself, for the schema. */
export function inForm(pattern: string, words: string, example: string): string {
  forms.set(pattern, { words, example })
  return pattern
}

export const formOf = (pattern: string): TextForm | undefined => forms.get(pattern)
