// Whether settings fit together and fit the organisation: every fault at once, each with a JSON pointer and what to do.
// Errors refuse a save; warnings say what will keep records from syncing. A list that was never pulled judges nothing.
import { type Static, Type } from 'typebox'
import { isTimezone } from '../dates.ts'
import { type DocumentSection, documentSections } from '../entity-types.ts'
import { scheduleProblems } from '../schedule.ts'
import { pointer } from '../schema-faults.ts'
import { accountFindings } from './account-findings.ts'
import type { Settings } from './index.ts'
import { linkTemplateFindings } from './link-findings.ts'
import type { ReferenceData } from './reference-data.ts'
import { taxFindings } from './tax-findings.ts'
import { uncheckedFindings } from './unchecked-findings.ts'

export const findingCodes = [
  'account_missing',
  'account_unknown',
  'account_unusable',
  'account_class',
  'tax_type_unknown',
  'tax_not_allowed',
  'tax_not_zero',
  'tracking_unknown',
  'branding_theme_unknown',
  'link_template_invalid',
  'timezone_invalid',
  'schedule_invalid',
  'reference_needed',
  'not_a_demo_company',
  'not_checked',
  'stored_value_dropped',
] as const

export const Finding = Type.Object(
  {
    pointer: Type.String({ description: 'JSON pointer into the settings (RFC 6901).' }),
    code: Type.Enum([...findingCodes], {
      description: 'not_checked: the list was not read from Xero yet. The others are explained by detail.',
    }),
    detail: Type.String({ description: 'What is wrong.' }),
    action: Type.String({ description: 'What to do about it.' }),
    severity: Type.Enum(['error', 'warning'], {
      description: 'error: the settings cannot be saved so. warning: they can, but something will not sync.',
    }),
  },
  { description: 'An error in the settings.' },
)
export type Finding = Static<typeof Finding>

function trackingFindings(section: DocumentSection, settings: Settings, reference: ReferenceData): Finding[] {
  const map = settings[section].trackingMap.class
  if (!map || reference.trackingCategories === null) return []
  const at = [section, 'trackingMap', 'class'] as const
  const category = reference.trackingCategories.find(
    (entry) => entry.id === map.categoryId && entry.status === 'ACTIVE',
  )
  if (!category) {
    return [
      {
        pointer: pointer(...at, 'categoryId'),
        code: 'tracking_unknown',
        detail: `Xero has no active tracking category ${map.categoryId}.`,
        action: 'Choose one of GET …/tracking-categories.',
        severity: 'error',
      },
    ]
  }
  const names = category.options.filter((option) => option.status === 'ACTIVE').map((option) => option.name)
  const known = new Set(names)
  const action = names.length > 0 ? `Choose one of: ${names.join(', ')}.` : 'Create the option in Xero.'
  return Object.entries(map.options)
    .filter(([, option]) => !known.has(option))
    .map(([className, option]) => ({
      pointer: pointer(...at, 'options', className),
      code: 'tracking_unknown',
      detail: `The category ${category.name} has no active option "${option}".`,
      action,
      severity: 'error',
    }))
}

function brandingFindings(settings: Settings, reference: ReferenceData): Finding[] {
  const { brandingThemeId } = settings.invoices
  if (brandingThemeId === null || reference.brandingThemes === null) return []
  if (reference.brandingThemes.some((theme) => theme.id === brandingThemeId)) return []
  return [
    {
      pointer: '/invoices/brandingThemeId',
      code: 'branding_theme_unknown',
      detail: `Xero has no branding theme ${brandingThemeId}.`,
      action: 'Choose one of GET …/branding-themes.',
      severity: 'error',
    },
  ]
}

function companyFindings(settings: Settings, reference: ReferenceData): Finding[] {
  const findings: Finding[] = []
  const { timezone, demoCompanyOnly } = settings.company
  if (timezone !== null && !isTimezone(timezone)) {
    findings.push({
      pointer: '/company/timezone',
      code: 'timezone_invalid',
      detail: `"${timezone}" is no time zone.`,
      action: 'Name an IANA zone, such as Europe/Berlin.',
      severity: 'error',
    })
  }
  // A warning: with the setting on, no job runs here, and that is what it is for.
  if (demoCompanyOnly && reference.organisation && !reference.organisation.isDemoCompany) {
    findings.push({
      pointer: '/company/demoCompanyOnly',
      code: 'not_a_demo_company',
      detail: `${reference.organisation.name} is not a demo company; nothing will be synced with it.`,
      action: 'Connect a demo company, or switch the setting off.',
      severity: 'warning',
    })
  }
  return findings
}

/** Xero numbers the document: only the reference can then tell which one it is. */
function numberFindings(settings: Settings): Finding[] {
  if (settings.invoices.number !== 'xero' || settings.invoices.reference === 'document_number') return []
  return [
    {
      pointer: '/invoices/reference',
      code: 'reference_needed',
      detail:
        'With number "xero" the reference must be the number of the document: nothing else tells which one it is.',
      action: 'Set invoices.reference to "document_number", or invoices.number to "document_number".',
      severity: 'error',
    },
  ]
}

const scheduleFindings = (settings: Settings): Finding[] =>
  scheduleProblems(settings.schedule).map((fault) => ({
    ...fault,
    code: fault.pointer === '/schedule/timezone' ? 'timezone_invalid' : 'schedule_invalid',
    severity: 'error',
  }))

const sections = Object.values(documentSections)

export const settingsFindings = (settings: Settings, reference: ReferenceData): Finding[] => [
  ...accountFindings(settings, reference),
  ...sections.flatMap((section) => taxFindings(section, settings, reference)),
  ...sections.flatMap((section) => trackingFindings(section, settings, reference)),
  ...brandingFindings(settings, reference),
  ...linkTemplateFindings(settings),
  ...numberFindings(settings),
  ...companyFindings(settings, reference),
  ...scheduleFindings(settings),
  ...uncheckedFindings(settings, reference),
]
