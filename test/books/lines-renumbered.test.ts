// Products whose lines have their places for ids: when one is taken away or put in front, the others are numbered anew. In Xero each
// line stays what it is, with what was decided of it and what a person entered there.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { queueAgain } from './support/as-sent.ts'
import { document, inNewZealand, later, type Row, synced } from './support/books.ts'
import { bothDocumentKinds, line, openTrader, service } from './support/trading.ts'

const prices: Record<string, string> = { A: '100', B: '50', C: '30', N: '7', E: '10' }

/** Lines of these texts, numbered by their places. B is of an item; all leave the account to others. */
const numbered = (texts: string, more: object = {}) =>
  [...texts].map((description, index) =>
    line(String(index + 1), {
      ...{ description, unitPrice: prices[description], itemId: description === 'B' ? 's2' : undefined },
      ...more,
    }),
  )

t.test('books: lines that are numbered anew', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  for (const [path, { make, type }] of bothDocumentKinds) {
    const isSale = path === 'invoices'
    const [usual, moved, today] = isSale ? ['200', '270', '260'] : ['300', '429', '310']
    const settings = isSale
      ? { invoices: { accounts: { sales: today } }, items: { accounts: { income: today } } }
      : { vendors: { accounts: { purchases: today } }, items: { accounts: { expense: today } } }
    const inXero = (tenant: Tenant): Row => document(tenant, type)
    /** Text, account, item and id of each line in Xero, in order. */
    const there = (tenant: Tenant): string[] =>
      inXero(tenant).LineItems.map((one: Row) =>
        [one.Description, one.AccountCode, one.ItemCode, one.TaxType, one.LineItemID].join(' '),
      )
    /** Those of these texts. */
    const of = (rows: readonly string[], texts: string) =>
      [...texts].map((text) => rows.find((one) => one.startsWith(text)))

    async function open(name: string): Promise<Tenant> {
      const tenant = await openTrader(world, `${name}-${path}`, inNewZealand)
      await tenant.put('items', service('s2'))
      await tenant.sync()
      return tenant
    }
    const made = (lines: object[], more: object = {}) =>
      make('d1', lines, isSale ? more : { vendorInvoiceNumber: 'VN', ...more })
    async function put(t: Test, tenant: Tenant, texts: string, more: object = {}): Promise<string[]> {
      later(world)
      await tenant.put(path, made(numbered(texts), more))
      await tenant.sync()
      await synced(t, tenant, path, 'd1')
      return there(tenant)
    }
    /** A document that a bookkeeper entered, which the record is found to be. */
    async function adopted(t: Test, name: string, texts: string, accounts: readonly string[]) {
      const tenant = await open(name)
      control.createInvoice(tenant.organisation, {
        ...{ Type: type, InvoiceNumber: isSale ? 'INV-d1' : 'VN', Status: 'AUTHORISED' },
        ...{ Contact: { Name: isSale ? 'Customer c1' : 'Vendor v1' }, Date: '2026-11-21', DueDate: '2026-11-21' },
        LineItems: [...texts].map((Description, index) => ({
          ...{ Description, Quantity: 1, UnitAmount: Number(prices[Description]), AccountCode: accounts[index] },
          TaxType: isSale ? 'OUTPUT2' : 'INPUT2',
          // An item that the record does not name is a bookkeeper's.
          ItemCode: Description === 'A' ? 'SKU-s1' : Description === 'B' ? 'SKU-s2' : undefined,
        })),
      })
      const before = await put(t, tenant, texts)
      t.strictSame(
        before.map((one) => one.split(' ')[1]),
        accounts,
      )
      t.equal(tenant.xero('Invoices').length, 1)
      return { tenant, before }
    }

    t.test(`given adopted ${path}, when lines are numbered anew, then each keeps its account and item`, async (t) => {
      const { tenant, before } = await adopted(t, 'adopted', 'ABC', [usual, moved, usual])
      t.match(before[0], `A ${usual} SKU-s1`)
      t.match(before[1], `B ${moved} SKU-s2`)
      t.strictSame(await put(t, tenant, 'BAC'), of(before, 'BAC'), 'two of them exchanged')
      t.strictSame(await put(t, tenant, 'BC'), of(before, 'BC'), 'one taken away from between them')
      await tenant.settings(settings)
      const fronted = await put(t, tenant, 'NBC')
      t.strictSame(of(fronted, 'BC'), of(before, 'BC'), 'one put in front')
      t.match(of(fronted, 'N')[0], `N ${today} `)
      t.strictSame(await put(t, tenant, 'BC'), of(before, 'BC'), 'the first one taken away')
      t.strictSame(await put(t, tenant, 'B'), of(before, 'B'), 'the last one taken away')
      tenant.checkXero(t)
    })

    t.test(`given adopted ${path} with equal lines, when others go, then the equal ones stay in order`, async (t) => {
      const between = await adopted(t, 'between', 'EAE', [usual, usual, moved])
      t.strictSame(await put(t, between.tenant, 'EE'), [between.before[0], between.before[2]])
      const first = await adopted(t, 'first', 'AEE', [usual, moved, usual])
      t.strictSame(await put(t, first.tenant, 'EE'), first.before.slice(1))
    })

    t.test(`given ${path} of ours, when lines are numbered anew, then each stays as it was sent`, async (t) => {
      const tenant = await open('own')
      await put(t, tenant, 'A')
      await tenant.settings(settings)
      const before = await put(t, tenant, 'ABC')
      t.match(of(before, 'A')[0], `A ${usual} `)
      t.match(of(before, 'B')[0], `B ${today} `)
      t.strictSame(await put(t, tenant, 'BAC'), of(before, 'BAC'), 'two of them exchanged')
      const fronted = await put(t, tenant, 'NBAC')
      t.strictSame(of(fronted, 'BAC'), of(before, 'BAC'), 'one put in front')
      t.match(of(fronted, 'N')[0], `N ${today} `)
      const left = await put(t, tenant, 'BNC')
      t.strictSame(left, of(fronted, 'BNC'), 'one taken away from between them')
      t.strictSame(await put(t, tenant, 'NC'), of(fronted, 'NC'), 'the first one taken away')
      await tenant.put(path, made(numbered('CN')))
      await queueAgain(tenant, isSale ? 'invoice' : 'bill', 'd1')
      await tenant.sync()
      const ids = (rows: readonly (string | undefined)[]) => rows.map((one) => one?.split(' ').at(-1))
      t.strictSame(ids(there(tenant)), ids(of(fronted, 'CN')), 'also where all is decided anew')
      tenant.checkXero(t)
    })

    t.test(
      `given ${path} that a person edited, when a line goes, then the edit is told of the right one`,
      async (t) => {
        const tenant = await open('edited')
        await put(t, tenant, 'AB')
        later(world)
        const { InvoiceID, LineItems } = inXero(tenant)
        const ofB = LineItems.findIndex((one: Row) => one.Description === 'B')
        control.editLine(tenant.organisation, InvoiceID, ofB, { UnitAmount: 55, AccountCode: moved })
        await tenant.put(path, made(numbered('B')))
        await tenant.sync()
        const state = await tenant.state(path, 'd1')
        t.equal(state.state, 'conflict')
        t.match(state.lastError.differences, [
          { field: '/lines/1/unitPrice', product: '50', xero: '55' },
          { field: '/lines/1/accountCode', xero: moved },
        ])
        t.equal(state.lastError.differences.length, 2)
      },
    )

    t.test(
      `given ${path} with lines of their own ids, when one changes in part, then it is the same line`,
      async (t) => {
        const { tenant, before } = await adopted(t, 'part', 'AB', [moved, usual])
        later(world)
        await tenant.put(path, made(numbered('AB', { quantity: '2' })))
        await tenant.sync()
        await synced(t, tenant, path, 'd1')
        t.strictSame(there(tenant), before)
        const [first, second] = numbered('AB', { quantity: '2' })
        await tenant.put(path, made([{ ...first, description: 'Another' }, second as object]))
        await tenant.sync()
        await synced(t, tenant, path, 'd1')
        t.strictSame(there(tenant), [before[0]?.replace('A ', 'Another '), before[1]])
      },
    )
  }
})
