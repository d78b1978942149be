// An answer to a write is compared with what was sent: nothing is "synced" that was not seen to be right.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { inNewZealand, later, type Row, synced, writes } from './support/books.ts'
import { oddAnswers } from './support/odd-answers.ts'
import { bothDocumentKinds, line, openTrader, sale } from './support/trading.ts'

t.test('books: answers checked', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())
  const odd = oddAnswers(world)

  const another = '01936f5a-7c1e-4b3a-9f4d-2a6b8c0d1e2f'
  type Replace = [string, string]
  const changes: [what: string, field: string, replace: (tenant: Tenant) => Promise<Replace> | Replace][] = [
    ['another total', '/total', () => ['"Total":115', '"Total":114']],
    ['another currency', '/currency', () => ['"CurrencyCode":"NZD"', '"CurrencyCode":"USD"']],
    ['another status', '/status', () => ['"Status":"AUTHORISED"', '"Status":"DRAFT"']],
    ['another type', '/type', () => ['"Type":"ACCREC"', '"Type":"ACCPAY"']],
    [
      'another contact',
      '/contact',
      async (tenant) => [
        `"ContactID":"${(await tenant.state('customers', 'c1')).xero.id}"`,
        `"ContactID":"${another}"`,
      ],
    ],
  ]
  for (const operation of ['create', 'update'] as const)
    for (const [what, field, replace] of changes)
      t.test(`given ${what} in the answer to ${operation}, then it is a conflict that shows both`, async (t) => {
        const tenant = await openTrader(world, `${operation}${field.replace('/', '-')}`)
        await tenant.put('invoices', sale('a0', [line('1')]))
        if (operation === 'update') await tenant.put('invoices', sale('a1', [line('1', { description: 'Before' })]))
        await tenant.sync()
        later(world)
        await tenant.put('invoices', sale('a1', [line('1')]))
        const method = operation === 'create' ? 'PUT' : 'POST'
        odd(tenant, method, '/Invoices', { replace: [await replace(tenant)] })
        await tenant.sync()
        t.match(await tenant.state('invoices', 'a1'), {
          ...{ state: 'conflict', xero: { id: String } },
          lastError: { code: 'written_differently', differences: [{ field, product: String, xero: String }] },
        })
        t.equal(tenant.xero('Invoices').length, 2)
      })

  const fields: [what: string, field: string, replace: Replace][] = [
    ['account', '/lines/1/accountCode', ['"AccountCode":"200"', '"AccountCode":"260"']],
    ['description', '/lines/1/description', ['"Description":"Line 1"', '"Description":"Line"']],
    ['tax type', '/lines/1/taxCode', ['"TaxType":"OUTPUT2"', '"TaxType":"ZERORATED"']],
    ['quantity', '/lines/1/quantity', ['"Quantity":1', '"Quantity":2']],
    ['price', '/lines/1/unitPrice', ['"UnitAmount":100', '"UnitAmount":99.9999']],
    ['discount', '/lines/1/discountRate', ['"Quantity":1', '"DiscountRate":5,"Quantity":1']],
    ['class', '/lines/1/class', ['"Option":"North"', '"Option":"South"']],
    ['date', '/date', ['"DateString":"2026-11-21T00:00:00"', '"DateString":"2026-11-20T00:00:00"']],
    ['due date', '/dueDate', ['"DueDateString":"2026-12-21T00:00:00"', '"DueDateString":"2026-12-22T00:00:00"']],
    ['reference', '/reference', ['"Reference":"PO 7"', '"Reference":"PO"']],
    ['number', '/number', ['"InvoiceNumber":"N a', '"InvoiceNumber":"M a']],
  ]
  const said = (id: string, more: object = {}) =>
    sale(id, [line('1', { class: 'North', ...more })], {
      ...{ number: `N ${id}`, customerPo: 'PO 7', date: '2026-11-21', shipDate: '2026-11-21', dueDate: '2026-12-21' },
    })
  async function openWithClasses(name: string): Promise<Tenant> {
    const seed = { ...inNewZealand.seed, trackingCategories: { Region: ['North', 'South'], Channel: ['Web'] } }
    const tenant = await openTrader(world, name, { ...inNewZealand, seed })
    await tenant.api('POST', 'tracking-categories/refresh')
    const { items } = (await tenant.api('GET', 'tracking-categories')).body
    const categoryId = items.find((one: { name: string }) => one.name === 'Region').id
    await tenant.settings({
      items: { accounts: { income: '200' } },
      invoices: { trackingMap: { class: { categoryId } }, reference: 'customer_po' },
    })
    return tenant
  }
  /** Each of these invoices is answered with its own change; `states` are as they were right after. */
  async function answered(name: string, changed: Replace[], isUpdate = false) {
    const tenant = await openWithClasses(name)
    if (isUpdate) await tenant.put('invoices', ...changed.map((_, n) => said(`a${n}`, { unitPrice: '90' })))
    await tenant.sync()
    later(world)
    const states: Row[] = []
    for (const [n, replace] of changed.entries()) {
      await tenant.put('invoices', said(`a${n}`))
      odd(tenant, isUpdate ? 'POST' : 'PUT', '/Invoices', { replace: [replace] })
      tenant.mark()
      await tenant.sync()
      states.push(await tenant.state('invoices', `a${n}`))
    }
    return { tenant, states }
  }
  for (const operation of ['create', 'update'] as const)
    t.test(`given other fields in the answer to ${operation}, then each is a conflict that shows both`, async (t) => {
      // The answer to a creation under another number is none to it at all, and what became of it is looked up.
      const shown = fields.filter(([, field]) => operation === 'update' || field !== '/number')
      const changed = shown.map(([, , replace]) => replace)
      const { tenant, states } = await answered(`fields-${operation}`, changed, operation === 'update')
      for (const [n, [what, field]] of shown.entries()) {
        const { state, lastError } = states[n]
        t.match({ state, code: lastError?.code }, { state: 'conflict', code: 'written_differently' }, what)
        t.match(lastError?.differences, [{ field, xero: String }], what)
        t.equal(lastError?.differences.length, 1, what)
      }
      tenant.mark()
      await tenant.sync()
      await synced(t, tenant, 'invoices', ...shown.map((_, n) => `a${n}`))
      t.strictSame(writes(tenant), [], 'and the look of the next job shows that only the answer was otherwise')
    })

  const alike: [what: string, replace: Replace][] = [
    ['blanks', ['"Description":"Line 1"', '"Description":" Line  1 "']],
    ['decimals', ['"UnitAmount":100', '"UnitAmount":100.0000']],
    ['letter case of an option', ['"Option":"North"', '"Option":"NORTH"']],
    ['tracking that a contact has by default', ['"Tracking":[', '"Tracking":[{"Name":"Channel","Option":"Web"},']],
    ['a date without its text', ['"DateString":"2026-11-21T00:00:00",', '']],
  ]
  t.test('given an answer that says the same in another way, then nothing is made of it', async (t) => {
    const { states } = await answered(
      'alike',
      alike.map(([, replace]) => replace),
    )
    for (const [n, [what]] of alike.entries()) t.match(states[n], { state: 'synced', lastError: null }, what)
  })

  t.test('given an answer that lacks a field that was sent, then the document is read back', async (t) => {
    const { tenant, states } = await answered('lacking', [['"Reference":"PO 7",', '']])
    t.match(states, [{ state: 'synced' }])
    t.equal(tenant.calls('GET /Invoices').filter(({ query }) => query.IDs).length, 1)
    t.equal(tenant.calls('PUT /Invoices').length, 1)
  })

  for (const [path, { make }] of bothDocumentKinds)
    for (const [n, replace] of (
      [
        ['"Total":115', '"Total":null'],
        ['"Total":115,', ''],
      ] as Replace[]
    ).entries()) {
      t.test(`given an answer to ${path} without a total (${n}), then the document is read back`, async (t) => {
        const tenant = await openTrader(world, `hidden-${path}-${n}`)
        await tenant.put(path, make('a1', [line('1')]))
        odd(tenant, 'PUT', '/Invoices', { replace: [replace] })
        tenant.mark()
        await tenant.sync()
        await synced(t, tenant, path, 'a1')
        const reads = tenant.calls('GET /Invoices').filter(({ query }) => query.IDs)
        t.equal(reads.length, 1, 'one call')
        t.equal(tenant.calls('PUT /Invoices').length, 1)
      })
      t.test(`given ${path} that show no total anywhere (${n}), then it is a conflict and not "synced"`, async (t) => {
        const tenant = await openTrader(world, `nowhere-${path}-${n}`)
        await tenant.put(path, make('a1', [line('1')]))
        odd(tenant, 'PUT', '/Invoices', { replace: [replace] })
        odd(tenant, 'GET', '/Invoices', { replace: [replace] }, 9)
        await tenant.sync()
        t.match(await tenant.state(path, 'a1'), {
          ...{ state: 'conflict', xero: { id: String } },
          lastError: { code: 'written_differently', differences: [{ field: '/total', xero: null }] },
        })
        tenant.mark()
        await tenant.sync()
        t.strictSame(writes(tenant), [], 'and it waits for a person')
      })
    }

  t.test(
    'given an answer without a total that cannot be read back, then it is found out and not made twice',
    async (t) => {
      const tenant = await openTrader(world, 'not-read')
      await tenant.put('invoices', sale('a1', [line('1')]))
      odd(tenant, 'PUT', '/Invoices', { replace: [['"Total":115,', '']] })
      const target = { method: 'GET', path: '/Invoices', tenantId: tenant.organisationId }
      control.faults({ kind: 'lost_response', times: 1, ...target })
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      t.equal(tenant.xero('Invoices').length, 1)
    },
  )

  t.test(
    'given drafts, zero totals, and documents that people approved or paid, then nothing is made of it',
    async (t) => {
      const tenant = await openTrader(world, 'fine', inNewZealand)
      await tenant.settings({ invoices: { status: 'DRAFT' } })
      await tenant.put('invoices', sale('draft', [line('1')]), sale('approved', [line('1')]))
      await tenant.sync()
      await tenant.settings({ invoices: { status: 'AUTHORISED' } })
      await tenant.put('invoices', sale('zero', [line('1', { unitPrice: '0' })]))
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'draft', 'approved', 'zero')
      later(world)
      await tenant.settings({ invoices: { status: 'DRAFT' } })
      control.editInvoice(tenant.organisation, 'INV-approved', { Status: 'AUTHORISED' })
      for (const id of ['draft', 'approved', 'zero'])
        await tenant.put(
          'invoices',
          sale(id, [line('1', { unitPrice: id === 'zero' ? '0' : '100', description: 'x' })]),
        )
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'draft', 'approved', 'zero')
    },
  )
})
