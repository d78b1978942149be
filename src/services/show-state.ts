// The state that records show when nothing was written: an import changed what is to be done with them.
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import type { SyncStateName } from '../domain/sync-state.ts'
import { setSyncStates } from '../stores/sync-states.ts'
import type { JobContext } from './job-context.ts'

export async function showState(
  tx: Db,
  context: JobContext,
  type: RecordType,
  ids: readonly string[],
  state: SyncStateName,
  now: string,
): Promise<void> {
  const changes = ids.map((id) => ({ id, state, error: null, synced: false, nextStepAt: null }))
  await setSyncStates(tx, context.job.companyId, context.connection.id, type, changes, now)
}
