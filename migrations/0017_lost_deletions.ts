// Deletions that were lost before each connection's writers followed one another: a deletion that came while a job took the
// queue was acknowledged, and its document went to Xero all the same.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // What waits for a deleted record is its deletion, and nothing else.
  await sql`
    UPDATE sync_queue_items q SET action = 'delete', status = 'pending', blocked_by = NULL, updated_at = now()
    FROM records r
    WHERE r.connection_id = q.connection_id AND r.type = q.record_type AND r.id = q.record_id AND r.deleted_at IS NOT NULL
      AND q.action <> 'delete' AND q.status IN ('pending', 'failed', 'blocked', 'conflict')`.execute(db)
  // What the settings kept in Xero shows never_synced; every other deleted record with a link still has to be removed there.
  await sql`
    INSERT INTO sync_queue_items (id, company_id, connection_id, record_type, record_id, record_name, action, status, created_at, updated_at)
    SELECT gen_random_uuid(), r.company_id, r.connection_id, r.type, r.id, r.name, 'delete', 'pending', now(), now()
    FROM records r
    JOIN links l ON l.connection_id = r.connection_id AND l.type = r.type AND l.record_id = r.id
    WHERE r.deleted_at IS NOT NULL AND r.origin <> 'service' AND r.sync_state <> 'never_synced'
      AND NOT EXISTS (SELECT 1 FROM sync_queue_items q WHERE q.connection_id = r.connection_id AND q.record_type = r.type
        AND q.record_id = r.id AND q.status IN ('pending', 'failed', 'blocked', 'conflict', 'locked', 'uncertain'))`.execute(
    db,
  )
  await sql`
    UPDATE records r SET sync_state = 'pending', last_error = NULL
    FROM sync_queue_items q
    WHERE q.connection_id = r.connection_id AND q.record_type = r.type AND q.record_id = r.id AND r.deleted_at IS NOT NULL
      AND q.action = 'delete' AND q.status = 'pending' AND r.sync_state NOT IN ('locked', 'uncertain')`.execute(db)
}
