// Other charges of a bill have no ids: each is known by what it says, wherever it stands in the record.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { queueAgain, rows, sender } from './support/as-sent.ts'
import { later, type Row, synced } from './support/books.ts'
import { line, purchase } from './support/trading.ts'

t.test('books: charges go on as they were sent', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const sent = sender(t, world)
  const [freight, duty] = [
    { description: 'Freight', amount: '10' },
    { description: 'Duty', amount: '20' },
  ]
  const bill = (...otherCharges: object[]) => purchase('a1', [line('1')], { otherCharges })
  const today = { vendors: { accounts: { otherCharges: '310' } } }
  /** Lines of the bill in Xero, by their texts. */
  const there = (tenant: Parameters<typeof rows>[0]): Record<string, Row> =>
    Object.fromEntries(rows(tenant)[0].LineItems.map((one: Row) => [one.Description, one]))
  type Tenant = Parameters<typeof rows>[0]

  async function change(tenant: Tenant, ...charges: object[]): Promise<void> {
    later(world)
    await tenant.put('bills', bill(...charges))
    await tenant.sync()
  }

  t.test('given a charge, when another is put before it, then only the new one is decided today', async (t) => {
    const tenant = await sent('before', 'bills', bill(freight, duty))
    const before = there(tenant)
    await tenant.settings(today)
    const insurance = { description: 'Insurance', amount: '5' }
    await change(tenant, insurance, freight, duty)
    await synced(t, tenant, 'bills', 'a1')
    const { Freight, Duty, Insurance } = there(tenant)
    t.match({ Freight, Duty }, { Freight: { AccountCode: '425' }, Duty: { AccountCode: '425' } })
    t.match(Insurance, { AccountCode: '310', LineAmount: 5 })
    t.strictSame([Freight.LineItemID, Duty.LineItemID], [before.Freight.LineItemID, before.Duty.LineItemID])
    await change(tenant, insurance, freight, duty, { description: 'Parking', amount: '1' })
    await synced(t, tenant, 'bills', 'a1')
    t.strictSame(
      ['Freight', 'Duty', 'Insurance', 'Parking'].map((name) => there(tenant)[name]?.AccountCode),
      ['425', '425', '310', '310'],
    )
    t.equal(there(tenant).Insurance.LineItemID, Insurance.LineItemID)
    await change(tenant, duty, freight)
    await synced(t, tenant, 'bills', 'a1')
    const left = there(tenant)
    t.strictSame(Object.keys(left).sort(), ['Duty', 'Freight', 'Line 1'])
    t.match(left, { Freight: { AccountCode: '425' }, Duty: { AccountCode: '425' } })
    t.strictSame([left.Freight.LineItemID, left.Duty.LineItemID], [Freight.LineItemID, Duty.LineItemID])
    tenant.checkXero(t)
  })

  t.test('given charges of two times, when one of them changes, then each keeps its own decisions', async (t) => {
    const tenant = await sent('changed', 'bills', bill(freight))
    await tenant.settings(today)
    await change(tenant, duty, freight)
    const before = there(tenant)
    const changes: [object, object, string][] = [
      [{ ...duty, amount: '21' }, freight, 'another amount'],
      [{ ...duty, amount: '21.00' }, { ...freight, amount: '11' }, 'the same amount in other digits'],
      [{ description: 'Freight', amount: '11', taxCode: 'ZERO' }, { ...duty, amount: '21' }, 'another tax code'],
    ]
    for (const [one, other, how] of changes) {
      await change(tenant, one, other)
      await synced(t, tenant, 'bills', 'a1')
      const { Freight, Duty } = there(tenant)
      t.strictSame([Freight.AccountCode, Duty.AccountCode], ['425', '310'], how)
      t.strictSame([Freight.LineItemID, Duty.LineItemID], [before.Freight.LineItemID, before.Duty.LineItemID], how)
    }
    await change(tenant, { description: 'Customs', amount: '21' }, { ...freight, amount: '11', taxCode: 'ZERO' })
    await synced(t, tenant, 'bills', 'a1')
    const { Freight, Customs } = there(tenant)
    t.strictSame([Freight.AccountCode, Customs.AccountCode], ['425', '310'])
    t.equal(Customs.LineItemID, before.Duty.LineItemID, 'another text of the same amount')
    await change(tenant, { description: 'Storage', amount: '7' }, { ...freight, amount: '11', taxCode: 'ZERO' })
    await synced(t, tenant, 'bills', 'a1')
    const { Storage } = there(tenant)
    t.not(Storage.LineItemID, Customs.LineItemID, 'with another text and amount it is another charge')
    tenant.checkXero(t)
  })

  t.test(
    'given equal charges, when one more is put before them, then those that were sent are the first',
    async (t) => {
      const tenant = await sent('equal', 'bills', bill({ amount: '10' }, { amount: '10' }))
      const ids = () => rows(tenant)[0].LineItems.map((one: Row) => `${one.AccountCode} ${one.LineItemID}`)
      const before = ids()
      await tenant.settings(today)
      await change(tenant, { amount: '3' }, { amount: '10' }, { amount: '10' }, { amount: '10' })
      await synced(t, tenant, 'bills', 'a1')
      t.ok(
        before.every((one: string) => ids().includes(one)),
        `${before} in ${ids()}`,
      )
      t.equal(ids().filter((one: string) => one.startsWith('310')).length, 2)
      tenant.mark()
      await change(tenant, { amount: '3' }, { amount: '10' }, { amount: '10' }, { amount: '10' })
      t.strictSame(
        tenant.calls(' /Invoices').filter(({ method }) => method !== 'GET'),
        [],
      )
    },
  )

  t.test(
    'given a bill that is queued again, when a charge was put first, then each line is still its own',
    async (t) => {
      const tenant = await sent('again', 'bills', bill(freight))
      const before = there(tenant)
      await tenant.settings(today)
      await tenant.put('bills', bill(duty, freight))
      await queueAgain(tenant, 'bill')
      await tenant.sync()
      await synced(t, tenant, 'bills', 'a1')
      const { Freight, Duty } = there(tenant)
      t.match({ Freight, Duty }, { Freight: { AccountCode: '310' }, Duty: { AccountCode: '310' } })
      t.equal(Freight.LineItemID, before.Freight.LineItemID)
      t.not(Duty.LineItemID, before.Freight.LineItemID)
    },
  )

  t.test(
    'given a charge that a person edited, when another is put before it, then the edit is of that one',
    async (t) => {
      const tenant = await sent('edited', 'bills', bill(freight))
      const { InvoiceID, LineItems } = rows(tenant)[0]
      const at = LineItems.findIndex((one: Row) => one.Description === 'Freight')
      control.editLine(tenant.organisation, InvoiceID, at, { UnitAmount: 12 })
      await change(tenant, duty, freight)
      const state = await tenant.state('bills', 'a1')
      t.equal(state.state, 'conflict')
      const [price, ...more] = state.lastError.differences
      t.match(price, { field: '/lines/#charge:0/unitPrice', product: '10' })
      t.equal(Number(price.xero), 12)
      t.strictSame(more, [])
    },
  )
})
