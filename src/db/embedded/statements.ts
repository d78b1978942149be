// Statements of the embedded database, each parsed and described once and kept: the package's own way tells and plans a
// statement anew with every execution, which costs several times what the execution does.
import { parse, protocol, types } from '@electric-sql/pglite'
import { parsers } from '../value-types.ts'
import type { Engine } from './engine.ts'
import { type Answer, type Column, execution, messagesOf, readAnswer } from './wire.ts'

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

type Serializer = (value: unknown) => string

/** Arrays by their type (OID): its elements as text, in the form that PostgreSQL reads. */
const arraysOf: Readonly<Record<number, number>> = {
  1000: types.BOOL,
  1007: types.INT4,
  1009: types.TEXT,
  1016: types.INT8,
  1015: types.VARCHAR,
  1182: types.DATE,
  1185: types.TIMESTAMPTZ,
  1231: types.NUMERIC,
  2951: types.UUID,
  3807: types.JSONB,
}

const serializers = types.serializers as Readonly<Record<number, Serializer>>

function textOf(value: unknown, type: number): string {
  const element = arraysOf[type]
  if (element !== undefined) return types.arraySerializer(value, serializers[element], type)
  const serializer = serializers[type]
  return serializer ? serializer(value) : String(value)
}

type Parse = (text: string, type: number) => unknown

function parserOf(type: number): Parse {
  const element = arraysOf[type]
  const ofElement = element === undefined ? undefined : types.parsers[element]
  if (ofElement && !parsers[type]) return (text) => types.arrayParser(text, ofElement, type)
  return parsers[type] ?? types.parsers[type] ?? ((text) => text)
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
export function createStatements(engine: Engine, { syncToFs }: { syncToFs: boolean }): Statements {
  /** The one used longest ago comes first. */
  const kept = new Map<string, Prepared>()

  async function prepare(text: string): Promise<Prepared> {
    const name = `s${named++}`
    const message = joined([serialize.parse({ name, text }), serialize.describe({ type: 'S', name }), serialize.sync()])
    const messages = messagesOf(await engine.answer(message, { syncToFs: false }))
    const shape = messages.find((one) => one.name === 'rowDescription') as { fields: readonly Field[] } | undefined
    const columns = (shape?.fields ?? []).map(({ name: column, dataTypeID: type }) => {
      const parse = parserOf(type)
      return { name: column, parse: (text: string) => parse(text, type) }
    })
    return { name, types: parse.parseDescribeStatementResults(messages), columns }
  }

  async function forget(text: string): Promise<void> {
    const name = kept.get(text)?.name
    if (name === undefined) return
    kept.delete(text)
    await engine.answer(joined([serialize.close({ type: 'S', name }), serialize.sync()]), { syncToFs: false })
  }

  async function prepared(text: string): Promise<Prepared> {
    const known = kept.get(text)
    if (known) kept.delete(text)
    else if (kept.size >= keptAtMost) await forget(kept.keys().next().value as string)
    const statement = known ?? (await prepare(text))
    kept.set(text, statement)
    return statement
  }

  const bind = (values: readonly unknown[], ofTypes: readonly number[]) =>
    values.map((value, index) => (value === null || value === undefined ? null : textOf(value, ofTypes[index] ?? 0)))

  return {
    async execute(text, values) {
      const { name, types: ofTypes, columns } = await prepared(text)
      const answer = await engine.answer(execution(name, bind(values, ofTypes)), { syncToFs })
      try {
        return readAnswer(answer, columns)
      } catch (error) {
        // A table changed meanwhile refuses a statement described before; the next try describes it anew.
        await forget(text)
        throw error
      }
    },
  }
}
