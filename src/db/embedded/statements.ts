// Statements of the embedded database, each parsed and described once and kept: the package's own way tells and plans a
// statement anew with every execution, which costs several times what the execution does.
import { type PGlite, parse, protocol } from '@electric-sql/pglite'
import { type Answer, type Column, execution, readAnswer } from './wire.ts'

export interface Statements {
  /** Executes one statement. One after the other: the embedded database is one session. */
  execute(text: string, values: readonly unknown[]): Promise<Answer>
}

interface Prepared {
  readonly name: string
  /** Types of its parameters (OID). */
  readonly types: readonly number[]
  /** The columns of its rows, told once and not with every execution. */
  readonly columns: readonly Column[]
}

interface Field {
  readonly name: string
  readonly dataTypeID: number
}

/** Lists of values make new texts without end; each statement kept takes memory of the database. */
const keptAtMost = 500

const { serialize } = protocol

/** Names are told apart in the session, whoever prepares in it. */
let named = 0

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** `syncToFs`: whether the file system is told after each statement; pointless for a database in memory. */
export function createStatements(pglite: PGlite, { syncToFs }: { syncToFs: boolean }): Statements {
  /** The one used longest ago comes first. */
  const kept = new Map<string, Prepared>()

  async function prepare(text: string): Promise<Prepared> {
    const name = `s${named++}`
    const message = joined([serialize.parse({ name, text }), serialize.describe({ type: 'S', name }), serialize.sync()])
    const { messages } = await pglite.execProtocol(message, { syncToFs: false })
    const shape = messages.find((one) => one.name === 'rowDescription') as { fields: readonly Field[] } | undefined
    const columns = (shape?.fields ?? []).map(({ name: column, dataTypeID: type }) => {
      const parser = pglite.parsers[type]
      return { name: column, parse: (value: string) => (parser ? parser(value, type) : value) }
    })
    return { name, types: parse.parseDescribeStatementResults(messages), columns }
  }

  async function forget(text: string): Promise<void> {
    const name = kept.get(text)?.name
    if (name === undefined) return
    kept.delete(text)
    await pglite.execProtocol(joined([serialize.close({ type: 'S', name }), serialize.sync()]), { syncToFs: false })
  }

  async function prepared(text: string): Promise<Prepared> {
    const known = kept.get(text)
    if (known) kept.delete(text)
    else if (kept.size >= keptAtMost) await forget(kept.keys().next().value as string)
    const statement = known ?? (await prepare(text))
    kept.set(text, statement)
    return statement
  }

  const bind = (values: readonly unknown[], types: readonly number[]) =>
    values.map((value, index) => {
      if (value === null || value === undefined) return null
      const serializer = pglite.serializers[types[index] ?? 0]
      return serializer ? serializer(value) : String(value)
    })

  return {
    async execute(text, values) {
      const { name, types, columns } = await prepared(text)
      const parts: Buffer[] = []
      await pglite.execProtocolRawStream(execution(name, bind(values, types)), {
        syncToFs,
        // The bytes stand in the database's own memory, for this moment.
        onRawData: (data) => void parts.push(Buffer.from(data)),
      })
      try {
        return readAnswer(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts), columns)
      } catch (error) {
        // A table changed meanwhile refuses a statement described before; the next try describes it anew.
        await forget(text)
        throw error
      }
    },
  }
}
