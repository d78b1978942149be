// The schemas that have a name in the OpenAPI document. Wherever an equal schema stands in a request or an answer, the
// document refers to it by this name.
import type { TSchema } from 'typebox'
import { Change } from '../../domain/change.ts'
import { Connection, GrantedOrganisation, OrganisationSummary } from '../../domain/connection.ts'
import { recordTypes } from '../../domain/entity-types.ts'
import { QueueItem } from '../../domain/queue-item.ts'
import { recordSchemas, shownSchemas } from '../../domain/records/index.ts'
import { referenceLists } from '../../domain/reference-lists.ts'
import { Finding, Settings, settingsSectionSchemas, settingsSections } from '../../domain/settings/index.ts'
import { SyncJob, TypeProgress } from '../../domain/sync-job.ts'
import { RecordReference, RemoteDocument, SyncError, SyncState } from '../../domain/sync-state.ts'
import { ChangePage } from '../routes/changes.ts'
import { UnassignedContact } from '../routes/contacts.ts'
import { Liveness, Readiness } from '../routes/health.ts'
import { ApiKey, NewApiKey, NewApiKeyRequest } from '../schemas/api-keys.ts'
import { ConnectionHealth, ConnectionRequest, ConsentInvitation } from '../schemas/connections.ts'
import { NewJob } from '../schemas/parameters.ts'
import { FieldError, Problem } from '../schemas/problem.ts'
import { QueueCount, RequeueAnswer, RequeueRequest } from '../schemas/queue.ts'
import { Attempt, BulkAnswer, BulkResult, bulkRequest, storedRecord, writtenRecord } from '../schemas/records.ts'
import { SettingsPatch, sectionPatch } from '../schemas/settings.ts'

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
const named = (entries: readonly (readonly [string, TSchema])[]): Record<string, TSchema> => Object.fromEntries(entries)

export const components: Readonly<Record<string, TSchema>> = {
  Problem,
  FieldError,
  Connection,
  OrganisationSummary,
  GrantedOrganisation,
  ConnectionRequest,
  ConsentInvitation,
  ConnectionHealth,
  Settings,
  SettingsPatch,
  ...named(settingsSections.map((name) => [`${capital(name)}Settings`, settingsSectionSchemas[name]])),
  ...named(settingsSections.map((name) => [`${capital(name)}SettingsPatch`, sectionPatch(name)])),
  Finding,
  ...named(recordTypes.map((type) => [capital(type), recordSchemas[type]])),
  ...named(recordTypes.map((type) => [`Shown${capital(type)}`, shownSchemas[type]])),
  ...named(recordTypes.map((type) => [`Stored${capital(type)}`, storedRecord(type)])),
  ...named(recordTypes.map((type) => [`Written${capital(type)}`, writtenRecord(type)])),
  ...named(recordTypes.map((type) => [`Bulk${capital(type)}Request`, bulkRequest(type)])),
  BulkResult,
  BulkAnswer,
  SyncState,
  SyncError,
  RemoteDocument,
  RecordReference,
  Attempt,
  UnassignedContact,
  ...named(Object.entries(referenceLists).map(([name, schema]) => [`${capital(name)}Entry`, schema])),
  QueueItem,
  QueueCount,
  RequeueRequest,
  RequeueAnswer,
  SyncJob,
  TypeProgress,
  NewJob,
  Change,
  ChangePage,
  ApiKey,
  NewApiKey,
  NewApiKeyRequest,
  Liveness,
  Readiness,
}
