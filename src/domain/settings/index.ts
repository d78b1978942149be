// The settings of a connection: one document of six sections. Its form stands here; findings.ts tells whether
// it fits the organisation. A setting exists only if it is honoured.
import { type Static, Type } from 'typebox'
import { CompanySettings } from './company.ts'
import { CustomersSettings } from './customers.ts'
import { withDefaults } from './defaults.ts'
import { InvoicesSettings } from './invoices.ts'
import { ItemsSettings } from './items.ts'
import { ScheduleSettings } from './schedule.ts'
import { VendorsSettings } from './vendors.ts'

export { acceptedSettings } from './accepted.ts'
export { Finding, settingsFindings } from './findings.ts'
export { mergePatch } from './merge-patch.ts'
export type { ReferenceData } from './reference-data.ts'
export { droppedFindings, storedSettings } from './stored.ts'

export const settingsSectionSchemas = {
  items: ItemsSettings,
  customers: CustomersSettings,
  invoices: InvoicesSettings,
  vendors: VendorsSettings,
  company: CompanySettings,
  schedule: ScheduleSettings,
} as const
export type SettingsSection = keyof typeof settingsSectionSchemas
export const settingsSections = Object.keys(settingsSectionSchemas) as SettingsSection[]

export const Settings = Type.Object(settingsSectionSchemas, {
  additionalProperties: false,
  description: 'The settings of a connection. Fields left out take their defaults.',
})
export type Settings = Static<typeof Settings>

export const defaultSettings = (): Settings => withDefaults(Settings, {}) as Settings
