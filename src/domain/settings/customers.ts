// Settings section "customers".
import type { Static } from 'typebox'
import { contactsSettings } from './contacts.ts'

export const CustomersSettings = contactsSettings('customers')
export type CustomersSettings = Static<typeof CustomersSettings>
