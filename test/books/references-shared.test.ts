// Invoices that Xero numbers itself and that share a reference, as the shipments of one order do. When the call that creates
// one is lost, those of the others are not it: nobody is told to void a good invoice.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { inNewZealand, later, synced } from './support/books.ts'
import { line, sale, service } from './support/trading.ts'

type Shipment = readonly [id: string, customer: string, price: string]

t.test('books: references that several invoices share', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  async function open(name: string, stands: readonly Shipment[] = []): Promise<Tenant> {
    const tenant = await openTenant(world, name, inNewZealand)
    await tenant.settings({ invoices: { number: 'xero', reference: 'document_number' } })
    await tenant.put('items', service('s1'))
    await tenant.put('customers', customer('c1'), customer('c2'), customer('c3'))
    for (const shipment of stands) await send(tenant, [shipment])
    await tenant.sync()
    return tenant
  }

  const send = (tenant: Tenant, shipments: readonly Shipment[]) =>
    tenant.put(
      'invoices',
      ...shipments.map(([id, customerId, unitPrice]) =>
        sale(id, [line('1', { unitPrice })], { customerId, number: 'SAME' }),
      ),
    )

  const lose = (tenant: Tenant, kind: 'lost_request' | 'lost_response') =>
    control.faults({ kind, method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId, times: 3 })

  const totals = (tenant: Tenant): unknown[] =>
    tenant
      .xero('Invoices')
      .filter(({ Status }) => Status === 'AUTHORISED')
      .map(({ SubTotal }) => SubTotal)
      .sort()

  const cases: readonly [string, readonly Shipment[], readonly Shipment[]][] = [
    ['one of the same customer and total', [['d1', 'c1', '100']], [['d2', 'c1', '100']]],
    ['one of another customer and total', [['d1', 'c1', '100']], [['d2', 'c2', '200']]],
    [
      'two of other customers and totals',
      [['d1', 'c1', '100']],
      [
        ['d2', 'c2', '200'],
        ['d3', 'c3', '300'],
      ],
    ],
    [
      'two where none stands there',
      [],
      [
        ['d2', 'c2', '200'],
        ['d3', 'c3', '300'],
      ],
    ],
    [
      'two of one customer',
      [],
      [
        ['d2', 'c2', '200'],
        ['d3', 'c2', '300'],
      ],
    ],
    [
      'two that are alike',
      [],
      [
        ['d2', 'c2', '200'],
        ['d3', 'c2', '200'],
      ],
    ],
  ]
  for (const kind of ['lost_request', 'lost_response'] as const)
    for (const [index, [name, stands, lost]] of cases.entries())
      t.test(`given ${kind} of ${name}, then each stands there once and is its record's`, async (t) => {
        const tenant = await open(`${kind.replace('_', '-')}-${index}`, stands)
        lose(tenant, kind)
        await send(tenant, lost)
        await tenant.sync()
        control.clearFaults()
        await tenant.sync()
        const all = [...stands, ...lost]
        await synced(t, tenant, 'invoices', ...all.map(([id]) => id))
        t.strictSame(totals(tenant), all.map(([, , price]) => Number(price)).sort())
        for (const [id, customerId, price] of all) {
          const { xero } = await tenant.state('invoices', id)
          const there = tenant.xero('Invoices').find(({ InvoiceID }) => InvoiceID === xero.id)
          t.match(there, { SubTotal: Number(price), Contact: { Name: customer(customerId).name } }, id)
        }
        tenant.checkXero(t)
      })

  t.test(
    'given a person who changes the lines of the lost one, then it is a conflict and not sent again',
    async (t) => {
      const tenant = await open('edited', [['d1', 'c1', '100']])
      lose(tenant, 'lost_response')
      await send(tenant, [['d2', 'c2', '200']])
      await tenant.startJob()
      while (await world.house.turn());
      const there = tenant.xero('Invoices').find(({ SubTotal }) => SubTotal === 200)
      control.editLine(tenant.organisation, there?.InvoiceID, 0, { UnitAmount: 250 })
      await world.work()
      later(world)
      await tenant.sync()
      const { state, lastError } = await tenant.state('invoices', 'd2')
      t.match({ state, lastError }, { state: 'conflict', lastError: { code: 'duplicate_number', candidates: [{}] } })
      t.equal(lastError.candidates.length, 1)
      t.strictSame(totals(tenant), [100, 250])
      tenant.checkXero(t)
    },
  )

  t.test('given a person’s invoice of that reference for somebody else, then ours is sent', async (t) => {
    const tenant = await open('foreign')
    const Contact = { Name: customer('c3').name }
    const LineItems = [{ Description: 'By hand', Quantity: 1, UnitAmount: 999, AccountCode: '200' }]
    control.createInvoice(tenant.organisation, {
      Type: 'ACCREC',
      Status: 'AUTHORISED',
      Reference: 'SAME',
      DueDate: '2026-12-31',
      Contact,
      LineItems,
    })
    later(world)
    lose(tenant, 'lost_request')
    await send(tenant, [['d1', 'c1', '100']])
    await tenant.sync()
    control.clearFaults()
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1')
    t.strictSame(totals(tenant), [100, 999])
    tenant.checkXero(t)
  })

  t.test(
    'given one that a person changed before it was found, when its customer changes, then it stands in the way',
    async (t) => {
      const tenant = await open('changed-then-moved')
      lose(tenant, 'lost_response')
      await send(tenant, [['d1', 'c1', '100']])
      await tenant.startJob()
      while (await world.house.turn());
      const [there] = tenant.xero('Invoices')
      const [first] = there?.LineItems ?? []
      control.editInvoice(tenant.organisation, there?.InvoiceID, {
        LineItems: [{ ...first, UnitAmount: 50, LineAmount: 50, TaxAmount: undefined }],
      })
      await world.work()
      t.match(await tenant.state('invoices', 'd1'), { state: 'conflict', lastError: { code: 'duplicate_number' } })
      await send(tenant, [['d1', 'c2', '300']])
      for (const job of ['once', 'and again']) {
        later(world)
        await tenant.sync()
        t.strictSame(totals(tenant), [50], `nothing is created beside it, ${job}`)
        const { state, lastError } = await tenant.state('invoices', 'd1')
        t.match({ state, lastError }, { state: 'conflict', lastError: { code: 'duplicate_number' } })
        t.match(lastError.candidates, [{ id: there?.InvoiceID }])
      }
      control.voidInvoice(tenant.organisation, there?.InvoiceID)
      later(world)
      await tenant.sync()
      later(world)
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'd1')
      t.strictSame(totals(tenant), [300])
      tenant.checkXero(t)
    },
  )
})
