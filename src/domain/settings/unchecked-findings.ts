// The values that the settings name while the list that would judge them was never read: saved, and told as not checked yet.
import { documentSections } from '../entity-types.ts'
import { pointer } from '../schema-faults.ts'
import { namedAccounts } from './account-findings.ts'
import type { Finding } from './findings.ts'
import type { Settings } from './index.ts'
import type { ReferenceData } from './reference-data.ts'

const sections = Object.values(documentSections)

function named(settings: Settings): { list: keyof ReferenceData; path: string; pointers: string[] }[] {
  const taxes = sections.filter((section) => Object.keys(settings[section].taxMap).length > 0)
  const tracking = sections.filter((section) => settings[section].trackingMap.class)
  return [
    { list: 'accounts', path: 'accounts', pointers: namedAccounts(settings) },
    { list: 'taxRates', path: 'tax-rates', pointers: taxes.map((section) => pointer(section, 'taxMap')) },
    {
      list: 'trackingCategories',
      path: 'tracking-categories',
      pointers: tracking.map((section) => pointer(section, 'trackingMap', 'class')),
    },
    {
      list: 'brandingThemes',
      path: 'branding-themes',
      pointers: settings.invoices.brandingThemeId === null ? [] : ['/invoices/brandingThemeId'],
    },
  ]
}

export const uncheckedFindings = (settings: Settings, reference: ReferenceData): Finding[] =>
  named(settings).flatMap(({ list, path, pointers }) =>
    reference[list] !== null
      ? []
      : pointers.map((at) => ({
          pointer: at,
          code: 'not_checked',
          detail: `Not checked yet: ${path} were not read from Xero so far.`,
          action: `Nothing to do: they are read soon after connecting. POST …/${path}/refresh reads them now.`,
          severity: 'warning' as const,
        })),
  )
