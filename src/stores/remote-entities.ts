// The contacts and items that the accounting system is known to hold: by their own ids, as last seen. Matching asks here, so
// it costs no call; contacts without a role wait here until the product adopts them.
import { type Selectable, sql } from 'kysely'
import type { Db, Tables } from '../db/tables.ts'
import type { UnassignedContact } from '../domain/unassigned-contact.ts'
import { type Page, type PageRequest, pageOf } from '../lib/page.ts'
import { json } from './json.ts'

export interface RemoteEntity {
  readonly list: 'contacts' | 'items'
  readonly remoteId: string
  readonly name: string
  readonly contactNumber: string | null
  readonly accountNumber: string | null
  readonly taxNumber: string | null
  readonly email: string | null
  readonly code: string | null
  /** Quantity on hand of an item whose stock Xero keeps; no part of the hash, as it moves with each document. */
  readonly stock: string | null
  readonly archived: boolean
  readonly mergedInto: string | null
  readonly isCustomer: boolean
  readonly isVendor: boolean
  readonly fields: Readonly<Record<string, unknown>>
  /** The values that the fields cannot express, in the accounting system's own form: a write gives it back. */
  readonly kept: Readonly<Record<string, unknown>>
  readonly fieldsHash: string
  readonly remoteUpdatedAt: string | null
}

const toEntity = (row: Selectable<Tables['remote_entities']>): RemoteEntity => ({
  list: row.list,
  remoteId: row.remote_id,
  name: row.name,
  contactNumber: row.contact_number,
  accountNumber: row.account_number,
  taxNumber: row.tax_number,
  email: row.email,
  code: row.code,
  stock: row.stock,
  archived: row.archived,
  mergedInto: row.merged_into,
  isCustomer: row.is_customer,
  isVendor: row.is_vendor,
  fields: row.fields,
  kept: row.kept,
  fieldsHash: row.fields_hash,
  remoteUpdatedAt: row.remote_updated_at,
})

const owned = (db: Db, companyId: string, connectionId: string, list: RemoteEntity['list']) =>
  db
    .selectFrom('remote_entities')
    .selectAll()
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('list', '=', list)

