// Class of the product → tracking option in Xero.
import { pointer } from '../schema-faults.ts'
import { syncError } from '../sync-errors.ts'
import type { DocumentContext, Report } from './document-context.ts'
import type { PostedLine } from './posted.ts'

export function tracking(
  className: string | undefined,
  context: DocumentContext,
  report: Report,
): PostedLine['tracking'] {
  const { settings, section } = context
  const map = settings[section].trackingMap.class
  if (!map || className === undefined) return []
  const { categoryId } = map
  const mapped = Object.hasOwn(map.options, className) ? map.options[className] : undefined
  const option = mapped ?? className
  const category = context.reference.trackingCategories?.find((entry) => entry.id === categoryId)
  const isKnown = category?.options.some((entry) => entry.name === option && entry.status === 'ACTIVE')
  // Xero drops a tracking option that it does not know without a word: the books would be wrong and nobody would see.
  if (context.reference.trackingCategories === null ? mapped === undefined : !isKnown) {
    const field = pointer('settings', section, 'trackingMap', 'class', 'options', className)
    report(
      syncError('mapping_missing', {
        cause: `The class "${className}" has no active tracking option: "${option}" is not in the category.`,
        action: `Fill in ${field}, or create the option in Xero; then run a sync job.`,
        field,
      }),
    )
  }
  return [{ categoryId, option }]
}
