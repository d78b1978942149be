// What the routes of a record type are called: listItems, putItem, bulkPutItems.
import type { EntityType } from '../../domain/entity-types.ts'

export interface Names {
  /** Item */
  readonly one: string
  /** Items */
  readonly many: string
  /** an item */
  readonly anItem: string
}
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
export const namesOf = ({ type, path }: EntityType): Names => ({
  one: capital(type),
  many: capital(path),
  anItem: `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`,
})
