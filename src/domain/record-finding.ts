// The facts that a person should know of a record and its counterpart in Xero although nothing is wrong: the service gave way to what
// somebody decided there.
import { type Static, Type } from 'typebox'

export const recordFindingCodes = ['item_renamed', 'item_tracked', 'contact_kept_active'] as const
export type RecordFindingCode = (typeof recordFindingCodes)[number]

export const RecordFinding = Type.Object(
  {
    code: Type.Enum([...recordFindingCodes], {
      description:
        'item_renamed: its code was changed in Xero, and it is written under the code that it has there · ' +
        'item_tracked: Xero tracks its stock, so that its purchase account is left out of what is written · ' +
        'contact_kept_active: the record is inactive, and its contact stays active in Xero.',
    }),
    recordType: Type.Enum(['item', 'customer', 'vendor'], { description: 'Type of the record.' }),
    recordId: Type.String({ description: 'Id of the record.' }),
    recordName: Type.String({ description: 'Name of the record.' }),
    xeroId: Type.String({ description: 'Id in Xero.' }),
    detail: Type.String({ description: 'What was found, in words.' }),
    action: Type.String({ description: 'How it is ended, where it should be.' }),
    url: Type.Union([Type.String(), Type.Null()], {
      description: 'Deep link into Xero; null until the organisation was read.',
    }),
  },
  {
    description:
      'What a person should know of a record and its counterpart in Xero. It disappears when it is true no more.',
  },
)
export type RecordFinding = Static<typeof RecordFinding>

/** The facts about a record of which something was found. */
export interface FoundRecord {
  readonly code: RecordFindingCode
  readonly recordType: RecordFinding['recordType']
  readonly recordId: string
  readonly recordName: string
  readonly xeroId: string
  /** The code of an item as the product last handed it over, and as it stands in Xero; of a contact its name. */
  readonly handedCode: string
  readonly codeInXero: string
}

export const findingTexts: Readonly<
  Record<RecordFindingCode, (found: FoundRecord) => Pick<RecordFinding, 'detail' | 'action'>>
> = {
  item_renamed: ({ handedCode, codeInXero }) => ({
    detail: `The product handed the item over as "${handedCode}"; in Xero it was renamed to "${codeInXero}".`,
    action:
      `Nothing has to be done: it is written under the code in Xero, unless items.conflict is product_wins. To end the difference, hand the ` +
      `record over with the code "${codeInXero}", or change the code in Xero.`,
  }),
  item_tracked: ({ codeInXero }) => ({
    detail: `Xero tracks the stock of the item "${codeInXero}": its accounts of stock and cost stay as they are there, and the purchase account of the product is left out.`,
    action:
      'Nothing has to be done. Where Xero is not to track it, make an untracked item there and link the record to it with PUT …/link.',
  }),
  contact_kept_active: ({ recordType, codeInXero }) => ({
    detail:
      `The ${recordType} is inactive, and its contact "${codeInXero}" is active in Xero: another record needs it, a document needed ` +
      'it, or it was active when the inactive record met it.',
    action: 'Nothing has to be done. Where nobody needs the contact, archive it in Xero.',
  }),
}
