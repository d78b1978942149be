// Case 27: nothing is left over of what the product took away.
import t from 'tap'
import { Bill, BillLine } from '../../src/domain/records/bill.ts'
import { Invoice, InvoiceLine } from '../../src/domain/records/invoice.ts'
import { openWorld } from '../support/house.ts'
import { inNewZealand, later, type Row, synced } from './support/books.ts'
import { content, documentKinds, line, lineWithout, openTrader, sale } from './support/trading.ts'

t.test('books: documents taken away', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const line1 = (more: object) => ({ ...line('1'), ...more })
  const taken: Record<
    string,
    { on: ('invoices' | 'bills')[]; lines: [object[], object[]]; more?: [object, object]; staying?: string[] }
  > = {
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
    'currency and exchangeRate': {
      on: ['invoices', 'bills'],
      lines: [[line('1')], [line('1')]],
      more: [{ currency: 'AUD', exchangeRate: '0.9' }, {}],
    },
    currency: { on: ['invoices', 'bills'], lines: [[line('1')], [line('1')]], more: [{ currency: 'AUD' }, {}] },
    'the rate of a currency that stays': {
      on: ['invoices', 'bills'],
      lines: [[line('1')], [line('1')]],
      more: [{ currency: 'AUD', exchangeRate: '0.9' }, { currency: 'AUD' }],
      staying: ['CurrencyRate'],
    },
    terms: {
      on: ['invoices', 'bills'],
      lines: [[line('1')], [line('1')]],
      more: [{ terms: { kind: 'DAYSAFTERBILLDATE', days: 9 } }, {}],
    },
    'the class of the document': {
      on: ['invoices', 'bills'],
      lines: [[line('1')], [line('1')]],
      more: [{ class: 'North' }, {}],
    },
    shipDate: { on: ['invoices'], lines: [[line('1')], [line('1')]], more: [{ shipDate: '2026-11-27' }, {}] },
    vendorInvoiceDate: {
      on: ['bills'],
      lines: [[line('1')], [line('1')]],
      more: [{ vendorInvoiceDate: '2026-11-27' }, {}],
    },
    'the tax code of shipping': {
      on: ['invoices'],
      lines: [[line('1')], [line('1')]],
      more: [{ shipping: { amount: '9', taxCode: 'ZERO' } }, { shipping: { amount: '9' } }],
    },
    'the parts of a charge': {
      on: ['bills'],
      lines: [[line('1')], [line('1')]],
      more: [
        { otherCharges: [{ amount: '9', account: '300', description: 'Freight', taxCode: 'ZERO' }] },
        { otherCharges: [{ amount: '9' }] },
      ],
    },
    'the item of a charge': {
      on: ['bills'],
      lines: [[line('1')], [line('1')]],
      more: [{ otherCharges: [{ amount: '9', itemId: 's1' }] }, { otherCharges: [{ amount: '9' }] }],
    },
  }
  /** Fields that are kept and never posted. `total` is only checked, `version` and `id` are of the record itself. */
  const notPosted = ['id', 'version', 'memo', 'total', 'unitCost']
  /** By settings, another date than the document's own is posted; one setting at a time. */
  const byDateSetting = ['receiveDate']

  t.test('27 given the fields of invoices and bills, then each that may be absent is taken away here', async (t) => {
    const absent = ({ required = [], properties }: Row): string[] =>
      Object.keys(properties).filter((name) => !required.includes(name))
    const named = JSON.stringify(taken)
    const documents = [
      Invoice,
      InvoiceLine,
      Invoice.properties.shipping,
      Bill,
      BillLine,
      Bill.properties.otherCharges.items,
    ]
    const missing = documents
      .flatMap(absent)
      .filter((name) => !named.includes(`"${name}"`) && ![...notPosted, ...byDateSetting].includes(name))
    t.strictSame(missing, [])
  })

  const classes = {
    seed: { ...inNewZealand.seed, trackingCategories: { Region: ['North', 'South'] }, currencies: { AUD: 0.92 } },
  }
  const own = ['InvoiceID', 'InvoiceNumber', 'Url', 'contact']
  const meaning = (row: Row) => {
    const { LineItems, Contact: _c, ...rest } = content({ ...row, Contact: row.Contact })
    // A line that is made anew goes before those that are kept.
    const key = (one: Row) => `${one.Description} ${one.LineAmount}`
    const lines = LineItems.map(({ LineItemID: _l, ...one }: Row) => one).toSorted((a: Row, b: Row) =>
      key(a).localeCompare(key(b)),
    )
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
          await tenant.settings({
            invoices: { trackingMap, date: path === 'invoices' ? 'ship_date' : 'document_date' },
            vendors: { trackingMap, billDate: 'vendor_invoice_date' },
          })
          const cases = Object.entries(taken).filter(([, { on }]) => on.includes(path))
          const named = cases.map(([what, { lines, more = [{}, {}], staying = [] }], n) => ({
            ...{ what, lines, more, staying, id: `x${n}` },
          }))
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
          for (const { what, id, staying } of named) {
            const state = await tenant.state(path, id)
            t.equal(state.state, 'synced', `${what}: ${JSON.stringify(state.lastError)}`)
            const [changed, never] = [await inXero(id), await inXero(`f${id}`)]
            if (!changed || !never) {
              t.fail(`${what}: not in Xero`)
              continue
            }
            const left = Object.fromEntries(staying.map((name) => [name, changed[name]]))
            t.strictSame(meaning(changed), { ...meaning(never), ...left }, `${what}: nothing else is left over`)
            for (const name of staying) t.not(changed[name], never[name], `${what} stays`)
          }
          const { body: findings } = await tenant.api('GET', 'findings')
          t.strictSame(
            findings.items.map(({ code, recordId }: Row) => `${code} ${recordId}`),
            named.filter(({ staying }) => staying.length > 0).map(({ id }) => `stays_in_xero ${id}`),
            'what stays is told, and nothing else',
          )
          tenant.checkXero(t)
        },
      )

  for (const path of ['invoices', 'bills'] as const)
    t.test(`given a rate of ${path} that the product takes away, then it is told as long as it stands`, async (t) => {
      const { make } = documentKinds[path]
      const tenant = await openTrader(world, `rate-${path}`, { ...inNewZealand, ...classes })
      const put = (more: object) =>
        tenant.put(path, make('x1', [line('1')], { currency: 'AUD', number: 'R 1', ...more }))
      const rates = async () =>
        (await tenant.api('GET', 'findings')).body.items.map(({ recordType, code, detail }: Row) => [
          ...[recordType, code, /at ([\d.]+) there/.exec(detail)?.[1]],
        ])
      const type = path.slice(0, -1)
      await put({ exchangeRate: '0.9' })
      await tenant.sync()
      t.strictSame(await rates(), [])
      await put({})
      await tenant.sync()
      t.strictSame(await rates(), [[type, 'stays_in_xero', '0.9']])
      t.equal(tenant.xero('Invoices')[0]?.CurrencyRate, 0.9)
      await put({ memo: 'new', lines: [line('1', { quantity: '2' })] })
      await tenant.sync()
      t.strictSame(await rates(), [[type, 'stays_in_xero', '0.9']], 'as long as it is so')
      await put({ exchangeRate: '0.9' })
      t.strictSame(await rates(), [], 'the product holds it again')
      await tenant.sync()
      await put({})
      await tenant.sync()
      t.equal((await rates()).length, 1)
      await put({ exchangeRate: '0.8' })
      await tenant.sync()
      t.equal(tenant.xero('Invoices')[0]?.CurrencyRate, 0.8, 'another one is sent')
      t.strictSame(await rates(), [])
      await put({ currency: undefined })
      await tenant.sync()
      t.strictSame(await rates(), [], 'another currency has no former rate')
      await synced(t, tenant, path, 'x1')
      tenant.checkXero(t)
    })

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
