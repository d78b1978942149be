// The other side of thread.ts: it runs in the thread, opens the engine there and answers call by call.
import { parentPort, workerData } from 'node:worker_threads'
import { type Engine, openEngine } from './engine.ts'
import type { Call, Failure, Reply } from './thread.ts'

const port = parentPort
if (!port) throw new Error('this module runs in a thread of thread.ts only')

const failureOf = (error: unknown): Failure => ({
  message: error instanceof Error ? error.message : String(error),
  code: error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null,
})

async function answerTo(engine: Engine, call: Call): Promise<{ value: unknown; transfer: ArrayBuffer[] }> {
  if (call.kind === 'dump') return { value: await engine.dump(), transfer: [] }
  if (call.kind === 'close') return { value: await engine.close(), transfer: [] }
  // Bytes of a pooled buffer cannot be given away.
  const bytes = new Uint8Array(await engine.answer(call.message, call))
  return { value: bytes, transfer: [bytes.buffer] }
}

const tell = (reply: Reply, transfer: ArrayBuffer[] = []) => port.postMessage(reply, transfer)

try {
  const engine = await openEngine(workerData)
  let last = Promise.resolve()
  port.on('message', ({ id, ...call }: { id: number } & Call) => {
    // One after the other, as the calls came.
    last = last
      .then(() => answerTo(engine, call))
      .then(
        ({ value, transfer }) => tell({ id, value }, transfer),
        (error) => tell({ id, failure: failureOf(error) }),
      )
  })
  tell({ id: null, value: null })
} catch (error) {
  tell({ id: null, failure: failureOf(error) })
}
