// Case 12: refusals in other words.
import t from 'tap'
import type { AnswerChange } from '../../src/simulator/index.ts'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { synced, writes } from './support/books.ts'

t.test('books: refusals', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  async function ready(name: string): Promise<Tenant> {
    const tenant = await openTenant(world, name)
    await tenant.put('items', item('s1', { kind: 'service' }))
    await tenant.put('customers', customer('c1'))
    return tenant
  }
  const odd = (tenant: Tenant, method: string, path: string, answer: AnswerChange, times = 1) =>
    control.faults({ kind: 'answer', method, path, tenantId: tenant.organisationId, times, answer })

  const wordings: Record<string, { message: string; never: string }> = {
    currency: { message: 'Your organisation does not have multi-currency enabled on its plan.', never: 'internal' },
    tracking: { message: 'The Tracking Option "North" does not exist for this organisation.', never: 'internal' },
    terms: { message: 'The payment terms day must be between 1 and 31', never: 'internal' },
    account: { message: 'Account code must be valid.', never: 'internal' },
    tax: { message: 'TaxType code must be valid.', never: 'internal' },
    novel: { message: 'The flux capacitor is not aligned with this document.', never: 'internal' },
  }
  t.test('12 given refusals in other words, then each is told with a remedy and not sent again', async (t) => {
    const tenant = await ready('wordings')
    await tenant.sync()
    for (const [id, { message, never }] of Object.entries(wordings)) {
      await tenant.put('invoices', invoice(id, 'c1', ['s1']))
      odd(tenant, 'PUT', '/Invoices', { messages: [message] })
      await tenant.sync()
      control.clearFaults()
      const state = await tenant.state('invoices', id)
      t.equal(state.state, 'failed', id)
      t.match(state.lastError, { xero: [message], action: String })
      t.not(state.lastError.code, never)
    }
    tenant.mark()
    await tenant.sync()
    t.strictSame(writes(tenant), [], 'nothing has changed that could change the answer')
    await tenant.put('invoices', invoice('account', 'c1', ['s1'], { customerPo: 'changed' }))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'account')
    tenant.checkXero(t)
  })
})
