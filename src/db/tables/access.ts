// Callers and their consent: keys, tokens, connections, the calls that an organisation has left.
import type { Generated } from 'kysely'
import type { ConnectionStatus, GrantedOrganisation, OrganisationSummary } from '../../domain/connection.ts'
import type { ReferenceListName } from '../../domain/reference-lists.ts'
import type { Instant, Json, Owned } from './columns.ts'

export interface AccessTables {
  api_keys: {
    id: string
    company_id: string | null
    name: string
    secret_hash: string
    created_at: Instant
    last_used_at: Instant | null
    expires_at: Instant | null
    revoked_at: Instant | null
    made_by: string | null
  }
  idempotency_keys: {
    company_id: string
    route: string
    key: string
    fingerprint: string
    response: Json<{ status: number; headers: Record<string, string>; body: string } | null>
    created_at: Instant
  }
  token_sets: {
    id: string
    company_id: string
    remote_user_id: string | null
    sealed: string
    scopes: string[]
    access_expires_at: Instant
    rotated_at: Instant
    version: Generated<number>
    epoch: Generated<number>
    lease_owner: string | null
    lease_until: Instant | null
    refresh_started_at: Instant | null
    invalid_since: Instant | null
    created_at: Instant
  }
  connections: {
    id: string
    company_id: string
    status: ConnectionStatus
    organisation: Json<OrganisationSummary | null>
    organisation_id: string | null
    remote_connection_id: string | null
    token_set_id: string | null
    reason: string | null
    next_run_at: Instant | null
    look_up_first_since: Instant | null
    first_read_at: Instant | null
    shares_organisation: Generated<boolean>
    created_at: Instant
    updated_at: Instant
  }
  /** A known text, sealed with each key that sealed anything. */
  encryption_key_checks: { key_id: string; sealed: string }
  database_identity: { one: Generated<boolean>; identity: string }
  connect_sessions: Owned & {
    id: string
    link_hash: string
    state_hash: string | null
    return_url: string | null
    expires_at: Instant
    claimed_at: Instant | null
    completion_hash: string | null
    token_set_id: string | null
    granted: Json<(GrantedOrganisation & { remoteConnectionId: string })[] | null>
    confirmed_at: Instant | null
    created_at: Instant
  }
  budgets: {
    organisation_id: string
    recent_calls: number[]
    running_until: number[]
    day_calls: number
    day_interactive: Generated<number>
    day_resolution: Generated<number>
    day_limit: number | null
    day_started_at: Instant
    blocked_until: Instant | null
    blocked_reason: string | null
  }
  app_budget: {
    one: Generated<boolean>
    second: Generated<number>
    calls: Generated<number>
    blocked_until: Instant | null
    credentials_refused_since: Instant | null
  }
  settings: Owned & { document: Json<Record<string, unknown>>; version: number; updated_at: Instant }
  reference_lists: Owned & { name: ReferenceListName; entries: Json<unknown[]>; fetched_at: Instant }
}
