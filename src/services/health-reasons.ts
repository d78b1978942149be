// Why a connection is not healthy, each with the call that mends it: what support reads first.
import type { Connection, ConnectionStatus } from '../domain/connection.ts'
import type { Finding, Settings } from '../domain/settings/index.ts'
import { type SyncErrorCode, syncErrors } from '../domain/sync-errors.ts'
import { type SyncJob, unfinishedJobStatuses } from '../domain/sync-job.ts'
import type { NamedAccount } from '../stores/item-accounts.ts'
import type { LostDeletions } from '../stores/lost-deletions.ts'
import type { ConnectionHealth } from './contract.ts'

type Reason = ConnectionHealth['reasons'][number]

/** What is known of a connection. A new hindrance is a field here and a row of `checks`. */
export interface HealthFacts {
  readonly connection: Pick<Connection, 'status' | 'reason' | 'nextRunAt'>
  readonly queue: ConnectionHealth['queue']
  readonly uncertain: {
    readonly count: number
    readonly oldestSince: string | null
    readonly nextStepAt: string | null
  }
  readonly lastJob: SyncJob | null
  readonly openIncidents: number
  readonly oddRows: number
  readonly lostDeletions: LostDeletions
  /** As sync jobs see it. */
  readonly budget: {
    readonly waitsFor: 'minute' | 'day' | 'concurrent' | 'blocked' | null
    readonly blockedReason: string | null
    readonly nextCallAt: string
  }
  readonly credentialsRefusedSince: string | null
  readonly settings: Settings
  readonly findings: readonly Finding[]
  /** Accounts that items name and no line may use, with the reason. */
  readonly itemAccounts: readonly (NamedAccount & { readonly reason: string })[]
  readonly now: string
}

const ofStatus: Readonly<Record<Exclude<ConnectionStatus, 'active'>, Omit<Reason, 'code'>>> = {
  pending_consent: {
    detail: 'The consent is not complete.',
    action: 'Open the authorization URL, consent, and POST …/confirm with the completion code.',
  },
  select_organisation: {
    detail: 'Several organisations were granted.',
    action: 'GET …/organisations, then POST …/select-organisation.',
  },
  needs_reconnect: { detail: 'The consent was lost.', action: 'POST …/reconnect and consent again.' },
  disconnected: { detail: 'The connection was ended.', action: 'POST …/reconnect starts it again.' },
}

const credentialsAction = syncErrors.application_credentials.action

const isCode = (code: string): code is SyncErrorCode => code in syncErrors

const ofConnection = ({ connection }: HealthFacts): Reason | null => {
  if (connection.status === 'active') return null
  const status = ofStatus[connection.status]
  // The reason of one that was ended here says no more than its status.
  const isTold = connection.reason === null || connection.reason === connection.status
  const detail = !isTold ? `${status.detail} ${connection.reason}` : status.detail
  return { ...status, code: connection.status, detail }
}

const ofCredentials = ({ credentialsRefusedSince }: HealthFacts): Reason | null =>
  credentialsRefusedSince === null
    ? null
    : {
        code: 'application_credentials',
        detail: `Xero has refused XERO_CLIENT_ID or XERO_CLIENT_SECRET of this service since ${credentialsRefusedSince}; no consent can be renewed.`,
        action: credentialsAction,
      }

const ofFailedItems = ({ queue }: HealthFacts): Reason | null =>
  queue.failed === 0
    ? null
    : {
        code: 'failed_items',
        detail: `${queue.failed} queue item(s) failed.`,
        action: 'GET …/sync-queue-items?status=failed,conflict shows cause and remedy of each.',
      }

/** The code of a step's hindrance, in words. A cause that this table does not know is told by its code. */
const ofWaitingJob = ({ lastJob, now }: HealthFacts): Reason | null => {
  if (lastJob?.status !== 'waiting' || lastJob.waitingUntil === null || lastJob.waitingUntil <= now) return null
  const reason = lastJob.waitingReason ?? 'unknown'
  const known = isCode(reason) ? syncErrors[reason] : null
  return {
    code: 'job_waiting',
    detail: `The sync job ${lastJob.id} waits until ${lastJob.waitingUntil} (${reason}): ${known?.title ?? 'see its waitingReason'}.`,
    action: known?.action ?? 'GET …/sync-jobs/{id} shows it; it goes on by itself.',
  }
}

const ofLastJob = ({ lastJob }: HealthFacts): Reason | null =>
  lastJob?.status !== 'failed'
    ? null
    : {
        code: 'last_job_failed',
        detail: lastJob.error?.cause ?? 'The last sync job failed.',
        action: lastJob.error?.action ?? 'POST …/sync-jobs runs it again.',
      }

const isUnfinished = (job: SyncJob | null): boolean =>
  job !== null && unfinishedJobStatuses.some((status) => status === job.status)

