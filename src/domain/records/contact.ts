// Customers and vendors have the same fields: in Xero both are contacts, and one contact may be both.
import { type Static, Type } from 'typebox'
import { currency, identity, optionalText, Terms, taxCode, text } from './common.ts'

export const phoneKinds = ['default', 'mobile', 'fax', 'direct_dial'] as const
export const addressKinds = ['billing', 'shipping'] as const

const Phone = Type.Object(
  {
    kind: Type.Enum([...phoneKinds], { description: 'default · mobile · fax · direct_dial, each at most once.' }),
    number: text(50, 'The whole number as it is dialled.'),
  },
  { additionalProperties: false, description: 'A telephone number.' },
)

const Address = Type.Object(
  {
    kind: Type.Enum([...addressKinds], { description: 'billing or shipping, each at most once.' }),
    lines: Type.Array(text(500, 'One line of the street address.'), { maxItems: 4, description: 'At most 4 lines.' }),
    city: optionalText(255, 'City.'),
    region: optionalText(255, 'State or region.'),
    postalCode: optionalText(50, 'Postal code.'),
    country: optionalText(50, 'Name of the country in letters.'),
  },
  { additionalProperties: false, description: 'A postal address.' },
)

const ContactPerson = Type.Object(
  {
    firstName: optionalText(255, 'First name.'),
    lastName: optionalText(255, 'Last name.'),
    email: Type.Optional(Type.String({ format: 'email', maxLength: 255, description: 'E-mail address.' })),
  },
  { additionalProperties: false, description: 'A further person at the contact.' },
)

/** The schema of a customer or a vendor. */
export const contactSchema = (who: 'customer' | 'vendor') =>
  Type.Object(
    {
      ...identity,
      name: text(255, 'Name, unique among the active contacts in Xero; no angle brackets, no double spaces.'),
      legalName: optionalText(255, 'Legal name. Kept, not posted: Xero has no field for it.'),
      firstName: optionalText(255, 'First name of the main person.'),
      lastName: optionalText(255, 'Last name of the main person.'),
      email: Type.Optional(Type.String({ format: 'email', maxLength: 255, description: 'E-mail address.' })),
      phones: Type.Optional(Type.Array(Phone, { maxItems: 4, default: [], description: 'Telephone numbers.' })),
      addresses: Type.Optional(Type.Array(Address, { maxItems: 2, default: [], description: 'Postal addresses.' })),
      contactPersons: Type.Optional(
        Type.Array(ContactPerson, { maxItems: 5, default: [], description: 'At most 5 further persons.' }),
      ),
      website: Type.Optional(
        Type.String({
          format: 'uri',
          maxLength: 2000,
          description: 'Absolute URL. Xero takes it from people only: kept here, not posted.',
        }),
      ),
      accountNumber: optionalText(50, 'Account number; unique among contacts in Xero.'),
      taxNumber: optionalText(50, 'Tax number (ABN, VAT, GST number).'),
      currency: currency('Default currency.'),
      terms: Type.Optional(Terms),
      type: optionalText(100, `Type of ${who}. Kept, not posted in this release.`),
      salesTaxCode: taxCode(
        'Tax code of sales: a key of settings.invoices.taxMap. Goes before those of items on every line without a code.',
      ),
      purchaseTaxCode: taxCode(
        'Tax code of purchases: a key of settings.vendors.taxMap. Goes before those of items on every line without a code.',
      ),
      active: Type.Optional(
        Type.Boolean({
          default: true,
          description: 'Default true. An inactive one is archived in Xero, which only a person can undo there.',
        }),
      ),
    },
    { additionalProperties: false, description: `A ${who} of the inventory product.` },
  )
export type Contact = Static<ReturnType<typeof contactSchema>>
