// Documents that a person and the product change between two jobs, each in a way of its own.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import { document, inNewZealand, later, synced, writes } from './support/books.ts'
import { bothDocumentKinds, content, line, openTrader, purchase, sale } from './support/trading.ts'

t.test('books: documents met', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  t.test(
    'given a draft whose texts a person swapped and approved, then the lines are not taken for one another',
    async (t) => {
      const tenant = await openTrader(world, 'swapped')
      await tenant.settings({ invoices: { status: 'DRAFT' } })
      await tenant.put('invoices', sale('a1', [line('1'), line('2', { unitPrice: '7' })]))
      await tenant.sync()
      later(world)
      const [first, second] = document(tenant, 'INV-a1').LineItems
      control.editLine(tenant.organisation, 'INV-a1', first.LineItemID, { Description: second.Description })
      control.editLine(tenant.organisation, 'INV-a1', second.LineItemID, { Description: first.Description })
      control.editInvoice(tenant.organisation, 'INV-a1', { Status: 'AUTHORISED' })
      const edited = content(document(tenant, 'INV-a1'))
      tenant.mark()
      await tenant.put('invoices', sale('a1', [line('1', { quantity: '3' }), line('2', { unitPrice: '7' })]))
      await tenant.sync()
      const state = await tenant.state('invoices', 'a1')
      t.equal(state.state, 'conflict', JSON.stringify(state))
      t.match(state.lastError, { code: 'edited_in_xero' })
      const fields = state.lastError.differences.map(({ field }: { field: string }) => field)
      for (const field of ['/lines/1/description', '/lines/2/description']) t.ok(fields.includes(field), `${fields}`)
      t.strictSame(content(document(tenant, 'INV-a1')), edited)
      t.strictSame(writes(tenant), [])
    },
  )

  async function ofBill(t: Test, name: string, change: object, lines: object[]) {
    const tenant = await openTrader(world, name)
    await tenant.put('bills', purchase('b1', [line('1')]))
    await tenant.sync()
    later(world)
    control.payInvoice(tenant.organisation, document(tenant, 'ACCPAY').InvoiceID, { amount: 15 })
    const before = content(document(tenant, 'ACCPAY'))
    await tenant.put('bills', purchase('b1', lines, change))
    await tenant.sync()
    const state = await tenant.state('bills', 'b1')
    const now = content(document(tenant, 'ACCPAY'))
    t.match(now, { AmountPaid: 15, Status: 'AUTHORISED', Total: 115 })
    if (state.state === 'synced') return now
    t.match(state.lastError, { code: 'not_modifiable', action: String }, name)
    t.strictSame(now, before, 'nothing of it is half written')
    tenant.mark()
    await tenant.sync()
    t.strictSame(writes(tenant), [], 'and it is not asked for again')
    return null
  }
  t.test('given a part paid bill, when text or account change, then they arrive whole or are refused', async (t) => {
    const text = await ofBill(t, 'paid-text', {}, [line('1', { description: 'Another text' })])
    t.equal(text?.LineItems[0].Description, 'Another text')
    const due = await ofBill(t, 'paid-due', { dueDate: '2026-12-24', vendorInvoiceNumber: 'V-9' }, [line('1')])
    t.match(due, { DueDateString: /2026-12-24/, InvoiceNumber: 'V-9' })
    t.equal(await ofBill(t, 'paid-date', { receiveDate: '2026-11-24' }, [line('1')]), null)
    await ofBill(t, 'paid-memo', { memo: 'A memo' }, [line('1')])
  })
  t.test(
    'given a part paid bill, when a quantity changes, then it is refused and nothing is half written',
    async (t) => {
      t.equal(await ofBill(t, 'paid-quantity', {}, [line('1', { quantity: '2' })]), null)
    },
  )

  for (const deletedNumbersFree of [true, false])
    t.test(
      `given a draft that was deleted in Xero, when its number is used again (free: ${deletedNumbersFree}), then it is told or arrives`,
      async (t) => {
        const tenant = await openTrader(world, `number-${deletedNumbersFree}`, {
          ...inNewZealand,
          seed: { ...inNewZealand.seed, deletedNumbersFree },
        })
        await tenant.settings({ invoices: { status: 'DRAFT' } })
        await tenant.put('invoices', sale('a1', [line('1')]))
        await tenant.sync()
        later(world)
        control.deleteInvoice(tenant.organisation, 'INV-a1')
        await tenant.put('invoices', sale('a1', [line('1', { quantity: '2' })]))
        await tenant.sync()
        t.match(await tenant.state('invoices', 'a1'), { state: 'conflict', lastError: { code: 'removed_in_xero' } })
        await tenant.put('invoices', sale('a2', [line('1', { quantity: '3' })], { number: 'INV-a1' }))
        await tenant.sync()
        const state = await tenant.state('invoices', 'a2')
        const live = tenant.xero('Invoices').filter((one) => one.Status === 'DRAFT')
        if (state.state === 'synced') t.match(live, [{ SubTotal: 300 }])
        else {
          t.match(state, {
            state: 'conflict',
            lastError: { code: 'duplicate_number', candidates: [{ number: 'INV-a1' }] },
          })
          t.strictSame(live, [])
        }
        t.equal(state.state, deletedNumbersFree ? 'synced' : 'conflict')
        // Its own number anew, as the remedy says.
        await tenant.api('DELETE', 'invoices/a1')
        const job = await tenant.sync()
        t.notOk((await tenant.errors(job.id)).some(({ recordId }) => recordId === 'a1'))
        t.equal(tenant.xero('Invoices').filter((one) => one.Status === 'DRAFT').length, deletedNumbersFree ? 1 : 0)
      },
    )

  t.test('given discounts that are 0, move or become whole, then what stands is as if it was made anew', async (t) => {
    const tenant = await openTrader(world, 'discounts')
    const plain = [line('1'), line('2', { unitPrice: '50' })]
    const rated = (rate: string) => plain.map((one) => ({ ...one, discountRate: rate }))
    const stages: [what: string, lines: object[], more: object, net: number][] = [
      ['a rate on lines', rated('10'), {}, 135],
      ['0 handed over', rated('0'), {}, 150],
      ['0 on the document', plain, { discount: { rate: '0' } }, 150],
      ['a rate on the document', plain, { discount: { rate: '20' } }, 120],
      ['back on the lines', rated('20'), {}, 120],
      ['an amount on the document', plain, { discount: { amount: '30' } }, 120],
      ['all of it', plain, { discount: { rate: '100' } }, 0],
      ['taken away', plain, {}, 150],
      ['all of it on lines', rated('100'), {}, 0],
      ['a rate beside it', rated('50'), { discount: { rate: '10' } }, 67.5],
      ['none at all', plain, {}, 150],
    ]
    for (const [what, lines, more, net] of stages) {
      later(world)
      await tenant.put('invoices', sale('a1', lines, more))
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      const { SubTotal, Total } = document(tenant, 'INV-a1')
      t.equal(SubTotal, net, what)
      t.equal(Total, Math.round(net * 115) / 100, what)
    }
    tenant.checkXero(t)
  })

  for (const [path, { make }] of bothDocumentKinds)
    t.test(`given ${path} whose currency changes without a rate, then no old rate is left`, async (t) => {
      const tenant = await openTrader(world, `currency-${path}`, {
        ...inNewZealand,
        seed: { ...inNewZealand.seed, currencies: { AUD: 0.92, USD: 0.6 } },
      })
      const held = async (id: string) => {
        const { xero } = await tenant.state(path, id)
        const found = tenant.xero('Invoices').find((one) => one.InvoiceID === xero?.id)
        return found && [found.CurrencyCode, found.CurrencyRate]
      }
      const changes: [object, object][] = [
        [{ currency: 'AUD', exchangeRate: '0.5' }, {}],
        [{ currency: 'AUD', exchangeRate: '0.5' }, { currency: 'NZD' }],
        [{ currency: 'AUD', exchangeRate: '0.5' }, { currency: 'USD' }],
        [{}, { currency: 'USD' }],
      ]
      await tenant.put(path, ...changes.map(([before], n) => make(`a${n}`, [line('1')], before)))
      await tenant.sync()
      later(world)
      await tenant.put(path, ...changes.map(([, after], n) => make(`a${n}`, [line('1')], after)))
      await tenant.put(path, ...changes.map(([, after], n) => make(`f${n}`, [line('1')], after)))
      await tenant.sync()
      for (const [n, change] of changes.entries()) {
        const [state, fresh] = [await tenant.state(path, `a${n}`), await held(`f${n}`)]
        const what = JSON.stringify(change)
        if (state.state === 'synced') t.strictSame(await held(`a${n}`), fresh, what)
        else t.match(state.lastError, { action: String }, what)
      }
      tenant.checkXero(t)
    })
})
