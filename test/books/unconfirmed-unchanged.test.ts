// A document whose creation was not confirmed, and that a person moved to another contact before it was found: the record waits
// in conflict. Once both name the same contact again, nobody's change is in the way, and what the product changed goes out.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, vendor } from '../support/records.ts'
import type { Tenant } from '../support/tenant.ts'
import { inNewZealand, later, synced, writes } from './support/books.ts'
import { bothDocumentKinds, type DocumentPath, line, openTrader, purchase, sale } from './support/trading.ts'

t.test('books: documents of an unconfirmed creation that nobody changed', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const owner = { invoices: 'customer', bills: 'vendor' } as const
  const named = { invoices: 'Customer', bills: 'Vendor' } as const
  const documentOf = (path: DocumentPath, quantity: string, more: object = {}) =>
    path === 'bills'
      ? purchase('a1', [line('1', { quantity })], { vendorInvoiceNumber: 'N-1', ...more })
      : sale('a1', [line('1', { quantity })], { number: 'N-1', ...more })

  /** In conflict: the document stands at the second contact, whole as it was sent. */
  async function moved(name: string, path: DocumentPath): Promise<{ tenant: Tenant; InvoiceID: string }> {
    const tenant = await openTrader(world, `${name}-${path}`, inNewZealand)
    const second = path === 'bills' ? vendor('v2') : customer('c2')
    await tenant.put(`${owner[path]}s`, second)
    await tenant.sync()
    const [tenantId, times] = [tenant.organisationId, 3]
    control.faults({ kind: 'lost_response', method: 'PUT', path: '/Invoices', tenantId, times })
    await tenant.put(path, documentOf(path, '1'))
    await tenant.startJob()
    while (await world.house.turn());
    const [{ InvoiceID }] = tenant.xero('Invoices')
    const { xero } = await tenant.state(`${owner[path]}s`, second.id)
    control.editInvoice(tenant.organisation, InvoiceID, { Contact: { ContactID: xero.id } })
    await world.work()
    t.match(await tenant.state(path, 'a1'), { lastError: { code: 'duplicate_number' } })
    return { tenant, InvoiceID }
  }

  for (const [path] of bothDocumentKinds) {
    const first = path === 'bills' ? 'v1' : 'c1'
    const merge = (tenant: Tenant) =>
      control.mergeContacts(tenant.organisation, `${named[path]} ${first}`, `${named[path]} ${first.at(0)}2`)

    for (const number of ['N-1', 'N-2']) {
      const renamed = path === 'bills' ? { vendorInvoiceNumber: number } : { number }

      t.test(
        `given ${path} of contacts that were merged, when they change, then ${number} is the same one`,
        async (t) => {
          const { tenant, InvoiceID } = await moved(`merged-${number}`, path)
          merge(tenant)
          await tenant.put(path, documentOf(path, '3', renamed))
          later(world)
          await tenant.sync()
          await tenant.sync()
          await synced(t, tenant, path, 'a1')
          t.match(
            tenant.xero('Invoices'),
            [{ InvoiceID, InvoiceNumber: number, LineItems: [{ Quantity: 3 }] }],
            'one document, as the product has it',
          )
          tenant.checkXero(t)
        },
      )
    }

    t.test(`given ${path} of merged contacts that a person changed too, when they change, then it waits`, async (t) => {
      const { tenant, InvoiceID } = await moved('edited', path)
      merge(tenant)
      control.editInvoice(tenant.organisation, InvoiceID, { DueDate: '2027-03-31' })
      await tenant.put(path, documentOf(path, '3'))
      later(world)
      tenant.mark()
      await tenant.sync()
      await tenant.sync()
      t.match(await tenant.state(path, 'a1'), { state: 'conflict', lastError: { code: 'duplicate_number' } })
      t.strictSame(writes(tenant, '/Invoices'), [], 'nothing is written over')
    })

    t.test(`given ${path} that a person moved, when the product keeps the first contact, then it waits`, async (t) => {
      const { tenant } = await moved('chosen', path)
      await tenant.put(path, documentOf(path, '3'))
      later(world)
      tenant.mark()
      await tenant.sync()
      t.match(await tenant.state(path, 'a1'), { state: 'conflict', lastError: { code: 'duplicate_number' } })
      t.strictSame(writes(tenant, '/Invoices'), [])
    })
  }
})
