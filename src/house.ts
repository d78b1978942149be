// The composition root: opens the database, builds the services on it, and returns a House that can be served, worked and
// closed. The only place that knows every room.
import { hostname } from 'node:os'
import { createXeroProvider } from './accounting/xero/provider.ts'
import type { Config } from './config.ts'
import { hasSchema, isSchemaCurrent, migrateToLatest } from './db/migrate.ts'
import { type DatabaseLocation, type OpenDatabase, openDatabase } from './db/open.ts'
import { buildApp, prepareDocuments } from './http/app.ts'
import { type Clock, systemClock } from './lib/clock.ts'
import { idGenerator } from './lib/ids.ts'
import { derivedKey, sealedBox } from './lib/sealed-box.ts'
import { StartRefused } from './lib/start-refused.ts'
import type { Logger } from './observability/logger.ts'
import { accessService } from './services/access.ts'
import { changeService } from './services/changes.ts'
import { connectService } from './services/connect.ts'
import { connectionService } from './services/connections.ts'
import { contactService } from './services/contacts.ts'
import type { Services } from './services/contract.ts'
import { type DatabaseClock, databaseClock, unmeasured } from './services/database-clock.ts'
import { type EncryptionKeyService, encryptionKeyService } from './services/encryption-keys.ts'
import { openEngine } from './services/engine.ts'
import { healthService } from './services/health.ts'
import { idempotencyService } from './services/idempotency.ts'
import { jobService } from './services/jobs.ts'
import { oddRowService } from './services/odd-rows.ts'
import { queueService } from './services/queue.ts'
import { recordFindingService } from './services/record-findings.ts'
import { recordService } from './services/records.ts'
import { referenceService } from './services/reference.ts'
import { restoredService } from './services/restored.ts'
import { settingsService } from './services/settings.ts'
import { incidentService } from './services/sweep.ts'
import { upkeepService } from './services/upkeep.ts'
import { version } from './version.ts'
import type { Worker } from './worker/runner.ts'
import { startWorker } from './worker/runner.ts'
import { type Duty, startTicks, type Ticks } from './worker/ticks.ts'

export interface House {
  readonly services: Services
  readonly database: OpenDatabase
  readonly app: Awaited<ReturnType<typeof buildApp>>
  /** One turn of a job that is due; false when none is. Tests drive the engine with it. */
  readonly turn: () => Promise<boolean>
  /** Creates the scheduled jobs that are due. */
  readonly scheduleTick: () => Promise<number>
  /** When the next waiting job is due; null when none waits. */
  readonly nextDueAt: () => Promise<string | null>
  /** Sweeps every connection that is due. */
  readonly sweep: () => Promise<void>
  /** Ends refreshes whose process died. */
  readonly finishRefreshes: () => Promise<void>
  /** Refreshes consents that were not used for long. */
  readonly keepConsentsAlive: () => Promise<void>
  /** Puts the clock right by the database's; a process does so once a minute. */
  readonly measureTime: () => Promise<void>
  /** Seals what is stored under the first encryption key; answers how much was sealed under another. */
  readonly rotateKeys: () => Promise<{ readonly tokenSets: number; readonly answers: number }>
  /** The keys that are missing are lost for good. Answers how many connections need a reconnect now. */
  readonly acceptLostKeys: () => Promise<number>
  /** The database was restored: on all connections nothing is created before it was looked for. Answers how many. */
  readonly lookUpFirst: () => Promise<number>
  /** Makes what takes long to make for a first request; call it before listening. */
  prepareHttp(): Promise<void>
  startWork(): void
  /** Ends in phases: no new requests, then no new turns, then the database. */
  close(): Promise<void>
}

export interface HouseParts {
  readonly config: Config
  readonly log: Logger
  /** Instead of the database's time: tests move it. */
  readonly clock?: Clock
  /** The machine's clock. Its durations are used, its time is not. */
  readonly machine?: Clock
  /** An open, migrated database, instead of the one that the configuration names. */
  readonly database?: OpenDatabase
  readonly random?: () => number
  /** False for commands that seal nothing, or that are run because the keys are wrong. */
  readonly checkKeys?: boolean
  /** A database that never was this service's is refused, as it is. */
  readonly existing?: boolean
}

const locationOf = ({ database }: Config): DatabaseLocation =>
  'url' in database
    ? { kind: 'postgres', url: database.url.reveal(), poolSize: database.poolSize }
    : { kind: 'embedded', directory: database.directory }

export async function openHouse(parts: HouseParts): Promise<House> {
  const { config, log, machine = systemClock, random = Math.random, checkKeys = true, existing = false } = parts
  const database = parts.database ?? (await openDatabase(locationOf(config)))
  try {
    if (existing && !(await hasSchema(database.db))) {
      const variable = database.kind === 'embedded' ? 'DATA_DIR' : 'DATABASE_URL'
      throw new StartRefused(
        `${variable} leads to a database that has none of this service's tables (${database.description}): set it to the one that the service runs with.`,
      )
    }
    if (config.migrate && !parts.database) {
      const applied = await migrateToLatest(database.db)
      if (applied.length > 0) log.info({ applied }, 'database schema brought up to date')
    }
    const clock = parts.clock ? unmeasured(parts.clock) : await databaseClock({ db: database.db, machine, log })
    const encryption = encryptionKeyService({ db: database.db, clock, keys: config.encryptionKeys, log })
    // A schema that waits for "npm run migrate" is told by readiness, which then looks at the keys, too.
    const looksNow = checkKeys && (config.migrate || (await isSchemaCurrent(database.db)))
    const wrongKeys = looksNow ? await encryption.check() : null
    if (wrongKeys !== null) throw new StartRefused(wrongKeys)
    const keyCheck = checkKeys && !looksNow ? encryption.check : null
    return await furnish({ config, log, clock, machine, random, database, encryption, keyCheck })
  } catch (error) {
    await database.close()
    throw error
  }
}

