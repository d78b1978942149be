// Bills that get another number. Xero takes any number twice, so that nothing there would tell what a new bill is asked for too:
// whether a person entered the vendor's invoice already.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, invoice } from '../support/records.ts'
import type { Tenant } from '../support/tenant.ts'
import { byHand, contact, later, synced, writes } from './support/books.ts'
import { openTrader } from './support/trading.ts'

t.test('books: bills renamed', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const put = (tenant: Tenant, numbers: Readonly<Record<string, string>>) =>
    tenant.put(
      'bills',
      ...Object.entries(numbers).map(([id, vendorInvoiceNumber]) => bill(id, 'v1', ['s1'], { vendorInvoiceNumber })),
    )
  const numbers = (tenant: Tenant) =>
    tenant
      .xero('Invoices')
      .map((one) => one.InvoiceNumber)
      .sort()

  async function open(name: string) {
    const tenant = await openTrader(world, name)
    await put(tenant, { b1: 'V-1', b2: 'V-2' })
    await tenant.sync()
    const { ContactID } = contact(tenant, 'Vendor v1')
    const theirs = control.createInvoice(tenant.organisation, byHand('ACCPAY', ContactID, { InvoiceNumber: 'V-9' }))
    later(world)
    return { tenant, theirs: String(theirs.InvoiceID) }
  }

  t.test(
    "given a person's bill, when a new and a known one get its number, then both are told of it alike",
    async (t) => {
      const { tenant, theirs } = await open('alike')
      await put(tenant, { b1: 'v-9', b3: 'V-9' })
      tenant.mark()
      await tenant.sync()
      const told = {
        state: 'conflict',
        lastError: {
          code: 'duplicate_number',
          field: null,
          candidates: [{ id: theirs, number: 'V-9', name: 'Vendor v1' }],
        },
      }
      t.match(await tenant.state('bills', 'b1'), told)
      t.match(await tenant.state('bills', 'b3'), told)
      t.strictSame(numbers(tenant), ['V-1', 'V-2', 'V-9'])
      t.strictSame(writes(tenant, '/Invoices'), [])
      await tenant.sync()
      t.match(await tenant.state('bills', 'b1'), told)
      t.strictSame(writes(tenant, '/Invoices'), [], 'and nothing is sent')

      await put(tenant, { b1: 'V-3' })
      await tenant.sync()
      await synced(t, tenant, 'bills', 'b1')
      t.strictSame(numbers(tenant), ['V-2', 'V-3', 'V-9'])
      tenant.checkXero(t)
    },
  )

  t.test(
    "given the conflict, when the person's bill gets another number or is voided, then ours arrives",
    async (t) => {
      const { tenant, theirs } = await open('freed')
      await put(tenant, { b1: 'V-9' })
      await tenant.sync()
      t.match(await tenant.state('bills', 'b1'), { state: 'conflict', lastError: { code: 'duplicate_number' } })
      control.editInvoice(tenant.organisation, theirs, { InvoiceNumber: 'V-8' })
      await tenant.sync()
      await tenant.sync()
      await synced(t, tenant, 'bills', 'b1')
      await put(tenant, { b2: 'V-8' })
      await tenant.sync()
      t.match(await tenant.state('bills', 'b2'), { state: 'conflict', lastError: { code: 'duplicate_number' } })
      control.voidInvoice(tenant.organisation, theirs)
      await tenant.sync()
      await tenant.sync()
      await synced(t, tenant, 'bills', 'b2')
      tenant.checkXero(t)
    },
  )

  t.test(
    "given the conflict, when the person's bill is this record, then it is linked to it and ours removed",
    async (t) => {
      const { tenant, theirs } = await open('linked')
      await put(tenant, { b1: 'V-9' })
      await tenant.sync()
      const { lastError, xero } = await tenant.state('bills', 'b1')
      t.match(lastError.action, /DELETE …\/link, PUT …\/link with its id, and remove/)
      t.equal((await tenant.api('DELETE', 'bills/b1/link')).status, 200)
      t.equal((await tenant.api('PUT', 'bills/b1/link', { xeroId: lastError.candidates[0].id })).status, 200)
      control.voidInvoice(tenant.organisation, xero.id)
      await tenant.sync()
      t.match(await tenant.state('bills', 'b1'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
      await tenant.api('POST', 'bills/b1/resolve-conflict', { keep: 'product' })
      await tenant.sync()
      t.match(await tenant.state('bills', 'b1'), { state: 'synced', xero: { id: theirs } })
      t.strictSame(numbers(tenant), ['V-1', 'V-2', 'V-9'])
      tenant.checkXero(t)
    },
  )

  t.test('given two records, when one gets the number of the other, then both may have it, new or known', async (t) => {
    const { tenant } = await open('twins')
    await put(tenant, { b1: 'V-2', b3: 'V-2' })
    await tenant.sync()
    await synced(t, tenant, 'bills', 'b1', 'b2', 'b3')
    t.strictSame(numbers(tenant), ['V-2', 'V-2', 'V-2', 'V-9'])
  })

  t.test(
    'given many that get other numbers, then one call asks for all, and none where the number stays',
    async (t) => {
      const { tenant } = await open('calls')
      const looks = () => tenant.calls('GET /Invoices').filter(({ query }) => query.InvoiceNumbers)
      tenant.mark()
      await put(tenant, { b1: 'V-11', b2: 'V-12' })
      await tenant.sync()
      t.equal(looks().length, 1)
      tenant.mark()
      await tenant.put('bills', bill('b1', 'v1', ['s1', 's1'], { vendorInvoiceNumber: 'V-11' }))
      await tenant.sync()
      await synced(t, tenant, 'bills', 'b1', 'b2')
      t.equal(looks().length, 0)
      tenant.checkXero(t)
    },
  )

  t.test('given invoices that Xero numbers, when one gets the reference of a person, then it is told', async (t) => {
    const { tenant } = await open('references')
    await tenant.settings({ invoices: { number: 'xero', reference: 'document_number' } })
    await tenant.put('invoices', invoice('a1', 'c1', ['s1']))
    await tenant.sync()
    const { ContactID } = contact(tenant, 'Customer c1')
    const theirs = control.createInvoice(tenant.organisation, byHand('ACCREC', ContactID, { Reference: 'R-9' }))
    await tenant.put('invoices', invoice('a1', 'c1', ['s1'], { number: 'R-9' }))
    await tenant.sync()
    t.match(await tenant.state('invoices', 'a1'), {
      state: 'conflict',
      lastError: { code: 'duplicate_number', candidates: [{ id: theirs.InvoiceID }] },
    })
  })
})
