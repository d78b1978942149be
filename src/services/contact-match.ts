// Result of the search for a customer or vendor among the contacts in Xero, and the conflict where a person has to decide.
import type { candidatesOf } from '../domain/candidate.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { RemoteEntity } from '../stores/remote-entities.ts'

export type ContactMatch =
  /** Nothing fits: it is created, under this contact number. */
  | { readonly kind: 'none'; readonly number: string }
  | {
      readonly kind: 'match'
      readonly entity: RemoteEntity
      readonly by: string
      /** The contact that fits, where it was merged into that one. */
      readonly lost?: RemoteEntity
    }
  | { readonly kind: 'conflict'; readonly error: SyncError }

export function doubt(
  { kind, by, remoteIds }: { readonly kind: string; readonly by: string; readonly remoteIds: readonly string[] },
  candidates: ReturnType<typeof candidatesOf>,
): SyncError {
  const named = candidates.map(({ name, id }) => `"${name}" (${id})`).join(', ')
  if (kind === 'namesake') {
    const cause = `The ${by} fits one contact, and another one has the name of the record: ${named}.`
    const action =
      'Link the record to the right one with PUT …/link. Where it is not the one of the name, rename or archive that one in Xero ' +
      'first, or give the record another name: Xero lets no two active contacts have one name.'
    return syncError('contact_ambiguous', { cause, action, candidates })
  }
  const cause =
    kind === 'ambiguous'
      ? `Several contacts have the same ${by}: ${named || remoteIds.join(', ')}.`
      : `Only the ${by} fits, and the contact has another name: ${named}.`
  const setting = kind === 'ambiguous' ? 'onAmbiguous' : by === 'email' ? 'onEmailOnly' : 'onNumberOnly'
  const action =
    'Link the record to the right one with PUT …/link. Where none of them is it, set ' +
    `${setting} of customers or vendors to "create", run a sync job, and set it back.`
  return syncError('contact_ambiguous', { cause, action, candidates })
}
