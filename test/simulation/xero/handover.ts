// A record as the product handed it over, and the fields that it changed then.
import { blockOf, type Values } from './values.ts'

export interface Handover {
  readonly at: number
  readonly values: Values
  /** The record as it was before. */
  readonly held: Values | null
  /** As the product said it last. */
  readonly previous: Values
  /** Blocks that the product changed then, taken away ones too. */
  readonly changed: ReadonlySet<string>
}

/** The name of a person for the mailbox, and the other way round; any other field is its own. */
const counterpart = (field: string): string => {
  if (!field.startsWith('contactPersons/')) return field
  return field.endsWith('/email') ? field.replace(/email$/, 'name') : field.replace(/name$/, 'email')
}

/** Saying again what was said last is no change, unless `isInsisted`: the settings let the product win. */
export function handover(
  at: number,
  { values, held, previous, isInsisted }: Omit<Handover, 'at' | 'changed'> & { isInsisted: boolean },
): Handover {
  const isAgain = (field: string) => !isInsisted && values[field] === previous[field]
  const isChanged = (field: string) =>
    values[field] === undefined ? held?.[field] !== undefined : values[field] !== held?.[field] && !isAgain(field)
  // Another mailbox of a person says the person, and who is taken away takes the mailbox along.
  const isOfPerson = (field: string) =>
    field.startsWith('contactPersons/') && (field.endsWith('/email') || values[field] === undefined)
  const withPerson = (field: string) => (isOfPerson(field) ? [field, counterpart(field)] : [field])
  const fields = [...Object.keys(values), ...Object.keys(previous)].filter(isChanged)
  return { at, values, held, previous, changed: new Set(fields.map(blockOf).flatMap(withPerson)) }
}

/** Whether the record ever held the field: the product said it, or took it away, a mailbox with its person. */
export function everHeld(
  handovers: readonly Handover[] = [],
  isIn: (values: Values) => boolean,
  field: string,
): boolean {
  const isHeld = (held: Values | null) => [field, counterpart(field)].some((one) => held?.[one] !== undefined)
  return handovers.some(({ values, held, changed }) => isIn(values) || (changed.has(field) && isHeld(held)))
}
