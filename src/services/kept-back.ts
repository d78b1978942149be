// Changes that settings kept back: with other settings they go out, without being handed over once more. Records that never
// reached Xero are not among them: whoever switches their type on queues those that are wanted. Runs inside the transaction
// that saves the settings.
import type { Db } from '../db/tables.ts'
import { isSent, type KeptOutType, typesKeptOtherwise } from '../domain/posting/kept-out.ts'
import type { RecordBody } from '../domain/records/index.ts'
import type { Settings } from '../domain/settings/index.ts'
import type { SyncErrorCode } from '../domain/sync-errors.ts'
import type { NewId } from '../lib/ids.ts'
import { findLinks } from '../stores/links.ts'
import { openQueueItems } from '../stores/queue-waiting.ts'
import { recordsKeptBack } from '../stores/records.ts'
import { setSyncStates } from '../stores/sync-states.ts'
import { isHeld } from './holding.ts'

const pageSize = 1_000
const reasons: readonly SyncErrorCode[] = ['kept_as_sent', 'status_not_sent']

interface Place {
  readonly companyId: string
  readonly connectionId: string
}

interface Change {
  readonly before: Settings
  readonly after: Settings
}

/** Queues what is to be sent from now on; a record whose write is under way, where the settings kept it out before. */
export async function releaseKeptBack(
  tx: Db,
  place: Place,
  change: Change,
  { newId, now }: { readonly newId: NewId; readonly now: string },
): Promise<void> {
  const { companyId, connectionId } = place
  for (const type of typesKeptOtherwise(change.before, change.after)) {
    for (let after: string | undefined = ''; after !== undefined; ) {
      const found = await recordsKeptBack(tx, { ...place, type }, reasons, { after, limit: pageSize })
      const released = found.filter(
        ({ body, ...record }) =>
          isSent(type, body as RecordBody, change.after) && !(isHeld(record) && wasSent(type, body, change)),
      )
      const ids = released.map(({ id }) => id)
      const links = await findLinks(tx, companyId, connectionId, type, ids)
      const requests = released.map(({ id, name }) => {
        const action = links.has(id) ? ('update' as const) : ('create' as const)
        return { itemId: newId(), recordId: id, recordName: name, action }
      })
      await openQueueItems(tx, companyId, connectionId, type, requests, now)
      const pending = released
        .filter((record) => !isHeld(record))
        .map(({ id }) => ({ id, state: 'pending' as const, error: null, synced: false, nextStepAt: null }))
      await setSyncStates(tx, companyId, connectionId, type, pending, now)
      after = found.length < pageSize ? undefined : found.at(-1)?.id
    }
  }
}

const wasSent = (type: KeptOutType, body: Readonly<Record<string, unknown>>, { before }: Change): boolean =>
  isSent(type, body as unknown as RecordBody, before)
