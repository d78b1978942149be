// Creations whose answer was lost, of documents to which a person gave another number, reference or address before they are
// found, or which that person voided. They are the records' own all the same: none is created a second time.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { later, type Row, synced } from './support/books.ts'
import { bothDocumentKinds, type DocumentPath, documentKinds, line, openTrader } from './support/trading.ts'

t.test('books: creations without an answer, of documents that are renamed', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  /** One document of 100 that arrived without an answer, or more of them. */
  async function openWithLost(path: DocumentPath, name: string, settings: object = {}, documents = [['d1', '100']]) {
    const tenant = await openTrader(world, `${name}-${path}`)
    await tenant.settings(settings)
    await tenant.sync()
    later(world)
    const { make } = documentKinds[path]
    await tenant.put(path, ...documents.map(([id = '', unitPrice]) => make(id, [line('1', { unitPrice })])))
    control.faults({
      ...{ kind: 'lost_response', method: 'PUT', path: '/Invoices' },
      ...{ tenantId: tenant.organisationId, times: 3 },
    })
    await tenant.startJob()
    while (await world.house.turn());
    t.equal((await tenant.state(path, 'd1')).state, 'uncertain')
    t.equal(tenant.xero('Invoices').length, documents.length)
    const there = (net = 100): Row => tenant.xero('Invoices').find(({ SubTotal }) => SubTotal === net)
    const edit = (fields: Record<string, string>, net = 100) =>
      control.editInvoice(tenant.organisation, there(net).InvoiceID, fields)
    return { tenant, there, edit }
  }

  async function settle(tenant: Tenant): Promise<void> {
    await world.work()
    for (let n = 0; n < 3; n++) {
      later(world)
      await tenant.sync()
    }
  }

  const numberedByXero = { invoices: { number: 'xero', reference: 'document_number' } }

  for (const [path] of bothDocumentKinds) {
    t.test(`given ${path} with another number, then that is the one, and the number a conflict`, async (t) => {
      const { tenant, there, edit } = await openWithLost(path, 'number')
      edit({ InvoiceNumber: 'HAND-1' })
      await settle(tenant)
      t.equal(tenant.xero('Invoices').length, 1, 'none is created beside it')
      const { state, lastError, xero } = await tenant.state(path, 'd1')
      t.match(
        { state, lastError, xero },
        {
          ...{ state: 'conflict', xero: { id: there().InvoiceID } },
          lastError: { code: 'edited_in_xero', differences: [{ field: '/number', xero: 'HAND-1' }] },
        },
      )
      tenant.checkXero(t)
    })

    t.test(`given ${path} with another number and onRemoteEdit overwrite, then it gets ours back`, async (t) => {
      const section = path === 'invoices' ? 'invoices' : 'vendors'
      const { tenant, there, edit } = await openWithLost(path, 'overwrite', {
        [section]: { onRemoteEdit: 'overwrite' },
      })
      const number = there().InvoiceNumber
      edit({ InvoiceNumber: 'HAND-1' })
      await settle(tenant)
      await synced(t, tenant, path, 'd1')
      t.match(tenant.xero('Invoices'), [{ InvoiceNumber: number }])
      t.equal(tenant.xero('Invoices').length, 1)
      tenant.checkXero(t)
    })

    t.test(`given ${path} that are voided, then it is as if the answer had come`, async (t) => {
      const { tenant, there } = await openWithLost(path, 'voided')
      control.voidInvoice(tenant.organisation, there().InvoiceID)
      await settle(tenant)
      t.match(tenant.xero('Invoices'), [{ Status: 'VOIDED' }])
      t.equal(tenant.xero('Invoices').length, 1, 'none is created in its place')
      const { state, lastError } = await tenant.state(path, 'd1')
      t.match({ state, lastError }, { state: 'conflict', lastError: { code: 'removed_in_xero' } })
      tenant.checkXero(t)
    })

    t.test(`given ${path} with another number and price, then they may be ours, and none is created`, async (t) => {
      const { tenant, there, edit } = await openWithLost(path, 'both')
      const { InvoiceID } = there()
      edit({ InvoiceNumber: 'HAND-1' })
      control.editLine(tenant.organisation, InvoiceID, 0, { UnitAmount: 120 })
      await settle(tenant)
      t.equal(tenant.xero('Invoices').length, 1, 'none is created beside it')
      const { state, lastError } = await tenant.state(path, 'd1')
      t.match(
        { state, lastError },
        { state: 'conflict', lastError: { code: 'duplicate_number', candidates: [{ id: InvoiceID }] } },
      )
      t.equal((await tenant.api('PUT', `${path}/d1/link`, { xeroId: InvoiceID })).status, 200)
      control.voidInvoice(tenant.organisation, InvoiceID)
      tenant.checkXero(t)
    })

    t.test(`given two ${path} of which one has another number, then each is its own`, async (t) => {
      const documents = [
        ['d1', '100'],
        ['d2', '250'],
      ]
      const { tenant, there, edit } = await openWithLost(path, 'two', {}, documents)
      edit({ InvoiceNumber: 'HAND-1' })
      await settle(tenant)
      t.equal(tenant.xero('Invoices').length, 2, 'none is created beside it')
      await synced(t, tenant, path, 'd2')
      t.equal((await tenant.state(path, 'd1')).xero.id, there().InvoiceID)
      tenant.checkXero(t)
    })

    t.test(`given ${path} that never arrived and another one of ours that changed, then they are sent`, async (t) => {
      const tenant = await openTrader(world, `never-${path}`)
      const { make } = documentKinds[path]
      await tenant.put(path, make('d0', [line('1')]))
      await tenant.sync()
      later(world)
      await tenant.put(path, make('d1', [line('1')]))
      control.faults({
        ...{ kind: 'lost_request', method: 'PUT', path: '/Invoices' },
        ...{ tenantId: tenant.organisationId, times: 3 },
      })
      await tenant.startJob()
      while (await world.house.turn());
      control.editInvoice(tenant.organisation, tenant.xero('Invoices')[0]?.InvoiceID, { DueDate: '2027-01-31' })
      tenant.mark()
      await world.work()
      await synced(t, tenant, path, 'd1')
      t.equal(tenant.xero('Invoices').length, 2)
      const looks = tenant.calls('GET /Invoices').filter(({ path }) => !String(path).includes('page=2'))
      t.ok(looks.length <= 5, `${looks.length} looks`)
      tenant.checkXero(t)
    })
  }

  t.test('given a bill with another address, then none is created, and it is a conflict', async (t) => {
    const { tenant, edit, there } = await openWithLost('bills', 'address')
    edit({ Url: 'https://hand.example/1' })
    await world.work()
    const { lastError } = await tenant.state('bills', 'd1')
    t.match(lastError, { code: 'duplicate_number', candidates: [{ id: there().InvoiceID }] })
    await settle(tenant)
    t.equal(tenant.xero('Invoices').length, 1)
    const { state, xero } = await tenant.state('bills', 'd1')
    t.match(
      { state, xero },
      { state: 'conflict', xero: { id: there().InvoiceID } },
      'found by vendor and number, it is linked',
    )
    tenant.checkXero(t)
  })

  t.test('given an invoice that Xero numbered with another reference, then that is the one', async (t) => {
    const { tenant, edit, there } = await openWithLost('invoices', 'reference', numberedByXero)
    edit({ Reference: 'Their words' })
    await settle(tenant)
    t.equal(tenant.xero('Invoices').length, 1)
    const { state, lastError, xero } = await tenant.state('invoices', 'd1')
    t.match(
      { state, lastError, xero },
      {
        ...{ state: 'conflict', xero: { id: there().InvoiceID } },
        lastError: { code: 'edited_in_xero', differences: [{ field: '/reference', xero: 'Their words' }] },
      },
    )
    tenant.checkXero(t)
  })

  t.test('given a bill that the product removed and hands over again, then the voided one is none of it', async (t) => {
    const tenant = await openTrader(world, 'again')
    const { make } = documentKinds.bills
    await tenant.put('bills', make('d1', [line('1')]))
    await tenant.sync()
    t.equal((await tenant.api('DELETE', 'bills/d1')).status, 200)
    await tenant.sync()
    await tenant.put('bills', make('d1', [line('1')]))
    control.faults({
      ...{ kind: 'lost_request', method: 'PUT', path: '/Invoices' },
      ...{ tenantId: tenant.organisationId, times: 3 },
    })
    await tenant.sync()
    await synced(t, tenant, 'bills', 'd1')
    t.strictSame(
      tenant
        .xero('Invoices')
        .map(({ Status }) => Status)
        .sort(),
      ['AUTHORISED', 'VOIDED'],
    )
    tenant.checkXero(t)
  })
})
