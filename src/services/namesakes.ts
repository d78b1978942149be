// Xero refuses a name or an account number that another active contact has, and says no more than that. Who has it is told
// with the refusal, as data: from the mirror, and from what the same call wrote.
import type { Db } from '../db/tables.ts'
import { candidatesOf } from '../domain/candidate.ts'
import type { PostedContact } from '../domain/posting/posted.ts'
import { findContactsByKeys, type RemoteEntity } from '../stores/remote-entities.ts'
import type { JobContext } from './job-context.ts'
import type { Outcome } from './outcome.ts'
import { remoteRow } from './remote-rows.ts'

type Key = 'name' | 'accountNumber'

const takenKeys: Readonly<Record<string, Key>> = { contact_name_taken: 'name', account_number_taken: 'accountNumber' }

const lower = (value: string | null | undefined): string => (value ?? '').trim().toLowerCase()

function takenKey({ element: { posted }, outcome }: Outcome): { contact: PostedContact; key: Key } | null {
  const key = outcome.kind === 'rejected' ? takenKeys[outcome.error.code] : undefined
  return key && posted?.list === 'contacts' ? { contact: posted, key } : null
}

/** Contacts as the answer to this call shows them: the mirror has them only once the call is settled. */
const written = ({ outcome }: Outcome): RemoteEntity[] =>
  outcome.kind === 'written' && outcome.seen ? [remoteRow(outcome.seen)] : []

/** The outcomes, with the contacts that are in the way of those that were refused for it. */
export async function withNamesakes(
  db: Db,
  context: JobContext,
  pairs: readonly Outcome[],
): Promise<readonly Outcome[]> {
  const taken = pairs.flatMap((pair) => takenKey(pair) ?? [])
  if (taken.length === 0) return pairs
  const wanted = (of: Key) => taken.flatMap(({ contact, key }) => (key === of ? lower(contact[of]) || [] : []))
  const known = await findContactsByKeys(db, context.job.companyId, context.connection.id, {
    contactNumbers: [],
    accountNumbers: wanted('accountNumber'),
    taxNumbers: [],
    emails: [],
    names: wanted('name'),
  })
  const others = [...known.filter(({ archived }) => !archived), ...pairs.flatMap(written)]
  return pairs.map((pair) => {
    const refused = takenKey(pair)
    const { outcome, element } = pair
    if (!refused || outcome.kind !== 'rejected') return pair
    const { contact, key } = refused
    const inTheWay = others.filter(
      (other) => other.remoteId !== element.remoteId && lower(other[key]) === lower(contact[key]),
    )
    if (inTheWay.length === 0) return pair
    return { element, outcome: { ...outcome, error: { ...outcome.error, candidates: candidatesOf(inTheWay) } } }
  })
}
