// The link back to the product that a document in Xero shows, made from the template of the settings.

/** The placeholders of a template. */
export const linkPlaceholders = ['id', 'number'] as const

export type LinkValues = Readonly<Record<(typeof linkPlaceholders)[number], string>>

export const fillTemplate = (template: string, values: LinkValues): string =>
  linkPlaceholders.reduce(
    (text, name) => text.replaceAll(`{${name}}`, () => encodeURIComponent(values[name])),
    template,
  )
