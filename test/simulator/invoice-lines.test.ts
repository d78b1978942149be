// Lines of invoices and bills: rounding, accounts, taxes, items, tracking, updates by line id.
import t from 'tap'
import { type Answered, bill, line, messages, type Stage, sale, somerset, stage } from './support/client.ts'

const zeroId = '00000000-0000-0000-0000-000000000000'
const first = (answer: Answered) => answer.json.Invoices[0]
const refusal = async (world: Stage, document: object) => messages(await world.put('Invoices', document))

t.test('given taxes when they are computed then each line is rounded half up on its own', async (t) => {
  const { put } = await stage(t)
  const lines = [25.06, 25.61, 25.65].map((UnitAmount) => line({ UnitAmount }))
  t.match(first(await put('Invoices', sale({ LineItems: lines }))), { SubTotal: 76.32, TotalTax: 7.64, Total: 83.96 })
  t.match(first(await put('Invoices', sale({ LineItems: lines, LineAmountTypes: 'Inclusive' }))), {
    SubTotal: 69.38,
    TotalTax: 6.94,
    Total: 76.32,
  })
  t.match(first(await put('Invoices', sale({ LineItems: lines, LineAmountTypes: 'NoTax' }))), {
    TotalTax: 0,
    Total: 76.32,
  })
  t.match(
    first(await put('Invoices', sale({ LineItems: [line({ TaxAmount: 9.99 })] }))),
    { TotalTax: 9.99 },
    'override',
  )
})

t.test('given New Zealand rates when the published example is sent then its total comes out', async (t) => {
  const { simulator, api } = await stage(t)
  const { connections } = simulator.control.connect({ organisations: ['Kiwi Komponents Ltd'] })
  const lines = [25.06, 25.61, 25.63].map((UnitAmount) => line({ UnitAmount }))
  const answer = await api('PUT', 'Invoices', sale({ LineItems: lines }), {
    'xero-tenant-id': connections[0]?.tenantId ?? '',
  })
  t.match(first(answer), { TotalTax: 11.44, CurrencyCode: 'NZD' })
})

t.test(
  'given prices with four digits when unitdp is absent then they are rounded before the amount is computed',
  async (t) => {
    const { put, get } = await stage(t)
    const document = sale({ LineItems: [line({ Quantity: 1000, UnitAmount: 0.1234 })] })
    t.match(first(await put('Invoices', document)).LineItems[0], { UnitAmount: 0.12, LineAmount: 120 })
    const exact = first(await put('Invoices?unitdp=4', document))
    t.match(exact.LineItems[0], { UnitAmount: 0.1234, LineAmount: 123.4 })
    t.equal(first(await get(`Invoices/${exact.InvoiceID}?unitdp=4`)).LineItems[0].UnitAmount, 0.1234)
    t.equal(first(await get(`Invoices/${exact.InvoiceID}`)).LineItems[0].UnitAmount, 0.12)
    t.same(
      messages(await put('Invoices', sale({ LineItems: [line({ Quantity: 3, UnitAmount: 10, LineAmount: 31 })] }))),
      ['The line total 31.00 does not match the expected line total 30.00'],
    )
  },
)

t.test('given totals when they are sent then they must agree unless RoundingAmount bridges ten cents', async (t) => {
  const world = await stage(t)
  t.match(await refusal(world, sale({ Total: 110.01 })), [/document total does not equal/])
  t.equal((await world.put('Invoices', sale({ Total: 110 }))).status, 200)
  const rounded = sale({ SubTotal: 100, TotalTax: 10, Total: 110.03, RoundingAmount: 0.03 })
  t.match(first(await world.put('Invoices', rounded)), { Total: 110.03, RoundingAmount: 0.03 })
  t.match(await refusal(world, { ...rounded, RoundingAmount: 0.11, Total: 110.11 }), [/between -0.10 and 0.10/])
  t.match(await refusal(world, { ...rounded, SubTotal: undefined }), [/RoundingAmount needs/])
})

