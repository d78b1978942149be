// The embedded database as it answers messages of PostgreSQL's protocol, one after the other; in the thread that opens it.
import { PGlite } from '@electric-sql/pglite'

export interface Engine {
  /** The bytes that answer one message. `syncToFs`: whether the file system is told afterwards; pointless for a database in memory. */
  answer(message: Uint8Array, options: { readonly syncToFs: boolean }): Promise<Buffer>
  /** The whole database as a file. */
  dump(): Promise<Blob>
  close(): Promise<void>
}

/** The source of an engine: a directory; or, in memory, an earlier dump or nothing. */
export interface EngineSource {
  readonly directory?: string
  readonly dump?: Blob
}

export async function openEngine({ directory, dump }: EngineSource): Promise<Engine> {
  const pglite = new PGlite({
    ...(directory === undefined ? {} : { dataDir: directory }),
    ...(dump === undefined ? {} : { loadDataDir: dump }),
  })
  await pglite.waitReady
  return engineOf(pglite)
}

export const engineOf = (pglite: PGlite): Engine => ({
  async answer(message, { syncToFs }) {
    const parts: Buffer[] = []
    // The bytes stand in the database's own memory, for this moment.
    await pglite.execProtocolRawStream(message, { syncToFs, onRawData: (data) => void parts.push(Buffer.from(data)) })
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
  },
  dump: () => pglite.dumpDataDir('none'),
  close: async () => {
    if (!pglite.closed) await pglite.close()
  },
})
