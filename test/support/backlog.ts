// A large queue in a moment: customers and their queue items by two statements, as if they had been handed over one by one.
import { sql } from 'kysely'
import type { World } from './house.ts'
import type { Tenant } from './tenant.ts'

export async function addBacklog({ database, clock }: World, tenant: Tenant, count: number): Promise<void> {
  const { db } = database
  const { company, connectionId } = tenant
  const now = clock.now().toISOString()
  await sql`
    INSERT INTO records (company_id, connection_id, type, id, origin, body, content_hash, name, sync_state, created_at, updated_at)
    SELECT ${company}, ${connectionId}::uuid, 'customer', 'big-' || n, 'product', jsonb_build_object('name', 'Big ' || n), 'big-' || n,
      'Big ' || n, 'pending', ${now}::timestamptz, ${now}::timestamptz
    FROM generate_series(1, ${count}::int4) n`.execute(db)
  await sql`
    INSERT INTO sync_queue_items (id, company_id, connection_id, record_type, record_id, record_name, action, status, created_at, updated_at)
    SELECT gen_random_uuid(), ${company}, ${connectionId}::uuid, 'customer', 'big-' || n, 'Big ' || n, 'create', 'pending',
      ${now}::timestamptz, ${now}::timestamptz
    FROM generate_series(1, ${count}::int4) n`.execute(db)
}
