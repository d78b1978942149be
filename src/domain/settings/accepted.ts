// Settings as a caller sends them: taken when their form is right and when they fit together and fit the organisation. What is
// wrong in either way is told at once.
import { problem } from '../errors.ts'
import { faultCount, faultReport } from '../fault-report.ts'
import { type Fault, schemaFaults } from '../schema-faults.ts'
import { withDefaults } from './defaults.ts'
import { settingsFindings } from './findings.ts'
import { Settings } from './index.ts'
import type { ReferenceData } from './reference-data.ts'
import { storedSettings } from './stored.ts'

const isWithin = (at: string, place: string): boolean => at === place || at.startsWith(`${place}/`)

/** A default stands in for a value of the wrong form: nothing more is told of its place. */
const isToldAlready = (at: string, malformed: readonly Fault[]): boolean =>
  malformed.some(({ pointer }) => isWithin(at, pointer) || isWithin(pointer, at))

/** The effective settings of an unchecked document. Throws settings_invalid with every error. */
export function acceptedSettings(document: unknown, reference: ReferenceData): Settings {
  const whole = withDefaults(Settings, document)
  const malformed = schemaFaults(Settings, whole)
  const readable = malformed.length === 0 ? (whole as Settings) : storedSettings(document).settings
  const unfit = settingsFindings(readable, reference).filter(
    ({ severity, pointer }) => severity === 'error' && !isToldAlready(pointer, malformed),
  )
  const errors = faultReport([...malformed, ...unfit])
  if (errors.length === 0) return readable
  throw problem('settings_invalid', `The settings have ${faultCount(errors)} error(s).`, { errors })
}
