// Commands beside the service: migrate · api-key · rotate-keys · accept-lost-keys · after-restore · openapi · demo · simulator.
// Each loads only what it needs.
import './preflight.cjs'
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { ParseArgsOptionsConfig } from 'node:util'
import { readConfig } from './config.ts'
import { newKeyFault } from './domain/api-key.ts'
import { ProblemError } from './domain/errors.ts'
import { commandLine } from './lib/command-line.ts'
import { namedPort } from './lib/named-port.ts'
import { StartRefused } from './lib/start-refused.ts'
import { startTrouble } from './lib/start-trouble.ts'

process.env.TZ = 'UTC'

/** Arguments and purpose of each command. */
const usages = {
  migrate: ['', 'bring the database schema to this version'],
  'api-key': ['<company> <name>', 'create a key for a company and print it; "*" is every company'],
  'rotate-keys': ['', 'seal stored tokens under the first key of ENCRYPTION_KEYS'],
  'accept-lost-keys': ['', 'give up the consents that no key of ENCRYPTION_KEYS opens'],
  'after-restore': ['', 'the database was restored from a backup: look everything up first'],
  openapi: ['[file]', "write the API's description, to standard output without a file"],
  demo: ['[--exit]', 'see the service work on a simulated Xero, without an account; --exit ends it afterwards'],
  simulator: ['', 'run the simulated Xero alone (HOST, default 127.0.0.1; PORT, default 3001)'],
} as const
type CommandName = keyof typeof usages

const callOf = (name: CommandName): string => [name, usages[name][0]].filter(Boolean).join(' ')
/** The file that runs: of the sources, or compiled. */
const program = `node ${relative('', import.meta.filename)}`
const usage = `Usage: ${program} <command>
${(Object.keys(usages) as CommandName[]).map((name) => `  ${callOf(name).padEnd(25)}  ${usages[name][1]}`).join('\n')}`
const usageOf = (name: CommandName): string => `Usage: ${program} ${callOf(name)}\n  ${usages[name][1]}`

type House = Awaited<ReturnType<typeof import('./house.ts').openHouse>>

interface Needs {
  /** For the command that seals; the others may run with a key of another environment, and put none on record. */
  readonly checkKeys?: boolean
  /** The database has to be there: an empty one, made where a directory is misspelt, would look like success. */
  readonly existing?: boolean
}

async function withHouse<T>(work: (house: House) => Promise<T>, { checkKeys = false, existing = false }: Needs = {}) {
  const { openHouse } = await import('./house.ts')
  const { createLogger } = await import('./observability/logger.ts')
  // A command brings the schema up to date, whatever holds for the service's own start.
  const config = readConfig({ ...process.env, MIGRATE_ON_START: 'true' }, { existing })
  const house = await openHouse({ config, log: createLogger({ level: 'warn' }), checkKeys, existing })
  try {
    return await work(house)
  } finally {
    await house.close()
  }
}

function writeOrRefuse(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw new StartRefused(`${file} cannot be written (${code}).`)
  }
}

const commands: Readonly<Record<CommandName, (words: readonly string[], options: { exit: boolean }) => Promise<void>>> =
  {
    async migrate() {
      await withHouse(async (house) => console.log(`The schema is current (${house.database.description}).`))
    },

    async 'api-key'([company = '', name = '']) {
      const companyId = company === '*' ? null : company
      const fault = newKeyFault({ companyId, name })
      if (fault !== null) throw new StartRefused(fault)
      await withHouse(async ({ services, database }) => {
        const { key, secret } = await services.access.createKey({ companyId, name, expiresAt: null })
        console.error(
          `Key ${key.id} for ${companyId ?? 'every company'} (${database.description}); it is shown only now:`,
        )
        console.log(secret)
      })
    },

    async 'rotate-keys'() {
      await withHouse(
        async (house) => {
          const { tokenSets, answers } = await house.rotateKeys()
          console.log(`${tokenSets} token set(s) and ${answers} stored answer(s) sealed under the first key.`)
        },
        { checkKeys: true, existing: true },
      )
    },

    async 'accept-lost-keys'() {
      await withHouse(
        async (house) =>
          console.log(
            `${await house.acceptLostKeys()} connection(s) need a reconnect: POST …/reconnect, and consent again.`,
          ),
        { existing: true },
      )
    },

    async 'after-restore'() {
      await withHouse(
        async (house) =>
          console.log(`${await house.lookUpFirst()} connection(s) look everything up before they create anything.`),
        { existing: true },
      )
    },

    async openapi([file]) {
      const { describeApi } = await import('./describe-api.ts')
      const text = await describeApi()
      if (file) writeOrRefuse(file, text)
      else process.stdout.write(text)
    },

    async demo(_words, { exit }) {
      const { runDemo } = await import('./demo/demo.ts')
      await runDemo({ exit })
    },

    async simulator() {
      const { startSimulator } = await import('./simulator/index.ts')
      const port = namedPort('PORT', process.env.PORT, 0) ?? 3001
      const simulator = await startSimulator({ port, host: process.env.HOST ?? '127.0.0.1' })
      console.log(`A simulated Xero listens at ${simulator.url}. For the service, in another terminal:

XERO_CLIENT_ID=${simulator.clientId} XERO_CLIENT_SECRET=${simulator.clientSecret} \\
XERO_LOGIN_URL=${simulator.loginUrl} XERO_IDENTITY_URL=${simulator.identityUrl} XERO_API_URL=${simulator.apiUrl} \\
API_KEY=for-the-simulator-alone-0123456789 npm start`)
    },
  }

/** The least and most words that a command takes. */
const wordsOf = (name: CommandName): [number, number] => {
  const words = usages[name][0].split(' ').filter((word) => /^[<[][a-z]/.test(word))
  return [words.filter((word) => word.startsWith('<')).length, words.length]
}

const [name = '', ...args] = process.argv.slice(2)
if (Object.hasOwn(commands, name)) {
  const known = name as CommandName
  const options: ParseArgsOptionsConfig = known === 'demo' ? { exit: { type: 'boolean' } } : {}
  const { positionals, values } = commandLine({ usage: usageOf(known), options, words: wordsOf(known) }, args)
  try {
    await commands[known](positionals, { exit: values.exit === true })
  } catch (error) {
    const said = error instanceof ProblemError ? `${error.detail} ${error.action}` : startTrouble(error)
    console.error(said ?? error)
    process.exitCode = 1
  }
} else if (name === '') {
  console.error(usage)
  process.exitCode = 1
} else commandLine({ usage, options: {} })
