// Settings as a merge patch takes them: every field may be left out.
import { type TSchema, Type } from 'typebox'
import { type SettingsSection, settingsSectionSchemas, settingsSections } from '../../domain/settings/index.ts'

type Json = Readonly<Record<string, unknown>>

/** The schema with nothing required and no defaults, all the way down. */
function partial(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(partial)
  if (schema === null || typeof schema !== 'object') return schema
  return Object.fromEntries(
    Object.entries(schema as Json)
      .filter(([key]) => key !== 'required' && key !== 'default')
      .map(([key, value]) => [key, partial(value)]),
  )
}

const rest = 'what is left out stays, null takes a setting back to its default.'

export const sectionPatch = (name: SettingsSection): TSchema => ({
  ...(partial(settingsSectionSchemas[name]) as TSchema),
  description: `Changes to the section "${name}": ${rest}`,
})

export const SettingsPatch: TSchema = {
  type: 'object',
  properties: Object.fromEntries(settingsSections.map((name) => [name, sectionPatch(name)])),
  additionalProperties: false,
  description: `Changes to the settings: ${rest}`,
}

export const NotModified = Type.Null({ description: 'The ETag in If-None-Match is still the stored version.' })
