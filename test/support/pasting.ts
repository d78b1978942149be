// A terminal in which a person pastes the blocks of a document, and the demo that the blocks talk to.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { freePort } from './free-port.ts'

export interface Demo {
  readonly url: string
  readonly key: string
}

/** `npm run demo` as its own process; resolves when it says what to paste next. */
export async function startDemo(t: Test): Promise<Demo> {
  const ports = { PORT: String(await freePort()), SIMULATOR_PORT: String(await freePort()) }
  const demo = spawn(process.execPath, ['src/cli.ts', 'demo'], { env: { ...process.env, ...ports } })
  t.teardown(() => demo.kill())
  let output = ''
  return new Promise<Demo>((done, failed) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString()
      const [, url, key] = /export URL=(\S+) KEY=(\S+) /.exec(output) ?? []
      if (url && key) done({ url, key })
    }
    demo.stdout.on('data', read)
    demo.stderr.on('data', read)
    demo.once('exit', (code) => failed(new Error(`the demo ended with ${code}:\n${output}`)))
  })
}

export interface Pasted {
  readonly code: number
  readonly output: string
  /** HTTP statuses of the answers to every curl. */
  readonly statuses: readonly string[]
  /** The standard error so far. */
  readonly complaints: string
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

function run(shell: ChildProcessWithoutNullStreams, block: string): Promise<{ code: number; output: string }> {
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

/** One bash for all blocks, as in a terminal: what a block sets, the next one knows. */
export async function openTerminal(t: Test, { url, key }: Demo): Promise<(block: string) => Promise<Pasted>> {
  const scratch = mkdtempSync(join(tmpdir(), 'accounting-sync-readme-'))
  const statuses = join(scratch, 'statuses')
  const shell = spawn('bash', ['--noprofile', '--norc'], {
    env: { PATH: process.env.PATH, HOME: scratch, URL: url, KEY: key },
  })
  t.teardown(() => {
    shell.kill()
    rmSync(scratch, { recursive: true, force: true })
  })
  let complaints = ''
  shell.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString()
  })
  await run(shell, recordStatuses(join(scratch, 'headers'), statuses))
  return async (block) => {
    await run(shell, `: > '${statuses}'`)
    const pasted = await run(shell, block)
    return { ...pasted, statuses: readFileSync(statuses, 'utf8').split('\n').filter(Boolean), complaints }
  }
}
