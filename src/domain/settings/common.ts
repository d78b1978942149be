// Pieces that several settings sections share. Every field has a default, so that a new connection works after consent
// with only the accounts filled in.
import { type TSchema, Type } from 'typebox'

/** The most entries of a map, and of a list without a limit of its own. */
export const mapEntries = { maxProperties: 1_000 }
export const listEntries = { maxItems: 100 }

export const nullable = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { default: null, description })
/** An account code of Xero, or null. */
export const account = (description: string) =>
  nullable(Type.String({ minLength: 1, maxLength: 10, description: 'Account code.' }), description)
export const taxType = (description: string) =>
  nullable(Type.String({ minLength: 1, maxLength: 50, description: 'Tax type of Xero.' }), description)
export const timezone = (description: string) =>
  nullable(Type.String({ minLength: 1, maxLength: 64, description: 'IANA time zone.' }), description)
export const flag = (value: boolean, description: string) => Type.Boolean({ default: value, description })

export const importModes = ['updates_and_new', 'updates', 'off'] as const
export const conflictPolicies = ['pending_wins', 'xero_wins', 'product_wins'] as const
export type ConflictPolicy = (typeof conflictPolicies)[number]

export const importMode = (what: string) =>
  Type.Enum([...importModes], {
    default: 'updates_and_new',
    description: `What an import may do to ${what}: update known ones and add new ones · only update · nothing. Even then an edit in Xero is not overwritten: the record does not take it over, and writes leave the field as it is in Xero until the product changes it. The conflict setting decides where the product had already changed the field.`,
  })
export const conflictPolicy = () =>
  Type.Enum([...conflictPolicies], {
    default: 'pending_wins',
    description:
      'Who wins when both sides changed. pending_wins: a record with an open queue item keeps its values, otherwise ' +
      "Xero's change is taken. xero_wins: Xero's change is always taken. product_wins: it is taken only " +
      'where the product said nothing, so that nothing of its own is written over. What the product says ' +
      'as it did last time is no change of its own, unless product_wins.',
  })
