// The port to an accounting system. Everything above it speaks the glossary's words; everything that knows Xero lies below.
// No call throws for what the other side answers: each returns one of three outcomes, so that a caller cannot forget the
// third one, "unknown", in which a write may or may not have happened.
import type { RecordType, RemoteList } from '../domain/entity-types.ts'
import type { FoundDocument, RemoteRef } from '../domain/found-document.ts'
import type { ImportedContact, ImportedEntity, ImportedItem, Standing } from '../domain/imported-entity.ts'
import type { Posted, Removal } from '../domain/posting/posted.ts'
import type { ReferenceEntry, ReferenceListName } from '../domain/reference-lists.ts'
import type { Amendment, StandingDocument } from '../domain/standing-document.ts'
import type { SyncError } from '../domain/sync-state.ts'

export type { ImportedContact, ImportedEntity, ImportedItem, Standing }

/** Who calls which organisation. The timeout, in milliseconds, bounds the whole call. */
export interface Call {
  readonly accessToken: string
  readonly organisationId: string
  readonly timeoutMs?: number
}

/** What the answer's headers said of the limits; null where it said nothing. */
export interface ObservedLimits {
  readonly minuteRemaining: number | null
  readonly dayRemaining: number | null
  readonly appMinuteRemaining: number | null
}

export type Refusal =
  | {
      readonly reason: 'throttled'
      readonly limit: 'minute' | 'day' | 'concurrent' | 'app_minute'
      readonly retryAfterSeconds: number | null
    }
  /** The access token ended: refresh it and try once more. */
  | { readonly reason: 'token_expired' }
  /** The organisation no longer grants access: confirm with grantedOrganisations, then reconnect. */
  | { readonly reason: 'disconnected' }
  /** Not permitted (scope or role), not found, or the request as a whole was refused. */
  | { readonly reason: 'not_permitted' | 'not_found' | 'rejected'; readonly error: SyncError }

export type Outcome<T> =
  | { readonly kind: 'ok'; readonly value: T; readonly limits: ObservedLimits }
  /** Definite: nothing was done at the other side. */
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly limits: ObservedLimits }
  /** Timeout, reset, 5xx, or an answer that cannot be believed: a write may have happened. */
  | { readonly kind: 'unknown'; readonly error: SyncError; readonly limits: ObservedLimits }

export interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
  /** Life of the access token in seconds. */
  readonly expiresIn: number
  readonly scopes: readonly string[]
}

/** A refresh is "invalid" only when the identity server said invalid_grant; a lost answer is unknown and may be tried again. */
export type RefreshOutcome =
  | { readonly kind: 'ok'; readonly tokens: Tokens }
  | { readonly kind: 'invalid_grant' }
  | { readonly kind: 'invalid_client'; readonly error: SyncError }
  | { readonly kind: 'unknown'; readonly error: SyncError }

/** Who consented: claims of the access token. Null where the token carries no claim. */
export interface Consent {
  readonly userId: string | null
  readonly eventId: string | null
}

export interface GrantedConnection {
  /** The accounting system's id of the connection itself, needed to remove it. */
  readonly remoteConnectionId: string
  readonly organisationId: string
  readonly organisationName: string
  readonly eventId: string | null
}

export type WriteOperation = 'create' | 'update'

/** One document of a write call. `remoteId` and known line ids are needed for an update. */
export interface WriteElement {
  readonly posted: Posted
  readonly remoteId: string | null
  readonly lineIds: Readonly<Record<string, string>>
  /** Of a document that is changed: what has to be said beside it, because Xero keeps what an update leaves out. */
  readonly amendment?: Amendment
  /** Of a contact or item that is changed; null where it was not seen. */
  readonly standing?: Standing | null
}

/** A write call frozen as text before it is sent: a replay sends the same content under the same key. */
export interface FrozenWrite {
  readonly list: RemoteList
  readonly operation: WriteOperation
  readonly body: string
}

export type ElementResult =
  | {
      readonly kind: 'written'
      readonly remote: RemoteRef
      readonly warnings: readonly string[]
      /** How an invoice or bill stands there now, as the answer shows it. */
      readonly standing?: StandingDocument
      /** A contact or item as the answer shows it; absent where it shows too little. */
      readonly seen?: ImportedEntity | null
    }
  | { readonly kind: 'rejected'; readonly error: SyncError }

/** An invoice or bill that this application created, as the accounting system shows it now. */
export interface WrittenDocument {
  readonly kind: 'sale' | 'bill'
  readonly remoteId: string
  readonly number: string | null
  readonly reference: string | null
  readonly url: string | null
  /** False once it is voided or deleted. */
  readonly live: boolean
  readonly status: string | null
  /** Stamp of its last change; null where the row does not show it. */
  readonly updatedAt: string | null
  readonly amountDue: string | null
  /** YYYY-MM-DD. */
  readonly fullyPaidOn: string | null
  /** Null where the row does not show it. */
  readonly contactRemoteId: string | null
}

export interface ImportPage<T> {
  readonly entries: readonly T[]
  /** Number of the next page; null after the last. */
  readonly nextPage: number | null
  /** One odd row never stops a list. */
  readonly unreadable: readonly UnreadableRow[]
}

/** A row that could not be understood: its id (where known) and why. */
export interface UnreadableRow {
  readonly remoteId: string | null
  readonly reason: string
}

