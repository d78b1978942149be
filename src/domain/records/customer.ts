// A customer of the inventory product: a contact in Xero.
import type { Static } from 'typebox'
import { contactSchema } from './contact.ts'

export const Customer = contactSchema('customer')
export type Customer = Static<typeof Customer>
