// The process: configuration → house → listen → work, and a close in phases when it is asked to stop.
import closeWithGrace from 'close-with-grace'
import { ConfigError, readConfig } from './config.ts'
import { DataDirInUse } from './db/data-dir-lock.ts'
import { openHouse } from './house.ts'
import { createLogger } from './observability/logger.ts'

/** A call to Xero that is under way may take this long to end and be recorded. */
const closeWithinMs = 40_000

async function main(): Promise<void> {
  // Dates from Xero are read as UTC; a local time zone would shift them (FACTS §7).
  process.env.TZ = 'UTC'
  const config = readConfig(process.env)
  const log = createLogger({ level: config.logLevel })
  const house = await openHouse({ config, log })
  closeWithGrace({ delay: closeWithinMs, logger: undefined }, async ({ signal, err }) => {
    if (err) log.fatal({ error: err }, 'the process ends after a fault')
    else log.info({ signal }, 'stopping')
    await house.close()
  })
  if (config.runHttp) await house.app.listen({ host: config.host, port: config.port })
  if (config.runWorker) house.startWork()
  if (config.apiKey === null) log.warn('API_KEY is not set: create keys with "npm run api-key -- <company> <name>"')
  log.info({ publicUrl: config.publicUrl, database: house.database.description }, 'ready')
}

await main().catch((error: unknown) => {
  const expected = error instanceof ConfigError || error instanceof DataDirInUse
  console.error(expected ? error.message : error)
  process.exitCode = 1
  if (!expected) process.exit(1)
})