t.test('given accounts and taxes when they do not fit then the messages are those of Xero', async (t) => {
  const world = await stage(t)
  const { simulator } = world
  const on = (fields: Record<string, unknown>) => refusal(world, sale({ LineItems: [line(fields)] }))
  t.same(await on({ AccountCode: '9999' }), ["Account code '9999' is not a valid code for this document."])
  t.same(await on({ AccountCode: '610' }), ["Account code '610' is not a valid code for this document."])
  t.same(await on({ AccountCode: '090' }), ["Account code '090' is not a valid code for this document."])
  t.same(await on({ TaxType: 'INPUT' }), ["The TaxType code 'INPUT' cannot be used with account code '200'."])
  t.match(await on({ TaxType: 'WHAT' }), [/'WHAT' does not exist/])
  t.match(await on({ AccountCode: undefined }), ['Account code or ID must be specified'])
  t.match(await on({ Description: '' }), [/Description must be specified/])
  t.match(await on({ Description: 'x'.repeat(4001) }), [/4000/])
  t.equal(
    (await on({ Quantity: -1 }))[0],
    "The quantity value '-1.0000' is invalid. Quantity must not be less than zero.",
  )
  t.match(await on({ ItemCode: 'none' }), ["Item code 'none' is not valid"])
  simulator.control.archiveAccount(somerset, '260')
  t.same(await on({ AccountCode: '260' }), [
    "Account code '260' has been archived, or has been deleted. Each line item must reference a valid account.",
  ])
  t.match(await refusal(world, bill({ LineItems: [line({ AccountCode: '300', DiscountRate: 10 })] })), [/Discounts/])
  t.match(await refusal(world, sale({ LineItems: [] })), [/One or more line items/])
  t.match(await refusal(world, sale({ Contact: undefined })), [/Contact must be specified/])
  t.match(await refusal(world, sale({ DueDate: undefined })), [/Due date/])
  t.match(await refusal(world, sale({ Url: 'not a url' })), [/Url/])
  t.match(await refusal(world, sale({ LineItems: [line({ UnitAmount: -5 })] })), [/negative/])
})

t.test('given an item when a line names it then description, price, account and tax come from it', async (t) => {
  const { put, simulator } = await stage(t)
  simulator.control.createItem(somerset, {
    Code: 'R1',
    Name: 'Racket',
    Description: 'A racket',
    SalesDetails: { UnitPrice: 20, AccountCode: '260', TaxType: 'EXEMPTOUTPUT' },
  })
  t.match(first(await put('Invoices', sale({ LineItems: [{ ItemCode: 'R1', Quantity: 2 }] }))).LineItems[0], {
    Description: 'A racket',
    UnitAmount: 20,
    LineAmount: 40,
    AccountCode: '260',
    TaxType: 'EXEMPTOUTPUT',
    TaxAmount: 0,
    Item: { Code: 'R1', Name: 'Racket', ItemID: String },
  })
  t.match(first(await put('Invoices', sale({ LineItems: [line({ DiscountRate: 10 })] }))), {
    SubTotal: 90,
    IsDiscounted: true,
  })
})

t.test('given lines when they are updated then ids decide what is kept, made and deleted', async (t) => {
  const { put, post, get } = await stage(t)
  const made = first(
    await put('Invoices', sale({ LineItems: [line({ Description: 'a' }), line({ Description: 'b' })] })),
  )
  const [a] = made.LineItems
  const changed = first(
    await post('Invoices', {
      InvoiceID: made.InvoiceID,
      LineItems: [{ LineItemID: a.LineItemID, Quantity: 2 }, line({ Description: 'c' })],
    }),
  )
  t.same(
    changed.LineItems.map((one: { Description: string }) => one.Description),
    ['c', 'a'],
    'new ones first, omitted ones deleted',
  )
  t.match(changed.LineItems[1], { LineItemID: a.LineItemID, Quantity: 2, UnitAmount: 100 })
  t.match(messages(await post('Invoices', { InvoiceID: made.InvoiceID, LineItems: [line({ LineItemID: zeroId })] })), [
    /does not belong/,
  ])
  const partly = first(await post(`Invoices/${made.InvoiceID}`, { Reference: 'only this' }))
  t.equal(partly.Reference, 'only this')
  t.same(partly.LineItems, first(await get(`Invoices/${made.InvoiceID}?unitdp=4`)).LineItems)
  t.equal(partly.Total, changed.Total)
})

t.test('given tracking when a line names it then names and ids match and the rest is refused', async (t) => {
  const world = await stage(t)
  const [region] = (await world.get('TrackingCategories')).json.TrackingCategories
  const tracked = (...Tracking: object[]) => sale({ LineItems: [line({ Tracking })] })
  const byName = first(await world.put('Invoices', tracked({ Name: 'region', Option: 'north' })))
  t.match(byName.LineItems[0].Tracking[0], {
    Name: 'Region',
    Option: 'North',
    TrackingCategoryID: region.TrackingCategoryID,
  })
  const byId = { TrackingCategoryID: region.TrackingCategoryID, TrackingOptionID: region.Options[2].TrackingOptionID }
  t.match(first(await world.put('Invoices', tracked(byId))).LineItems[0].Tracking[0], { Option: 'South' })
  t.match(await refusal(world, tracked({ Name: 'Region', Option: 'Moon' })), [/does not exist/])
})
