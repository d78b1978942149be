// Trouble of the database that is no fault of a request: it is away, full or busy. Told by SQLSTATE and by type, never by
// text, which differs with the language of the server.

/** The connection to the database failed; the cause is the driver's error, which often has no code. */
export class DatabaseGone extends Error {
  constructor(cause: unknown) {
    super('The connection to the database failed.', { cause })
    this.name = 'DatabaseGone'
  }
}

export interface DatabaseTrouble {
  readonly kind: 'unreachable' | 'full' | 'busy'
  /** SQLSTATE, or the code of the operating system; null where there is none. */
  readonly code: string | null
}

/** SQLSTATE, or the first two characters of one, which are its class. */
const states: Readonly<Record<string, DatabaseTrouble['kind']>> = {
  '08': 'unreachable',
  '25006': 'unreachable', // a standby, which only reads
  '28': 'unreachable', // the password was changed
  '3D': 'unreachable',
  '40': 'busy',
  '53': 'full',
  '53300': 'unreachable', // too many connections
  '55P03': 'busy',
  '57014': 'busy', // a statement took too long
  '57P01': 'unreachable',
  '57P02': 'unreachable',
  '57P03': 'unreachable',
  '57P05': 'unreachable',
  '58': 'full',
}

const codeOf = (error: object): string | null => ('code' in error && typeof error.code === 'string' ? error.code : null)

/** Null: it is none, but a defect, or an answer about the data. */
export function databaseTrouble(error: unknown): DatabaseTrouble | null {
  for (let depth = 0, one = error; one instanceof Error && depth < 5; one = one.cause, depth++) {
    const code = codeOf(one)
    if (one instanceof DatabaseGone) {
      const cause = one.cause instanceof Error ? one.cause : one
      return databaseTrouble(cause) ?? { kind: 'unreachable', code: codeOf(cause) }
    }
    if (code === 'ENOSPC' || code === 'EDQUOT') return { kind: 'full', code }
    // Only errors of a database have a severity: "EPIPE" has the form of a SQLSTATE, too.
    if (code === null || !('severity' in one)) continue
    const kind = states[code] ?? states[code.slice(0, 2)]
    if (kind) return { kind, code }
  }
  return null
}

const told: Readonly<Record<DatabaseTrouble['kind'], string>> = {
  unreachable: 'The database does not answer, or lets this service not in',
  full: 'The database stores nothing: its disk or memory is used up',
  busy: 'The database is busy',
}

/** One sentence, with the code for whoever runs the database. */
export const describeTrouble = ({ kind, code }: DatabaseTrouble): string =>
  `${told[kind]}${code === null ? '' : ` (${code})`}.`