export async function findRemoteEntities(
  db: Db,
  companyId: string,
  connectionId: string,
  list: RemoteEntity['list'],
  remoteIds: readonly string[],
): Promise<Map<string, RemoteEntity>> {
  if (remoteIds.length === 0) return new Map()
  const rows = await owned(db, companyId, connectionId, list)
    .where(sql<boolean>`remote_id = ANY (${remoteIds}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.remote_id, toEntity(row)]))
}

/** In no list yet: what our own write left, and what no list that lags behind it can miss. */
export const neverListed = -1

/** Saves a page of what was read in a sweep, or what our own write left (neverListed), in one statement. */
export async function saveRemoteEntities(
  db: Db,
  companyId: string,
  connectionId: string,
  entities: readonly RemoteEntity[],
  sweep: number,
  now: string,
): Promise<void> {
  if (entities.length === 0) return
  await sql`
    INSERT INTO remote_entities (company_id, connection_id, list, remote_id, name, contact_number, account_number, tax_number,
      email, code, stock, archived, merged_into, is_customer, is_vendor, fields, kept, fields_hash, remote_updated_at, seen_in_sweep, created_at)
    SELECT ${companyId}, ${connectionId}::uuid, e.list, e."remoteId", e.name, e."contactNumber", e."accountNumber", e."taxNumber",
      e.email, e.code, e.stock, e.archived, e."mergedInto", e."isCustomer", e."isVendor", e.fields, e.kept, e."fieldsHash", e."remoteUpdatedAt",
      ${sweep}::int8, ${now}::timestamptz
    FROM jsonb_to_recordset(${json(entities)}::jsonb) AS e(list text, "remoteId" text, name text, "contactNumber" text,
      "accountNumber" text, "taxNumber" text, email text, code text, stock text, archived boolean, "mergedInto" text, "isCustomer" boolean,
      "isVendor" boolean, fields jsonb, kept jsonb, "fieldsHash" text, "remoteUpdatedAt" timestamptz)
    ON CONFLICT (connection_id, list, remote_id) DO UPDATE SET
      name = excluded.name, contact_number = excluded.contact_number, account_number = excluded.account_number,
      tax_number = excluded.tax_number, email = excluded.email, code = excluded.code, stock = excluded.stock, archived = excluded.archived,
      merged_into = excluded.merged_into, is_customer = excluded.is_customer, is_vendor = excluded.is_vendor,
      fields = excluded.fields, kept = excluded.kept, fields_hash = excluded.fields_hash, remote_updated_at = excluded.remote_updated_at,
      seen_in_sweep = greatest(remote_entities.seen_in_sweep, excluded.seen_in_sweep), missing_since = NULL`.execute(db)
}

export interface ContactKeys {
  readonly contactNumbers: readonly string[]
  readonly accountNumbers: readonly string[]
  readonly taxNumbers: readonly string[]
  readonly emails: readonly string[]
  readonly names: readonly string[]
}

/** Contacts that share a key with one of the wanted ones. Keys are given in lower case, tax numbers without spaces, dots, slashes and hyphens. */
export async function findContactsByKeys(
  db: Db,
  companyId: string,
  connectionId: string,
  keys: ContactKeys,
): Promise<RemoteEntity[]> {
  const rows = await owned(db, companyId, connectionId, 'contacts')
    .where(
      sql<boolean>`(lower(contact_number) = ANY (${keys.contactNumbers}::text[])
        OR lower(account_number) = ANY (${keys.accountNumbers}::text[]) OR lower(regexp_replace(tax_number, '[\\s./-]', '', 'g')) = ANY (${keys.taxNumbers}::text[])
        OR lower(email) = ANY (${keys.emails}::text[]) OR lower(name) = ANY (${keys.names}::text[]))`,
    )
    .execute()
  return rows.map(toEntity)
}

/** Items by code in lower case: Xero compares codes without regard to case. Of two that differ in nothing else, the one that is asked for. */
export async function findItemsByCodes(
  db: Db,
  companyId: string,
  connectionId: string,
  codes: readonly string[],
): Promise<Map<string, RemoteEntity>> {
  if (codes.length === 0) return new Map()
  const rows = await owned(db, companyId, connectionId, 'items')
    .where(sql<boolean>`lower(code) = ANY (${codes.map((code) => code.toLowerCase())}::text[])`)
    .execute()
  const exact = new Set(codes)
  const [others, asked] = [
    rows.filter(({ code }) => !exact.has(code ?? '')),
    rows.filter(({ code }) => exact.has(code ?? '')),
  ]
  return new Map([...others, ...asked].map((row) => [(row.code ?? '').toLowerCase(), toEntity(row)]))
}

/**
 * Entities with this role that no record of the type is linked to, oldest first. An item that no list has shown may be gone by now. One whose id the product uses for a record of
 * its own is left to it: a record made for the entity would take the place of that one.
 */
export async function findUnlinked(
  db: Db,
  companyId: string,
  connectionId: string,
  type: 'customer' | 'vendor' | 'item',
  limit: number,
): Promise<RemoteEntity[]> {
  const rows = await owned(db, companyId, connectionId, type === 'item' ? 'items' : 'contacts')
    .$if(type === 'customer', (query) => query.where('is_customer', '=', true))
    .$if(type === 'vendor', (query) => query.where('is_vendor', '=', true))
    .$if(type === 'item', (query) => query.where('seen_in_sweep', '>', neverListed))
    .where('archived', '=', false)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('links')
            .select('links.record_id')
            .whereRef('links.connection_id', '=', 'remote_entities.connection_id')
            .whereRef('links.remote_id', '=', 'remote_entities.remote_id')
            .where('links.type', '=', type),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('records')
            .select('records.id')
            .whereRef('records.connection_id', '=', 'remote_entities.connection_id')
            .whereRef('records.id', '=', 'remote_entities.remote_id')
            .where('records.type', '=', type)
            .where('records.origin', '!=', 'import')
            .where((where) =>
              where.or([where('records.deleted_at', 'is', null), where('records.sync_state', '!=', 'never_synced')]),
            ),
        ),
      ),
    )
    .orderBy('created_at')
    .orderBy('remote_id')
    .limit(limit)
    .execute()
  return rows.map(toEntity)
}

export async function deleteRemoteEntities(
  db: Db,
  companyId: string,
  connectionId: string,
  list: RemoteEntity['list'],
  remoteIds: readonly string[],
): Promise<void> {
  if (remoteIds.length === 0) return
  await db
    .deleteFrom('remote_entities')
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('list', '=', list)
    .where(sql<boolean>`remote_id = ANY (${remoteIds}::text[])`)
    .execute()
}

export async function countRemoteEntities(
  db: Db,
  companyId: string,
  connectionId: string,
  list: RemoteEntity['list'],
): Promise<number> {
  const row = await db
    .selectFrom('remote_entities')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('list', '=', list)
    .executeTakeFirstOrThrow()
  return row.count
}

/** Contacts that no customer or vendor record is linked to. */
export async function listUnassignedContacts(
  db: Db,
  companyId: string,
  connectionId: string,
  page: PageRequest & { readonly search: string | null },
): Promise<Page<UnassignedContact>> {
  const rows = await db
    .selectFrom('remote_entities')
    .select(['remote_id', 'name', 'contact_number', 'email', 'archived', 'remote_updated_at'])
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('list', '=', 'contacts')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('links')
            .select('links.record_id')
            .whereRef('links.connection_id', '=', 'remote_entities.connection_id')
            .whereRef('links.remote_id', '=', 'remote_entities.remote_id')
            .where('links.type', 'in', ['customer', 'vendor']),
        ),
      ),
    )
    .$if(page.search !== null, (query) =>
      query.where(sql<boolean>`strpos(lower(concat(name, ' ', email)), lower(${page.search ?? ''})) > 0`),
    )
    .$if(page.after !== null, (query) => query.where('remote_id', '>', String(page.after?.[0])))
    .orderBy('remote_id')
    .limit(page.limit + 1)
    .execute()
  return pageOf(
    rows,
    page.limit,
    (row) => ({
      xeroId: row.remote_id,
      name: row.name,
      contactNumber: row.contact_number,
      email: row.email,
      archived: row.archived,
      updatedAt: row.remote_updated_at,
    }),
    (row) => [row.remote_id],
  )
}
