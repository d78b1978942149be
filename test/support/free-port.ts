// A port that nobody listens on at this moment. It is none of those that the system gives to outgoing connections: one of
// them could take it before it is used.
import { createServer } from 'node:net'

const [first, last] = [15_000, 31_999]

const isFree = (port: number): Promise<boolean> =>
  new Promise((found) => {
    const server = createServer()
    server.once('error', () => found(false))
    server.listen(port, '127.0.0.1', () => server.close(() => found(true)))
  })

export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + Math.floor(Math.random() * (last - first + 1))
    if (await isFree(port)) return port
  }
}
