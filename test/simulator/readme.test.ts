// The examples of the simulator's README, pasted into a shell: every control function has one, and each is answered.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import t from 'tap'
import { startSimulator } from '../../src/simulator/index.ts'

const readme = readFileSync('src/simulator/README.md', 'utf8')
const [, block = ''] = /```sh\n(CONTROL=[\s\S]*?)```/.exec(readme) ?? []

t.test('given a new simulator, when the examples of its README are pasted, then each is answered', async (t) => {
  const simulator = await startSimulator({ port: 0, host: '127.0.0.1' })
  t.teardown(() => simulator.close())
  const env = { ...process.env, CONTROL: `${simulator.url}/_control` }
  const ran = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', block], { env }).catch((failure) => failure)
  t.equal(ran.code ?? 0, 0, `${ran.stdout?.slice(-400)}${ran.stderr}`)
  const named = new Set([...block.matchAll(/^(?:says|asks) '?([a-zA-Z]+)/gm)].map(([, name]) => name))
  // `read` is asked as state/{organisation}/{list}, too.
  t.same([...named].filter((name) => name !== 'state').sort(), Object.keys(simulator.control).sort())
})
