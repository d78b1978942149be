// Contacts: list, by id or number, create (PUT), create or update (POST).

import { zeroId } from '../../ids.ts'
import { type JsonObject, text } from '../../json.ts'
import type { Contact } from '../../state.ts'
import { type Answer, missing, ok } from '../answer.ts'
import type { Call, Row } from '../call.ts'
import { lists } from '../lists.ts'
import { isPaged, listed, readList, switched } from '../read.ts'
import { elementsOf, type Outcome, writeBatch } from '../write.ts'
import { applyContact, newContact } from './apply.ts'
import { contactProblems, personProblems } from './check.ts'
import { contactByNumber, matchContact } from './find.ts'
import { type ContactDetail, contactView } from './view.ts'

const behaviour = lists.Contacts!

export function getContacts(call: Call): Answer {
  const [key] = call.segments
  if (key !== undefined) {
    const contact = call.organisation.contacts.get(key.toLowerCase()) ?? contactByNumber(call.organisation, key)
    if (!contact) throw missing('contact')
    return ok(call.world.app.name, call.at, 'Contacts', [contactView(call.organisation, contact, 'full', call.at)])
  }
  const ids = listed(call, 'IDs')
  const search = call.query.get('searchTerm')?.toLowerCase()
  const archivedToo = switched(call, 'includeArchived')
  const detail: ContactDetail = switched(call, 'summaryOnly') ? 'summary' : isPaged(call, behaviour) ? 'full' : 'list'
  const rows: Row[] = []
  for (const contact of call.organisation.contacts.values()) {
    if (contact.ContactStatus === 'ARCHIVED' && !archivedToo) continue
    if (ids && !ids.has(contact.ContactID)) continue
    if (search !== undefined && !found(contact, search)) continue
    rows.push({
      id: contact.ContactID,
      updatedAt: contact.updatedAt,
      view: () => contactView(call.organisation, contact, detail, call.at),
    })
  }
  return readList(call, behaviour, rows)
}

const found = (contact: Contact, search: string) =>
  [
    contact.Name,
    ...['FirstName', 'LastName', 'ContactNumber', 'CompanyNumber', 'EmailAddress'].map(
      (name) => contact.texts[name] ?? '',
    ),
  ].some((value) => value.toLowerCase().includes(search))

const failure = (element: JsonObject, problems: string[], contact?: Contact): Outcome => ({
  problems,
  echo: {
    Addresses: [],
    Phones: [],
    ContactGroups: [],
    ContactPersons: [],
    ...element,
    ContactID: contact?.ContactID ?? zeroId,
  },
})

/** Creates or updates one contact; documents with an embedded contact use it too. */
export function saveContact(call: Call, element: JsonObject, existing: Contact | undefined): Contact | string[] {
  if (existing && existing.ContactStatus !== 'ACTIVE')
    return [
      `The Contact with ContactID ${existing.ContactID} matched an archived contact. Archived contacts cannot currently be edited via the API.`,
    ]
  const contact = applyContact(existing ?? newContact(call.at), element, call.at, call.organisation.profile)
  const problems = [
    ...contactProblems(call.organisation, contact, existing && element),
    ...personProblems(contact, element),
  ]
  if (problems.length > 0) return problems
  call.transaction.set(call.organisation.contacts, contact.ContactID, contact)
  call.transaction.note({ type: 'Contact', id: contact.ContactID, number: contact.Name })
  return contact
}

export function writeContacts(call: Call): Answer {
  const [key] = call.segments
  const target = key === undefined ? undefined : call.organisation.contacts.get(key.toLowerCase())
  if (key !== undefined && !target) throw missing('contact')
  return writeBatch(call, behaviour, elementsOf(call, behaviour), (element) => {
    const create = call.method === 'PUT'
    if (create && text(element, 'ContactID') !== undefined)
      return failure(element, ['ContactID cannot be specified when creating a contact.'])
    const existing = create ? undefined : (target ?? matchContact(call.organisation, element))
    const saved = saveContact(call, element, existing)
    if (Array.isArray(saved)) return failure(element, saved, existing)
    return { view: contactView(call.organisation, saved, 'write', call.at) }
  })
}
