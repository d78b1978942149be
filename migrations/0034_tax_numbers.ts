// Tax numbers of contacts are looked up as they are, however they are written: "GB 123 456" and "GB123456".
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX remote_entities_by_tax_number ON remote_entities
    (connection_id, lower(regexp_replace(tax_number, '[\\s./-]', '', 'g')))`.execute(db)
  await sql`DROP INDEX remote_entities_by_tax`.execute(db)
}
