// Something hinders a write: the period is locked, an account, a tax rate or the contact is archived. A document that stands in Xero
// just as its record says, by a bookkeeper's hand, needs none: a look tells.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { document, later, record, synced, writes } from './support/books.ts'
import { bothDocumentKinds, line, openTrader } from './support/trading.ts'

t.test('books: documents that may not be written and are as their records say', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const lockPeriod = (tenant: Tenant) => control.setLockDates(tenant.organisation, { period: '2026-11-22' })

  for (const [path, { make, type }] of bothDocumentKinds) {
    const role = path === 'invoices' ? 'customers' : 'vendors'
    const contactId = path === 'invoices' ? 'c1' : 'v1'
    const account = path === 'invoices' ? '200' : '300'
    const three = make('d', [line('1', { quantity: '3' })])
    const standing = (tenant: Tenant) => document(tenant, type)
    const looks = (tenant: Tenant) => tenant.calls('GET /Invoices').length
    const stop = {
      'the period is locked': { code: 'period_locked', act: lockPeriod },
      'the account is archived': {
        code: 'account_invalid',
        act: (tenant: Tenant) => control.archiveAccount(tenant.organisation, account),
      },
      'the contact is archived': {
        code: 'contact_archived',
        act: async (tenant: Tenant) => {
          const { name } = await record(tenant, role, contactId)
          control.archiveContact(tenant.organisation, name)
        },
      },
    }

    for (const [name, { code, act }] of Object.entries(stop)) {
      t.test(
        `given ${path} that a bookkeeper corrected before ${name}, when the product follows, then they are synced`,
        async (t) => {
          const tenant = await openTrader(world, `corrected-${code}-${path}`)
          await tenant.put(path, make('d', [line('1')]))
          await tenant.sync()
          later(world)
          const [there] = standing(tenant).LineItems
          control.editInvoice(tenant.organisation, standing(tenant).InvoiceID, {
            LineItems: [{ ...there, Quantity: 3, LineAmount: 300, TaxAmount: undefined }],
          })
          await act(tenant)
          tenant.mark()
          await tenant.put(path, make('d', [line('1', { quantity: '2' })]))
          await tenant.sync()
          t.match(await tenant.state(path, 'd'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
          await tenant.put(path, three)
          await tenant.sync()
          await synced(t, tenant, path, 'd')
          t.strictSame(writes(tenant, '/Invoices'), [], 'nothing is written')
          await tenant.put(path, make('d', [line('1', { quantity: '4' })]))
          await tenant.sync()
          t.match(await tenant.state(path, 'd'), { state: 'failed', lastError: { code } })
          tenant.mark()
          await tenant.sync()
          t.match(await tenant.state(path, 'd'), { state: 'failed', lastError: { code } })
          t.equal(looks(tenant), 0, 'nothing changed: it is not looked at again')
          await tenant.put(path, three)
          await tenant.sync()
          await synced(t, tenant, path, 'd')
          tenant.checkXero(t)
        },
      )
    }

    t.test(`given ${path} that stand in a locked period in another order of lines, then they are synced`, async (t) => {
      const tenant = await openTrader(world, `order-${path}`)
      await tenant.put(path, make('d', [line('1'), line('2')]))
      await tenant.sync()
      later(world)
      const [first, second] = standing(tenant).LineItems
      control.editInvoice(tenant.organisation, standing(tenant).InvoiceID, {
        LineItems: [{ ...first, Quantity: 3, LineAmount: 300, TaxAmount: undefined }, second],
      })
      lockPeriod(tenant)
      tenant.mark()
      await tenant.put(path, make('d', [line('2'), line('1', { quantity: '3' })]))
      await tenant.sync()
      await synced(t, tenant, path, 'd')
      t.strictSame(writes(tenant, '/Invoices'), [], 'nothing is written')
      tenant.checkXero(t)
    })

    t.test(
      `given ${path} of a locked period, when they are unlinked and linked by hand, then they are synced`,
      async (t) => {
        const tenant = await openTrader(world, `relinked-${path}`)
        await tenant.put(path, make('d', [line('1')]))
        await tenant.sync()
        later(world)
        lockPeriod(tenant)
        tenant.mark()
        t.equal((await tenant.api('DELETE', `${path}/d/link`)).status, 200)
        t.equal((await tenant.api('PUT', `${path}/d/link`, { xeroId: standing(tenant).InvoiceID })).status, 200)
        await tenant.sync()
        await synced(t, tenant, path, 'd')
        t.strictSame(writes(tenant, '/Invoices'), [], 'nothing is written')
        await tenant.put(path, three)
        for (const _ of ['once', 'and again']) {
          await tenant.sync()
          t.match(await tenant.state(path, 'd'), { state: 'failed', lastError: { code: 'period_locked' } })
        }
        control.setLockDates(tenant.organisation, { period: null })
        await tenant.sync()
        await synced(t, tenant, path, 'd')
        t.equal(standing(tenant).SubTotal, 300)
        tenant.checkXero(t)
      },
    )
  }
})
