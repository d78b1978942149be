// A document that went another way for a while (below its trigger, out of the queue, refused) and then says again what was sent last:
// somebody may have edited it in Xero meanwhile, so it is looked at before it is called synced.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { document, inNewZealand, later, synced, writes } from './support/books.ts'
import { bothDocumentKinds, line, openTrader } from './support/trading.ts'

t.test('books: documents that came back to what was sent', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const changed = { lines: [line('1', { unitPrice: '7' })] }

  async function withdraw(tenant: Tenant): Promise<void> {
    const { body } = await tenant.api('GET', 'sync-queue-items?recordId=d&status=pending')
    await tenant.api('DELETE', `sync-queue-items/${body.items[0].id}`)
  }
  const lock = async ({ organisation }: Tenant, period: string | null) => control.setLockDates(organisation, { period })
  const leave = async (tenant: Tenant, cutOverDate: string | null) =>
    tenant.settings({ invoices: { cutOverDate }, vendors: { cutOverDate } })

  const ways = {
    'below its trigger': { to: { status: 'draft' }, state: 'outdated' },
    'out of the queue': { to: changed, after: withdraw, state: 'outdated' },
    'refused for a tax code': { to: { lines: [line('1', { taxCode: 'NOPE' })] }, state: 'failed' },
    'before the cut-over': {
      to: changed,
      before: (tenant: Tenant) => leave(tenant, '2026-12-01'),
      end: (tenant: Tenant) => leave(tenant, null),
      state: 'outdated',
    },
    'before a lock date': {
      to: changed,
      before: (tenant: Tenant) => lock(tenant, '2026-11-30'),
      open: (tenant: Tenant) => lock(tenant, null),
      shut: (tenant: Tenant) => lock(tenant, '2026-11-30'),
      state: 'failed',
    },
  }

  for (const [path, { make, type }] of bothDocumentKinds)
    for (const [way, { to, state, ...steps }] of Object.entries(ways)) {
      const { before, after, open, shut, end } = steps as Record<
        string,
        ((tenant: Tenant) => Promise<unknown>) | undefined
      >
      /** In Xero, and then changed in a way that does not get there; what a person does there is done by `meanwhile`. */
      async function openAway(name: string, meanwhile: (tenant: Tenant) => unknown): Promise<Tenant> {
        const tenant = await openTrader(world, `back-${path}-${name}-${way.replaceAll(' ', '-')}`, inNewZealand)
        const asSent = make('d', [line('1')])
        await tenant.put(path, asSent)
        await tenant.sync()
        later(world)
        await before?.(tenant)
        await tenant.put(path, { ...asSent, ...to })
        await after?.(tenant)
        await tenant.sync()
        t.equal((await tenant.state(path, 'd')).state, state, `${path} ${way}`)
        await open?.(tenant)
        meanwhile(tenant)
        await shut?.(tenant)
        later(world)
        tenant.mark()
        await end?.(tenant)
        await tenant.put(path, asSent)
        await tenant.sync()
        return tenant
      }

      t.test(`given ${path} ${way} that a person edited, when they come back, then both sides are shown`, async (t) => {
        const tenant = await openAway('edited', (tenant) =>
          control.addLine(tenant.organisation, document(tenant, type).InvoiceID, {
            Description: 'By hand',
            Quantity: 1,
            UnitAmount: 5,
            AccountCode: '200',
          }),
        )
        t.match(await tenant.state(path, 'd'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
        t.equal(document(tenant, type).LineItems.length, 2)
        tenant.checkXero(t)
      })

      t.test(`given ${path} ${way}, when they come back, then they are looked at and not written`, async (t) => {
        const tenant = await openAway('alone', () => undefined)
        await synced(t, tenant, path, 'd')
        t.strictSame(writes(tenant, '/Invoices'), [])
        t.equal(tenant.calls('GET /Invoices').length, 1)
        tenant.checkXero(t)
      })
    }
})
