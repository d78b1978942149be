// A row of a list at the accounting system that could not be understood. It counts as present, and nothing of it is taken.
import { type Static, Type } from 'typebox'

export const OddRow = Type.Object(
  {
    list: Type.Enum(['contacts', 'items', 'invoices'], {
      description: 'The list in Xero that brings it; "invoices" holds bills, too.',
    }),
    xeroId: Type.Union([Type.String(), Type.Null()], {
      description: 'Id in Xero; null for rows without one, which are shown together.',
    }),
    rows: Type.Integer({ minimum: 1, description: 'Number of rows: 1, or as many as have no id.' }),
    reason: Type.String({ description: 'What could not be understood.' }),
    firstSeenAt: Type.String({ format: 'date-time', description: 'UTC.' }),
    lastSeenAt: Type.String({ format: 'date-time', description: 'UTC; when it was last read.' }),
  },
  { description: 'A row of a list in Xero that could not be understood. Nothing of it is taken over.' },
)
export type OddRow = Static<typeof OddRow>
