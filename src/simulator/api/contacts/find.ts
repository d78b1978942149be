// Which contact a request means: by id, by our ContactNumber, or by name among the active ones.
import { type JsonObject, text } from '../../json.ts'
import type { Contact, Organisation } from '../../state.ts'
import { missing } from '../answer.ts'

export const contactByNumber = (organisation: Organisation, number: string): Contact | undefined => {
  const wanted = number.toLowerCase()
  return [...organisation.contacts.values()].find((one) => one.texts.ContactNumber?.toLowerCase() === wanted)
}

export const activeByName = (organisation: Organisation, name: string): Contact | undefined => {
  const wanted = name.toLowerCase()
  return [...organisation.contacts.values()].find(
    (one) => one.ContactStatus === 'ACTIVE' && one.Name.length === name.length && one.Name.toLowerCase() === wanted,
  )
}

/** An id that no contact has is a 404 for the whole request, not an error of the element. */
export function matchContact(organisation: Organisation, element: JsonObject): Contact | undefined {
  const id = text(element, 'ContactID')
  if (id !== undefined) {
    const contact = organisation.contacts.get(id.toLowerCase())
    if (!contact) throw missing('contact')
    return contact
  }
  const number = text(element, 'ContactNumber')
  const numbered = number ? contactByNumber(organisation, number) : undefined
  if (numbered) return numbered
  const name = text(element, 'Name')
  return name ? activeByName(organisation, name) : undefined
}
