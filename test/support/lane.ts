// A process of those that share the suite: asks the runner for a file, runs its tests, and asks again until none is left.
//   node lane.ts <mark of titles> <milliseconds for a file>
import { once } from 'node:events'
import { inTurn } from './in-turn.ts'

const [mark = '', limit = ''] = process.argv.slice(2)

async function next(): Promise<string | null> {
  // Tap lets the process end while the channel is open; not while an answer is on its way.
  process.channel?.ref()
  process.send?.({ wants: 'file' })
  const [{ file }] = (await once(process, 'message')) as [{ file: string | null }]
  process.channel?.unref()
  return file
}

await inTurn({ next, mark, limit: Number(limit) })
