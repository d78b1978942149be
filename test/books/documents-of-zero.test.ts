// Documents of zero, which Xero pays by itself.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import { document, inNewZealand, synced, writes } from './support/books.ts'
import { line, openTrader, sale } from './support/trading.ts'

t.test('books: documents of zero', async (t) => {
  const world = await openWorld(t)
  async function ofZero(t: Test, name: string, zeroTotal: 'paid' | 'locked') {
    const tenant = await openTrader(world, name, { ...inNewZealand, seed: { ...inNewZealand.seed, zeroTotal } })
    const nothing = [line('1'), line('2', { unitPrice: '-100' })]
    await tenant.put('invoices', sale('n1', nothing), sale('n2', nothing))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'n1', 'n2')
    t.match(document(tenant, 'INV-n1'), { Status: 'PAID', Total: 0 })
    await tenant.put('invoices', sale('n1', [...nothing, line('3', { unitPrice: '7' })]))
    await tenant.api('DELETE', 'invoices/n2')
    const job = await tenant.sync()
    tenant.checkXero(t)
    return { tenant, job }
  }
  t.test('zero given a document of zero that Xero made paid, then it can be changed and voided', async (t) => {
    const { tenant, job } = await ofZero(t, 'zero', 'paid')
    t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
    t.match(document(tenant, 'INV-n1'), { Status: 'AUTHORISED', SubTotal: 7 })
    t.match(document(tenant, 'INV-n2'), { Status: 'VOIDED' })
  })
  t.test('zero given Xero that refuses, then it says so in words of its own and does not ask again', async (t) => {
    const { tenant } = await ofZero(t, 'zero-locked', 'locked')
    t.ok((await tenant.state('invoices', 'n1')).lastError?.action)
    tenant.mark()
    await tenant.sync()
    t.strictSame(writes(tenant), [])
  })
})
