// The accounts that active items name, in order: each is told by one look, however many items name it. The type stands in the expression
// alone, so that no plan without statistics takes the index of all records of a type.
import { type Kysely, sql } from 'kysely'

const indexes = { incomeAccount: 'records_by_income_account', expenseAccount: 'records_by_expense_account' }

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [field, name] of Object.entries(indexes)) {
    const account = sql.raw(
      `(CASE WHEN type = 'item' AND deleted_at IS NULL AND body->>'active' IS DISTINCT FROM 'false' THEN body->>'${field}' END)`,
    )
    await sql`CREATE INDEX ${sql.raw(name)} ON records (connection_id, ${account}, id) WHERE ${account} IS NOT NULL`.execute(
      db,
    )
  }
}
