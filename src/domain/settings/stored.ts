// Settings as they are read back. A document that an older version of the service saved may hold what is refused today; it must
// stop neither its connection nor any other, and a change must be able to mend it. So such a value counts as left out, and
// the check of the settings names it.
import type { TSchema } from 'typebox'
import { type Fault, fitsSchema, pointer, schemaFaults } from '../schema-faults.ts'
import { unknownFields } from '../unknown-fields.ts'
import { withDefaults } from './defaults.ts'
import type { Finding } from './findings.ts'
import { Settings, type SettingsSection, settingsSectionSchemas, settingsSections } from './index.ts'
import { ofAnySize } from './sizes.ts'

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => value !== null && typeof value === 'object' && !Array.isArray(value)

/** Takes away what stands at the place; of a list, the list. */
function drop(document: Json, at: string): void {
  let node = document
  const parts = at.split('/').slice(1)
  for (const [index, part] of parts.entries()) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    const child = node[name]
    if (index === parts.length - 1 || !isObject(child)) {
      delete node[name]
      return
    }
    node = child
  }
}

export interface StoredSettings {
  readonly settings: Settings
  /** Places of values that were not taken over. */
  readonly dropped: readonly string[]
}

/** The effective settings of a stored document, whatever it holds. */
export function storedSettings(value: unknown): StoredSettings {
  const whole = withDefaults(Settings, isObject(value) ? value : {})
  return fitsSchema(ofAnySize(Settings), whole) ? { settings: whole as Settings, dropped: [] } : mendedSettings(whole)
}

/** The readable part of a document that does not fit with its defaults. `known`: why it does not, where that was found out already. */
export function mendedSettings(given: unknown, known?: readonly Fault[]): StoredSettings {
  const whole = isObject(given) ? given : withDefaults(Settings, {})
  const form = ofAnySize(Settings)
  const unknown = unknownFields(form, whole, 200)
  const document = unknown.rest as Json
  const faults = (known ?? schemaFaults(form, document)).map((fault) => fault.pointer)
  for (const at of faults) drop(document, at)
  const mended = withDefaults(Settings, document) as Json
  const lost = settingsSections.filter(
    (name) => !fitsSchema(ofAnySize(settingsSectionSchemas[name] as TSchema), mended[name]),
  )
  for (const name of lost) delete mended[name]
  return {
    settings: withDefaults(Settings, mended) as Settings,
    dropped: [
      ...new Set([
        ...faults.filter((at) => at !== ''),
        ...unknown.first.map(([path, name]) => pointer(...path, name)),
        ...lost.map((name: SettingsSection) => pointer(name)),
      ]),
    ],
  }
}

export const droppedFindings = (stored: StoredSettings): Finding[] =>
  stored.dropped.map((at) => ({
    pointer: at,
    code: 'stored_value_dropped',
    detail: 'The stored value is not valid any more; the default holds instead.',
    action: 'Save the settings again, with the value that is wanted here.',
    severity: 'warning',
  }))
