// A vendor of the inventory product: a contact in Xero.
import type { Static } from 'typebox'
import { contactSchema } from './contact.ts'

export const Vendor = contactSchema('vendor')
export type Vendor = Static<typeof Vendor>
