// Items that a list did not show for a while, and shows again: their records had been told as removed. They stand in Xero as
// before, and the records say so, unless something of them was not sent.
import type { Db } from '../db/tables.ts'
import type { NewId } from '../lib/ids.ts'
import type { Link } from '../stores/links.ts'
import { openQueueItems } from '../stores/queue-waiting.ts'
import { findRecords } from '../stores/records.ts'
import { setSyncStates } from '../stores/sync-states.ts'
import type { JobContext } from './job-context.ts'
import { isRemovedItem } from './removed-items.ts'
import { unsentChanges } from './unsent-changes.ts'

/** `links`: as they were before the list was read. Records with a change that waits are judged with it. */
export async function tellReturned(
  tx: Db,
  context: JobContext,
  links: readonly Link[],
  { now, newId }: { readonly now: string; readonly newId: NewId },
): Promise<void> {
  const { companyId } = context.job
  const scope = { companyId, connectionId: context.connection.id, type: 'item' } as const
  const returned = links.filter((link) => isRemovedItem('item', link))
  if (returned.length === 0) return
  const ids = returned.map(({ recordId }) => recordId)
  const records = await findRecords(tx, companyId, scope.connectionId, 'item', ids)
  const told = returned.flatMap(({ recordId, recordHash: hash = null }) => {
    const record = records.get(recordId)
    const isTold = record?.syncState === 'outdated' && record.lastError?.code === 'removed_in_xero'
    return record && isTold ? [{ record, recordId, hash, written: null }] : []
  })
  const known = told.flatMap((one) => (one.hash === null ? [] : { ...one, hash: one.hash }))
  const unsent = await unsentChanges(tx, scope, known)
  const changes = known.map(({ recordId }) => {
    const error = unsent.get(recordId) ?? null
    const state = error ? ('outdated' as const) : ('synced' as const)
    return { id: recordId, state, error, synced: !error, nextStepAt: null }
  })
  await setSyncStates(tx, companyId, scope.connectionId, 'item', changes, now)
  // Of the others, nothing is known of what was sent: the next job compares.
  const asked = told.filter(({ hash }) => hash === null)
  const requests = asked.map(({ record: { id, name } }) => ({
    ...{ itemId: newId(), recordId: id, recordName: name },
    action: 'update' as const,
  }))
  await openQueueItems(tx, companyId, scope.connectionId, 'item', requests, now)
  const waiting = asked.map(({ recordId: id }) => ({
    ...{ id, state: 'pending' as const, error: null, synced: false, nextStepAt: null },
  }))
  await setSyncStates(tx, companyId, scope.connectionId, 'item', waiting, now)
}
