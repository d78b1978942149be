// The database as a process sees it: a connection that may break, a server that may be away, a commit whose answer is
// lost, and the crash points: before any of its queries the process may end or pause.
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Db, Tables } from '../../src/db/tables.ts'
import type { Agenda } from './agenda.ts'
import type { SimulationDatabase } from './database.ts'
import type { Mix } from './mixes.ts'
import type { Observer } from './observer.ts'
import type { Random } from './random.ts'
import { never, type Replica } from './replica.ts'

/** The server ends a transaction that waits so long for its client: src/db/open.ts. */
const idleInTransactionMs = 30_000

class ConnectionLost extends Error {
  constructor() {
    super('Connection terminated unexpectedly')
  }
}

/** The one server of a schedule: whose transaction runs, and until when it is away. */
export interface Server {
  awayUntil: number
  holder: Session | null
  readonly waiting: { readonly replica: Replica; readonly take: () => void }[]
}

export const server = (): Server => ({ awayUntil: 0, holder: null, waiting: [] })

interface Session extends DatabaseConnection {
  readonly replica: Replica
  broken: boolean
  inTransaction: boolean
}

export interface Surroundings {
  readonly agenda: Agenda
  readonly database: SimulationDatabase
  readonly server: Server
  readonly observer: Observer
  readonly random: Random
  /** The faults that hold now; null for a process that must not fail. */
  readonly mix: () => Mix | null
}

export function databaseOf(replica: Replica, around: Surroundings): Db {
  const { agenda, database, server: shared, observer, random, mix } = around
  let mine: Session | null = null

  function release(session: Session): void {
    if (shared.holder !== session) return
    shared.holder = null
    if (mine === session) mine = null
    for (let next = shared.waiting.shift(); next; next = shared.waiting.shift()) {
      if (!next.replica.alive) continue
      next.take()
      return
    }
  }

  function open(): Session {
    const session: Session = {
      replica,
      broken: false,
      inTransaction: false,
      executeQuery: <R>(query: CompiledQuery) => run<R>(session, query.sql, query.parameters),
      // biome-ignore lint/correctness/useYield: the service streams nothing
      streamQuery: async function* () {
        throw new Error('nothing is streamed')
      },
    }
    shared.holder = session
    mine = session
    return session
  }

  /** The server notices that the client is gone: what was not committed is undone, and others may go on. */
  function breakOff(session: Session): void {
    if (session.broken) return
    session.broken = true
    const undo = session.inTransaction ? database.execute('ROLLBACK', []) : Promise.resolve()
    session.inTransaction = false
    observer.undone(session.replica)
    void agenda.busy(undo.then(() => release(session)))
  }

  replica.onDeath(() => mine && breakOff(mine))
  replica.onPause((milliseconds) => mine?.inTransaction && milliseconds > idleInTransactionMs && breakOff(mine))

  /** What may happen to the process or its connection before a statement reaches the server. */
  async function reach(session: Session): Promise<void> {
    await replica.gate(random.between(0, 3))
    const faults = mix()
    if (faults && random.chance(faults.crashAtQuery)) {
      replica.kill('before a query')
      return never()
    }
    if (faults && agenda.now() >= shared.awayUntil && random.chance(faults.databaseFails)) {
      shared.awayUntil = agenda.now() + random.between(1, faults.longestDatabaseFailureMs)
      agenda.trace(() => `the database is away until ${new Date(shared.awayUntil).toISOString()}`)
    }
    if (agenda.now() < shared.awayUntil) breakOff(session)
    if (session.broken) {
      observer.databaseFailed(replica)
      throw new ConnectionLost()
    }
  }

  async function run<R>(session: Session, text: string, values: readonly unknown[]): Promise<QueryResult<R>> {
    await reach(session)
    const { rows, affected } = await agenda.busy(database.execute(text, values))
    observer.query(replica, text, values, rows, affected)
    if (!session.inTransaction) observer.committed(replica)
    const faults = mix()
    if (faults && random.chance(faults.stallAtQuery)) {
      replica.pause(random.between(1_000, faults.longestStallMs), 'after a query')
      await replica.gate(0)
    }
    return { rows: rows as R[], numAffectedRows: BigInt(affected) }
  }

  async function commit(session: Session): Promise<void> {
    await reach(session)
    const faults = mix()
    const answerLost = faults !== null && random.chance(faults.commitUnknown)
    const done = !answerLost || random.chance(0.5)
    if (done) {
      await agenda.busy(database.execute('COMMIT', []))
      session.inTransaction = false
      observer.committed(replica)
    }
    if (answerLost) {
      agenda.trace(() => `${replica.name} does not hear of its commit (${done ? 'done' : 'not done'})`)
      breakOff(session)
      observer.databaseFailed(replica)
      throw new ConnectionLost()
    }
  }

  const driver: Driver = {
    init: async () => undefined,
    acquireConnection: async () => {
      if (shared.holder === null) return open()
      return new Promise<Session>((take) => shared.waiting.push({ replica, take: () => take(open()) }))
    },
    async beginTransaction(session) {
      await reach(session as Session)
      await agenda.busy(database.execute('BEGIN', []))
      ;(session as Session).inTransaction = true
    },
    commitTransaction: (session) => commit(session as Session),
    async rollbackTransaction(session) {
      const own = session as Session
      if (!own.inTransaction) return
      await agenda.busy(database.execute('ROLLBACK', []))
      own.inTransaction = false
      observer.undone(replica)
    },
    async releaseConnection(session) {
      release(session as Session)
    },
    destroy: async () => undefined,
  }
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
}
