// Commands beside the service: migrate · api-key · rotate-keys · accept-lost-keys · after-restore · openapi · demo · simulator.
// Each loads only what it needs.
import { writeFileSync } from 'node:fs'
import { readConfig } from './config.ts'
import { startTrouble } from './lib/start-trouble.ts'

process.env.TZ = 'UTC'

const usage = `Usage: node src/cli.ts <command>
  migrate                    bring the database schema to this version
  api-key <company> <name>   create a key for a company and print it; "*" is every company
  rotate-keys                seal stored tokens under the first key of ENCRYPTION_KEYS
  accept-lost-keys           give up the consents that no key of ENCRYPTION_KEYS opens
  after-restore              the database was restored from a backup: look everything up first
  openapi [file]             write the API's description, to standard output without a file
  demo [--exit]              see the service work on a simulated Xero, without an account
  simulator                  run the simulated Xero alone (PORT, default 3001)`

type House = Awaited<ReturnType<typeof import('./house.ts').openHouse>>

/** Keys are checked for the command that seals; the others may run with a key of another environment, and put none on record. */
async function withHouse<T>(work: (house: House) => Promise<T>, checkKeys = false) {
  const { openHouse } = await import('./house.ts')
  const { createLogger } = await import('./observability/logger.ts')
  // A command brings the schema up to date, whatever holds for the service's own start.
  const config = readConfig({ ...process.env, MIGRATE_ON_START: 'true' })
  const house = await openHouse({ config, log: createLogger({ level: 'warn' }), checkKeys })
  try {
    return await work(house)
  } finally {
    await house.close()
  }
}

const commands: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  async migrate() {
    await withHouse(async (house) => console.log(`The schema is current (${house.database.description}).`))
  },

  async 'api-key'([company, name]) {
    if (!company || !name) throw new UsageError()
    await withHouse(async ({ services }) => {
      const companyId = company === '*' ? null : company
      const { key, secret } = await services.access.createKey({ companyId, name, expiresAt: null })
      console.error(`Key ${key.id} for ${companyId ?? 'every company'}; it is shown only now:`)
      console.log(secret)
    })
  },

  async 'rotate-keys'() {
    await withHouse(async (house) => {
      const { tokenSets, answers } = await house.rotateKeys()
      console.log(`${tokenSets} token set(s) and ${answers} stored answer(s) sealed under the first key.`)
    }, true)
  },

  async 'accept-lost-keys'() {
    await withHouse(async (house) =>
      console.log(
        `${await house.acceptLostKeys()} connection(s) need a reconnect: POST …/reconnect, and consent again.`,
      ),
    )
  },

  async 'after-restore'() {
    await withHouse(async (house) =>
      console.log(`${await house.lookUpFirst()} connection(s) look everything up before they create anything.`),
    )
  },

  async openapi([file]) {
    const { describeApi } = await import('./describe-api.ts')
    const text = await describeApi()
    if (file) writeFileSync(file, text)
    else process.stdout.write(text)
  },

  async demo(args) {
    const { runDemo } = await import('./demo/demo.ts')
    await runDemo({ exit: args.includes('--exit') })
  },

  async simulator() {
    const { startSimulator } = await import('./simulator/index.ts')
    const port = Number(process.env.PORT ?? 3001)
    const simulator = await startSimulator({ port, host: process.env.HOST ?? '127.0.0.1' })
    console.log(`A simulated Xero listens at ${simulator.url}. For the service, in another terminal:

XERO_CLIENT_ID=${simulator.clientId} XERO_CLIENT_SECRET=${simulator.clientSecret} \\
XERO_LOGIN_URL=${simulator.loginUrl} XERO_IDENTITY_URL=${simulator.identityUrl} XERO_API_URL=${simulator.apiUrl} \\
API_KEY=for-the-simulator-alone-0123456789 npm start`)
  },
}

class UsageError extends Error {}

const [name, ...args] = process.argv.slice(2)
try {
  const command = commands[name ?? '']
  if ([name, ...args].some((word) => word === '--help' || word === '-h')) console.log(usage)
  else if (!command) throw new UsageError()
  else await command(args)
} catch (error) {
  if (error instanceof UsageError) console.error(usage)
  else console.error(startTrouble(error) ?? error)
  process.exitCode = 1
}
