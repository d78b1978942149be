// The first read of a connection that has just become active: the organisation and the reference lists, so that settings can
// be checked and the schedule has its time zone before the first job. It writes nothing in Xero, takes no queue items, and
// reads only what nobody has read yet, so it goes on wherever it was interrupted.
import type { AccountingProvider } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../observability/logger.ts'
import { findConnection } from '../stores/connections.ts'
import { claimFirstRead, nextFirstReadAt, postponeFirstRead } from '../stores/first-reads.ts'
import { findReferenceLists } from '../stores/reference-lists.ts'
import type { ReferenceReader } from './reference.ts'
import { loadSettings } from './settings.ts'

/** A claim ends by itself after this time: a dead process's read goes on elsewhere, and trouble is tried again. */
const claimMs = 60_000

export function firstReader(deps: {
  db: Db
  clock: Clock
  provider: AccountingProvider
  read: ReferenceReader
  log: Logger
}) {
  const { db, clock, provider, read, log } = deps

  /** Reads for one connection what is missing. False when none is due. */
  async function turn(): Promise<boolean> {
    const now = clock.now()
    const until = new Date(now.getTime() + claimMs).toISOString()
    const claimed = await claimFirstRead(db, now.toISOString(), until)
    if (!claimed) return false
    try {
      await serve(claimed, until)
    } catch (error) {
      // The claim ends by itself, and then it is tried again; the jobs of other connections do not wait for that.
      log.error({ connectionId: claimed.id, error }, 'the first read of a connection failed')
    }
    return true
  }

  async function serve({ companyId, id }: { companyId: string; id: string }, until: string): Promise<void> {
    const { settings } = await loadSettings(db, companyId, id)
    const wanted: Readonly<Record<string, boolean>> = settings.company.lists
    const known = await findReferenceLists(db, companyId, id)
    for (const call of provider.referenceCalls) {
      const names = call.filter((name) => wanted[name] !== false && known[name] === undefined)
      const connection = names.length > 0 ? await findConnection(db, companyId, id) : null
      if (!connection) continue
      const result = await read(connection, names, { purpose: 'sync' })
      // What Xero refuses, the first job tells: it reads the same lists.
      if (result.kind === 'unknown') return
      if (result.kind === 'lost') break
      if (result.kind === 'wait') {
        await postponeFirstRead(db, id, until, result.until)
        return
      }
    }
    await postponeFirstRead(db, id, until, null)
  }

  return { turn, nextDueAt: () => nextFirstReadAt(db) }
}
