// The journal: every request that reached the socket, in order, so that a test can say what was sent and what became of it.
// Tokens, codes and secrets never enter it.

export interface JournalEntry {
  seq: number
  /** ISO instant of the injected clock. */
  at: string
  area: 'identity' | 'connections' | 'api'
  method: string
  path: string
  query: Record<string, string>
  headers: { tenantId?: string; idempotencyKey?: string; ifModifiedSince?: string }
  body?: unknown
  /** null: the socket was destroyed before an answer was sent. */
  status: number | null
  /** What the client saw is not always what happened: these are the objects that were really saved. */
  committed: { type: string; id: string; number?: string }[]
  /** The answer came from the idempotency cache. */
  replayed: boolean
  fault?: string
  /** First message of a refusal. */
  refusal?: string
  /** Query parameters and members of the body that Xero does not know (it would ignore them silently). */
  unknown: string[]
}

export interface Journal {
  entries: JournalEntry[]
  next: number
}

/** A demo may run for weeks: only the newest are kept. */
const kept = 20_000

export const createJournal = (): Journal => ({ entries: [], next: 1 })

export function record(journal: Journal, entry: Omit<JournalEntry, 'seq'>): JournalEntry {
  const written = { seq: journal.next++, ...entry }
  journal.entries.push(written)
  if (journal.entries.length > kept) journal.entries.splice(0, journal.entries.length - kept)
  return written
}

export interface JournalFilter {
  area?: JournalEntry['area']
  method?: string
  /** Text that the path contains. */
  path?: string
  tenantId?: string
  /** Only entries after this sequence number. */
  after?: number
}

export const readJournal = (journal: Journal, filter: JournalFilter = {}): JournalEntry[] =>
  journal.entries.filter(
    (entry) =>
      (filter.area === undefined || entry.area === filter.area) &&
      (filter.method === undefined || entry.method === filter.method.toUpperCase()) &&
      (filter.path === undefined || entry.path.includes(filter.path)) &&
      (filter.tenantId === undefined || entry.headers.tenantId === filter.tenantId) &&
      (filter.after === undefined || entry.seq > filter.after),
  )
