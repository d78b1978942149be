// An engine in a thread of its own: a statement that takes long stops no request.
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { DatabaseGone } from '../../lib/database-trouble.ts'
import type { Engine, EngineSource } from './engine.ts'

export type Call =
  | { readonly kind: 'answer'; readonly message: Uint8Array; readonly syncToFs: boolean }
  | { readonly kind: 'dump' }
  | { readonly kind: 'close' }

/** Errors lose their codes between threads. */
export interface Failure {
  readonly message: string
  readonly code: string | null
}

/** The first one, without an id, tells that the engine is open, or why it is not. */
export type Reply =
  | { readonly id: number | null; readonly value: unknown }
  | { readonly id: number | null; readonly failure: Failure }

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

const errorOf = ({ message, code }: Failure): Error => Object.assign(new Error(message), code === null ? {} : { code })

/** Opens the engine in a new thread. Calls that wait for it when it ends fail with DatabaseGone. */
export async function openThread(source: EngineSource): Promise<Engine> {
  // The module beside this one, built or not.
  const module = new URL(`./thread-main${extname(import.meta.url)}`, import.meta.url)
  const worker = new Worker(module, { workerData: source })
  const waiting = new Map<number | null, Waiting>()
  let calls = 0
  let end: Error | null = null

  const waitFor = (id: number | null) =>
    new Promise<unknown>((resolve, reject) => {
      // The thread holds the process only while somebody waits for it.
      if (waiting.size === 0) worker.ref()
      waiting.set(id, { resolve, reject })
    })

  function settle(id: number | null, how: (one: Waiting) => void): void {
    const one = waiting.get(id)
    waiting.delete(id)
    if (waiting.size === 0) worker.unref()
    if (one) how(one)
  }

  function fail(error: Error): void {
    end ??= error
    for (const id of [...waiting.keys()]) settle(id, ({ reject }) => reject(new DatabaseGone(error)))
  }

  worker.on('message', (reply: Reply) =>
    settle(reply.id, ({ resolve, reject }) =>
      'failure' in reply ? reject(errorOf(reply.failure)) : resolve(reply.value),
    ),
  )
  worker.on('error', fail)
  worker.on('exit', (code) => fail(new Error(`The thread of the embedded database ended with code ${code}.`)))

  function call(one: Call, transfer: ArrayBuffer[] = []): Promise<unknown> {
    if (end) return Promise.reject(new DatabaseGone(end))
    const id = calls++
    const answer = waitFor(id)
    worker.postMessage({ id, ...one }, transfer)
    return answer
  }

  await waitFor(null)
  return {
    async answer(message, { syncToFs }) {
      // The message stands in a space that is used again; the copy goes over to the thread.
      const copy = new Uint8Array(message)
      const bytes = (await call({ kind: 'answer', message: copy, syncToFs }, [copy.buffer])) as Uint8Array
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    },
    dump: async () => (await call({ kind: 'dump' })) as Blob,
    async close() {
      if (end) return
      await call({ kind: 'close' })
      end = new Error('The embedded database was closed.')
      await worker.terminate()
    },
  }
}
