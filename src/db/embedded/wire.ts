// The wire protocol of PostgreSQL as far as the embedded database needs it: a prepared statement executed with values as
// text, and what comes back. The package's own reader serves every kind of message, and takes longer than many a statement.
import { protocol } from '@electric-sql/pglite'

export interface Column {
  readonly name: string
  readonly parse: (text: string) => unknown
}

export interface Answer {
  readonly rows: Record<string, unknown>[]
  readonly affected: number
  /** The server's word for what it did: "UPDATE 3", or "ROLLBACK" for the COMMIT of a transaction that had failed. */
  readonly tag: string
}

const kind = { dataRow: 0x44, commandComplete: 0x43, error: 0x45 }

let space = Buffer.alloc(1 << 16)
let end = 0

function reserve(bytes: number): void {
  if (end + bytes <= space.length) return
  const larger = Buffer.alloc(2 * (end + bytes))
  space.copy(larger, 0, 0, end)
  space = larger
}

/** Bind, execute and sync in one message. It stands in a space that the next call uses again. */
export function execution(statement: string, values: readonly (string | null)[]): Uint8Array {
  end = 0
  reserve(64 + statement.length)
  end = space.writeUInt8(0x42, end)
  const begin = end
  end += 4
  end = space.writeUInt8(0, end)
  end += space.write(statement, end, 'latin1')
  end = space.writeUInt8(0, end)
  end = space.writeUInt16BE(0, end)
  end = space.writeUInt16BE(values.length, end)
  for (const value of values) {
    if (value === null) {
      reserve(4)
      end = space.writeInt32BE(-1, end)
      continue
    }
    reserve(4 + 3 * value.length)
    const bytes = space.write(value, end + 4)
    space.writeInt32BE(bytes, end)
    end += 4 + bytes
  }
  reserve(24)
  end = space.writeUInt16BE(0, end)
  space.writeInt32BE(end - begin, begin)
  end += space.write('E\0\0\0\u0009\0\0\0\0\0S\0\0\0\u0004', end, 'latin1')
  return space.subarray(0, end)
}

/** "INSERT 0 2", "UPDATE 3"; of what changes nothing, none. */
function affectedBy(tag: string): number {
  const words = tag.split(' ')
  if (words[0] === 'INSERT') return Number(words[2])
  return words[0] === 'UPDATE' || words[0] === 'DELETE' ? Number(words[1]) : 0
}

function rowAt(answer: Buffer, start: number, columns: readonly Column[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  let at = start + 2
  for (const { name, parse } of columns) {
    const length = answer.readInt32BE(at)
    at += 4
    if (length < 0) {
      row[name] = null
      continue
    }
    row[name] = parse(answer.toString('utf8', at, at + length))
    at += length
  }
  return row
}

type Message = Parameters<Parameters<InstanceType<typeof protocol.Parser>['parse']>[1]>[0]

/** The messages of an answer; throws the package's own error, with SQLSTATE and severity. */
export function messagesOf(answer: Buffer): Message[] {
  const messages: Message[] = []
  new protocol.Parser().parse(answer, (message) => void messages.push(message))
  const error = messages.find(({ name }) => name === 'error')
  if (error) throw error
  return messages
}

function fail(answer: Buffer): never {
  messagesOf(answer)
  throw new Error('the database answers with an error that cannot be read')
}

/** Rows, each by the columns of its statement; throws what the database refuses. */
export function readAnswer(answer: Buffer, columns: readonly Column[]): Answer {
  const rows: Record<string, unknown>[] = []
  let tag = ''
  for (let at = 0; at < answer.length; ) {
    const code = answer[at]
    const length = answer.readInt32BE(at + 1)
    if (code === kind.dataRow) rows.push(rowAt(answer, at + 5, columns))
    else if (code === kind.commandComplete) tag = answer.toString('latin1', at + 5, at + length)
    else if (code === kind.error) fail(answer)
    at += 1 + length
  }
  return { rows, affected: affectedBy(tag), tag }
}
