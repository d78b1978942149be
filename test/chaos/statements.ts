// Names for the statements of the service that matter, as they are seen on their way to PostgreSQL.

/** Statements of their own. */
const alone: readonly [string, RegExp][] = [
  ['token lease', /^update "token_sets" set "lease_owner" = \$\d+, "lease_until" = \$\d+, "epoch"/],
  ['token save', /^update "token_sets" set "sealed" = /],
  ['lease renewal', /^update "sync_jobs" set "lease_until" = /],
  ['job save', /^update "sync_jobs" set "status" = /],
  ['call taken', /^\s*UPDATE budgets SET\s+recent_calls/],
]

/** Statements that say what the COMMIT after them is; the first one of the list wins. */
const inside: readonly [string, RegExp][] = [
  ['settle', /^update "write_batches" set .*"settled_at" = /],
  ['uncertain', /^update "write_batches" set "state" = /],
  ['intent', /^insert into "write_batches"|^update "write_batches" set .*"sends" = /],
  ['page', /^\s*INSERT INTO remote_entities/],
  ['intake', /^insert into "sync_queue_items"|^\s*INSERT INTO sync_queue_items/],
]

export const statementPoints: readonly string[] = [...alone, ...inside].map(([name]) => name)

export interface Reader {
  /** The name of a statement, if it has one. */
  read(text: string): string | null
}

/** Follows one connection. */
export function statementReader(): Reader {
  let seen = new Set<string>()
  return {
    read(text) {
      if (/^\s*(begin|start transaction)/i.test(text)) seen = new Set()
      if (/^\s*commit/i.test(text)) return inside.find(([name]) => seen.has(name))?.[0] ?? null
      for (const [name, pattern] of inside) if (pattern.test(text)) seen.add(name)
      return alone.find(([, pattern]) => pattern.test(text))?.[0] ?? null
    },
  }
}
