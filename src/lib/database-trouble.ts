// Trouble of the database that is no fault of a request: it is away, full or busy. Told by SQLSTATE and by type, never by
// text, which differs with the language of the server.

/** The connection to the database failed; the cause is the driver's error, which often has no code. */
export class DatabaseGone extends Error {
  constructor(cause: unknown) {
    super('The connection to the database failed.', { cause })
    this.name = 'DatabaseGone'
  }
}

type Kind = keyof typeof told

export interface DatabaseTrouble {
  readonly kind: Kind
  /** SQLSTATE, or the code of Node or the operating system; null where there is none. */
  readonly code: string | null
}

/** SQLSTATE, or the first two characters of one, which are its class. */
const states: Readonly<Record<string, Kind>> = {
  '08': 'unreachable',
  '25006': 'readOnly',
  '28': 'refused',
  '3D': 'missing',
  '40': 'busy',
  '53': 'full',
  '53300': 'crowded',
  '55P03': 'busy',
  '57014': 'busy', // a statement took too long
  '57P01': 'unreachable',
  '57P02': 'unreachable',
  '57P03': 'unreachable',
  '57P05': 'unreachable',
  '58': 'full',
}

/** Codes of Node for a certificate that is not accepted. */
const ofCertificates = /^(ERR_TLS_CERT|CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)_)/
/** The driver's own words, in English whatever the server speaks: it gives them no code. */
const offersNoTls = 'The server does not support SSL connections'

function onTheWay(cause: Error): DatabaseTrouble {
  const code = codeOf(cause)
  if (cause.message === offersNoTls) return { kind: 'withoutTls', code }
  return { kind: ofCertificates.test(code ?? '') ? 'untrusted' : 'unreachable', code }
}

const codeOf = (error: object): string | null => ('code' in error && typeof error.code === 'string' ? error.code : null)

/** Null: it is none, but a defect, or an answer about the data. */
export function databaseTrouble(error: unknown): DatabaseTrouble | null {
  for (let depth = 0, one = error; one instanceof Error && depth < 5; one = one.cause, depth++) {
    const code = codeOf(one)
    if (one instanceof DatabaseGone) {
      const cause = one.cause instanceof Error ? one.cause : one
      return databaseTrouble(cause) ?? onTheWay(cause)
    }
    if (code === 'ENOSPC' || code === 'EDQUOT') return { kind: 'full', code }
    // Only errors of a database have a severity: "EPIPE" has the form of a SQLSTATE, too.
    if (code === null || !('severity' in one)) continue
    const kind = states[code] ?? states[code.slice(0, 2)]
    if (kind) return { kind, code }
  }
  return null
}

/** Each trouble in words, and the remedy, for whoever runs the service. */
const told = {
  unreachable: ['The database does not answer', 'Start it, or correct DATABASE_URL, which leads there.'],
  refused: ['The database does not let this service in', 'Correct user and password in DATABASE_URL.'],
  missing: ['The database that DATABASE_URL names does not exist', 'Create it, or correct its name in DATABASE_URL.'],
  withoutTls: [
    'The server of the database offers no TLS',
    'Switch TLS on there, or leave sslmode out of DATABASE_URL where the network is your own.',
  ],
  untrusted: [
    'The certificate of the database is not accepted',
    "Name its authority's certificate with sslrootcert in DATABASE_URL, and the host that the certificate is for.",
  ],
  crowded: ['The database has no connection left', 'Raise its max_connections, or lower DATABASE_POOL_SIZE.'],
  readOnly: [
    'The database answers, but takes no writes: it is a standby, or set to read only',
    'Let DATABASE_URL lead to the primary, or switch default_transaction_read_only off.',
  ],
  full: ['The database stores nothing: its disk or memory is used up', 'Give it more.'],
  busy: ['The database is busy', 'Try again.'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>

/** Time ends these, or may: a caller is told to come back. */
const passing: readonly Kind[] = ['unreachable', 'crowded', 'full', 'busy']

/** One sentence, with the code for whoever runs the database. */
export const describeTrouble = ({ kind, code }: DatabaseTrouble): string =>
  `${told[kind][0]}${code === null ? '' : ` (${code})`}.`

/** The remedy, for whoever runs the service. */
export const endOfTrouble = ({ kind }: DatabaseTrouble): string => told[kind][1]

export const passesByItself = ({ kind }: DatabaseTrouble): boolean => passing.includes(kind)
