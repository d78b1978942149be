// Numbers of documents that stand in Xero already, and that another document there has: who has it is told, and what came free by
// the same call is used at once.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { byHand, contact, document, synced, writes } from './support/books.ts'
import { line, openTrader, sale } from './support/trading.ts'

t.test('books: numbers taken', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const put = (tenant: Tenant, numbers: Readonly<Record<string, string>>) =>
    tenant.put('invoices', ...Object.entries(numbers).map(([id, number]) => sale(id, [line('1')], { number })))
  const numbers = async (tenant: Tenant, ...ids: string[]) => {
    const there = new Map(tenant.xero('Invoices').map((one) => [one.InvoiceID, one.InvoiceNumber]))
    return Promise.all(ids.map(async (id) => there.get((await tenant.state('invoices', id)).xero.id)))
  }

  t.test("given an invoice that gets the number of a person's, then that one is named, until it goes", async (t) => {
    const tenant = await openTrader(world, 'theirs')
    await put(tenant, { a1: 'A-1' })
    await tenant.sync()
    const { ContactID } = contact(tenant, 'Customer c1')
    const other = control.createInvoice(tenant.organisation, byHand('ACCREC', ContactID, { InvoiceNumber: 'A-2' }))
    await put(tenant, { a1: 'A-2' })
    await tenant.sync()
    const state = await tenant.state('invoices', 'a1')
    t.match(state, {
      state: 'conflict',
      lastError: {
        ...{ code: 'duplicate_number', field: '/number', xero: ['Invoice # must be unique.'] },
        candidates: [{ id: other.InvoiceID, number: 'A-2', name: 'Customer c1', url: /InvoiceID=/ }],
      },
    })
    t.notMatch(state.lastError?.action, /link/i, 'the record is linked to its own')
    tenant.mark()
    await tenant.sync()
    t.strictSame(writes(tenant), [], 'it is not sent again')
    t.match(await tenant.state('invoices', 'a1'), { state: 'conflict', lastError: { candidates: [{ number: 'A-2' }] } })
    control.editInvoice(tenant.organisation, String(other.InvoiceID), { InvoiceNumber: 'A-9' })
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    t.strictSame(await numbers(tenant, 'a1'), ['A-2'])
    tenant.checkXero(t)
  })

  t.test('given an invoice that gets the number of a voided one, then only another number is advised', async (t) => {
    const tenant = await openTrader(world, 'used-up')
    await put(tenant, { a1: 'A-1', a2: 'A-2' })
    await tenant.sync()
    const { id } = (await tenant.state('invoices', 'a2')).xero
    control.voidInvoice(tenant.organisation, id)
    await put(tenant, { a1: 'A-2' })
    await tenant.sync()
    t.match(await tenant.state('invoices', 'a1'), {
      state: 'conflict',
      lastError: { code: 'duplicate_number', candidates: [{ id }], action: /^Give the document another number, then/ },
    })
  })

  t.test('given invoices that each move up by one number, then one job brings all of them there', async (t) => {
    const tenant = await openTrader(world, 'chain')
    await put(tenant, { a1: 'A-1', a2: 'A-2', a3: 'A-3' })
    await tenant.sync()
    await put(tenant, { a1: 'A-2', a2: 'A-3', a3: 'A-4' })
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1', 'a2', 'a3')
    t.strictSame(await numbers(tenant, 'a1', 'a2', 'a3'), ['A-2', 'A-3', 'A-4'])
    tenant.checkXero(t)
  })

  t.test('given invoices that exchange their numbers, then each names the other', async (t) => {
    const tenant = await openTrader(world, 'exchange')
    await put(tenant, { a1: 'A-1', a2: 'A-2', a3: 'A-3' })
    await tenant.sync()
    await put(tenant, { a1: 'A-2', a2: 'A-1', a3: 'A-4' })
    tenant.mark()
    await tenant.sync()
    t.ok(writes(tenant).length <= 2, 'nothing is sent without end')
    const ids = [document(tenant, 'A-1'), document(tenant, 'A-2')].map(({ InvoiceID }) => InvoiceID)
    t.match(await tenant.state('invoices', 'a1'), { state: 'conflict', lastError: { candidates: [{ id: ids[1] }] } })
    t.match(await tenant.state('invoices', 'a2'), { state: 'conflict', lastError: { candidates: [{ id: ids[0] }] } })
    await put(tenant, { a1: 'A-5' })
    await tenant.sync()
    await tenant.sync()
    await put(tenant, { a1: 'A-2' })
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1', 'a2', 'a3')
    t.strictSame(await numbers(tenant, 'a1', 'a2', 'a3'), ['A-2', 'A-1', 'A-4'])
    tenant.checkXero(t)
  })

  t.test('given three invoices that exchange their numbers in a ring, then each names who has its own', async (t) => {
    const tenant = await openTrader(world, 'ring')
    await put(tenant, { a1: 'A-1', a2: 'A-2', a3: 'A-3' })
    await tenant.sync()
    const idOf = (number: string) => document(tenant, number).InvoiceID
    const holders = { a1: idOf('A-2'), a2: idOf('A-3'), a3: idOf('A-1') }
    await put(tenant, { a1: 'A-2', a2: 'A-3', a3: 'A-1' })
    tenant.mark()
    await tenant.sync()
    for (const [id, holder] of Object.entries(holders)) {
      const told = { code: 'duplicate_number', candidates: [{ id: holder }], action: /third number/ }
      t.match(await tenant.state('invoices', id), { state: 'conflict', lastError: told }, id)
    }
    const before = writes(tenant, '/Invoices').length
    t.ok(before <= 3, `${before} writes`)
    for (let job = 0; job < 2; job += 1) await tenant.sync()
    t.equal(writes(tenant, '/Invoices').length, before, 'nothing is sent without end')

    // As the remedy says: one of them steps aside, and the others move up.
    await put(tenant, { a1: 'A-9' })
    for (let job = 0; job < 3; job += 1) await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1', 'a2', 'a3')
    await put(tenant, { a1: 'A-2' })
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    t.strictSame(await numbers(tenant, 'a1', 'a2', 'a3'), ['A-2', 'A-3', 'A-1'])
    tenant.checkXero(t)
  })

  t.test(
    "given a new invoice with another record's number in another case, then it is refused once, until it is free",
    async (t) => {
      const tenant = await openTrader(world, 'case')
      await put(tenant, { a1: 'dup-1' })
      await tenant.sync()
      await put(tenant, { a2: 'DUP-1', a3: ' dup-1' })
      await tenant.sync()
      for (const id of ['a2', 'a3']) {
        t.match(await tenant.state('invoices', id), { state: 'conflict', lastError: { code: 'duplicate_number' } }, id)
      }
      tenant.mark()
      for (let job = 0; job < 3; job += 1) await tenant.sync()
      t.strictSame(writes(tenant), [], 'they are not sent again')
      await put(tenant, { a1: 'other-1' })
      await tenant.sync()
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      const states = await Promise.all(['a2', 'a3'].map((id) => tenant.state('invoices', id)))
      t.same(states.map(({ state }) => state).sort(), ['conflict', 'synced'], 'one of them has the number now')
    },
  )
})
