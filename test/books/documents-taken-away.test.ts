// Case 27: nothing is left over of what the product took away.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { inNewZealand, later, type Row, synced } from './support/books.ts'
import { content, documentKinds, line, lineWithout, openTrader, sale } from './support/trading.ts'

t.test('books: documents taken away', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const line1 = (more: object) => ({ ...line('1'), ...more })
  const taken: Record<string, { on: ('invoices' | 'bills')[]; lines: [object[], object[]]; more?: [object, object] }> =
    {
      'the discount of a line': { on: ['invoices'], lines: [[line1({ discountRate: '25' })], [line('1')]] },
      'the discount of the document': {
        on: ['invoices'],
        lines: [[line('1')], [line('1')]],
        more: [{ discount: { rate: '25' } }, {}],
      },
      'a discount by amount': {
        on: ['invoices'],
        lines: [[line('1')], [line('1')]],
        more: [{ discount: { amount: '25' } }, {}],
      },
      'the tax amount': { on: ['invoices', 'bills'], lines: [[line1({ taxAmount: '7.77' })], [line('1')]] },
      'the item': { on: ['invoices', 'bills'], lines: [[line('1')], [lineWithout('1', 'itemId')]] },
      'the description': { on: ['invoices', 'bills'], lines: [[line('1')], [lineWithout('1', 'description')]] },
      'the tax code': {
        on: ['invoices', 'bills'],
        lines: [[line1({ taxCode: 'ZERO' })], [lineWithout('1', 'taxCode')]],
      },
      'the class': { on: ['invoices', 'bills'], lines: [[line1({ class: 'North' })], [line('1')]] },
      'a line': { on: ['invoices', 'bills'], lines: [[line('1'), line('2')], [line('1')]] },
      'the due date': {
        on: ['invoices', 'bills'],
        lines: [[line('1')], [line('1')]],
        more: [{ dueDate: '2027-03-01' }, {}],
      },
      shipping: { on: ['invoices'], lines: [[line('1')], [line('1')]], more: [{ shipping: { amount: '9' } }, {}] },
      'the purchase order': { on: ['invoices'], lines: [[line('1')], [line('1')]], more: [{ customerPo: 'PO 1' }, {}] },
      'the vendor number': {
        on: ['bills'],
        lines: [[line('1')], [line('1')]],
        more: [{ vendorInvoiceNumber: 'V 1' }, {}],
      },
      'other charges': {
        on: ['bills'],
        lines: [[line('1')], [line('1')]],
        more: [{ otherCharges: [{ amount: '9', description: 'Freight' }] }, {}],
      },
      'currency and rate': {
        on: ['invoices', 'bills'],
        lines: [[line('1')], [line('1')]],
        more: [{ currency: 'AUD', exchangeRate: '0.9' }, {}],
      },
    }
  const classes = {
    seed: { ...inNewZealand.seed, trackingCategories: { Region: ['North', 'South'] }, currencies: { AUD: 0.92 } },
  }
  const own = ['InvoiceID', 'InvoiceNumber', 'Url', 'contact']
  const meaning = (row: Row) => {
    const { LineItems, Contact: _c, ...rest } = content({ ...row, Contact: row.Contact })
    const lines = LineItems.map(({ LineItemID: _l, ...one }: Row) => one)
    const kept = Object.fromEntries(Object.entries(rest).filter(([name]) => !own.includes(name)))
    // A number of its own is all that tells the two apart.
    return { ...kept, number: row.InvoiceNumber.replace(/^[NF]/, ''), lines }
  }
  /** A document that loses something must become what one is that never had it. */
  for (const path of ['invoices', 'bills'] as const)
    for (const fault of [undefined, 'lost_response', 'lost_request'] as const)
      t.test(
        `27 given ${path} that lose something${fault ? `, ${fault}` : ''}, then nothing is left over`,
        async (t) => {
          const { make } = documentKinds[path]
          const tenant = await openTrader(world, `taken-${path}-${fault}`, { ...inNewZealand, ...classes })
          await tenant.api('POST', 'tracking-categories/refresh')
          const [category] = (await tenant.api('GET', 'tracking-categories')).body.items
          const trackingMap = { class: { categoryId: category.id } }
          await tenant.settings({ [path === 'invoices' ? 'invoices' : 'vendors']: { trackingMap } })
          const cases = Object.entries(taken).filter(([, { on }]) => on.includes(path))
          const named = cases.map(([what, { lines, more = [{}, {}] }], n) => ({ what, lines, more, id: `x${n}` }))
          const rich = named.map(({ lines, more, id }) => make(id, lines[0], { ...more[0], number: `N${id}` }))
          const poor = named.map(({ lines, more, id }) => make(id, lines[1], { ...more[1], number: `N${id}` }))
          const fresh = named.map(({ lines, more, id }) => make(`f${id}`, lines[1], { ...more[1], number: `F${id}` }))
          await tenant.put(path, ...rich)
          await tenant.sync()
          await synced(t, tenant, path, ...named.map(({ id }) => id))
          later(world)
          if (fault) control.faults({ kind: fault, method: 'POST', path: '/Invoices', tenantId: tenant.organisationId })
          await tenant.put(path, ...poor, ...fresh)
          await tenant.sync()
          control.clearFaults()
          await tenant.sync()
          const inXero = async (id: string) => {
            const { xero } = await tenant.state(path, id)
            return tenant.xero('Invoices').find((one) => one.InvoiceID === xero?.id)
          }
          for (const { what, id } of named) {
            const state = await tenant.state(path, id)
            t.equal(state.state, 'synced', `${what}: ${JSON.stringify(state.lastError)}`)
            const [changed, never] = [await inXero(id), await inXero(`f${id}`)]
            if (changed && never) t.strictSame(meaning(changed), meaning(never), `${what}: nothing is left over`)
            else t.fail(`${what}: not in Xero`)
          }
          tenant.checkXero(t)
        },
      )

  t.test('27 given an answer whose totals are not ours, then the record is a conflict that shows both', async (t) => {
    const tenant = await openTrader(world, 'totals')
    control.faults({
      kind: 'answer',
      method: 'PUT',
      path: '/Invoices',
      tenantId: tenant.organisationId,
      answer: {
        replace: [
          ['"SubTotal":100', '"SubTotal":75'],
          ['"Total":115', '"Total":86.25'],
        ],
      },
    })
    await tenant.put('invoices', sale('x1', [line('1')]))
    await tenant.sync()
    const state = await tenant.state('invoices', 'x1')
    t.equal(state.state, 'conflict', JSON.stringify(state))
    t.match(JSON.stringify(state.lastError), /86\.25/)
    t.match(JSON.stringify(state.lastError), /115/)
  })
})
