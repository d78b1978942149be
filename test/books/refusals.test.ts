// Case 12: refusals in other words.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { invoice } from '../support/records.ts'
import { synced, writes } from './support/books.ts'
import { oddAnswers } from './support/odd-answers.ts'
import { openSeller } from './support/trading.ts'

t.test('books: refusals', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const odd = oddAnswers(world)

  const wordings: Record<string, { message: string; never: string }> = {
    currency: { message: 'Your organisation does not have multi-currency enabled on its plan.', never: 'internal' },
    tracking: { message: 'The Tracking Option "North" does not exist for this organisation.', never: 'internal' },
    terms: { message: 'The payment terms day must be between 1 and 31', never: 'internal' },
    account: { message: 'Account code must be valid.', never: 'internal' },
    tax: { message: 'TaxType code must be valid.', never: 'internal' },
    novel: { message: 'The flux capacitor is not aligned with this document.', never: 'internal' },
  }
  t.test('12 given refusals in other words, then each is told with a remedy and not sent again', async (t) => {
    const tenant = await openSeller(world, 'wordings')
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