/** Invoices and bills that were asked for. What is in neither list is not there, or was not shown. */
export interface DocumentsRead {
  /** The documents that were shown whole. */
  readonly documents: readonly StandingDocument[]
  readonly odd: readonly UnreadableRow[]
}

/** The answer to a look-up. */
export interface Found {
  readonly found: readonly FoundDocument[]
  /** Documents of which a row that cannot be understood may be the one that was asked for. */
  readonly unclear: readonly { readonly document: Posted; readonly row: UnreadableRow }[]
  /** Documents of which no row tells, not even one that was voided or deleted. */
  readonly absent: readonly Posted[]
  /** The answer is not one as the accounting system gives it, so that it may leave documents out. */
  readonly isDoubtful: boolean
}

/** A document that bears no name by which it was asked for, and may be the posted one all the same. */
export interface AlikeDocument extends FoundDocument {
  /** Its address says so; or it says the same to whom, how much and for what; or something of that. */
  readonly likeness: 'address' | 'same' | 'some'
}

export interface PageRequest {
  readonly page: number
  readonly pageSize: number
  /** UTC instant: only what changed since. Absent: everything. */
  readonly modifiedSince: string | null
  /** Of contacts: only these, as many as an address holds (50). */
  readonly ids?: readonly string[]
}

export interface AccountingProvider {
  /** Loads what the first call needs, so that none waits for it between the moment it is counted and its sending. */
  ready(): Promise<void>
  /** Never retried here: a second exchange of a rotated token needs the token service's bookkeeping. */
  refresh(refreshToken: string): Promise<RefreshOutcome>
  consentOf(accessToken: string): Consent
  /** With an event id: only what this consent granted. */
  grantedConnections(accessToken: string, eventId: string | null): Promise<Outcome<GrantedConnection[]>>
  /** Removes one connection at the accounting system. Gone already counts as done. */
  removeConnection(accessToken: string, remoteConnectionId: string): Promise<Outcome<null>>

  /** The reference lists that one call brings, in the order in which they are read. */
  readonly referenceCalls: readonly (readonly ReferenceListName[])[]
  readReference(
    call: Call,
    names: readonly ReferenceListName[],
  ): Promise<Outcome<{ [N in ReferenceListName]?: ReferenceEntry<N>[] }>>

  readContacts(call: Call, request: PageRequest): Promise<Outcome<ImportPage<ImportedContact>>>
  /** Xero never pages items (xero.md, Reading): one call brings them all. */
  readItems(call: Call, modifiedSince: string | null): Promise<Outcome<ImportPage<ImportedItem>>>

  /** Invoices and bills that this application created, whoever changed them since. */
  readWrittenDocuments(call: Call, request: PageRequest): Promise<Outcome<ImportPage<WrittenDocument>>>

  /** Invoices and bills by their ids, in one call. */
  readDocuments(call: Call, remoteIds: readonly string[]): Promise<Outcome<DocumentsRead>>
  /** One alone: when it is in neither list, it is not there. */
  readDocument(call: Call, remoteId: string): Promise<Outcome<DocumentsRead>>

  /** Pure: the text of a write call, one operation and one list. */
  freeze(list: RemoteList, operation: WriteOperation, elements: readonly WriteElement[]): FrozenWrite
  /** Pure: what stands there is all that a write of this contact or item would say. */
  changesNothing(element: WriteElement): boolean
  /** Sends it; the results stand in the order of `elements`. A missing or unmatched element makes the whole call unknown. */
  write(
    call: Call,
    frozen: FrozenWrite,
    elements: readonly WriteElement[],
    idempotencyKey: string,
  ): Promise<Outcome<ElementResult[]>>
  remove(call: Call, removal: Removal, remoteId: string, idempotencyKey: string): Promise<Outcome<ElementResult>>
  /** Documents in groups that one look-up call can hold, because a query may not grow without end. */
  lookUpGroups(list: RemoteList, posted: readonly Posted[]): readonly (readonly Posted[])[]
  /**
   * Looks one group up by its markers, in one call. Reads are safe to repeat. `namesakes`: live invoices or bills of the same
   * contact and name are found too, whoever made them.
   */
  find(call: Call, list: RemoteList, posted: readonly Posted[], namesakes?: boolean): Promise<Outcome<Found>>
  /**
   * Looks for documents among those that changed since, in one call. `unseen` are those that have to be looked up by their
   * markers all the same: not found, and nothing at the other side would keep a second one out; or not all was shown.
   */
  findChanged(
    call: Call,
    list: RemoteList,
    posted: readonly Posted[],
    since: string,
  ): Promise<Outcome<{ readonly found: FoundDocument[]; readonly unseen: readonly Posted[] }>>
  /**
   * Looks for items, or for invoices and bills that this application created, by what they say, among those that changed
   * since: a page of them. A person may have given them another name.
   */
  findByContent(
    call: Call,
    list: RemoteList,
    posted: readonly Posted[],
    changed: { readonly since: string; readonly page: number },
  ): Promise<Outcome<{ readonly found: AlikeDocument[]; readonly nextPage: number | null }>>
  /** A page in the accounting system's own user interface. */
  deepLink(type: RecordType, remoteId: string, shortCode: string | null): string | null
}
