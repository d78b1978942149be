// Xero as an accounting provider: puts the parts together behind the port. Holds no token and no state but the SDK.
import type { AccountingProvider } from '../provider.ts'
import { createClient } from './client.ts'
import { deepLink } from './deep-links.ts'
import { find, findChanged, lookUpGroups } from './find.ts'
import { findByContent } from './find-by-content.ts'
import { readContacts, readItems, readWrittenDocuments } from './import.ts'
import { consentOf, grantedConnections, refresh, removeConnection } from './oauth.ts'
import { readDocument, readDocuments } from './read-documents.ts'
import { readReference, referenceCalls } from './reference.ts'
import { remove } from './remove.ts'
import { changesNothing, freeze, write } from './write.ts'

export interface XeroConfig {
  readonly clientId: string
  readonly clientSecret: string
  /** Base URLs without a trailing slash: https://identity.xero.com and https://api.xero.com. */
  readonly identityUrl: string
  readonly apiUrl: string
  /** Milliseconds; bounds each call as a whole. Default 30,000. */
  readonly timeoutMs?: number
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '')

export function createXeroProvider(given: XeroConfig): AccountingProvider {
  const config = {
    ...given,
    identityUrl: withoutSlash(given.identityUrl),
    apiUrl: withoutSlash(given.apiUrl),
    timeoutMs: given.timeoutMs ?? 30_000,
  }
  const client = createClient(config)
  return {
    ready: client.ready,
    refresh: (refreshToken) => refresh(client, config, refreshToken),
    consentOf,
    grantedConnections: (accessToken, eventId) => grantedConnections(client, config, accessToken, eventId),
    removeConnection: (accessToken, id) => removeConnection(client, config, accessToken, id),
    referenceCalls,
    readReference: (call, names) => readReference(client, call, names),
    readContacts: (call, request) => readContacts(client, call, request),
    readItems: (call, modifiedSince) => readItems(client, call, modifiedSince),
    readWrittenDocuments: (call, request) => readWrittenDocuments(client, call, request),
    readDocuments: (call, remoteIds) => readDocuments(client, call, remoteIds),
    readDocument: (call, remoteId) => readDocument(client, call, remoteId),
    freeze,
    changesNothing,
    write: (call, frozen, elements, key) => write(client, call, frozen, elements, key),
    remove: (call, removal, remoteId, key) => remove(client, call, removal, remoteId, key),
    lookUpGroups,
    find: (call, list, posted, namesakes) => find(client, call, list, posted, namesakes),
    findChanged: (call, list, posted, since) => findChanged(client, call, list, posted, since),
    findByContent: (call, list, posted, changed) => findByContent(client, call, list, posted, changed),
    deepLink,
  }
}
