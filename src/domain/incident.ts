// An incident: something at the accounting system that a person should look at, found by comparing what this application
// created there with what is linked here (the last net behind exactly-once writing), or by a list that cannot be believed.
import { type Static, Type } from 'typebox'
import { recordTypes } from './entity-types.ts'

export const incidentKinds = ['duplicate', 'orphan', 'vanished_items'] as const
export type IncidentKind = (typeof incidentKinds)[number]

/** Cause and remedy of each kind. */
export const incidentTexts: Readonly<Record<IncidentKind, { readonly detail: string; readonly action: string }>> = {
  duplicate: {
    detail:
      'This application created several live documents with this number or reference, or bills with this address.',
    action: 'Void the surplus ones in Xero; the next sweep, within the hour, resolves the incident.',
  },
  orphan: {
    detail: 'This application created the document, and no record is linked to it.',
    action:
      'Run a sync job: a record with the same number, or the bill of that address, adopts it. Otherwise void it in Xero, or resolve the incident if it may stay.',
  },
  vanished_items: {
    detail:
      "Xero's list of items lacked many linked items at once, and nothing was deleted here. The list may have been incomplete, or of a restored organisation.",
    action:
      'Compare the items in Xero. A job 10 minutes later reads the list again: it believes what is still missing, and closes the incident. Items whose codes stand there under new ids are believed to be gone only after you resolve the incident.',
  },
}

export const Incident = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: "The incident's id." }),
    kind: Type.Enum([...incidentKinds], {
      description:
        'duplicate: several live documents for one marker. orphan: a document without a record. vanished_items: many linked items are missing in the list of items.',
    }),
    marker: Type.String({
      description:
        'Number or reference of the document in Xero; of a bill the address that it has there; of vanished items "items".',
    }),
    xeroIds: Type.Array(Type.String({ description: 'Id in Xero.' }), {
      description: 'The documents concerned; of vanished items the first 200.',
    }),
    recordType: Type.Union([Type.Enum([...recordTypes]), Type.Null()], {
      description: 'Type of the record, if known.',
    }),
    recordId: Type.Union([Type.String(), Type.Null()], { description: 'Id of the record, if known.' }),
    detail: Type.String({ description: 'What is wrong.' }),
    action: Type.String({ description: 'What to do.' }),
    detectedAt: Type.String({ format: 'date-time', description: 'UTC.' }),
    resolvedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'UTC; null while open.',
    }),
  },
  { description: 'Something in the accounting system that needs a person’s attention.' },
)
export type Incident = Static<typeof Incident>
