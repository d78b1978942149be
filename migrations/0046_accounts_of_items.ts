// The accounts that active items name are told from one look each, however many items there are.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const field of ['incomeAccount', 'expenseAccount']) {
    const name = sql.raw(field === 'incomeAccount' ? 'records_by_income_account' : 'records_by_expense_account')
    await sql`CREATE INDEX ${name} ON records (connection_id, (body->>'${sql.raw(field)}'), id)
      WHERE type = 'item' AND deleted_at IS NULL AND body->>'${sql.raw(field)}' IS NOT NULL
        AND body->>'active' IS DISTINCT FROM 'false'`.execute(db)
  }
}
