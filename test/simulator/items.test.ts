// Items: upsert by code, sides, deletion without trace, and tracked stock.
import t from 'tap'
import { bill, line, messages, query, sale, stage } from './support/client.ts'

const zeroId = '00000000-0000-0000-0000-000000000000'
const tracked = {
  Code: 'TRK',
  InventoryAssetAccountCode: '630',
  PurchaseDetails: { COGSAccountCode: '310', UnitPrice: 6 },
  SalesDetails: { AccountCode: '200', UnitPrice: 10 },
}

t.test(
  'given a code in use when it is PUT then it is refused and when it is POSTed then it is overwritten',
  async (t) => {
    const { put, post } = await stage(t)
    const [item] = (await put('Items', { Code: 'abc', Name: 'First', Description: 'Kept' })).json.Items
    t.match(item.UpdatedDateUTC, /^\/Date\(\d+\)\/$/, 'no offset in answers to writes')
    const refused = await put('Items', { Code: 'abc' })
    t.same(messages(refused), ["Price List Item with Code ''abc'' already exists"])
    t.equal(refused.json.Elements[0].ItemID, zeroId)
    const [updated] = (await post('Items', { Code: 'abc', Name: 'Second' })).json.Items
    t.match(updated, { ItemID: item.ItemID, Name: 'Second', Description: 'Kept' })
    t.equal((await post('Items', { ItemID: '11111111-1111-1111-1111-111111111111', Code: 'x' })).status, 404)
  },
)

t.test('given an item when it is read then id and code find it and defaults are filled', async (t) => {
  const { put, get } = await stage(t)
  const [{ ItemID }] = (await put('Items?unitdp=4', { Code: 'a/b 100%', SalesDetails: { UnitPrice: 1.23456 } })).json
    .Items
  const [read] = (await get(`Items/${encodeURIComponent('a/b 100%')}?unitdp=4`)).json.Items
  t.match(read, { ItemID, IsSold: true, IsPurchased: true, IsTrackedAsInventory: false })
  t.equal(read.SalesDetails.UnitPrice, 1.2346)
  t.match(read.UpdatedDateUTC, /^\/Date\(\d+\+0000\)\/$/)
  t.equal((await get(`Items/${ItemID}`)).json.Items[0].SalesDetails.UnitPrice, 1.23, 'two digits unless unitdp=4')
  t.notOk('QuantityOnHand' in read)
  t.equal((await get(query('Items', { where: 'Code=="A/B 100%"' }))).json.Items.length, 1)
})

t.test('given limits when they are broken then each has its message', async (t) => {
  const { put } = await stage(t)
  const refusal = async (fields: object) => messages(await put('Items', { Code: 'X', ...fields }))
  t.match(await refusal({ Code: '' }), [/Code must be specified/])
  t.match(await refusal({ Code: 'x'.repeat(31) }), [/30/])
  t.match(await refusal({ Name: 'x'.repeat(51) }), [/50/])
  t.match(await refusal({ Description: 'x'.repeat(4001) }), [/4000/])
  t.match(await refusal({ SalesDetails: { AccountCode: '999' } }), [/'999' is not a valid code/])
  t.match(await refusal({ SalesDetails: { AccountCode: '200', TaxType: 'INPUT' } }), [
    "The TaxType code 'INPUT' cannot be used with account code '200'.",
  ])
  t.match(await refusal({ ...tracked, PurchaseDetails: { AccountCode: '300', COGSAccountCode: '310' } }), [
    /AccountCode cannot be set on a tracked inventory item/,
  ])
})

t.test('given a side when it is switched off then its details are gone', async (t) => {
  const { put, post } = await stage(t)
  await put('Items', {
    Code: 'A',
    Description: 'sold',
    SalesDetails: { UnitPrice: 5 },
    PurchaseDetails: { UnitPrice: 3 },
  })
  const [item] = (await post('Items', { Code: 'A', IsSold: false })).json.Items
  t.same(item.SalesDetails, {})
  t.notOk('Description' in item)
  t.same(item.PurchaseDetails, { UnitPrice: 3 })
})

t.test('given an item when it is deleted then it leaves no trace', async (t) => {
  const { put, get, api } = await stage(t)
  const [{ ItemID }] = (await put('Items', { Code: 'A' })).json.Items
  const deleted = await api('DELETE', `Items/${ItemID}`)
  t.equal(deleted.status, 204)
  t.equal((await api('DELETE', `Items/${ItemID}`)).status, 404)
  t.equal((await get(`Items/${ItemID}`)).status, 404)
  t.same((await get('Items')).json.Items, [])
})

t.test('given a tracked item when documents move it then stock follows and cannot be oversold', async (t) => {
  const { put, post, get, api } = await stage(t)
  const [item] = (await put('Items', tracked)).json.Items
  t.match(item, { IsTrackedAsInventory: true, QuantityOnHand: 0, TotalCostPool: 0 })
  const sold = (Quantity: number) => sale({ LineItems: [line({ ItemCode: 'TRK', Quantity })] })
  t.match(messages(await put('Invoices', sold(1))), [/quantity on hand/])
  await put(
    'Invoices',
    bill({ LineItems: [{ ItemCode: 'TRK', Description: 'in', Quantity: 4, UnitAmount: 6, AccountCode: '630' }] }),
  )
  const [invoice] = (await put('Invoices', sold(3))).json.Invoices
  const stock = async () => {
    const [{ QuantityOnHand, TotalCostPool }] = (await get('Items/TRK')).json.Items
    return { QuantityOnHand, TotalCostPool }
  }
  t.same(await stock(), { QuantityOnHand: 1, TotalCostPool: 6 })
  t.match(messages(await put('Invoices', sold(2))), [/quantity on hand/])
  t.equal((await put('Invoices?allowBackorders=true', sold(2))).status, 200)
  await post(`Invoices/${invoice.InvoiceID}`, { Status: 'VOIDED' })
  t.equal((await stock()).QuantityOnHand, 2)
  t.equal((await api('DELETE', `Items/${item.ItemID}`)).status, 400, 'used in a transaction')
  t.match(
    messages(await put('Invoices', bill({ LineItems: [line({ AccountCode: '630' })] }))),
    ["Account code '630' is not a valid code for this document."],
    'the inventory account needs its item',
  )
})
