// The contact embedded in a document: found, created, or - when more than its id is sent - updated, as Xero does it.
import { isObject, type JsonObject } from '../../json.ts'
import type { Contact, Invoice } from '../../state.ts'
import type { Call } from '../call.ts'
import { matchContact } from '../contacts/find.ts'
import { saveContact } from '../contacts/handlers.ts'

const identifying = ['ContactID', 'ContactNumber', 'Name']

export function embeddedContact(call: Call, sent: unknown, before: Invoice | undefined): Contact | string[] {
  if (!isObject(sent)) {
    const kept = before && call.organisation.contacts.get(before.contactId)
    return kept ?? ['A Contact must be specified for this type of transaction']
  }
  if (!identifying.some((name) => typeof sent[name] === 'string' && sent[name] !== ''))
    return [
      'The Contact must contain at least 1 of the following elements to identify the contact: Name, ContactID, ContactNumber',
    ]
  const contact = matchContact(call.organisation, sent)
  if (contact && contact.ContactStatus !== 'ACTIVE')
    return before?.contactId === contact.ContactID
      ? contact
      : [`The contact ${contact.Name} has been archived. Archived contacts cannot be used on a document.`]
  if (contact && !updates(sent, contact)) return contact
  return saveContact(call, sent, contact)
}

function updates(sent: JsonObject, contact: Contact): boolean {
  return Object.entries(sent).some(([name, value]) => {
    if (name === 'ContactID' || value === null) return false
    if (name === 'Name') return String(value).toLowerCase() !== contact.Name.toLowerCase()
    if (name in contact.texts) return value !== contact.texts[name]
    return true
  })
}

/** IsCustomer and IsSupplier follow from documents and leave UpdatedDateUTC as it is. */
export function markContact(call: Call, contact: Contact, type: Invoice['Type']): void {
  const name = type === 'ACCREC' ? 'isCustomer' : 'isSupplier'
  if (!contact[name]) call.transaction.set(call.organisation.contacts, contact.ContactID, { ...contact, [name]: true })
}
