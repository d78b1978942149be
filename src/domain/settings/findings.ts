// Whether settings fit the organisation: every fault at once, each with a JSON pointer and what to do. Errors refuse a
// save; warnings say what will keep records from syncing.
import { type Static, Type } from 'typebox'
import type { Settings } from './index.ts'
import type { ReferenceData } from './reference-data.ts'

export const Finding = Type.Object(
  {
    pointer: Type.String({ description: 'JSON pointer into the settings (RFC 6901).' }),
    code: Type.String({ description: 'Stable code of the finding.' }),
    detail: Type.String({ description: 'What is wrong.' }),
    action: Type.String({ description: 'What to do about it.' }),
    severity: Type.Enum(['error', 'warning'], {
      description: 'error: the settings cannot be saved so. warning: they can, but something will not sync.',
    }),
  },
  { description: 'A fault of the settings.' },
)
export type Finding = Static<typeof Finding>

export function settingsFindings(_settings: Settings, _reference: ReferenceData): Finding[] {
  return []
}
