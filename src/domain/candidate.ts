// A document in the accounting system that a record may be, or that stands in its way. A conflict carries its candidates as
// data, so that a person can be shown them and link one without searching a sentence for ids.
import { type Static, Type } from 'typebox'

export const Candidate = Type.Object(
  {
    id: Type.String({ description: 'Id in Xero; PUT …/link takes it as xeroId.' }),
    number: Type.Union([Type.String(), Type.Null()], { description: 'Number, code or contact number in Xero.' }),
    name: Type.Union([Type.String(), Type.Null()], {
      description:
        'Name of the contact or item; of an invoice or bill, that of its contact. Null where it is not known.',
    }),
    url: Type.Union([Type.String(), Type.Null()], {
      description: 'Deep link into Xero; null until the organisation was read.',
    }),
  },
  { description: 'A document in Xero.' },
)
export type Candidate = Static<typeof Candidate>

/** More than a person would look through. */
const candidatesAtMost = 20

/** As the mirror or a look-up shows them. The link into Xero is added where the error is put on record. */
export const candidatesOf = (
  documents: readonly {
    readonly remoteId: string
    readonly number?: string | null
    readonly contactNumber?: string | null
    readonly code?: string | null
    readonly name?: string | null
  }[],
): Candidate[] => {
  const byId = new Map(documents.map((document) => [document.remoteId, document]))
  return [...byId.values()].slice(0, candidatesAtMost).map((document) => ({
    id: document.remoteId,
    number: document.number ?? document.contactNumber ?? document.code ?? null,
    name: document.name ?? null,
    url: null,
  }))
}
