// A record that is unlinked while something of it is queued, and one that waits to be sent: the state says what is so.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { document, later, synced } from './support/books.ts'

const line = { id: '1', description: 'Work', quantity: '1', unitPrice: '5.00', taxCode: 'GST' }

t.test('books: the state of what waits', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const invoice = (tenant: Tenant, more: object) =>
    tenant.put('invoices', { id: 'd1', number: 'INV-d1', customerId: 'c1', date: '2026-11-20', lines: [line], ...more })
  async function sent(name: string): Promise<Tenant> {
    const tenant = await openTenant(world, name)
    await tenant.put('customers', { id: 'c1', name: 'Ann Ltd' })
    await invoice(tenant, { status: 'shipped' })
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1')
    later(world)
    return tenant
  }

  t.test('given an invoice that is back at a status that is sent, then no word of the other one is left', async (t) => {
    const tenant = await sent('back')
    await invoice(tenant, { status: 'draft', customerPo: 'PO 1' })
    t.match(await tenant.state('invoices', 'd1'), { state: 'outdated', lastError: { code: 'status_not_sent' } })
    await invoice(tenant, { status: 'shipped', customerPo: 'PO 2' })
    t.match(await tenant.state('invoices', 'd1'), { state: 'pending', lastError: null })
  })

  t.test('given an invoice whose change failed, when it is unlinked, then the next job looks for it', async (t) => {
    const tenant = await sent('failed')
    control.payInvoice(tenant.organisation, 'INV-d1')
    later(world)
    await invoice(tenant, { status: 'shipped', lines: [{ ...line, unitPrice: '9.00' }] })
    await tenant.sync()
    t.match(await tenant.state('invoices', 'd1'), { state: 'failed', lastError: { code: 'not_modifiable' } })
    await tenant.api('DELETE', 'invoices/d1/link')
    t.match(await tenant.state('invoices', 'd1'), { state: 'pending', lastError: null })
    await tenant.sync()
    t.match(await tenant.state('invoices', 'd1'), { state: 'conflict', lastError: { code: 'duplicate_number' } })
    t.match(document(tenant, 'INV-d1'), { Status: 'PAID' })
  })

  t.test('given an invoice whose change waits, when it is unlinked, then it is pending', async (t) => {
    const tenant = await sent('waiting')
    await invoice(tenant, { status: 'shipped', customerPo: 'PO 3' })
    await tenant.api('DELETE', 'invoices/d1/link')
    t.match(await tenant.state('invoices', 'd1'), { state: 'pending', lastError: null })
  })

  t.test(
    'given a deleted customer with a version, then its documents name the version that brings it back',
    async (t) => {
      const tenant = await openTenant(world, 'versions')
      await tenant.put('customers', { id: 'c1', name: 'Ann Ltd', version: 9 })
      await tenant.sync()
      await tenant.api('DELETE', 'customers/c1')
      await tenant.sync()
      await invoice(tenant, { status: 'shipped' })
      await tenant.sync()
      const { lastError } = await tenant.state('invoices', 'd1')
      t.match(lastError, { code: 'record_missing', cause: /was deleted/, action: /version of at least 9/ })
      await tenant.put('customers', { id: 'c1', name: 'Ann Ltd', version: 9 })
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'd1')
    },
  )
})
