// The log: one JSON object a line. Three nets against secrets, since redaction by path does not look inside strings: the
// serializers name what may be logged, the paths below blank known places, and the last line is scrubbed as text.
import { type DestinationStream, destination as fileDescriptor, type Logger, pino } from 'pino'
import { scrub } from './scrub.ts'

export interface LoggerOptions {
  /** fatal · error · warn · info · debug · trace · silent */
  readonly level: string
  /** Where the lines go; stdout when absent. */
  readonly destination?: DestinationStream
}

const secretNames = [
  'authorization',
  'cookie',
  'accessToken',
  'access_token',
  'refreshToken',
  'refresh_token',
  'idToken',
  'id_token',
  'clientSecret',
  'client_secret',
  'secret',
  'password',
  'code',
  'state',
  'completionCode',
  'sessionToken',
]
const keepUnlessNested = new Set(['code', 'state'])
const redactPaths = secretNames.flatMap((name) =>
  keepUnlessNested.has(name) ? [`query.${name}`] : [name, `*.${name}`],
)

export type { Logger }

interface SerializedError {
  readonly name: string
  readonly code?: string
  readonly message: string
  readonly stack?: string
}

/** Name, code, message and stack. Requests, headers and bodies that clients hang on their errors stay out. */
export function serializeError(value: unknown): SerializedError {
  if (!(value instanceof Error)) return { name: 'NotAnError', message: typeof value }
  const code = 'code' in value && typeof value.code === 'string' ? value.code : undefined
  return { name: value.name, code, message: value.message, stack: value.stack }
}

/** A destination that scrubs every line before it is written. */
const scrubbed = (inner: DestinationStream): DestinationStream => ({ write: (line) => inner.write(scrub(line)) })

export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Whole requests and replies are never logged: the request log names what it writes.
      serializers: { err: serializeError, error: serializeError, req: () => undefined, res: () => undefined },
      redact: { paths: redactPaths, censor: '[redacted]' },
    },
    scrubbed(options.destination ?? fileDescriptor(1)),
  )
}
