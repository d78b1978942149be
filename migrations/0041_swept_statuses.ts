// The sweep shows with their records what people paid, voided or deleted in Xero. Those of before this version are read once more.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`UPDATE sweeps SET watermark = NULL, run_started_at = NULL, run_since = NULL, next_page = NULL`.execute(db)
}
