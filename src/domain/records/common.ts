// Pieces that several record schemas share. Limits follow Xero's (xero.md, Rounding): a value that Xero would refuse is refused
// here first, with a pointer, and not hours later in a sync job.
import { type Static, Type } from 'typebox'
import { inForm } from '../text-forms.ts'

/** XML 1.0 control characters make Xero refuse a whole call. */
const printable = '[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F]*$'

const filledText = inForm(
  `^(?=[\\s\\S]*\\S)${printable}`,
  'a text that is not blank and holds no control characters',
  'Blue widget',
)
const printableText = inForm(`^${printable}`, 'a text without control characters', 'Blue widget')

/** Not blank. */
export const text = (maxLength: number, description: string) =>
  Type.String({ minLength: 1, maxLength, pattern: filledText, description })
/** A blank one counts as left out. */
export const optionalText = (maxLength: number, description: string) =>
  Type.Optional(Type.String({ maxLength, pattern: printableText, description }))

function decimalText(sign: '' | '-?', places: number, description: string) {
  const kind = sign === '' ? 'a decimal number without a sign' : 'a decimal number'
  const words = `${kind} in a string, with at most 13 digits before the point and at most ${places} decimals`
  return Type.String({ pattern: inForm(`^${sign}\\d{1,13}(\\.\\d{1,${places}})?$`, words, '12.50'), description })
}

/** An amount or price; may be negative. Ten decimals are taken, Xero keeps four (unitdp=4): posting/exact-lines.ts. */
export const amount = (description: string) => decimalText('-?', 10, description)
export const unsignedAmount = (description: string) => decimalText('', 10, description)
/** Xero keeps four decimals of a quantity and refuses a negative one (xero.md, Rounding). */
export const quantity = (description: string) => decimalText('', 4, description)
/** Discounts with more than two decimals come out differently in Xero's pages than in its API. */
export const percentage = (description: string) => Type.String({ pattern: percent, description })
const percent = inForm(
  '^(100(\\.0{1,2})?|\\d{1,2}(\\.\\d{1,2})?)$',
  'a percentage from 0 to 100 in a string, with at most two decimals',
  '12.5',
)

/** Characters of an id; a blank at its ends would be lost on the way to Xero and in addresses. */
const idCharacters = '[^\\u0000-\\u001F\\u007F]'
const longestId = 64
const idText = (pattern: string, description: string) =>
  Type.String({ minLength: 1, maxLength: longestId, pattern, description })

/** The id of the record itself. */
export const ownIdPattern = inForm(
  `^(?!\\s)${idCharacters}*[^\\s\\u0000-\\u001F\\u007F]$`,
  'an id without blanks at its ends and without control characters',
  'SO-1001',
)
/** The id of another record: not blank; blanks at its ends do not count. */
export const recordId = (description: string) => idText(otherId, description)
const otherId = inForm(
  `^(?=[\\s\\S]*\\S)${idCharacters}*$`,
  'the id of a record, not blank and without control characters',
  'C-1001',
)
/** The id of a line: as that of another record, and it must not begin with #, which marks lines added by posting. */
export const lineId = (description: string) => idText(ofLine, description)
const ofLine = inForm(
  `^(?=\\s*[^\\s#])${idCharacters}*$`,
  'the id of a line, not blank, without control characters and without # at its beginning',
  '1',
)
export const date = (description: string) => Type.String({ format: 'date', description: `${description} YYYY-MM-DD.` })
const currencyCode = inForm('^[A-Z]{3}$', 'a currency code of three capital letters', 'NZD')
export const currency = (description: string) =>
  Type.Optional(Type.String({ pattern: currencyCode, description: `${description} ISO 4217 code.` }))
export const accountCode = (description: string) => optionalText(10, `${description} An account code of Xero.`)
export const taxCode = (description: string) => optionalText(50, description)

/** Fields that every record has. */
export const identity = {
  id: Type.Optional(
    idText(
      ownIdPattern,
      "The product's own id; may be left out where the path names it. No blanks at its ends, no control characters.",
    ),
  ),
  version: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Version at the product. A record with a lower version than the stored one is ignored.',
    }),
  ),
}

export const termKinds = ['DAYSAFTERBILLDATE', 'DAYSAFTERBILLMONTH', 'OFCURRENTMONTH', 'OFFOLLOWINGMONTH'] as const
export const Terms = Type.Object(
  {
    kind: Type.Enum([...termKinds], {
      description:
        'DAYSAFTERBILLDATE: days after the document. DAYSAFTERBILLMONTH: days after the end of its month. ' +
        'OFCURRENTMONTH, OFFOLLOWINGMONTH: that day of the same or the next month.',
    }),
    days: Type.Integer({ minimum: 0, maximum: 365, description: 'Days, or the day of the month.' }),
  },
  {
    additionalProperties: false,
    description:
      'Payment terms. Xero may keep terms that are removed: then they are in the record again, and a finding says so.',
  },
)
export type Terms = Static<typeof Terms>