const ofUncertain = ({ uncertain, lastJob }: HealthFacts): Reason | null =>
  uncertain.count === 0
    ? null
    : {
        code: 'uncertain_items',
        detail:
          `The result of the last write of ${uncertain.count} queue item(s) is not known yet, of the oldest since ${uncertain.oldestSince}; ` +
          `the next is looked up or sent again at ${uncertain.nextStepAt ?? 'the next turn of its job'}.`,
        action: isUnfinished(lastJob)
          ? 'The sync job finds it out by itself: GET …/sync-queue-items?status=uncertain shows the next step of each.'
          : 'POST …/sync-jobs: the job finds it out first. GET …/sync-queue-items?status=uncertain shows the next step of each.',
      }

const ofIncidents = ({ openIncidents }: HealthFacts): Reason | null =>
  openIncidents === 0
    ? null
    : {
        code: 'open_incidents',
        detail: `${openIncidents} incident(s) are open.`,
        action: 'GET …/incidents shows them, each with its remedy.',
      }

const ofOddRows = ({ oddRows }: HealthFacts): Reason | null =>
  oddRows === 0
    ? null
    : {
        code: 'odd_rows',
        detail: `${oddRows} row(s) of Xero's lists could not be understood; nothing of them is taken over.`,
        action: 'GET …/odd-rows shows them; correct them in Xero, and the next job reads them again.',
      }

const ofDeletions = ({ lostDeletions: { count, first } }: HealthFacts): Reason | null =>
  first === null
    ? null
    : {
        code: 'deletions_not_queued',
        detail: `${count} deleted record(s) still stand in Xero, and nothing that removes them is queued; the first is the ${first.type} ${first.id}.`,
        action: `DELETE …/${first.type}s/{id} once more queues its deletion, then POST …/sync-jobs.`,
      }

const liftAction =
  ' Once the limit is raised (tier of the app at Xero, XERO_DAY_LIMIT), POST …/lift-limits lets them go on at once.'

/** Slots that are taken are free again at once; all else is a limit of Xero's. */
const ofLimits = ({ budget }: HealthFacts): Reason | null => {
  const { waitsFor, blockedReason, nextCallAt } = budget
  if (waitsFor === null || waitsFor === 'concurrent') return null
  const limit = waitsFor === 'blocked' ? (blockedReason ?? 'minute') : waitsFor
  return {
    code: 'throttled',
    detail: `Xero's ${limit} limit is reached: sync jobs make no calls before ${nextCallAt}.`,
    action: `Sync jobs go on by themselves.${limit === 'day' ? liftAction : ''}`,
  }
}

const accountCodes = ['account_unknown', 'account_unusable']
const named = (findings: readonly Finding[]): string =>
  findings.map(({ pointer, detail }) => `${pointer}: ${detail}`).join(' ')

const ofAccounts = ({ findings }: HealthFacts): Reason | null => {
  const accounts = findings.filter(({ code, severity }) => severity === 'error' && accountCodes.includes(code))
  return accounts.length === 0
    ? null
    : {
        code: 'accounts_unusable',
        detail: `The settings use ${accounts.length} account(s) that are archived or not in Xero. ${named(accounts)}`,
        action:
          'PATCH …/settings with accounts of GET …/accounts, or restore them in Xero and POST …/accounts/refresh.',
      }
}

const mostNamed = 5

const ofItemAccounts = ({ itemAccounts }: HealthFacts): Reason | null => {
  if (itemAccounts.length === 0) return null
  const shown = itemAccounts.slice(0, mostNamed)
  const places = shown.map(({ reason, field, recordId }) => `${reason} The first is ${field} of item ${recordId}.`)
  const others = itemAccounts.length > mostNamed ? ` ${itemAccounts.length - mostNamed} more are not shown.` : ''
  return {
    code: 'item_accounts_unusable',
    detail: `Items name ${itemAccounts.length} account(s) that lines may not use. ${places.join(' ')}${others}`,
    action:
      'PUT the items with accounts of GET …/accounts, or restore the accounts in Xero and POST …/accounts/refresh.',
  }
}

const ofSettings = ({ findings }: HealthFacts): Reason | null => {
  const faults = findings.filter(({ code, severity }) => severity === 'error' && !accountCodes.includes(code))
  return faults.length === 0
    ? null
    : {
        code: 'settings_invalid',
        detail: `The settings have ${faults.length} error(s). ${named(faults)}`,
        action: 'GET …/settings/check lists them; correct them with PATCH …/settings.',
      }
}

const ofSchedule = ({ connection, settings }: HealthFacts): Reason | null =>
  connection.status !== 'active' || !settings.schedule.enabled || connection.nextRunAt !== null
    ? null
    : {
        code: 'schedule_waits',
        detail: 'The schedule has no next run: the time zone of the organisation is not known yet.',
        action: 'POST …/organisation/refresh reads it now, or set schedule.timezone.',
      }

const checks = [
  ofConnection,
  ofCredentials,
  ofFailedItems,
  ofLastJob,
  ofWaitingJob,
  ofUncertain,
  ofIncidents,
  ofOddRows,
  ofDeletions,
  ofLimits,
  ofAccounts,
  ofItemAccounts,
  ofSettings,
  ofSchedule,
]

export const healthReasons = (facts: HealthFacts): Reason[] =>
  checks.map((check) => check(facts)).filter((reason) => reason !== null)
