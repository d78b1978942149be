// Records of the inventory product, the documents they are at the accounting system, and the contacts and items known there.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE records (
      company_id text NOT NULL,
      connection_id uuid NOT NULL,
      type text NOT NULL,
      id text NOT NULL,
      origin text NOT NULL,               -- product · import · service (kept by this service itself, such as the proxy item)
      body jsonb NOT NULL,
      content_hash text NOT NULL,
      version int8,
      name text,
      status text,                        -- of a transaction
      sync_state text NOT NULL,
      last_error jsonb,
      last_synced_at timestamptz,
      next_step_at timestamptz,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL,
      deleted_at timestamptz,
      PRIMARY KEY (connection_id, type, id),
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)
  await sql`CREATE INDEX records_by_creation ON records (connection_id, type, created_at, id)`.execute(db)

  // Written whoever learned the fact and never changed to another document: the second remote id would be a duplicate.
  await sql`
    CREATE TABLE links (
      company_id text NOT NULL,
      connection_id uuid NOT NULL,
      type text NOT NULL,
      record_id text NOT NULL,
      remote_id text NOT NULL,
      number text,
      status text,
      remote_updated_at timestamptz,
      line_ids jsonb NOT NULL DEFAULT '{}',
      marker text,                        -- by which the document is found at the accounting system
      posted_hash text,                   -- of what was last sent: the same again is not sent
      matched_by text,                    -- how the document was found, when it was not created from here
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL,
      PRIMARY KEY (connection_id, type, record_id),
      UNIQUE (connection_id, type, remote_id),
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)

  // What the accounting system is known to hold, by its own id. Makes matching a local question instead of a call a record.
  await sql`
    CREATE TABLE remote_entities (
      company_id text NOT NULL,
      connection_id uuid NOT NULL,
      list text NOT NULL,                 -- contacts · items
      remote_id text NOT NULL,
      name text NOT NULL,
      contact_number text,
      account_number text,
      tax_number text,
      email text,
      code text,
      archived boolean NOT NULL,
      merged_into text,
      is_customer boolean NOT NULL,
      is_vendor boolean NOT NULL,
      fields jsonb NOT NULL,
      fields_hash text NOT NULL,
      remote_updated_at timestamptz,
      seen_in_sweep int8 NOT NULL,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (connection_id, list, remote_id),
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)
  await sql`CREATE INDEX remote_entities_by_number ON remote_entities (connection_id, lower(contact_number))`.execute(
    db,
  )
  await sql`CREATE INDEX remote_entities_by_account ON remote_entities (connection_id, lower(account_number))`.execute(
    db,
  )
  await sql`CREATE INDEX remote_entities_by_tax ON remote_entities (connection_id, lower(tax_number))`.execute(db)
  await sql`CREATE INDEX remote_entities_by_email ON remote_entities (connection_id, lower(email))`.execute(db)
  await sql`CREATE INDEX remote_entities_by_name ON remote_entities (connection_id, lower(name))`.execute(db)
  await sql`CREATE INDEX remote_entities_by_code ON remote_entities (connection_id, lower(code))`.execute(db)
}
