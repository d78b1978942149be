// A record that was never in Xero meets a contact that a person merged into another one there: the person said that both are one, so
// the record is the contact that is left. A contact that was only archived says nothing of the kind.
import type { Db } from '../db/tables.ts'
import { candidatesOf } from '../domain/candidate.ts'
import { type MatchKeys, type MatchRules, matchContact } from '../domain/matching.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { StoredRecord } from '../stores/records.ts'
import { findRemoteEntities, type RemoteEntity } from '../stores/remote-entities.ts'
import { type ContactMatch, doubt } from './contact-match.ts'
import type { ContactType } from './contact-roles.ts'
import { survivors } from './import-merged.ts'
import type { JobContext } from './job-context.ts'

interface Keyed {
  readonly record: StoredRecord
  readonly key: MatchKeys
}

/** By record id, of those that nothing else fits. `takenOf`: contacts that are other records of the product. */
export async function matchMerged(
  db: Db,
  context: JobContext,
  type: ContactType,
  {
    records,
    entities,
    takenOf,
  }: {
    readonly records: readonly Keyed[]
    /** Contacts that share a key with one of them. */
    readonly entities: readonly RemoteEntity[]
    readonly takenOf: (entities: readonly RemoteEntity[]) => Promise<ReadonlySet<string>>
  },
): Promise<Map<string, ContactMatch>> {
  const matches = new Map<string, ContactMatch>()
  const lost = entities.filter(({ mergedInto }) => mergedInto !== null)
  if (lost.length === 0 || records.length === 0) return matches
  const rules = context.settings[`${type}s`]
  const moves = new Map((await survivors(db, context, lost)).map(({ from, to }) => [from, to]))
  const { job, connection } = context
  const left = await findRemoteEntities(db, job.companyId, connection.id, 'contacts', [...moves.values()])
  const taken = new Set(await takenOf([...left.values()]))
  const leftOf = ({ remoteId }: RemoteEntity) => left.get(moves.get(remoteId) ?? '')
  // Each with its own keys, under the id of the one that it is now.
  const merged = lost.flatMap((one) => {
    const survivor = leftOf(one)
    return survivor && !survivor.archived ? [{ ...one, remoteId: survivor.remoteId, archived: false, lost: one }] : []
  })
  for (const { record, key } of records) {
    const found = matchContact(key, merged, rules)
    if (found.kind === 'none') continue
    if (found.kind !== 'match') {
      // Many share a mailbox: without the name it says nothing of who was merged.
      const isDoubtful = found.by !== 'email' && (found.kind === 'other_name' || rules.onAmbiguous === 'conflict')
      const candidates = candidatesOf(found.remoteIds.flatMap((id) => left.get(id) ?? []))
      if (isDoubtful) matches.set(record.id, { kind: 'conflict', error: doubt(found, candidates) })
      continue
    }
    const entity = left.get(found.remoteId)
    const fitting = merged.filter(({ remoteId }) => remoteId === found.remoteId)
    const own = fitting.find((one) => fits(key, one, rules)) ?? fitting[0]
    if (!entity || !own) continue
    if (!taken.has(entity.remoteId)) {
      taken.add(entity.remoteId)
      matches.set(record.id, { kind: 'match', entity, by: found.by, lost: own.lost })
    } else if (rules.onAmbiguous === 'conflict') matches.set(record.id, takenAlready(type, own.lost, entity))
  }
  return matches
}

const fits = (key: MatchKeys, one: RemoteEntity, rules: MatchRules): boolean =>
  matchContact(key, [one], rules).kind === 'match'

function takenAlready(type: ContactType, lost: RemoteEntity, entity: RemoteEntity): ContactMatch {
  const cause = `The contact "${lost.name}", which fits, was merged into "${entity.name}" in Xero, and that one is another ${type}.`
  const action =
    'Hand its documents over for that record, and delete this one. Where it is to have a contact of its own, set onAmbiguous of ' +
    'customers or vendors to "create", run a sync job, and set it back.'
  return {
    kind: 'conflict',
    error: syncError('contact_ambiguous', { cause, action, candidates: candidatesOf([entity]) }),
  }
}
