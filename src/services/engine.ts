// The engine: what brings records to Xero and back, put together from its parts. Every process of the service has one, and
// so has every process that the simulation plays in virtual time.
import type { AccountingProvider } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import type { SealedBox } from '../lib/sealed-box.ts'
import type { Logger } from '../observability/logger.ts'
import { type CallLimits, caller } from './calls.ts'
import { documentCreator } from './document-creations.ts'
import { documentUpdater } from './document-updates.ts'
import { exporter } from './export.ts'
import { postingDesk } from './export-posting.ts'
import { firstReader } from './first-read.ts'
import { formerDocuments } from './former-documents.ts'
import { followingMerges, foundAtSurvivors } from './found-at-survivors.ts'
import { importer } from './import.ts'
import { importDesk } from './import-desk.ts'
import { jobRunner } from './job-steps.ts'
import { jobStarter } from './jobs.ts'
import { leftDocuments } from './left-documents.ts'
import { lookAgain } from './look-again.ts'
import { lookUp } from './look-up.ts'
import { looks } from './looks.ts'
import { lostDocuments } from './lost-documents.ts'
import { referenceReader } from './reference.ts'
import { remover } from './removal.ts'
import { replayLooks } from './replay-looks.ts'
import { scheduleService } from './schedule.ts'
import { sweeper } from './sweep.ts'
import { tokenService } from './tokens.ts'
import { uncertainResolver } from './uncertain.ts'
import { writer } from './writes.ts'

export interface EngineParts {
  readonly db: Db
  readonly clock: Clock
  readonly provider: AccountingProvider
  readonly box: SealedBox
  /** Names this process where it holds a lease; no two are the same. */
  readonly owner: string
  readonly newId: NewId
  /** Where this service is reached from outside. */
  readonly publicUrl: string
  readonly limits: CallLimits
  readonly random: () => number
  readonly log: Logger
}

export type Engine = ReturnType<typeof openEngine>

export function openEngine(parts: EngineParts) {
  const { db, clock, provider, box, owner, newId, publicUrl, limits, random, log } = parts
  const tokens = tokenService({ db, clock, provider, box, owner, newId, log })
  const calls = caller({ db, clock, provider, tokens, limits, random, log })
  const readReference = referenceReader({ db, clock, provider, caller: calls })
  const startJob = jobStarter({ clock, newId, provider })
  const find = followingMerges(db, lookUp({ db, clock, provider, caller: calls, log }))
  const { callsAtOnce } = calls
  const imports = importDesk({ db, clock, newId, log })
  const { takeWritten } = imports
  const write = writer({ db, clock, newId, provider, caller: calls, lookUp: find, takeWritten, log })
  const former = formerDocuments({ db, clock, lookUp: find })
  const look = looks({ db, clock, provider, caller: calls })
  const createDocuments = documentCreator({ db, clock, writer: write, lookUp: find, left: leftDocuments({ db, look }) })
  const updateDocuments = documentUpdater({ db, clock, writer: write, look, lookUp: find })
  const desk = postingDesk({ db, clock, newId, publicUrl })
  const reads = importer({ db, clock, provider, caller: calls, desk: imports, log })
  const after = lookAgain({ db, clock, importer: reads, look })
  const runner = jobRunner({
    db,
    clock,
    provider,
    owner,
    exportStep: exporter({
      ...{ db, clock, newId, writer: write, desk, former, createDocuments, updateDocuments },
      ...{ lookUp: find, callsAtOnce, log },
    }),
    removeStep: remover({ db, clock, writer: write, former, look, desk, callsAtOnce, log }),
    settleStep: uncertainResolver({
      ...{ db, clock, lookUp: find, lookAgain: after, writer: write, log },
      lost: lostDocuments({ db, provider, caller: calls }),
      lookBefore: replayLooks({ db, look }),
      atSurvivors: foundAtSurvivors({ db, importer: reads }),
    }),
    importer: reads,
    readReference,
    log,
  })
  return {
    tokens,
    calls,
    readReference,
    startJob,
    runner,
    firstRead: firstReader({ db, clock, provider, read: readReference, log }),
    schedule: scheduleService({ db, clock, startJob, log }),
    sweep: sweeper({ db, clock, newId, provider, caller: calls, log }),
  }
}
