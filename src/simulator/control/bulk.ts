// Thousands of contacts and items in a moment, without the API's rules being run on each: they are unique by construction.
import { newContact } from '../api/contacts/apply.ts'
import { newItem } from '../api/items/handlers.ts'
import { big } from '../money.ts'
import type { Organisation } from '../state.ts'
import { now, type World } from '../world.ts'

export function bulkContacts(world: World, organisation: Organisation, count: number, prefix: string): string[] {
  const first = organisation.contacts.size + 1
  return Array.from({ length: count }, (_, index) => {
    const number = String(first + index).padStart(6, '0')
    const contact = {
      ...newContact(now(world)),
      Name: `${prefix || 'Contact'} ${number}`,
      texts: { EmailAddress: `contact${number}@example.com` },
    }
    organisation.contacts.set(contact.ContactID, contact)
    return contact.ContactID
  })
}

export function bulkItems(world: World, organisation: Organisation, count: number, prefix: string): string[] {
  const first = organisation.items.size + 1
  return Array.from({ length: count }, (_, index) => {
    const number = String(first + index).padStart(6, '0')
    const item = {
      ...newItem(now(world)),
      Code: `${prefix || 'ITEM'}-${number}`,
      Name: `Item ${number}`,
      Description: `Item ${number}`,
      sales: { UnitPrice: big(10), AccountCode: '200' },
      purchase: { UnitPrice: big(6), AccountCode: '300' },
    }
    organisation.items.set(item.ItemID, item)
    return item.ItemID
  })
}
