// Settings as a caller sends them: taken when their form is right and when they fit together and fit the organisation. What is
// wrong in either way is told at once.
import { problem } from '../errors.ts'
import { faultCount, faultReport } from '../fault-report.ts'
import { schemaFaults } from '../schema-faults.ts'
import { isUntold } from '../told-places.ts'
import { withDefaults } from './defaults.ts'
import { settingsFindings } from './findings.ts'
import { Settings } from './index.ts'
import type { ReferenceData } from './reference-data.ts'
import { ofAnySize, sizeFaults } from './sizes.ts'
import { mendedSettings } from './stored.ts'

/** The effective settings of an unchecked document. Throws settings_invalid with every error. */
export function acceptedSettings(document: unknown, reference: ReferenceData, stored: unknown = {}): Settings {
  const whole = withDefaults(Settings, document)
  const ofForm = schemaFaults(ofAnySize(Settings), whole)
  const malformed = [...ofForm, ...sizeFaults(Settings, whole, stored)]
  const readable = ofForm.length === 0 ? (whole as Settings) : mendedSettings(whole, ofForm).settings
  // A default stands in for a value of the wrong form.
  const isToTell = isUntold(malformed)
  const unfit = settingsFindings(readable, reference).filter(
    ({ severity, pointer }) => severity === 'error' && isToTell(pointer),
  )
  const errors = faultReport([...malformed, ...unfit])
  if (errors.length === 0) return readable
  throw problem('settings_invalid', `The settings have ${faultCount(errors)} error(s).`, { errors })
}
