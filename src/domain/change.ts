// A change: one entry of the feed that the inventory product reads. Its sequence number follows commit order without
// gaps, so a reader that remembers the last number misses nothing.
import { type Static, Type } from 'typebox'

export const changeOperations = ['created', 'updated', 'deleted'] as const
export const changeRecordTypes = ['item', 'customer', 'vendor'] as const

export const Change = Type.Object(
  {
    sequence: Type.Integer({ minimum: 1, description: 'Gap-free within the connection, in commit order.' }),
    recordType: Type.Enum([...changeRecordTypes], {
      description: 'item, customer or vendor.',
    }),
    recordId: Type.String({ description: "The record's id." }),
    operation: Type.Enum([...changeOperations], { description: 'What the import did.' }),
    record: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], {
      description: 'The record after the change; null after a deletion.',
    }),
    xeroId: Type.Union([Type.String(), Type.Null()], { description: 'Id in Xero.' }),
    jobId: Type.Union([Type.String({ format: 'uuid' }), Type.Null()], { description: 'The job that imported it.' }),
    changedAt: Type.String({ format: 'date-time', description: 'When it was imported, UTC.' }),
  },
  { description: 'One entry of the change feed.' },
)
export type Change = Static<typeof Change>