interface Furnishing extends Required<Omit<HouseParts, 'checkKeys' | 'existing'>> {
  readonly clock: DatabaseClock
  readonly encryption: EncryptionKeyService
  /** What the start could not check. */
  readonly keyCheck: (() => Promise<string | null>) | null
}

async function furnish(parts: Furnishing): Promise<House> {
  const { config, log, clock, machine, random, database } = parts
  const { db } = database
  const { publicUrl } = config
  const { clientId, scopes, loginUrl, identityUrl, apiUrl, limits, timeoutMs } = config.xero
  const clientSecret = config.xero.clientSecret.reveal()
  const newId = idGenerator(() => clock.now().getTime())
  const owner = `${hostname()}-${process.pid}-${newId()}`
  const state = { draining: false }

  const provider = createXeroProvider({ clientId, clientSecret, identityUrl, apiUrl, timeoutMs })
  const box = sealedBox(config.encryptionKeys)
  const { tokens, calls, readReference, startJob, runner, firstRead, schedule, sweep } = openEngine({
    db,
    clock,
    provider,
    box,
    owner,
    newId,
    publicUrl,
    limits,
    random,
    log,
  })
  const upkeep = upkeepService({ db, clock })
  const restored = restoredService({ db, clock, log })

  const turn = async (): Promise<boolean> => {
    await restored.notice()
    // A job reads the reference lists as well, so it goes first.
    return (await runner.turn()) || firstRead.turn()
  }

  /** "-infinity", which is no date, is the earliest of all. */
  const nextDueAt = async (): Promise<string | null> => {
    const [job, read] = [await runner.nextDueAt(), await firstRead.nextDueAt()]
    return job === null || (read !== null && Date.parse(read) < (Date.parse(job) || 0)) ? read : job
  }

  let worker: Worker | null = null
  let ticks: Ticks | null = null
  const jobs = jobService({ db, startJob, wake: () => worker?.wake() })
  const services: Services = {
    access: accessService({ db, clock, newId, bootstrapKey: config.apiKey?.reveal() ?? null }),
    connections: connectionService({
      db,
      clock,
      newId,
      provider,
      tokens,
      caller: calls,
      restored,
      publicUrl,
      returnUrls: config.returnUrls,
      log,
    }),
    connect: connectService({ db, clock, provider, tokens, publicUrl, log }),
    settings: settingsService({ db, clock, newId }),
    records: recordService({ db, clock, newId, provider, caller: calls }),
    contacts: contactService({ db }),
    reference: referenceService({ db, clock, provider, read: readReference }),
    queue: queueService({ db, clock, newId }),
    jobs,
    changes: changeService({ db }),
    incidents: incidentService({ db, clock }),
    oddRows: oddRowService({ db }),
    recordFindings: recordFindingService({ db, provider }),
    idempotency: idempotencyService({ db, clock, box }),
    health: healthService({
      db,
      clock: machine,
      storesNothing: database.storesNothing ?? (() => null),
      isDraining: () => state.draining,
      keyCheck: parts.keyCheck,
    }),
  }
  const app = await buildApp({
    services,
    logger: log,
    publicUrl,
    cursorSecret: derivedKey(config.encryptionKeys, 'list cursors'),
    consent: { loginUrl, identityUrl, clientId, clientSecret, scopes: [...scopes], timeoutMs },
    trustProxy: [...config.trustProxy],
    rateLimit: { max: config.rateLimitPerMinute, window: 60_000 },
    version,
    isDraining: () => state.draining,
  })

  /** Page after page, until nothing is due or this process ends. */
  const sweepAll = async () => {
    while (!state.draining && (await sweep()));
  }

  const duties: Duty[] = [
    { name: 'schedule', pattern: '* * * * * *', run: schedule.tick },
    { name: 'finish refreshes', pattern: '30 * * * * *', run: tokens.finishRefreshes },
    { name: 'keep consents alive', pattern: '0 17 * * * *', run: tokens.keepAlive },
    { name: 'sweep', pattern: '30 * * * * *', run: sweepAll },
    { name: 'upkeep', pattern: '0 42 * * * *', run: upkeep.tidy },
    ...(database.kind === 'embedded'
      ? [
          { name: 'vacuum', pattern: '0 */15 * * * *', run: upkeep.vacuum },
          { name: 'analyze', pattern: '45 * * * * *', run: upkeep.analyze },
        ]
      : []),
  ]

  clock.keepRight()
  return {
    services,
    database,
    app,
    turn,
    scheduleTick: schedule.tick,
    nextDueAt,
    finishRefreshes: tokens.finishRefreshes,
    keepConsentsAlive: tokens.keepAlive,
    measureTime: clock.measure,
    rotateKeys: async () => ({
      tokenSets: await tokens.rotateKeys(),
      answers: await services.idempotency.rotateKeys(),
    }),
    acceptLostKeys: async () => {
      await services.idempotency.acceptLoss()
      return parts.encryption.acceptLoss()
    },
    lookUpFirst: () => restored.lookUpFirst(null),
    sweep: sweepAll,
    prepareHttp: () => prepareDocuments(app),
    startWork() {
      worker = startWorker({
        turn,
        nextDueAt,
        clock,
        concurrency: config.workerConcurrency,
        log,
      })
      ticks = startTicks(duties, log)
    },
    async close() {
      state.draining = true
      const workEnds = Promise.all([ticks?.stop(), worker?.stop()])
      // Whoever sends requests here learns that first; only then does the socket close.
      if (app.server.listening) await machine.sleep(config.drainMs)
      await app.close()
      await workEnds
      await clock.stop()
      await database.close()
    },
  }
}
