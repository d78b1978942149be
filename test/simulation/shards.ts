// Shares a range of seeds among processes, a block at a time, so that none of them waits for another.
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import type { Block, BlockResult } from './shard.ts'

export const blockSize = 25

export function blocksOf(from: number, to: number): Block[] {
  const blocks: Block[] = []
  for (let first = from; first <= to; first += blockSize) {
    blocks.push({ from: first, to: Math.min(to, first + blockSize - 1) })
  }
  return blocks
}

/** Resolves when all blocks are done; rejects when a process ends before. */
export function runBlocks(
  blocks: readonly Block[],
  onResult: (result: BlockResult) => void,
  processes = availableParallelism(),
): Promise<void> {
  const left = [...blocks]
  const shard = new URL('./shard.ts', import.meta.url)
  return Promise.all(
    Array.from({ length: Math.min(processes, Math.max(1, blocks.length)) }, () => {
      const child = fork(shard, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
      return new Promise<void>((done, fail) => {
        child.on('message', (message: BlockResult | 'ready') => {
          if (message !== 'ready') onResult(message)
          const next = left.shift()
          if (next) child.send(next)
          else {
            done()
            child.disconnect()
          }
        })
        child.on('error', fail)
        child.on('exit', () => fail(new Error('a process of the simulation ended early')))
      })
    }),
  ).then(() => undefined)
}
