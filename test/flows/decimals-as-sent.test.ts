// Decimals come back as the product wrote them, and what is written otherwise ("12.5", "12.50") is no change for that.
import t from 'tap'
import { somerset } from '../../src/simulator/index.ts'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, settingsForDemoOrganisation, vendor } from '../support/records.ts'

const world = await openWorld(t)
const { api, connect, simulator, work } = world
const c = `/v1/connections/${await connect()}`
await api('PATCH', `${c}/settings`, settingsForDemoOrganisation, { 'if-match': '*' })
const two = { customers: { import: 'updates_and_new' }, items: { import: 'updates_and_new' } }
await api('PATCH', `${c}/settings`, two, { 'if-match': '*' })

async function sync(): Promise<void> {
  await api('POST', `${c}/sync-jobs`, {})
  await work()
}
const queueOf = async (recordId: string): Promise<unknown[]> =>
  (await api('GET', `${c}/sync-queue-items?recordId=${recordId}`)).body.items
const itemsInXero = () => simulator.control.read(somerset, 'Items')

t.test('given decimals with superfluous zeros, when records are put, then every answer repeats them', async (t) => {
  const line = { id: '1', description: 'A', quantity: '2.0', unitPrice: '007.10', taxCode: 'GST', taxAmount: '-0.00' }
  const sale = invoice('d1', 'd1', [], {
    lines: [
      { ...line, discountRate: '10.00', unitCost: '3.0' },
      { ...line, id: '2', unitPrice: '1.005' },
    ],
    shipping: { amount: '5.00' },
    discount: { amount: '0.10' },
    exchangeRate: '1.000',
  })
  const purchase = bill('d1', 'd1', [], { lines: [line], otherCharges: [{ description: 'Freight', amount: '4.0' }] })
  const sent = {
    items: item('d1', { kind: 'service', salePrice: '12.50', purchasePrice: '0.00' }),
    customers: customer('d1', { name: '12.50' }),
    vendors: vendor('d1'),
    invoices: sale,
    bills: purchase,
  }
  for (const [path, body] of Object.entries(sent)) {
    const put = await api('PUT', `${c}/${path}/d1`, body)
    t.equal(put.status, 201, JSON.stringify(put.body))
    const { record: got } = (await api('GET', `${c}/${path}/d1`)).body
    const [{ record: listed }] = (await api('GET', `${c}/${path}`)).body.items
    for (const record of [put.body.record, got, listed]) t.has(record, body, path)
  }
})

t.test(
  'given a synced item, when a price comes in another notation, then it is shown and changes nothing',
  async (t) => {
    const body = item('d2', { kind: 'service', salePrice: '12.5' })
    await api('PUT', `${c}/items/d2`, body)
    await sync()
    const before = (await api('GET', `${c}/items/d2`)).body
    t.has(before, { record: { salePrice: '12.5' }, sync: { state: 'synced' } })
    const calls = itemsInXero().find(({ Code }) => Code === 'SKU-d2')?.UpdatedDateUTC
    for (const salePrice of ['12.50', '12.500', '12.5', '12.50']) {
      const put = await api('PUT', `${c}/items/d2`, { ...body, salePrice })
      t.match(put.body, { result: 'unchanged', updatedAt: before.updatedAt })
      t.equal(put.body.record.salePrice, salePrice)
      t.same(await queueOf('d2'), [])
    }
    await sync()
    t.equal(itemsInXero().find(({ Code }) => Code === 'SKU-d2')?.UpdatedDateUTC, calls, 'nothing was written')
    t.match((await api('GET', `${c}/items/d2`)).body, { record: { salePrice: '12.50' }, sync: { state: 'synced' } })
  },
)

t.test(
  'given an item, when Xero changes other fields and then the price, then the feed shows what holds',
  async (t) => {
    await api('PUT', `${c}/items/d3`, item('d3', { kind: 'service', salePrice: '8.00', purchasePrice: '3.10' }))
    await sync()
    const { ItemID } = itemsInXero().find(({ Code }) => Code === 'SKU-d3') ?? {}
    simulator.control.editItem(somerset, String(ItemID), { Name: 'Named in Xero' })
    await sync()
    const feed = async () => (await api('GET', `${c}/changes?limit=200`)).body.items.at(-1)
    t.match(await feed(), {
      recordId: 'd3',
      record: { name: 'Named in Xero', salePrice: '8.00', purchasePrice: '3.10' },
    })
    simulator.control.editItem(somerset, String(ItemID), { SalesDetails: { UnitPrice: 9.5 } })
    await sync()
    t.match(await feed(), { recordId: 'd3', record: { salePrice: '9.5', purchasePrice: '3.10' } })
    t.match((await api('GET', `${c}/items/d3`)).body.record, { salePrice: '9.5', purchasePrice: '3.10' })
  },
)

t.test('given settings with a decimal, when they are saved, then it stays as it was written', async (t) => {
  const saved = await api('PATCH', `${c}/settings`, { invoices: { roundingTolerance: '0.10' } }, { 'if-match': '*' })
  t.equal(saved.body.invoices.roundingTolerance, '0.10')
  t.equal((await api('GET', `${c}/settings`)).body.invoices.roundingTolerance, '0.10')
})
