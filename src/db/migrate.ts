// Brings the schema to this version, under Kysely's lock: replicas that start together wait for the one that migrates.
// A schema that is newer than this program is refused: it may hold states that this program would misread.
import { type Migration, Migrator } from 'kysely/migration'
import * as access from '../../migrations/0001_access.ts'
import * as connections from '../../migrations/0002_connections.ts'
import * as settings from '../../migrations/0003_settings.ts'
import * as records from '../../migrations/0004_records.ts'
import * as queueAndJobs from '../../migrations/0005_queue_and_jobs.ts'
import * as writes from '../../migrations/0006_writes.ts'
import * as imports from '../../migrations/0007_imports.ts'
import * as appBudget from '../../migrations/0008_app_budget.ts'
import * as incidents from '../../migrations/0009_incidents.ts'
import * as dayShares from '../../migrations/0010_day_shares.ts'
import * as formerDocuments from '../../migrations/0011_former_documents.ts'
import * as restoredDatabases from '../../migrations/0012_restored_databases.ts'
import * as resumedReads from '../../migrations/0013_resumed_reads.ts'
import * as agreedFields from '../../migrations/0014_agreed_fields.ts'
import * as standingDocuments from '../../migrations/0015_standing_documents.ts'
import * as lostDeletions from '../../migrations/0017_lost_deletions.ts'
import * as doubtfulLists from '../../migrations/0019_doubtful_lists.ts'
import * as oneOrganisation from '../../migrations/0020_one_organisation.ts'
import * as connectionLife from '../../migrations/0021_connection_life.ts'
import * as encryptionKeys from '../../migrations/0024_encryption_keys.ts'
import * as leftOver from '../../migrations/0028_left_over.ts'
import * as untakenEdits from '../../migrations/0031_untaken_edits.ts'
import * as keyMakers from '../../migrations/0032_key_makers.ts'
import * as leftDocuments from '../../migrations/0033_left_documents.ts'
import * as taxNumbers from '../../migrations/0034_tax_numbers.ts'
import * as spokenOver from '../../migrations/0035_spoken_over.ts'
import * as decimalsAsSent from '../../migrations/0039_decimals_as_sent.ts'
import * as relinkedRecords from '../../migrations/0040_relinked_records.ts'
import * as sweptStatuses from '../../migrations/0041_swept_statuses.ts'
import * as itemStock from '../../migrations/0042_item_stock.ts'
import * as linksMovedByMerge from '../../migrations/0043_links_moved_by_merge.ts'
import * as recordSizes from '../../migrations/0044_record_sizes.ts'
import * as requestsOfItems from '../../migrations/0045_requests_of_items.ts'
import * as accountsOfItems from '../../migrations/0046_accounts_of_items.ts'
import * as wholeReads from '../../migrations/0047_whole_reads.ts'
import { databaseTrouble } from '../lib/database-trouble.ts'
import { StartRefused } from '../lib/start-refused.ts'
import type { Db } from './tables.ts'

const migrations: Record<string, Migration> = {
  '0001_access': access,
  '0002_connections': connections,
  '0003_settings': settings,
  '0004_records': records,
  '0005_queue_and_jobs': queueAndJobs,
  '0006_writes': writes,
  '0007_imports': imports,
  '0008_app_budget': appBudget,
  '0009_incidents': incidents,
  '0010_day_shares': dayShares,
  '0011_former_documents': formerDocuments,
  '0012_restored_databases': restoredDatabases,
  '0013_resumed_reads': resumedReads,
  '0014_agreed_fields': agreedFields,
  '0015_standing_documents': standingDocuments,
  '0017_lost_deletions': lostDeletions,
  '0019_doubtful_lists': doubtfulLists,
  '0020_one_organisation': oneOrganisation,
  '0021_connection_life': connectionLife,
  '0024_encryption_keys': encryptionKeys,
  '0028_left_over': leftOver,
  '0031_untaken_edits': untakenEdits,
  '0032_key_makers': keyMakers,
  '0033_left_documents': leftDocuments,
  '0034_tax_numbers': taxNumbers,
  '0035_spoken_over': spokenOver,
  '0039_decimals_as_sent': decimalsAsSent,
  '0040_relinked_records': relinkedRecords,
  '0041_swept_statuses': sweptStatuses,
  '0042_item_stock': itemStock,
  '0043_links_moved_by_merge': linksMovedByMerge,
  '0044_record_sizes': recordSizes,
  '0045_requests_of_items': requestsOfItems,
  '0046_accounts_of_items': accountsOfItems,
  '0047_whole_reads': wholeReads,
}

/** Names of the migrations that were applied now; empty when the schema was current. Throws when it is newer. */
export async function migrateToLatest(db: Db): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error, results } = await migrator.migrateToLatest()
  if (error) {
    if (databaseTrouble(error)) throw error
    throw new StartRefused(
      'The database schema does not fit this program: it may have been written by a newer version. ' +
        'Start that version, or restore a backup that belongs to this one.',
      { cause: error },
    )
  }
  return (results ?? []).filter((result) => result.status === 'Success').map((result) => result.migrationName)
}

/** Whether a version of this program was ever at work here. */
export async function hasSchema(db: Db): Promise<boolean> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  return (await migrator.getMigrations()).some((migration) => migration.executedAt !== undefined)
}

export async function isSchemaCurrent(db: Db): Promise<boolean> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  return (await migrator.getMigrations()).every((migration) => migration.executedAt !== undefined)
}
