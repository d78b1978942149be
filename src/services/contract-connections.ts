// The services' offer for connections: their life, their consent, their health. Part of contract.ts.

import type { Connection, GrantedOrganisation } from '../domain/connection.ts'
import type { HealthReasonCode } from '../domain/health-reason.ts'
import type { SyncJob } from '../domain/sync-job.ts'
import type { Page, PageRequest } from '../lib/page.ts'

export interface ConsentInvitation {
  readonly connection: Connection
  /** To be opened in a browser, on this service. */
  readonly authorizationUrl: string
  readonly expiresAt: string
}

export interface ConnectionHealth {
  readonly status: Connection['status']
  readonly healthy: boolean
  /** Why it is not healthy, each with its remedy; empty when healthy. */
  readonly reasons: readonly { readonly code: HealthReasonCode; readonly detail: string; readonly action: string }[]
  readonly queue: { readonly waiting: number; readonly failed: number; readonly oldestWaitingSince: string | null }
  readonly lastJob: SyncJob | null
  readonly nextRunAt: string | null
  readonly limits: {
    readonly minuteRemaining: number
    readonly dayRemaining: number
    readonly blockedUntil: string | null
  }
}

export interface ConnectionService {
  create(companyId: string, input: { returnUrl: string | null }): Promise<ConsentInvitation>
  reconnect(companyId: string, id: string, input: { returnUrl: string | null }): Promise<ConsentInvitation>
  /** Ends the consent with the one-time code that the return URL carried. `mayShare`: another company may hold the organisation. */
  confirm(companyId: string, id: string, completionCode: string, mayShare: boolean): Promise<Connection>
  /** companyId null: of all companies. */
  list(
    companyId: string | null,
    filter: { status: Connection['status'] | null },
    page: PageRequest,
  ): Promise<Page<Connection>>
  get(companyId: string, id: string): Promise<Connection>
  organisations(companyId: string, id: string): Promise<GrantedOrganisation[]>
  selectOrganisation(companyId: string, id: string, organisationId: string, mayShare: boolean): Promise<Connection>
  /** Removes the connection at Xero too. Links, records and settings stay. */
  disconnect(companyId: string, id: string): Promise<Connection>
  /** The database was restored: from now on nothing is created before it was looked for. */
  lookUpFirst(companyId: string, id: string): Promise<Connection>
  /** Xero's limits were raised: what is on record of them is forgotten, and waiting jobs go on. */
  liftLimits(companyId: string, id: string): Promise<ConnectionHealth>
  health(companyId: string, id: string): Promise<ConnectionHealth>
}

export interface ConsentTokens {
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresIn: number
  readonly scope: string
}

/** The browser's part of a consent. */
export interface ConnectService {
  /** Opens a connect session from its link, once per browser start; returns the OAuth state to send to Xero. */
  begin(sessionToken: string): Promise<{ state: string }>
  /** Consumes the session of a state, once. Throws connect_session_invalid when it is unknown, used or expired. */
  claim(state: string): Promise<{ sessionId: string }>
  /** Stores what was granted; returns where the browser goes. The connection waits for its confirmation. */
  complete(sessionId: string, tokens: ConsentTokens): Promise<{ redirectUrl: string }>
  /** Consent was refused or failed: where the browser goes, with an error code and no connection. */
  fail(sessionId: string, error: string): Promise<{ redirectUrl: string }>
}
