// Fields of a posted document that its record does not hold: each comes from settings, terms and defaults, or is nothing at all. Such a
// field never replaces what a person entered in a document that stood there before the record was linked to it; and
// what a record never said, a person may say.
import type { DocumentBody } from '../records/index.ts'
import type { PostedDocument, PostedLine } from './posted.ts'

/** Fields that are posted only where the record holds them. */
const neverDerived = ['/reference', '/class']

/** Also of a document that we made: what stands there is a person's. */
export const isNeverDerived = (field: string): boolean => neverDerived.some((name) => field.endsWith(name))

const ofLine = (line: PostedLine, name: string): string => `/lines/${line.lineId}/${name}`

/** Pointers, in the words of the differences of a conflict. */
export function unheldFields(document: DocumentBody, posted: PostedDocument): string[] {
  const { lines: decided = {} } = posted.decisions ?? {}
  const isNamed = ({ lineId }: PostedLine) => Object.hasOwn(decided, lineId) && decided[lineId]?.account !== undefined
  return [
    '/brandingThemeId',
    '/sentToContact',
    ...(document.dueDate === undefined && document.terms === undefined ? ['/dueDate'] : []),
    ...(posted.kind === 'sale' && posted.reference === undefined ? ['/reference'] : []),
    ...posted.lines.flatMap((line) => [
      ...(line.tracking.length === 0 ? [ofLine(line, 'class')] : []),
      ...(line.itemCode === undefined ? [ofLine(line, 'itemCode')] : []),
      ...(isNamed(line) ? [] : [ofLine(line, 'accountCode')]),
    ]),
  ]
}
