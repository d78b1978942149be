// A creation whose answer was lost, and what people did to its lines before it was found that no look-up compares: accounts, tax
// types of the same rate, items, tracking, discounts. Each is an edit, as it is where the answer had come.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { inNewZealand, later, type Row, synced, writes } from './support/books.ts'
import { bothDocumentKinds, bothPaths, type DocumentPath, documentKinds, line, openTrader } from './support/trading.ts'

t.test('books: lines of creations without an answer', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  async function open(name: string): Promise<Tenant> {
    const seed = { ...inNewZealand.seed, trackingCategories: { Region: ['North', 'South'], Channel: ['Web'] } }
    const tenant = await openTrader(world, name, { ...inNewZealand, seed })
    await tenant.api('POST', 'tracking-categories/refresh')
    const { items } = (await tenant.api('GET', 'tracking-categories')).body
    const categoryId = items.find((one: Row) => one.name === 'Region').id
    const trackingMap = { class: { categoryId } }
    await tenant.settings({ invoices: { trackingMap }, vendors: { trackingMap } })
    return tenant
  }

  const lines = (ofB: string) => [
    line('1', { taxCode: 'ZERO', class: 'North' }),
    line('2', { taxCode: undefined, class: undefined, itemId: undefined, description: 'Free', unitPrice: '0' }),
    line('3', { description: 'B', unitPrice: ofB }),
  ]
  const there = (tenant: Tenant): Row => tenant.xero('Invoices')[0]
  const indexOf = (tenant: Tenant, text: string): number =>
    there(tenant).LineItems.findIndex((one: Row) => one.Description === text)

  /** Its answer and those of its replays are lost, and it was not looked for yet. */
  async function unanswered(name: string, path: DocumentPath): Promise<Tenant> {
    const tenant = await open(name)
    await tenant.sync()
    later(world)
    const fault = { kind: 'lost_response', method: 'PUT', path: '/Invoices', times: 3 } as const
    control.faults({ ...fault, tenantId: tenant.organisationId })
    await tenant.put(path, documentKinds[path].make('d1', lines('50')))
    await tenant.startJob()
    while (await world.house.turn());
    return tenant
  }

  const edits: readonly [what: string, text: string, edit: (path: DocumentPath) => Row, difference: Row][] = [
    [
      'account',
      'Line 1',
      (path) => ({ AccountCode: path === 'bills' ? '429' : '260' }),
      { field: '/lines/1/accountCode' },
    ],
    [
      'tax type of the same rate',
      'Line 1',
      () => ({ TaxType: 'NONE' }),
      { field: '/lines/1/taxCode', product: 'ZERORATED', xero: 'NONE' },
    ],
    [
      'class',
      'Line 1',
      () => ({ Tracking: [{ Name: 'Region', Option: 'South' }] }),
      { field: '/lines/1/class', product: /North$/, xero: /South$/ },
    ],
    ['class that is taken away', 'Line 1', () => ({ Tracking: [] }), { field: '/lines/1/class', xero: null }],
    ['item', 'Free', () => ({ ItemCode: 'SKU-s1' }), { field: '/lines/2/itemCode', product: null, xero: 'SKU-s1' }],
  ]
  const discount = [
    'discount',
    'Free',
    () => ({ DiscountRate: 10 }),
    { field: '/lines/2/discountRate', product: null, xero: '10' },
  ] as const

  for (const [path, { make }] of bothDocumentKinds)
    for (const [what, text, edit, difference] of path === 'invoices' ? [...edits, discount] : edits)
      t.test(`given ${path}, a person who changes the ${what} of a line, then our change is a conflict`, async (t) => {
        const tenant = await unanswered(`${what} ${path}`.replaceAll(' ', '-'), path)
        control.editLine(tenant.organisation, there(tenant).InvoiceID, indexOf(tenant, text), edit(path))
        const { LineItems: edited } = there(tenant)
        await world.work()
        await synced(t, tenant, path, 'd1')
        later(world)
        await tenant.put(path, make('d1', lines('60')))
        tenant.mark()
        await tenant.sync()
        const { state, lastError } = await tenant.state(path, 'd1')
        t.match({ state, code: lastError?.code }, { state: 'conflict', code: 'edited_in_xero' })
        t.match(lastError?.differences, [difference])
        t.equal(lastError?.differences.length, 1)
        t.strictSame(writes(tenant, '/Invoices'), [])
        t.strictSame(there(tenant).LineItems, edited, 'the edit stands')
        tenant.checkXero(t)
      })

  t.test('given an invoice that a person also gives another number, then both are a conflict', async (t) => {
    const tenant = await unanswered('renumbered', 'invoices')
    const { InvoiceID } = there(tenant)
    control.editInvoice(tenant.organisation, InvoiceID, { InvoiceNumber: 'By hand' })
    control.editLine(tenant.organisation, InvoiceID, indexOf(tenant, 'Line 1'), { AccountCode: '260' })
    await world.work()
    const { state, lastError } = await tenant.state('invoices', 'd1')
    t.match({ state, code: lastError?.code }, { state: 'conflict', code: 'edited_in_xero' })
    const fields = lastError?.differences.map(({ field }: Row) => field)
    t.strictSame(fields, ['/number', '/lines/1/accountCode'])
    t.equal(tenant.xero('Invoices').length, 1)
    tenant.checkXero(t)
  })

  // A category of which nothing was sent: a contact may have it by default.
  const filledIn = [
    { Name: 'Channel', Option: 'Web' },
    { Name: 'Region', Option: 'North' },
  ]
  for (const [how, Tracking] of Object.entries({ 'as they were sent': null, 'with more tracking': filledIn }))
    for (const path of bothPaths)
      t.test(`given ${path} that are found ${how}, then our change is sent`, async (t) => {
        const tenant = await unanswered(`${how} ${path}`.replaceAll(' ', '-'), path)
        if (Tracking) {
          control.editLine(tenant.organisation, there(tenant).InvoiceID, indexOf(tenant, 'Line 1'), { Tracking })
        }
        await world.work()
        await synced(t, tenant, path, 'd1')
        later(world)
        await tenant.put(path, documentKinds[path].make('d1', lines('60')))
        await tenant.sync()
        await synced(t, tenant, path, 'd1')
        t.equal(there(tenant).SubTotal, 160)
        tenant.checkXero(t)
      })
})
