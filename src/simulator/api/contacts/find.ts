// Which contact a request means: by id, by our ContactNumber, or by name among the active ones.
import { type JsonObject, text } from '../../json.ts'
import type { Contact, Organisation } from '../../state.ts'
import { missing } from '../answer.ts'
import { createLookup } from '../lookup.ts'

const byNumber = createLookup<Contact>(
  (contact) => contact.ContactID,
  (contact) => contact.texts.ContactNumber?.toLowerCase(),
)
const activeNames = createLookup<Contact>(
  (contact) => contact.ContactID,
  (contact) => (contact.ContactStatus === 'ACTIVE' ? contact.Name.toLowerCase() : undefined),
)

/** Archived ones too. */
export const contactByNumber = (organisation: Organisation, number: string) =>
  byNumber(organisation.contacts, number.toLowerCase())

export const activeByName = (organisation: Organisation, name: string) =>
  activeNames(organisation.contacts, name.toLowerCase())

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
