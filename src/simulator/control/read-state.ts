// A whole list of an organisation as the API shows it, archived and deleted things included, for assertions.
import { contactView } from '../api/contacts/view.ts'
import { handlers } from '../api/handlers.ts'
import { invoiceView } from '../api/invoices/view.ts'
import { lists } from '../api/lists.ts'
import { type JsonObject, objects } from '../json.ts'
import type { Organisation } from '../state.ts'
import { now, type World } from '../world.ts'
import { personCall } from './as-person.ts'

export const stateLists = [
  'Organisation',
  'Accounts',
  'TaxRates',
  'TrackingCategories',
  'Currencies',
  'BrandingThemes',
  'ContactGroups',
  'Contacts',
  'Items',
  'Invoices',
  'Payments',
] as const
export type StateList = (typeof stateLists)[number]

export function readState(world: World, organisation: Organisation, list: StateList): JsonObject[] {
  const at = now(world)
  if (list === 'Contacts')
    return [...organisation.contacts.values()].map((one) => contactView(organisation, one, 'full', at))
  if (list === 'Invoices')
    return [...organisation.invoices.values()].map((one) => invoiceView(organisation, one, 'full', at))
  const call = personCall(world, organisation, 'GET')
  call.query.set('includeArchived', 'true')
  const answer = handlers[list]?.GET(call)
  return objects(answer?.body?.[lists[list]?.collection ?? ''])
}
