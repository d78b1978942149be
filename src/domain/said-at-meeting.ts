// The words of the product about a record that meets a contact or item. A record that was linked before has learned: a value that the
// product did not say anew since is no change of its own, and an old one is not written over what record and Xero both say.
import { type Fields, fieldsOf, givenFields } from './merging.ts'
import { isEntry, sameValue } from './merging-entries.ts'
import { withPersonsOf } from './merging-persons.ts'

/**
 * `isLeft`: it is the contact or item that the record left last, from which it learned. Of another one it learned nothing, and a
 * learned value counts only where that one says it too.
 */
export function saidAtMeeting(
  record: Parameters<typeof givenFields>[0],
  { theirs, isLeft }: { readonly theirs: Fields; readonly isLeft: boolean },
): Fields {
  const held = fieldsOf(record.body)
  const given = withPersonsOf(held, givenFields(record))
  const isOwn = (said: unknown, own: unknown, there: unknown) =>
    sameValue(said, own) || !(isLeft || sameValue(own, there))
  const entries = Object.entries(given).flatMap(([key, said]): [string, unknown][] => {
    const [own, there] = [held[key], theirs[key]]
    if (!isEntry(key, said) || !isEntry(key, own)) return isOwn(said, own, there) ? [[key, said]] : []
    const standing = isEntry(key, there) ? there : {}
    const parts = Object.entries(said).filter(([part, value]) => isOwn(value, own[part], standing[part]))
    const isNamed = parts.some(([part]) => part !== 'kind')
    return isNamed ? [[key, Object.fromEntries(parts)]] : []
  })
  return Object.fromEntries(entries)
}
