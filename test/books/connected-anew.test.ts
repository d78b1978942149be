// A company ends its connection and connects the same organisation anew; the product hands everything over again. What stands in Xero
// is the records' own: no bill is a conflict because of the address that this service wrote for the connection of before.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, vendor } from '../support/records.ts'
import { inNewZealand, kiwiSettings, type Row } from './support/books.ts'
import { line, openTrader, purchase, sale, service } from './support/trading.ts'

t.test('books: connected anew', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  t.test('given bills of the connection before, open and paid, then they are synced', async (t) => {
    const tenant = await openTrader(world, 'anew', inNewZealand)
    const documents = [
      ['invoices', sale('d1', [line('1')])],
      ['bills', purchase('b1', [line('1')])],
      ['bills', bill('b2', 'v1', ['s1'])],
      ['bills', bill('b3', 'v1', ['s1'])],
    ] as const
    for (const [path, record] of documents) await tenant.put(path, record)
    await tenant.sync()
    control.payInvoice(
      tenant.organisation,
      tenant.xero('Invoices').find((one) => one.InvoiceNumber === 'V-b3')?.InvoiceID,
    )
    t.equal((await tenant.api('DELETE', '')).status, 200)

    const scope = { 'x-company-id': tenant.company }
    const created = await world.api('POST', '/v1/connections', {}, scope)
    control.consent({ mode: 'automatic', user: 'anew@example.com', organisations: [tenant.organisation] })
    const end = await world.browse(created.body.authorizationUrl)
    const at = `/v1/connections/${created.body.id}`
    const api = (method: string, path: string, body?: object, headers: object = {}) =>
      world.api(method, `${at}/${path}`, body, { ...scope, ...headers })
    t.equal((await api('POST', 'confirm', { completionCode: end.searchParams.get('code') })).status, 200)
    const { headers } = await api('GET', 'settings')
    await api('PATCH', 'settings', kiwiSettings, { 'if-match': String(headers.etag) })
    const entities = [
      ['items', service('s1')],
      ['customers', customer('c1')],
      ['vendors', vendor('v1')],
    ] as const
    for (const [path, record] of [...entities, ...documents]) await api('PUT', `${path}/${(record as Row).id}`, record)
    await api('POST', 'sync-jobs', { kind: 'incremental' })
    await world.work()
    for (const [path, record] of documents) {
      const { state, lastError } = (await api('GET', `${path}/${(record as Row).id}`)).body.sync
      t.match({ state, lastError }, { state: 'synced', lastError: null }, `${path}/${(record as Row).id}`)
    }
    t.equal(tenant.xero('Invoices').length, 4, 'nothing is created once more')
    const addresses = tenant.xero('Invoices').map(({ InvoiceNumber, Url }) => [InvoiceNumber, String(Url).includes(at)])
    t.ok(
      addresses.some(([number, isNew]) => number === 'V-b2' && isNew),
      'an open bill gets the address of now',
    )
    tenant.checkXero(t)
  })
})
