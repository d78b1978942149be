// A connection that has just become active: its organisation and lists are read in the background, without a job, so that
// settings can be checked and the schedule knows its time zone. Until then settings are saved as not checked.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer } from '../support/records.ts'
import { openSecondHouse } from '../support/second-house.ts'
import { openTenant } from '../support/tenant.ts'

const daily = { enabled: true, mode: 'daily', times: ['09:00'] }

t.test('the first read of a connection', async (t) => {
  const world = await openWorld(t)
  const { clock } = world
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())
  const workNow = async () => {
    while (await world.house.turn());
  }

  t.test(
    'given a new connection, when the worker runs, then it reads what settings need, and nothing else',
    async (t) => {
      const tenant = await openTenant(world, 'new', { seed: { timezone: 'NEWZEALANDSTANDARDTIME' } })
      await tenant.put('customers', customer('c1'))
      tenant.mark()
      await tenant.settings({ schedule: daily, invoices: { accounts: { shipping: '99999' } } })
      const before = (await tenant.api('GET', 'settings/check')).body.findings
      const unchecked = before.filter(({ code }: { code: string }) => code === 'not_checked')
      t.match(
        unchecked.find(({ pointer }: { pointer: string }) => pointer === '/invoices/accounts/shipping'),
        { severity: 'warning', detail: /Not checked yet/, action: /accounts\/refresh/ },
      )
      t.equal((await tenant.api('GET', '')).body.nextRunAt, null, 'no run is computed in a zone that is not known')
      t.match((await tenant.api('GET', 'health')).body.reasons, [{ code: 'schedule_waits' }])
      t.equal(tenant.calls().length, 0, 'connecting itself waits for nothing')

      await workNow()
      const lists = ['accounts', 'tax-rates', 'tracking-categories', 'branding-themes', 'currencies']
      for (const list of lists) t.ok((await tenant.api('GET', list)).body.fetchedAt, list)
      t.match((await tenant.api('GET', '')).body, {
        nextRunAt: /T20:00:00|T21:00:00/,
        organisation: { shortCode: /./ },
      })
      const { reasons } = (await tenant.api('GET', 'health')).body
      t.match(reasons, [{ code: 'accounts_unusable', detail: /99999/ }])
      const after = (await tenant.api('GET', 'settings/check')).body.findings
      t.notOk(after.some(({ code }: { code: string }) => code === 'not_checked'))
      t.notOk(
        tenant.calls().some(({ method }) => method !== 'GET'),
        'nothing was written',
      )
      t.match(await tenant.queue(), [{ recordId: 'c1', status: 'pending' }], 'and no item taken')
      const calls = tenant.calls().length
      await workNow()
      t.equal(tenant.calls().length, calls, 'it is read once')
      await tenant.settings({ schedule: { enabled: false }, invoices: { accounts: { shipping: null } } })
    },
  )

  t.test('given a schedule that names its zone, then it does not wait', async (t) => {
    const tenant = await openTenant(world, 'zone')
    await tenant.settings({ schedule: { ...daily, timezone: 'Europe/Berlin' } })
    t.match((await tenant.api('GET', '')).body.nextRunAt, /T08:00:00/)
    await tenant.settings({ schedule: { enabled: false } })
    await workNow()
  })

  t.test('given a job right after connecting, then its own reading is enough', async (t) => {
    const tenant = await openTenant(world, 'job')
    tenant.mark()
    await tenant.sync()
    t.equal(tenant.calls('GET /Accounts').length, 1)
    t.equal(tenant.calls('GET /Organisation').length, 1)
  })

  t.test('given a read that Xero interrupts, then it goes on where it was, in whichever process', async (t) => {
    const tenant = await openTenant(world, 'interrupted')
    tenant.mark()
    const target = { method: 'GET', path: '/TaxRates', tenantId: tenant.organisationId }
    control.faults({ kind: 'http_429', problem: 'minute', retryAfter: 30, ...target })
    await workNow()
    t.equal((await tenant.api('GET', 'tax-rates')).body.fetchedAt, null)
    const other = await openSecondHouse(t, world)
    clock.advance(45_000)
    while (await other.turn());
    t.ok((await tenant.api('GET', 'tax-rates')).body.fetchedAt)
    t.equal(tenant.calls('GET /Accounts').length, 1, 'what was read is not read again')
  })
})
