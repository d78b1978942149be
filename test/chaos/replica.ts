// The process that schedules start, pause and end: the service as src/main.ts runs it, on a machine whose time is fast and
// whose clock is wrong. The duties that the service does by the minute are done by the fast minute here.
import closeWithGrace from 'close-with-grace'
import { readConfig } from '../../src/config.ts'
import { openHouse } from '../../src/house.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { machineOf, watchStalls } from './time.ts'

process.env.TZ = 'UTC'
const { startedAt, speed, skewMs } = JSON.parse(process.env.CHAOS_TIME ?? '{}')
const machine = machineOf({ startedAt, speed }, skewMs)
const config = readConfig(process.env)
const log = createLogger({ level: config.logLevel })
const house = await openHouse({ config, log, machine })
const stopping = new AbortController()

async function everySoOften(milliseconds: number, duty: () => Promise<unknown>): Promise<void> {
  while (!stopping.signal.aborted) {
    await duty().catch((error: unknown) => log.error({ error }, 'a regular duty failed'))
    await machine.sleep(milliseconds, stopping.signal)
  }
}

const duties = [everySoOften(60_000, house.finishRefreshes), everySoOften(60_000, house.sweep)]
closeWithGrace({ delay: 20_000, logger: undefined }, async ({ signal, err }) => {
  if (err) log.fatal({ error: err }, 'the process ends after a fault')
  else log.info({ signal }, 'stopping')
  stopping.abort()
  await Promise.all(duties)
  await house.close()
})
await house.app.listen({ host: config.host, port: config.port })
// Before that it makes no call that a stall could hold up.
watchStalls({ startedAt, speed }, (stall) => console.log(JSON.stringify({ stall })))
house.startWork()
log.info('ready')
