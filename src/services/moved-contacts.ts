// Documents that name another contact than when they were last written or seen: a person chose another one, or two contacts
// were merged in Xero. Only the former is an edit; which of both it was, the mirror of contacts tells.
import type { Db } from '../db/tables.ts'
import type { StandingDocument } from '../domain/standing-document.ts'
import type { Link } from '../stores/links.ts'
import { findRemoteEntities } from '../stores/remote-entities.ts'
import type { JobContext } from './job-context.ts'

export interface Moved {
  readonly id: string
  readonly was: string
  readonly is: string
}

export type IsMerged = (from: string, into: string) => boolean

export const movedContacts = (
  links: readonly Link[],
  seen: ReadonlyMap<string, StandingDocument | null>,
): readonly Moved[] =>
  links.flatMap((link) => {
    const [was, is] = [link.content?.contactRemoteId, seen.get(link.remoteId)?.content.contactRemoteId]
    return was && is && was !== is ? [{ id: link.remoteId, was, is }] : []
  })

/** Contacts that were merged, as far as the mirror knows. */
export async function mergedContacts(
  db: Db,
  { job, connection }: JobContext,
  moved: readonly Moved[],
): Promise<{ readonly isMerged: IsMerged; readonly survivorOf: (contact: string) => string }> {
  const into = new Map<string, string>()
  for (let wanted = [...new Set(moved.map(({ was }) => was))]; wanted.length > 0; ) {
    const entities = await findRemoteEntities(db, job.companyId, connection.id, 'contacts', wanted)
    const found = [...entities.values()].filter(({ mergedInto }) => mergedInto !== null)
    for (const { remoteId, mergedInto } of found) into.set(remoteId, mergedInto ?? '')
    wanted = found.flatMap(({ mergedInto }) => (mergedInto !== null && !into.has(mergedInto) ? mergedInto : []))
  }
  /** The contact itself, and those that it went into one after the other. */
  const way = (contact: string): string[] => {
    const passed = new Set<string>()
    for (let at: string | undefined = contact; at !== undefined && !passed.has(at); at = into.get(at)) passed.add(at)
    return [...passed]
  }
  return {
    isMerged: (from, wanted) => way(from).includes(wanted),
    survivorOf: (contact) => way(contact).at(-1) ?? contact,
  }
}

/** Whether contacts were merged, as far as the mirror knows. */
export const mergesOf = async (db: Db, context: JobContext, moved: readonly Moved[]): Promise<IsMerged> =>
  (await mergedContacts(db, context, moved)).isMerged
