// A person decides about a conflict, and decides otherwise before the first decision was carried out: the later one counts wholly.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { byHand, contact, document, later, synced, writes } from './support/books.ts'
import { bothDocumentKinds, type DocumentPath, line, openTrader } from './support/trading.ts'

const fields = (state: { lastError: { differences: { field: string }[] } }): string[] =>
  state.lastError.differences.map(({ field }) => field)

t.test('books: decisions', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  async function decide(t: Test, tenant: Tenant, path: DocumentPath, keep: string): Promise<void> {
    const answer = await tenant.api('POST', `${path}/d/resolve-conflict`, { keep })
    t.ok(answer.status < 300, `${keep}: ${JSON.stringify(answer.body)}`)
  }

  for (const [path, { make, type }] of bothDocumentKinds) {
    const priced = (unitPrice: string) => make('d', [line('1', { unitPrice })])
    const inXero = (tenant: Tenant) => document(tenant, type)
    const lateIn = (tenant: Tenant) =>
      inXero(tenant).LineItems.find((one: { Description: string }) => one.Description === 'late').LineItemID
    const late = { Description: 'late', Quantity: 1, UnitAmount: 5, AccountCode: '200' }

    /** A document whose text was edited in Xero, the price by the product, and the record is to be written over it. */
    async function accepted(t: Test, name: string): Promise<Tenant> {
      const tenant = await openTrader(world, `${name}-${path}`)
      await tenant.put(path, priced('100'))
      await tenant.sync()
      later(world)
      control.editLine(tenant.organisation, inXero(tenant).InvoiceID, 0, { Description: 'by a person' })
      await tenant.put(path, priced('120'))
      await tenant.sync()
      t.strictSame(fields(await tenant.state(path, 'd')), ['/lines/1/description'])
      await decide(t, tenant, path, 'product')
      later(world)
      return tenant
    }

    /** The next change of the product leaves what the person entered. */
    async function stands(t: Test, tenant: Tenant): Promise<void> {
      later(world)
      await tenant.put(path, priced('130'))
      tenant.mark()
      await tenant.sync()
      t.strictSame(writes(tenant, '/Invoices'), [])
      t.match(inXero(tenant).LineItems, [{ Description: 'by a person' }])
      const state = await tenant.state(path, 'd')
      t.equal(state.state, 'conflict')
      t.strictSame(fields(state), ['/lines/1/description'])
      tenant.checkXero(t)
    }

    t.test(`given ${path} to be written over, when a person edits once more, then all edits are shown`, async (t) => {
      const tenant = await accepted(t, 'shown')
      control.addLine(tenant.organisation, inXero(tenant).InvoiceID, late)
      await tenant.sync()
      const state = await tenant.state(path, 'd')
      const added = lateIn(tenant)
      t.strictSame(fields(state).sort(), [`/lines/${added}`, '/lines/1/description'].sort())
      await decide(t, tenant, path, 'xero')
      t.strictSame(fields(await tenant.state(path, 'd')).sort(), fields(state).sort())
    })

    t.test(`given ${path} to be written over, when Xero's side is kept after all, then edits stand`, async (t) => {
      const tenant = await accepted(t, 'over')
      const { InvoiceID } = inXero(tenant)
      control.addLine(tenant.organisation, InvoiceID, late)
      await tenant.sync()
      await decide(t, tenant, path, 'xero')
      control.removeLine(tenant.organisation, InvoiceID, lateIn(tenant))
      await stands(t, tenant)
    })

    t.test(`given ${path} to be written over, when the change leaves the queue, then edits stand`, async (t) => {
      const tenant = await accepted(t, 'queue')
      const [item] = (await tenant.queue()).filter(({ recordId }) => recordId === 'd')
      t.ok((await tenant.api('DELETE', `sync-queue-items/${item.id}`)).status < 300)
      await stands(t, tenant)
    })

    t.test(
      `given ${path} to be written over, when they are deleted and edited once more, then all is shown`,
      async (t) => {
        const tenant = await accepted(t, 'deleted')
        await tenant.api('DELETE', `${path}/d`)
        control.addLine(tenant.organisation, inXero(tenant).InvoiceID, late)
        await tenant.sync()
        const shown = fields(await tenant.state(path, 'd'))
        t.ok(shown.includes(`/lines/${lateIn(tenant)}`) && shown.includes('/lines/1/description'), `${shown}`)
      },
    )

    t.test(`given ${path} to be written over, when nobody decides otherwise, then they are`, async (t) => {
      const tenant = await accepted(t, 'carried-out')
      await tenant.sync()
      await synced(t, tenant, path, 'd')
      t.match(inXero(tenant), { SubTotal: 120, LineItems: [{ Description: 'Line 1' }] })
      control.editLine(tenant.organisation, inXero(tenant).InvoiceID, 0, { Description: 'by a person' })
      await stands(t, tenant)
    })

    t.test(`given ${path} that stood there before, when Xero's side is kept after all, then they stand`, async (t) => {
      const tenant = await openTrader(world, `met-${path}`)
      await tenant.sync()
      later(world)
      const { ContactID } = contact(tenant, path === 'invoices' ? 'Customer c1' : 'Vendor v1')
      const { InvoiceID } = control.createInvoice(tenant.organisation, byHand(type, ContactID)) as { InvoiceID: string }
      await tenant.put(path, priced('100'))
      t.ok((await tenant.api('PUT', `${path}/d/link`, { xeroId: InvoiceID })).status < 300)
      await tenant.sync()
      const before = fields(await tenant.state(path, 'd'))
      await decide(t, tenant, path, 'product')
      control.addLine(tenant.organisation, InvoiceID, late)
      later(world)
      await tenant.sync()
      const after = fields(await tenant.state(path, 'd'))
      const whole = ['/date', '/number']
      for (const differing of [before, after])
        t.ok(
          whole.every((field) => differing.includes(field)),
          `${differing}`,
        )
      await decide(t, tenant, path, 'xero')
      control.removeLine(tenant.organisation, InvoiceID, lateIn(tenant))
      later(world)
      await tenant.put(path, priced('130'))
      tenant.mark()
      await tenant.sync()
      t.strictSame(writes(tenant, '/Invoices'), [])
      t.equal((await tenant.state(path, 'd')).state, 'conflict')
      t.equal(inXero(tenant).LineItems[0].Description, 'By hand')
    })
  }
})
