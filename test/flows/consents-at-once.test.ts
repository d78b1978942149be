// The first two consents of a person come at the same moment, on PostgreSQL, where two transactions really overlap: one stands
// before each of its statements while the other one is stored. Both end well, and share one row of tokens.
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import t from 'tap'
import { type House, openHouse } from '../../src/house.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { databaseKind } from '../support/database.ts'
import { openWorld, testConfig, type World } from '../support/house.ts'
import { openPausedDatabase } from '../support/paused-database.ts'

const stuckMs = 5_000

async function isBlocked({ database }: World): Promise<boolean> {
  const { rows } = await sql<{ blocked: boolean }>`SELECT EXISTS (SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock') AS blocked`.execute(database.db)
  return rows[0]?.blocked === true
}

/** A consent up to the moment at which the browser comes back, and how it goes on in one of the processes. */
async function consentOf(world: World, company: string): Promise<(house: House) => Promise<string>> {
  const { api, house } = world
  const { body } = await api('POST', '/v1/connections', {}, { 'x-company-id': company })
  const pathOf = (url: string) => url.replace(/^https?:\/\/[^/]+/, '')
  const begun = await house.app.inject({ method: 'GET', url: pathOf(body.authorizationUrl) })
  const cookies = [begun.headers['set-cookie'] ?? []].flat().map((cookie) => cookie.split(';')[0])
  const consent = await fetch(String(begun.headers.location), { redirect: 'manual' })
  const back = pathOf(String(consent.headers.get('location')))
  return async (at) => {
    const { statusCode, headers } = await at.app.inject({
      method: 'GET',
      url: back,
      headers: { cookie: cookies.join('; ') },
    })
    const code = new URL(String(headers.location ?? 'http://nowhere')).searchParams.get('code')
    if (statusCode !== 302 || code === null) return `${statusCode} ${headers.location ?? ''}`
    const confirm = `/v1/connections/${body.id}/confirm`
    const confirmed = await api('POST', confirm, { completionCode: code }, { 'x-company-id': company })
    return confirmed.body.status ?? `${confirmed.status}`
  }
}

t.test(
  'given two first consents of a person, when they come at one moment, then both end well',
  { skip: databaseKind !== 'postgres' && 'one connection, so no two transactions overlap' },
  async (t) => {
    const world = await openWorld(t)
    const { database, clock, simulator, logLines } = world
    const paused = openPausedDatabase(database.url ?? '')
    const log = createLogger({ level: 'info', destination: { write: (line: string) => void logLines.push(line) } })
    const slow = await openHouse({ config: testConfig(simulator), log, clock, database: paused, random: () => 0.5 })
    t.teardown(() => slow.close())
    for (let n = 1; ; n++) {
      const [company, user, organisation] = [`company-${n}`, `person-${n}@example.com`, `Organisation ${n}`]
      simulator.control.seed({ organisations: [{ name: organisation }] })
      simulator.control.seed({ users: [{ email: user, name: user, organisations: [organisation] }] })
      simulator.control.consent({ mode: 'automatic', user, organisations: [organisation] })
      const [one, other] = [await consentOf(world, company), await consentOf(world, company)]
      const stop = paused.pauseBefore(n)
      const first = one(slow)
      const statement = await Promise.race([stop.reached, first.then(() => null)])
      if (statement === null) {
        t.ok(n > 6, `${n - 1} places`)
        break
      }
      let isDone = false
      const second = other(world.house).finally(() => {
        isDone = true
      })
      for (const begun = performance.now(); !isDone && performance.now() - begun < stuckMs; await pause(2)) {
        if (await isBlocked(world)) break
      }
      stop.release()
      const ends = [await first, await second]
      // One organisation belongs to one connection: of two that ask for it, the later one is told so.
      t.ok(ends.every((end) => /^(active|409)$/.test(end)) && ends.includes('active'), `${statement}: ${ends}`)
      const { rows } = await sql<{ count: number }>`
        SELECT count(*)::int4 AS count FROM token_sets WHERE company_id = ${company}`.execute(database.db)
      t.equal(rows[0]?.count, 1, 'tokens of one person are kept once')
    }
  },
)
