// Ids, codes and names are a caller's own. Those that an object of JavaScript has of itself are ids like any others: what is looked up
// by them and is not there must not be found on the object.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { inNewZealand, later, type Row, synced } from './support/books.ts'
import { line } from './support/trading.ts'

const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty']
/** Lines at first, and after the change: one is taken away, and one is new. */
const [first, after] = [names.slice(1), names.slice(0, 3)]

t.test('books: ids that are names of every object', async (t) => {
  const world = await openWorld(t)
  const tenant = await openTenant(world, 'names', inNewZealand)
  const lines = (wanted: readonly string[], more: object = {}) =>
    wanted.map((id) => line(id, { description: `Line ${id}`, itemId: id, unitPrice: '10', ...more }))
  const there = (number: string): Row[] =>
    tenant.xero('Invoices').find((one: Row) => one.InvoiceNumber === number)?.LineItems ?? []
  const told = (number: string) => there(number).map((one) => `${one.Description} ${one.UnitAmount}`)

  await t.test(
    'given records and lines with such ids, when they are sent, changed and deleted, then all arrive',
    async (t) => {
      for (const id of names) {
        await tenant.put('items', item(id, { kind: 'service', code: id, itemGroup: id }))
        await tenant.put('customers', customer(id, { name: id }))
        await tenant.put('vendors', vendor(id, { name: `${id} Ltd`, accountNumber: id }))
        await tenant.put('invoices', invoice(id, id, [], { number: id, lines: lines(first) }))
        await tenant.put('bills', bill(id, id, [], { vendorInvoiceNumber: `B ${id}`, lines: lines(first) }))
      }
      await tenant.sync()
      for (const type of ['items', 'customers', 'vendors', 'invoices', 'bills']) await synced(t, tenant, type, ...names)
      const ids = new Map(names.map((id) => [id, there(id).map(({ LineItemID }) => LineItemID)]))
      later(world)
      for (const id of names) {
        const kept = lines(after, { unitPrice: '20' })
        await tenant.put('invoices', invoice(id, id, [], { number: id, lines: kept }))
        await tenant.put('bills', bill(id, id, [], { vendorInvoiceNumber: `B ${id}`, lines: kept }))
        await tenant.put('customers', customer(id, { name: id, email: 'new@example.com' }))
      }
      await tenant.sync()
      for (const type of ['customers', 'invoices', 'bills']) await synced(t, tenant, type, ...names)
      for (const id of names)
        for (const number of [id, `B ${id}`]) {
          t.strictSame(told(number).toSorted(), after.map((name) => `Line ${name} 20`).toSorted())
        }
      for (const [id, before] of ids) {
        const now = there(id).map(({ LineItemID }) => LineItemID)
        t.equal(now.filter((one) => before.includes(one)).length, 2, 'each line stays what it is')
      }
      const kept = new Map(names.map((id) => [id, there(id).map(({ LineItemID }) => LineItemID)]))
      later(world)
      const others = ['valueOf', 'isPrototypeOf', 'toLocaleString']
      for (const id of names) {
        const renamed = after.map((name, at) =>
          line(others[at] as string, { ...lines([name])[0], id: others[at], unitPrice: '20' }),
        )
        renamed[0] = { ...renamed[0], quantity: '3' } as (typeof renamed)[0]
        await tenant.put('invoices', invoice(id, id, [], { number: id, lines: renamed }))
      }
      await tenant.sync()
      await synced(t, tenant, 'invoices', ...names)
      for (const [id, before] of kept) {
        const same = there(id).flatMap(({ LineItemID, Quantity }) => (Number(Quantity) === 3 ? [] : LineItemID))
        t.strictSame(same, before.slice(1), 'a line with another id is the same one')
      }
      later(world)
      for (const id of names) await tenant.api('DELETE', `invoices/${id}`)
      await tenant.sync()
      for (const id of names)
        t.equal(tenant.xero('Invoices').find((one: Row) => one.InvoiceNumber === id)?.Status, 'VOIDED')
      tenant.checkXero(t)
    },
  )

  await t.test('given tax codes of such names that nothing maps, when they are sent, then each says so', async (t) => {
    for (const name of names) {
      await tenant.put(
        'invoices',
        invoice('d1', 'constructor', [], { lines: [line('1', { itemId: undefined, taxCode: name })] }),
      )
      await tenant.sync()
      const { body } = await tenant.api('GET', 'invoices/d1')
      t.match(body.sync, { state: 'failed', lastError: { code: 'tax_code_unmapped' } }, name)
    }
  })
})
