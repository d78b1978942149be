// Settings section "vendors".
import type { Static } from 'typebox'
import { contactsSettings } from './contacts.ts'

export const VendorsSettings = contactsSettings('vendors')
export type VendorsSettings = Static<typeof VendorsSettings>
