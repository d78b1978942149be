// The health of a connection: everything that stops its work is gathered here, and health-reasons.ts says what each means.
import type { Db } from '../db/tables.ts'
import { chosenAccountFault } from '../domain/posting/accounts.ts'
import { type ReferenceData, settingsFindings } from '../domain/settings/index.ts'
import type { Clock } from '../lib/clock.ts'
import { credentialsRefusedSince } from '../stores/app-budget.ts'
import type { ConnectionRow } from '../stores/connections.ts'
import { countOpenIncidents } from '../stores/incidents.ts'
import { findItemAccounts, type NamedAccount } from '../stores/item-accounts.ts'
import { findLostDeletions } from '../stores/lost-deletions.ts'
import { countOddRows } from '../stores/odd-rows.ts'
import { summarizeQueue, summarizeUncertain } from '../stores/queue-items.ts'
import { listJobs } from '../stores/sync-jobs.ts'
import type { Caller } from './calls.ts'
import type { ConnectionHealth } from './contract.ts'
import { healthReasons } from './health-reasons.ts'
import { loadReference, loadSettings } from './settings.ts'

/** A purchase of an item may go into the stock that Xero keeps of it. */
const accountReason = ({ accounts }: ReferenceData, { field, code }: NamedAccount): string | null =>
  accounts && chosenAccountFault(accounts, { code, field, isStock: field === 'expenseAccount' })

export function connectionHealth(deps: { db: Db; clock: Clock; caller: Caller }) {
  const { db, clock, caller } = deps
  return async (connection: ConnectionRow): Promise<ConnectionHealth> => {
    const { companyId, id } = connection
    const organisationId = connection.organisationId ?? ''
    const queue = await summarizeQueue(db, companyId, id)
    const lastJob = (await listJobs(db, companyId, id, { limit: 1, after: null })).items[0] ?? null
    const budget = await caller.budget(organisationId)
    const { settings } = await loadSettings(db, companyId, id)
    const reference = await loadReference(db, companyId, id)
    const named = await findItemAccounts(db, companyId, id)
    const reasons = healthReasons({
      connection,
      queue,
      uncertain: await summarizeUncertain(db, companyId, id),
      lastJob,
      openIncidents: await countOpenIncidents(db, companyId, id),
      oddRows: await countOddRows(db, companyId, id),
      lostDeletions: await findLostDeletions(db, companyId, id),
      budget: await caller.budget(organisationId, 'sync'),
      credentialsRefusedSince: await credentialsRefusedSince(db),
      settings,
      findings: settingsFindings(settings, reference),
      itemAccounts: named.flatMap((one) => {
        const reason = accountReason(reference, one)
        return reason === null ? [] : { ...one, reason }
      }),
      now: clock.now().toISOString(),
    })
    return {
      status: connection.status,
      healthy: reasons.length === 0,
      reasons,
      queue,
      lastJob,
      nextRunAt: connection.nextRunAt,
      limits: {
        minuteRemaining: budget.minuteRemaining,
        dayRemaining: budget.dayRemaining,
        blockedUntil: budget.blockedUntil,
      },
    }
  }
}
