// The process: configuration → house → listen → work, and a close in phases when it is asked to stop. The rooms are loaded
// only after the signals are heard: loading takes a second, and SIGTERM in that second must end it well, too.
import './preflight.cjs'
import { relative } from 'node:path'
import { format } from 'node:util'
import closeWithGrace from 'close-with-grace'
import type { House } from './house.ts'
import { commandLine } from './lib/command-line.ts'
import type { Logger } from './observability/logger.ts'

/** A call to Xero that is under way may take this long to end and be recorded. */
const closeWithinMs = 40_000
/** A start that is asked to stop may take this long to get where it can be closed; nothing was begun by then. */
const startEndsWithinMs = 5_000

const compiled = import.meta.filename.endsWith('.js')

commandLine({
  usage: `Usage: ${compiled ? `node ${relative('', import.meta.filename)}` : 'npm start'}
  Runs the service. It takes no arguments; README.md and .env.example list the environment variables that configure it.`,
  options: {},
})

const asked = { toStop: false }
let log: Logger | null = null
const starting = start().catch(refuse)

closeWithGrace({ delay: closeWithinMs, logger: undefined }, async ({ signal, err }) => {
  asked.toStop = true
  if (err) log?.fatal({ error: err }, 'the process ends after an error')
  else log?.info({ signal }, 'stopping')
  const house = await Promise.race([
    starting,
    new Promise<null>((done) => setTimeout(done, startEndsWithinMs, null).unref()),
  ])
  await house?.close()
})

async function start(): Promise<House | null> {
  // Dates from Xero are read as UTC; a local time zone would shift them (xero.md, The SDK).
  process.env.TZ = 'UTC'
  const { createLogger } = await import('./observability/logger.ts')
  log = createLogger({ level: process.env.LOG_LEVEL === 'silent' ? 'silent' : 'info' })
  everythingInto(log)
  const { readConfig } = await import('./config.ts')
  const config = readConfig(process.env)
  log.level = config.logLevel
  const { openHouse } = await import('./house.ts')
  if (asked.toStop) return null
  const house = await openHouse({ config, log })
  if (asked.toStop) return house
  if (config.runHttp) {
    await house.prepareHttp()
    if (asked.toStop) return house
    await house.app.listen({ host: config.host, port: config.port })
  }
  if (asked.toStop) return house
  if (config.runWorker) house.startWork()
  if (config.apiKey === null) log.warn('API_KEY is not set: create keys with "npm run api-key -- <company> <name>"')
  log.info({ publicUrl: config.publicUrl, database: house.database.description }, 'ready')
  return house
}

/** stdout is one JSON object a line, whatever a library, or Node itself, has to say. */
function everythingInto(logger: Logger): void {
  const levels = { log: 'info', info: 'info', debug: 'debug', warn: 'warn', error: 'error', trace: 'debug' } as const
  for (const [name, level] of Object.entries(levels)) {
    console[name as keyof typeof levels] = (...words: unknown[]) => logger[level]({ from: 'console' }, format(...words))
  }
  process.removeAllListeners('warning')
  // Libraries warn through it, too, and of settings above all: their stack leads nowhere.
  process.on('warning', ({ name, message }) =>
    logger.warn({ warning: `${name}: ${message}` }, 'a warning of the runtime'),
  )
}

/** One line says why, and what to do; only what nobody foresaw has a stack. */
async function refuse(error: unknown): Promise<null> {
  if (asked.toStop) return null
  const { startTrouble } = await import('./lib/start-trouble.ts')
  const trouble = startTrouble(error)
  // The reason why nothing runs is told to those who want no log, too.
  if (log?.level === 'silent') log.level = 'fatal'
  if (trouble === null) log?.fatal({ error }, 'not started: an unexpected error')
  else log?.fatal(`not started: ${trouble}`)
  process.exit(1)
}
