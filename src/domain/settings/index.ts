// The settings of a connection: one document of six sections. Checked in two steps: its form here, and in findings.ts
// whether it fits the organisation. A setting exists only if it is honoured.
import { type Static, Type } from 'typebox'
import { problem } from '../errors.ts'
import { faultCount } from '../fault-report.ts'
import { schemaFaults } from '../schema-faults.ts'
import { CompanySettings } from './company.ts'
import { CustomersSettings } from './customers.ts'
import { withDefaults } from './defaults.ts'
import { InvoicesSettings } from './invoices.ts'
import { ItemsSettings } from './items.ts'
import { mergePatch } from './merge-patch.ts'
import { ScheduleSettings } from './schedule.ts'
import { VendorsSettings } from './vendors.ts'

export { Finding, settingsFindings } from './findings.ts'
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

/** The effective settings of an unchecked document. Throws settings_invalid with every fault. */
export function parseSettings(value: unknown): Settings {
  const settings = withDefaults(Settings, value)
  const errors = schemaFaults(Settings, settings)
  if (errors.length > 0) {
    throw problem('settings_invalid', `The settings have ${faultCount(errors)} error(s).`, { errors })
  }
  return settings as Settings
}

/** Merge patch (RFC 7396), then defaults: null takes a setting back to its default. Throws settings_invalid. */
export const applyMergePatch = (current: Settings, patch: unknown): Settings =>
  parseSettings(mergePatch(current, patch))
