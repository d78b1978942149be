// Why a connection is not healthy, each with the call that mends it: what support reads first.
import type { Connection, ConnectionStatus } from '../domain/connection.ts'
import type { SyncJob } from '../domain/sync-job.ts'
import type { ConnectionHealth } from './contract.ts'

type Reason = ConnectionHealth['reasons'][number]

const ofStatus: Readonly<Record<ConnectionStatus, Omit<Reason, 'code'> | null>> = {
  active: null,
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

export function healthReasons(
  connection: Pick<Connection, 'status' | 'reason'>,
  queue: ConnectionHealth['queue'],
  lastJob: SyncJob | null,
  blockedUntil: string | null,
  openIncidents: number,
): Reason[] {
  const reasons: Reason[] = []
  const status = ofStatus[connection.status]
  if (status) {
    const detail = connection.reason ? `${status.detail} ${connection.reason}` : status.detail
    reasons.push({ ...status, code: connection.status, detail })
  }
  if (queue.failed > 0) {
    reasons.push({
      code: 'failed_items',
      detail: `${queue.failed} queue item(s) failed.`,
      action: 'GET …/sync-queue-items?status=failed,conflict shows cause and remedy of each.',
    })
  }
  if (lastJob?.status === 'failed') {
    reasons.push({
      code: 'last_job_failed',
      detail: lastJob.error?.cause ?? 'The last sync job failed.',
      action: lastJob.error?.action ?? 'POST …/sync-jobs runs it again.',
    })
  }
  if (openIncidents > 0) {
    reasons.push({
      code: 'open_incidents',
      detail: `${openIncidents} incident(s) are open.`,
      action: 'GET …/incidents shows them, each with its remedy.',
    })
  }
  if (blockedUntil) {
    reasons.push({
      code: 'throttled',
      detail: `Xero accepts no calls before ${blockedUntil}.`,
      action: 'Nothing to do: sync jobs go on by themselves.',
    })
  }
  return reasons
}
