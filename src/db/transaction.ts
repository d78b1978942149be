// Where transactions begin. The scope is remembered, so that a network call made inside one is a fault that shows at once:
// it would hold row locks for as long as the other side takes.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Db } from './tables.ts'

const scope = new AsyncLocalStorage<true>()

/** Runs `work` in one transaction. Every query inside must use the handle it is given. */
export function inTransaction<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  return db.transaction().execute((tx) => scope.run(true, () => work(tx)))
}

/** Called before every network call of the services. */
export function assertNoTransaction(): void {
  if (scope.getStore()) throw new Error('a network call was about to be made inside a database transaction')
}
