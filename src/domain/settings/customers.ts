// Settings section "customers".
import { type Static, Type } from 'typebox'
import { contactsFields } from './contacts.ts'

export const CustomersSettings = Type.Object(contactsFields('customers'), {
  default: {},
  additionalProperties: false,
  description: 'Customers.',
})
export type CustomersSettings = Static<typeof CustomersSettings>
