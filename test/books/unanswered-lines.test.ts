// A change whose answer was lost, and what people did to the lines that it added before that was known.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { inNewZealand, later, type Row, synced } from './support/books.ts'
import { bothDocumentKinds, line, openTrader } from './support/trading.ts'

t.test('books: lines that a change without an answer added', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const there = (tenant: Tenant): Row => tenant.xero('Invoices')[0]
  const prices = (tenant: Tenant): number[] =>
    lines(tenant)
      .map(({ UnitAmount }) => UnitAmount)
      .sort((a, b) => b - a)
  const lines = (tenant: Tenant): Row[] => there(tenant).LineItems

  for (const [path, { make }] of bothDocumentKinds) {
    const at = (price: string, more: object[] = []) =>
      make('d', [line('1', { unitPrice: price }), line('2', { unitPrice: '5' }), ...more])
    const added = line('3', { description: 'C', unitPrice: '1' })

    /** The call arrives, and none of its answers comes back; or it never arrives. */
    async function lost(name: string, kind: 'lost_response' | 'lost_request', document: object, isLate = true) {
      const tenant = await openTrader(world, `${name}-${path}`, inNewZealand)
      await tenant.put(path, at('10'))
      await tenant.sync()
      await synced(t, tenant, path, 'd')
      later(world)
      const tenantId = tenant.organisationId
      control.faults({ kind, method: 'POST', path: '/Invoices', tenantId, times: isLate ? 3 : 1 })
      await tenant.put(path, document)
      await tenant.startJob()
      // Past the time in which the same call is made again, or before it.
      if (isLate) await world.work({ forMs: 4 * 60_000 })
      else while (await world.house.turn());
      return tenant
    }

    async function settled(tenant: Tenant): Promise<void> {
      await world.work()
      later(world)
      await tenant.sync()
    }

    const ofLine = (tenant: Tenant) => lines(tenant).findIndex(({ Description }) => Description === 'C')
    const account = path === 'invoices' ? '260' : '429'
    for (const [what, patch, difference] of [
      ['takes it away', null, { field: '/lines/3', xero: null }],
      ['changes its tax', { TaxType: 'ZERORATED' }, { field: '/lines/3/taxCode', xero: 'ZERORATED' }],
      ['changes its account', { AccountCode: account }, { field: '/lines/3/accountCode', xero: account }],
      ['changes its text', { Description: 'By hand' }, { product: null, xero: '1 × 1 By hand' }],
      ...(path === 'invoices'
        ? ([['gives it a discount', { DiscountRate: 50 }, { field: '/lines/3/discountRate', xero: '50' }]] as const)
        : []),
    ] as const)
      t.test(
        `given a line that a lost change of ${path} added, when a person ${what}, then it is a conflict`,
        async (t) => {
          const tenant = await lost(`edited-${what.replaceAll(' ', '-')}`, 'lost_response', at('20', [added]))
          const id = there(tenant).InvoiceID
          if (patch) control.editLine(tenant.organisation, id, ofLine(tenant), patch)
          else control.removeLine(tenant.organisation, id, ofLine(tenant))
          const edited = structuredClone(lines(tenant))
          tenant.mark()
          await settled(tenant)
          const state = await tenant.state(path, 'd')
          t.match(state, { state: 'conflict', lastError: { code: 'edited_in_xero', differences: [difference] } })
          t.strictSame(lines(tenant), edited)
          tenant.checkXero(t)
        },
      )

    t.test(
      `given a line that a lost change of ${path} added, when a person takes it away at once, then it is a conflict`,
      async (t) => {
        const tenant = await lost('at-once', 'lost_response', at('20', [added]), false)
        control.removeLine(tenant.organisation, there(tenant).InvoiceID, ofLine(tenant))
        await settled(tenant)
        const lastError = { code: 'edited_in_xero', differences: [{ field: '/lines/3', xero: null }] }
        t.match(await tenant.state(path, 'd'), { state: 'conflict', lastError })
        t.strictSame(prices(tenant), [20, 5])
        tenant.checkXero(t)
      },
    )

    for (const kind of ['lost_response', 'lost_request'] as const)
      t.test(
        `given a line that a change of ${path} adds, when nobody edits it after a ${kind}, then it is there once`,
        async (t) => {
          const tenant = await lost(`alone-${kind}`, kind, at('20', [added]))
          await settled(tenant)
          await synced(t, tenant, path, 'd')
          t.strictSame(prices(tenant), [20, 5, 1])
          await tenant.put(path, at('20', [line('3', { description: 'C', unitPrice: '2' })]))
          await settled(tenant)
          await synced(t, tenant, path, 'd')
          t.strictSame(prices(tenant), [20, 5, 2])
          tenant.checkXero(t)
        },
      )
  }
})
