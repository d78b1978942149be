// Documents that stand in a period which a person locked: what is told is what helps. Another date of the record does not move one out
// of the period, and a deletion has no date.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { later, synced } from './support/books.ts'
import { bothDocumentKinds, type DocumentPath, line, openTrader } from './support/trading.ts'

t.test('books: locked periods', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  async function locked(name: string, path: DocumentPath, record: object): Promise<Tenant> {
    const tenant = await openTrader(world, `${name}-${path}`)
    await tenant.put(path, record)
    await tenant.sync()
    later(world)
    control.setLockDates(tenant.organisation, { period: '2026-11-22' })
    return tenant
  }

  for (const [path, { make, type }] of bothDocumentKinds) {
    const asSent = make('d', [line('1')])
    const own = path === 'invoices' ? 'shipDate' : 'receiveDate'
    const dueAt = (date: string) => make('d', [line('1', { unitPrice: '120' })], { date, dueDate: date, [own]: date })

    t.test(`given ${path} of a locked period, when they get an open date, then the period is the cause`, async (t) => {
      const tenant = await locked('moved', path, asSent)
      await tenant.put(path, dueAt('2026-11-24'))
      for (const job of ['sent', 'not sent again']) {
        await tenant.sync()
        const { state, lastError } = await tenant.state(path, 'd')
        t.equal(state, 'failed', job)
        t.match(lastError, { code: 'period_locked', cause: /stands in Xero dated 2026-11-2\d, in a locked period/ })
        t.notMatch(lastError.action, /Change the date/)
      }
      // The way out that is told.
      await tenant.put(path, asSent)
      await tenant.sync()
      await synced(t, tenant, path, 'd')
    })

    t.test(`given ${path} of a locked period, when they change within it, then the date is no remedy`, async (t) => {
      const tenant = await locked('within', path, asSent)
      await tenant.put(path, dueAt('2026-11-20'))
      await tenant.sync()
      const { lastError } = await tenant.state(path, 'd')
      t.match(lastError, { code: 'period_locked', cause: /stands in Xero dated/ })
      t.notMatch(lastError.action, /Change the date/)
    })

    t.test(`given ${path} of a locked period, when they are deleted, then the deletion can be left`, async (t) => {
      const tenant = await locked('deleted', path, asSent)
      await tenant.api('DELETE', `${path}/d`)
      await tenant.sync()
      const { lastError } = await tenant.state(path, 'd')
      t.match(lastError, { code: 'period_locked', cause: /nothing of it is deleted or voided/ })
      t.match(lastError.action, /DELETE …\/link/)
      t.equal(tenant.xero('Invoices').find((one) => one.Type === type)?.Status, 'AUTHORISED')
    })

    t.test(`given new ${path} dated in a locked period, then another date is the remedy`, async (t) => {
      const tenant = await openTrader(world, `new-${path}`)
      control.setLockDates(tenant.organisation, { period: '2026-11-22' })
      await tenant.put(path, asSent)
      await tenant.sync()
      t.match(await tenant.state(path, 'd'), { lastError: { code: 'period_locked', action: /Change the date/ } })
    })
  }
})
