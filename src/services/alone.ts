// Whoever reads the state of a connection's records, decides, and then changes it in other statements, does so alone:
// requests, turns of jobs, schedule, consent. Otherwise a deletion that was decided while a job takes the queue is lost. Each of
// these transactions has the connection's lock first, so none sees half of another one and none can wait in a circle.
import type { Db } from '../db/tables.ts'
import { inTransaction } from '../db/transaction.ts'
import { oncePer } from '../lib/once-per.ts'
import { createPlaces } from '../lib/places.ts'
import { lockConnection } from '../stores/connection-lock.ts'

/**
 * One works and one waits for the lock in the database. Were it more, the requests of one company could hold all database
 * connections of this process while they wait; were it one, a database connection that hangs would stop the others.
 */
const placesOf = oncePer((_: Db) => createPlaces(2))

/**
 * Runs `work` in one transaction that has the connection to itself. Nothing in it may begin another one. `enter` takes the lock,
 * and perhaps more in the same statement.
 */
export function alone<T>(
  db: Db,
  connectionId: string,
  work: (tx: Db) => Promise<T>,
  enter: (tx: Db) => Promise<void> = (tx) => lockConnection(tx, connectionId),
): Promise<T> {
  return placesOf(db)(connectionId, () =>
    inTransaction(db, async (tx) => {
      await enter(tx)
      return work(tx)
    }),
  )
}

/** The same for what a company has of its own: whoever counts it, to add one more, does so alone. */
export const aloneOfCompany = <T>(db: Db, companyId: string, work: (tx: Db) => Promise<T>): Promise<T> =>
  alone(db, `company ${companyId}`, work)
