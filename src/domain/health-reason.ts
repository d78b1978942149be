// Why a connection is not healthy, by code; services/health-reasons.ts finds them.
export const healthReasonCodes = [
  'pending_consent',
  'select_organisation',
  'needs_reconnect',
  'disconnected',
  'application_credentials',
  'failed_items',
  'last_job_failed',
  'job_waiting',
  'uncertain_items',
  'open_incidents',
  'odd_rows',
  'deletions_not_queued',
  'throttled',
  'accounts_unusable',
  'item_accounts_unusable',
  'settings_invalid',
  'schedule_waits',
] as const
export type HealthReasonCode = (typeof healthReasonCodes)[number]
