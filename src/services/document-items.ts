// The items that invoices and bills name, as they stand in Xero. A line names an item by the code that the item linked to the
// record bears there now: what the record says by now may be the code of another item, as long as its change has not arrived.
import type { Db } from '../db/tables.ts'
import { learnedFields } from '../domain/merging.ts'
import type { DocumentItem, StandingItem } from '../domain/posting/document-context.ts'
import type { Item } from '../domain/records/index.ts'
import { findLinks, type Link } from '../stores/links.ts'
import { lockedRecords } from '../stores/queue-locking.ts'
import { findRecords, type StoredRecord } from '../stores/records.ts'
import { findRemoteEntities, type RemoteEntity } from '../stores/remote-entities.ts'
import { openBatches } from '../stores/write-batches.ts'
import { adoptedRecords } from './adopted-references.ts'
import type { JobContext } from './job-context.ts'

export interface DocumentItems {
  readonly records: ReadonlyMap<string, StoredRecord>
  readonly links: ReadonlyMap<string, Link>
  /** The ids of records by those that documents name them by, where these were given to imports that were adopted. */
  readonly adoptedIds: ReadonlyMap<string, string>
  readonly proxyRecord: StoredRecord | undefined
  /** By record id, as documents name them. */
  readonly bodies: ReadonlyMap<string, DocumentItem>
  readonly proxy: StandingItem | null
  readonly trackedCodes: ReadonlySet<string>
  readonly stockAccounts: ReadonlyMap<string, string>
  /** By their ids there: codes of these, and of the items with which lines were sent. */
  readonly codes: ReadonlyMap<string, string>
  /** Ids of records whose codes in Xero this job still changes, or may have changed: documents that name them wait. */
  readonly moving: ReadonlySet<string>
}

/** The mirror knows the code best: it takes every list, and the answer to every write. */
function standingOf(link: Link | undefined, entity: RemoteEntity | undefined): StandingItem | undefined {
  const code = entity?.code ?? link?.number ?? null
  return link && code !== null ? { remoteId: link.remoteId, code } : undefined
}

export async function documentItems(
  db: Db,
  context: JobContext,
  { ids, sent }: { readonly ids: readonly string[]; readonly sent: readonly (Link | null)[] },
  proxyId: string,
): Promise<DocumentItems> {
  const { job, connection } = context
  const [{ companyId }, connectionId] = [job, connection.id]
  const named = await findRecords(db, companyId, connectionId, 'item', ids)
  const adopted = await adoptedRecords(db, context, 'item', { ids, known: named })
  const records = new Map([...named, ...[...adopted.values()].map((record) => [record.id, record] as const)])
  const links = await findLinks(db, companyId, connectionId, 'item', [...records.keys(), proxyId])
  const proxyRecord = (await findRecords(db, companyId, connectionId, 'item', [proxyId])).get(proxyId)
  const linkedTo = [...links.values()].map(({ remoteId }) => remoteId)
  const lines = sent.flatMap((link) => Object.values(link?.sent?.decisions?.lines ?? {}))
  const wanted = new Set([...linkedTo, ...lines.flatMap(({ itemRemoteId }) => itemRemoteId ?? [])])
  const entities = await findRemoteEntities(db, companyId, connectionId, 'items', [...wanted])
  const standing = (id: string) => standingOf(links.get(id), entities.get(links.get(id)?.remoteId ?? ''))
  const bodyOf = (record: StoredRecord): DocumentItem => ({
    ...(record.body as unknown as Item),
    standing: standing(record.id),
    learned: learnedFields(record),
  })
  const bodies = new Map([...records, ...adopted].map(([id, record]) => [id, bodyOf(record)]))
  const tracked = [...entities.values()].filter(({ fields }) => fields.kind === 'inventory')
  const stockAccounts = tracked.flatMap(({ code, fields }): [string, string][] =>
    code && typeof fields.assetAccount === 'string' ? [[code.toLowerCase(), fields.assetAccount]] : [],
  )
  return {
    ...{ records, links, proxyRecord, bodies, proxy: standing(proxyId) ?? null },
    codes: new Map([...entities].flatMap(([id, { code }]) => (code === null ? [] : [[id, code] as const]))),
    adoptedIds: new Map([...adopted].map(([id, record]) => [id, record.id])),
    trackedCodes: new Set(tracked.map(({ code }) => (code ?? '').toLowerCase())),
    stockAccounts: new Map(stockAccounts),
    moving: await movingItems(db, { job, connection }, [...records.keys()], entities),
  }
}

/**
 * Items are exported before documents. Those that the job holds all the same wait for codes that other items leave, some of
 * them under a code for the moment; and of a change whose answer was lost nobody knows whether it arrived.
 */
async function movingItems(
  db: Db,
  { job, connection }: Pick<JobContext, 'job' | 'connection'>,
  ids: readonly string[],
  entities: ReadonlyMap<string, RemoteEntity>,
): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const held = await lockedRecords(db, job.companyId, job.id, { type: 'item', removal: false }, ids)
  const open = await openBatches(db, job.companyId, connection.id)
  const uncertain = open
    .flatMap(({ elements }) => elements)
    .filter(({ recordType, posted, remoteId }) => {
      const code = remoteId === null ? undefined : entities.get(remoteId)?.code
      return recordType === 'item' && posted?.list === 'items' && code != null && posted.code !== code
    })
  return new Set([...held, ...uncertain.map(({ recordId }) => recordId)])
}
