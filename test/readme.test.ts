// The first calls of README.md are run as a person runs them: pasted block by block into a real bash, with real curl,
// against a listening house on the simulator. Each curl must answer the status that the comment above it says.
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { shellBlocks } from './support/documents.ts'
import { freePort } from './support/free-port.ts'
import { bootstrapKey, openWorld } from './support/house.ts'

const isThere = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Lets every curl leave the status line of its last answer in a file, whatever options it was given. */
const recordStatuses = (headers: string, statuses: string): string => `
set -o pipefail
curl() {
  command curl --dump-header '${headers}' "$@"
  local code=$?
  grep '^HTTP/' '${headers}' | tail -1 | cut -d ' ' -f 2 >> '${statuses}'
  return $code
}
`

interface Pasted {
  readonly code: number
  readonly output: string
}

/** One bash for all blocks, as in a terminal: what a block sets, the next one knows. */
function paste(shell: ChildProcessWithoutNullStreams, block: string): Promise<Pasted> {
  return new Promise((done, failed) => {
    let output = ''
    const read = (chunk: Buffer): void => {
      output += chunk.toString()
      const end = /\n<<end (\d+)>>\n/.exec(output)
      if (!end) return
      shell.stdout.off('data', read)
      shell.off('exit', died)
      done({ code: Number(end[1]), output: output.slice(0, end.index) })
    }
    const died = () => failed(new Error(`bash ended:\n${output}`))
    shell.stdout.on('data', read)
    shell.once('exit', died)
    shell.stdin.write(`${block}\nprintf '\\n<<end %s>>\\n' "$?"\n`)
  })
}

const skip = isThere('bash') && isThere('curl') ? false : 'bash or curl is not installed'

t.test(
  'given the demo, when the README is pasted block by block, then every call answers as it says',
  { skip },
  async (t) => {
    const port = await freePort()
    const url = `http://localhost:${port}`
    const world = await openWorld(t, { environment: { PUBLIC_URL: url, RETURN_URLS: '' } })
    await world.house.app.listen({ port, host: '127.0.0.1' })
    const scratch = mkdtempSync(join(tmpdir(), 'accounting-sync-readme-'))
    const statuses = join(scratch, 'statuses')
    const shell = spawn('bash', ['--noprofile', '--norc'], {
      env: { PATH: process.env.PATH, HOME: scratch, URL: url, KEY: bootstrapKey },
    })
    let complaints = ''
    shell.stderr.on('data', (chunk: Buffer) => {
      complaints += chunk.toString()
    })
    t.teardown(() => {
      shell.kill()
      rmSync(scratch, { recursive: true, force: true })
    })
    await paste(shell, recordStatuses(join(scratch, 'headers'), statuses))

    const blocks = shellBlocks(readFileSync('README.md', 'utf8'))
    t.ok(blocks.length >= 8, 'the README has its blocks')
    const outputs: string[] = []
    for (const block of blocks) {
      await paste(shell, `: > '${statuses}'`)
      const { code, output } = await paste(shell, block)
      const expected = [...block.matchAll(/^# (\d{3})$/gm)].map(([, status]) => status)
      const name = /^(?!#).+$/m.exec(block)?.[0].slice(0, 60) ?? ''
      t.equal(code, 0, `${name} ends well`, { block, output, complaints })
      const answered = readFileSync(statuses, 'utf8').split('\n').filter(Boolean)
      t.same(answered, expected, `${name} answers as it says`, { block, output, complaints })
      outputs.push(output)
      // What the demo's own worker does meanwhile.
      await world.work()
    }

    const last = outputs.at(-1) ?? ''
    t.match(last, '"record_missing"', 'the faulty invoice is named with its error')
    t.match(last, /"state":"synced".*SHIP-1001|SHIP-1001.*"state":"synced"/s, 'the good invoice was sent')
    t.match(outputs.at(-2), 'completed_with_errors')
    const [sent] = world.simulator.control.read('Kiwi Komponents Ltd', 'Invoices')
    t.equal(sent?.InvoiceNumber, 'SHIP-1001')
  },
)
