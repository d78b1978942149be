// The facts that a person should know of a record and its counterpart in Xero although nothing is wrong: the service gave way to what
// somebody decided there, or Xero keeps what the product has not.
import { type Static, Type } from 'typebox'
import { entityTypes, isDocumentType, recordTypes } from './entity-types.ts'

export const recordFindingCodes = [
  'item_renamed',
  'item_interim_code',
  'item_tracked',
  'item_kept_active',
  'item_side_off',
  'contact_kept_active',
  'persons_left_out',
  'stays_in_xero',
  'id_in_use',
] as const
export type RecordFindingCode = (typeof recordFindingCodes)[number]

export const RecordFinding = Type.Object(
  {
    code: Type.Enum([...recordFindingCodes], {
      description:
        'item_renamed: its code was changed in Xero, and it is written under the code that it has there · ' +
        'item_interim_code: it has a code in Xero that the service gave it while items exchanged their codes · ' +
        'item_tracked: Xero tracks its stock, so that its purchase account is left out of what is written · ' +
        'item_kept_active: the record is inactive, and its item is sold or purchased in Xero · ' +
        'item_side_off: the product says prices or other fields of sales or purchases, and the item is not sold, or not purchased, in Xero, which ' +
        'keeps none of them then · ' +
        'contact_kept_active: the record is inactive, and its contact stays active in Xero · ' +
        'persons_left_out: the main person of the contact has no e-mail address, without which Xero adds no further persons: a change of them waits for one · ' +
        'stays_in_xero: what the product took away stands in Xero all the same: fields of an item, customer or vendor, ' +
        "which are the record's again, or the exchange rate of an invoice or bill · " +
        'id_in_use: an item or contact of Xero became no record, because the product uses its id for a record of its own.',
    }),
    recordType: Type.Enum([...recordTypes], { description: 'Type of the record.' }),
    recordId: Type.String({ description: 'Id of the record.' }),
    recordName: Type.String({ description: 'Name of the record.' }),
    xeroId: Type.String({ description: 'Id in Xero.' }),
    detail: Type.String({ description: 'What was found, in words.' }),
    action: Type.String({ description: 'How to end it, where that is wanted.' }),
    url: Type.Union([Type.String(), Type.Null()], {
      description: 'Deep link into Xero; null until the organisation was read.',
    }),
  },
  {
    description:
      'What a person should know about a record and its counterpart in Xero. It disappears when it no longer applies.',
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
  /** The code of an item as the product last handed it over, and as it stands in Xero; of a contact its name; of a document its rate in Xero. */
  readonly handedCode: string
  readonly codeInXero: string
  /** The fields that are concerned, "phones/mobile" among them; the names of persons. */
  readonly fields: readonly string[]
}

export const findingTexts: Readonly<
  Record<RecordFindingCode, (found: FoundRecord) => Pick<RecordFinding, 'detail' | 'action'>>
> = {
  item_renamed: ({ handedCode, codeInXero }) => ({
    detail: `The product calls the item "${handedCode}"; in Xero it was renamed to "${codeInXero}".`,
    action:
      `Nothing has to be done: it is written under the code in Xero, unless items.conflict is product_wins. To end the difference, PUT the ` +
      `record with the code "${codeInXero}", or change the code in Xero.`,
  }),
  item_interim_code: ({ handedCode, codeInXero }) => ({
    detail: `The product says "${handedCode}"; in Xero the item has the code "${codeInXero}", which it got for the moment while items exchanged their codes.`,
    action:
      'Run a sync job, where the record is in the queue; lastError of the record says what stands in its way. Otherwise PUT the record with the code that it is to ' +
      'have, or queue it again with POST …/sync-queue-items, and run a sync job.',
  }),
  item_tracked: ({ codeInXero }) => ({
    detail: `Xero tracks the stock of the item "${codeInXero}": its accounts of stock and cost stay as they are there, and the purchase account of the product is left out.`,
    action:
      'Nothing has to be done. Where Xero is not to track it, make an untracked item there and link the record to it with PUT …/link.',
  }),
  item_kept_active: ({ codeInXero }) => ({
    detail:
      `The record is inactive, and its item "${codeInXero}" is sold or purchased in Xero: it was so when the inactive record met it, a ` +
      'document needed it, or somebody switched it on there.',
    action:
      'Nothing has to be done. Where nobody needs the item, take "I sell this item" and "I purchase this item" away in Xero; or PUT the ' +
      'record as active, run a job, and PUT it as inactive.',
  }),
  item_side_off: ({ fields, codeInXero }) => ({
    detail: `The product says ${fields.join(', ')}. The item "${codeInXero}" is not sold, or not purchased, in Xero, so that they do not stand there.`,
    action:
      'PUT the record with isSold or isPurchased true, and they are written; or tick "I sell this item" or "I purchase this item" in ' +
      'Xero and PUT the record once more; or PUT it without them.',
  }),
  contact_kept_active: ({ recordType, codeInXero }) => ({
    detail:
      `The ${recordType} is inactive, and its contact "${codeInXero}" is active in Xero: another record needs it, a document needed ` +
      'it, or it was active when the inactive record met it.',
    action: 'Nothing has to be done. Where nobody needs the contact, archive it in Xero.',
  }),
  persons_left_out: ({ recordType, fields, codeInXero }) => ({
    detail:
      `Not in Xero as the product says: the persons ${fields.join(', ')}. Xero adds none to a contact whose main person has no e-mail ` +
      `address, and "${codeInXero}" has none; everything else of the ${recordType} is sent, and the persons there stay.`,
    action:
      'PUT the record with the email of its main person, or enter the e-mail address of the primary person in Xero, and run a sync ' +
      'job: the persons are sent then.',
  }),
  stays_in_xero: ({ recordType, fields, codeInXero }) =>
    isDocumentType(recordType)
      ? {
          detail: `The product took away the exchange rate of the ${recordType}. Xero keeps a rate where none is sent, and fetches no new day rate, so that it stands at ${codeInXero} there.`,
          action: 'PUT the record with the rate that is to stand: with this one, or with another.',
        }
      : {
          detail: `The product took away ${fields.join(', ')}. Xero does not clear it through its API, so the record holds it again.`,
          action: 'Empty it in Xero by hand, and the next job takes it over; or PUT the record with it.',
        },
  id_in_use: ({ recordType, recordId, xeroId, codeInXero }) => ({
    detail: `Xero holds "${codeInXero}" under the id ${xeroId}. The product uses this id for a ${recordType} of its own, which is not linked to it, so that no record was made for it.`,
    action:
      `Link it under the id of the record that it is, or under a new id: PUT …/${entityTypes[recordType].path}/{id}/link with {"xeroId": "${xeroId}"}. ` +
      `Where it is the ${recordType} ${recordId} itself, unlink that first with DELETE …/link.`,
  }),
}
