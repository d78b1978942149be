// Stands between one replica and PostgreSQL and reads along, so that a schedule can strike before a statement reaches the
// server or before its answer comes back, cut every connection, or let the network go silent.
import { connect, createServer, type Socket } from 'node:net'
import { type Reader, statementReader } from './statements.ts'

export type Stage = 'before' | 'after'
/** Resolves when the bytes may go on; to false when the connection is lost instead. */
export type Strike = (stage: Stage, statement: string) => Promise<boolean>

export interface DatabaseProxy {
  readonly port: number
  /** Every connection breaks. */
  cut(): void
  /** Nothing passes for so many real milliseconds, and then every connection breaks. */
  silence(milliseconds: number): void
  close(): void
}

interface Session {
  readonly reader: Reader
  /** The statement whose answer is awaited. */
  awaited: string | null
  silentUntil: Promise<void> | null
  end(): void
}

/** Cuts a stream into messages of PostgreSQL's protocol: a letter (but for a client's first one), a length, the rest. */
function messages(hasLetterAtFirst: boolean): (chunk: Buffer) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0)
  let letter = hasLetterAtFirst ? 1 : 0
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    const found: Buffer[] = []
    while (rest.length >= letter + 4) {
      const size = letter + rest.readUInt32BE(letter)
      if (rest.length < size) break
      found.push(rest.subarray(0, size))
      rest = rest.subarray(size)
      letter = 1
    }
    return found
  }
}

/** The text of a Query or Parse message. */
function statementOf(message: Buffer): string | null {
  const letter = String.fromCharCode(message[0] ?? 0)
  if (letter === 'Q') return message.toString('utf8', 5, message.length - 1)
  if (letter !== 'P') return null
  const from = message.indexOf(0, 5) + 1
  return message.toString('utf8', from, message.indexOf(0, from))
}

const isReadyForQuery = (message: Buffer): boolean => message[0] === 0x5a

async function upward(client: Socket, server: Socket, session: Session, strike: Strike): Promise<void> {
  const cut = messages(false)
  let isFirst = true
  for await (const chunk of client) {
    if (session.silentUntil) await session.silentUntil
    const through: Buffer[] = []
    for (const message of cut(chunk as Buffer)) {
      const text = isFirst ? null : statementOf(message)
      isFirst = false
      const statement = text === null ? null : session.reader.read(text)
      if (statement !== null) {
        server.write(Buffer.concat(through.splice(0)))
        if (!(await strike('before', statement))) return session.end()
        session.awaited = statement
      }
      through.push(message)
    }
    server.write(Buffer.concat(through))
  }
}

async function downward(client: Socket, server: Socket, session: Session, strike: Strike): Promise<void> {
  const cut = messages(true)
  for await (const chunk of server) {
    if (session.silentUntil) await session.silentUntil
    const through: Buffer[] = []
    for (const message of cut(chunk as Buffer)) {
      through.push(message)
      if (session.awaited === null || !isReadyForQuery(message)) continue
      const statement = session.awaited
      session.awaited = null
      if (!(await strike('after', statement))) return session.end()
    }
    client.write(Buffer.concat(through))
  }
}

export async function databaseProxy(target: { host: string; port: number }, strike: Strike): Promise<DatabaseProxy> {
  const sessions = new Set<Session>()
  const listener = createServer((client) => {
    const server = connect(target)
    const session: Session = {
      reader: statementReader(),
      awaited: null,
      silentUntil: null,
      end() {
        sessions.delete(session)
        client.destroy()
        server.destroy()
      },
    }
    sessions.add(session)
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      socket.on('close', session.end).on('error', session.end)
    }
    // A stream that is destroyed while it is read rejects: that is how each of them ends.
    upward(client, server, session, strike).catch(session.end)
    downward(client, server, session, strike).catch(session.end)
  })
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening))
  const address = listener.address()
  const cut = () => {
    for (const session of [...sessions]) session.end()
  }
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut,
    silence(milliseconds) {
      const silent = [...sessions]
      const over = new Promise<void>((done) => setTimeout(done, milliseconds))
      for (const session of silent) session.silentUntil = over
      void over.then(() => {
        for (const session of silent) session.end()
      })
    },
    close() {
      listener.close()
      cut()
    },
  }
}
