// The service as a process of its own, as it runs in production: on its database and against a simulated Xero, with its
// log captured. Tests end it, pause it and ask it over HTTP; they never look inside.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Simulator } from '../../src/simulator/index.ts'
import { freePort } from './free-port.ts'

export const serviceApiKey = 'bootstrap-key-of-the-processes-0123'
export const serviceEncryptionKeys = `p1:${Buffer.alloc(32, 9).toString('base64')}`

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface ServiceProcess {
  readonly pid: number
  readonly url: string
  /** Every line that it wrote, to stdout or stderr. */
  readonly log: readonly string[]
  /** Null while it runs. */
  readonly ended: Ended | null
  /** Resolves when it has ended, however. */
  readonly end: Promise<Ended>
  /** SIGTERM asks it to stop, SIGKILL ends it, SIGSTOP and SIGCONT pause it. */
  signal(signal: NodeJS.Signals): void
  /** Resolves when it has written a line that contains the text; rejects when it ended before. */
  wrote(text: string): Promise<void>
}

export interface ServiceOptions {
  /** Null: the embedded database, in the DATA_DIR of `environment`. */
  readonly databaseUrl: string | null
  readonly simulator: Pick<Simulator, 'clientId' | 'clientSecret' | 'loginUrl' | 'identityUrl' | 'apiUrl'>
  /** 0 or absent: any free port. */
  readonly port?: number
  /** The file that is run instead of the service's own. */
  readonly entry?: string
  /** Beside, or instead of, what is set here. */
  readonly environment?: Readonly<Record<string, string>>
}

const running = new Set<ChildProcess>()
// A test that ends early leaves no process behind, a paused one neither.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts the process; it may not be ready yet. */
export async function spawnService(options: ServiceOptions): Promise<ServiceProcess> {
  const { databaseUrl, simulator, entry = 'src/main.ts', environment = {} } = options
  const port = options.port || (await freePort())
  const url = `http://127.0.0.1:${port}`
  // Nothing is inherited but what finds programs: the environment of the test run would change the service.
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry], {
    cwd: new URL('../..', import.meta.url),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: `http://localhost:${port}`,
      ...(databaseUrl !== null && { DATABASE_URL: databaseUrl }),
      ENCRYPTION_KEYS: serviceEncryptionKeys,
      API_KEY: serviceApiKey,
      DRAIN_MS: '0',
      RETURN_URLS: 'http://localhost:4100/connected',
      XERO_CLIENT_ID: simulator.clientId,
      XERO_CLIENT_SECRET: simulator.clientSecret,
      XERO_LOGIN_URL: simulator.loginUrl,
      XERO_IDENTITY_URL: simulator.identityUrl,
      XERO_API_URL: simulator.apiUrl,
      ...environment,
    },
  })
  running.add(child)
  const log: string[] = []
  const waiting = new Set<{ text: string; found: () => void; failed: (error: Error) => void }>()
  let ended: Ended | null = null
  const end = new Promise<Ended>((done) => {
    child.once('close', (code, signal) => {
      running.delete(child)
      ended = { code, signal }
      for (const { text, failed } of waiting) {
        failed(new Error(`the service ended (${signal ?? code}) before it wrote "${text}":\n${log.join('\n')}`))
      }
      done(ended)
    })
  })
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      log.push(line)
      for (const one of waiting) if (line.includes(one.text)) one.found()
    })
  }
  await new Promise<void>((started, failed) => child.once('spawn', started).once('error', failed))
  return {
    pid: child.pid ?? 0,
    url,
    log,
    end,
    get ended() {
      return ended
    },
    signal: (signal) => void child.kill(signal),
    wrote(text) {
      if (log.some((line) => line.includes(text))) return Promise.resolve()
      if (ended) return Promise.reject(new Error(`the service ended without writing "${text}":\n${log.join('\n')}`))
      return new Promise<void>((found, failed) => {
        const one = { text, failed, found: () => waiting.delete(one) && found() }
        waiting.add(one)
      })
    },
  }
}

/** Starts the process and waits until it serves. */
export async function startService(options: ServiceOptions): Promise<ServiceProcess> {
  const service = await spawnService(options)
  await service.wrote('"msg":"ready"')
  return service
}

/** Asks the process to stop, as an orchestrator does, and waits until it has. */
export async function stopService(service: ServiceProcess): Promise<Ended> {
  service.signal('SIGTERM')
  return service.end
}
