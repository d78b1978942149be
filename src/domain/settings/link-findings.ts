// Templates of links back to the product. A placeholder that is not known would stand in every link in Xero as it was written.
import { type DocumentSection, documentSections } from '../entity-types.ts'
import { linkPlaceholders } from '../posting/link-template.ts'
import { pointer } from '../schema-faults.ts'
import type { Finding } from './findings.ts'
import type { Settings } from './index.ts'

const known = linkPlaceholders.map((name) => `{${name}}`).join(' and ')

function faultOf(template: string): string | null {
  const rest = linkPlaceholders.reduce((text, name) => text.replaceAll(`{${name}}`, 'x'), template)
  const [unknown] = /\{[^{}]*\}?|\}/.exec(rest) ?? []
  if (unknown !== undefined) return `The template has "${unknown}", which is no placeholder.`
  return URL.canParse(rest) ? null : 'The template makes no address.'
}

function linkFindings(section: DocumentSection, settings: Settings): Finding[] {
  const { deepLink } = settings[section]
  const detail = deepLink === null ? null : faultOf(deepLink)
  if (detail === null) return []
  const action = `Write an http or https address with the placeholders ${known}; other braces as %7B and %7D.`
  return [{ pointer: pointer(section, 'deepLink'), code: 'link_template_invalid', detail, action, severity: 'error' }]
}

export const linkTemplateFindings = (settings: Settings): Finding[] =>
  Object.values(documentSections).flatMap((section) => linkFindings(section, settings))
