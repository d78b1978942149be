// What a person does in Xero beside the API, and what Xero then makes of our requests.
import t from 'tap'
import { bill, line, messages, minutes, type Stage, sale, somerset, stage } from './support/client.ts'

const named = (world: Stage, name: string) =>
  world.simulator.control.read(somerset, 'Contacts').find((one) => one.Name === name)

t.test('given values that the API would refuse when a person has them then they are read as they stand', async (t) => {
  const { post, get, simulator } = await stage(t)
  const { control } = simulator
  const unchecked = { unchecked: true }
  const { ContactID } = control.createContact(
    somerset,
    {
      Name: `${'x'.repeat(260)} <b>`,
      EmailAddress: 'a@example.com; b@example.com',
      Website: 'example.com',
      PaymentTerms: { Sales: { Day: 3, Type: 'SOMETIME' } },
      Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: '1'.repeat(60) }],
    },
    unchecked,
  )
  const [read] = (await get(`Contacts/${ContactID}`)).json.Contacts
  t.equal(read.Name.length, 264)
  t.match(read, { Website: 'example.com', EmailAddress: /; b@/, PaymentTerms: { Sales: { Type: 'SOMETIME' } } })
  t.throws(() => control.createContact(somerset, { Name: 'y'.repeat(260) }))
  const edit = async (fields: object) => (await post('Contacts', { ContactID, ...fields })).status
  t.equal(await edit({ FirstName: 'Ann' }), 200, 'what a request does not name is not judged anew')
  t.equal(await edit({ Name: read.Name }), 400, 'what it names is')
  control.createItem(somerset, { Code: '', Name: 'n'.repeat(60), SalesDetails: { UnitPrice: 0.00001 } }, unchecked)
  t.match((await get('Items')).json.Items, [{ Code: '', Name: /n{60}/ }])
  await post('Contacts', { Name: 'Ann', Website: 'http://example.com' })
  t.notOk(named({ simulator } as Stage, 'Ann')?.Website, 'the web site is read-only in the API')
})

t.test('given members when a person empties them with null then they are gone', async (t) => {
  const { simulator } = await stage(t)
  const { control } = simulator
  const term = { Day: 7, Type: 'DAYSAFTERBILLDATE' }
  control.createContact(somerset, { Name: 'Ann', FirstName: 'A', PaymentTerms: { Sales: term, Bills: term } })
  control.editContact(somerset, 'Ann', { FirstName: null, PaymentTerms: { Sales: null } })
  const ann = control.read(somerset, 'Contacts')[0] ?? {}
  t.notOk('FirstName' in ann)
  t.strictSame(ann.PaymentTerms, { Sales: undefined, Bills: term })
  control.createItem(somerset, { Code: 'A', SalesDetails: { UnitPrice: 5, AccountCode: '200' } })
  control.editItem(somerset, 'A', { SalesDetails: { UnitPrice: null, AccountCode: null } })
  t.strictSame(control.read(somerset, 'Items')[0]?.SalesDetails, {})
})

t.test('given a contact when parts of it are written then only those change, unless parts are replaced', async (t) => {
  const fields = {
    Name: 'Ann',
    Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: '1234', PhoneAreaCode: '02', PhoneCountryCode: '61' }],
    Addresses: [{ AddressType: 'POBOX', City: 'Bath', AttentionTo: 'Mr Wells' }],
    PaymentTerms: { Bills: { Day: 20, Type: 'OFFOLLOWINGMONTH' }, Sales: { Day: 7, Type: 'DAYSAFTERBILLDATE' } },
  }
  const update = {
    Name: 'Ann',
    Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: ' 5678 ' }],
    Addresses: [{ AddressType: 'POBOX', City: 'Wells' }],
    PaymentTerms: { Sales: { Day: 9, Type: 'DAYSAFTERBILLDATE' } },
  }
  const item = { Code: 'A', SalesDetails: { UnitPrice: 5, AccountCode: '200' } }
  const world = await stage(t)
  const { simulator, put, post } = world
  const { control } = simulator
  const ann = async () => {
    await post('Contacts', update)
    await post('Items', { Code: 'A', SalesDetails: { UnitPrice: 6 } })
    const found = named(world, 'Ann') ?? {}
    const [Phones, Addresses] = [found.Phones, found.Addresses].map((one) => (one as object[]).slice())
    return { ...found, Phones, Addresses, item: control.read(somerset, 'Items')[0] }
  }
  await put('Contacts', fields)
  await put('Items', item)
  const merged = await ann()
  t.match(merged.Phones?.[1], { PhoneNumber: '5678', PhoneAreaCode: '02', PhoneCountryCode: '61' })
  t.match(merged.Addresses?.[1], { City: 'Wells', AttentionTo: 'Mr Wells' })
  t.match(merged, { PaymentTerms: { Bills: { Day: 20 }, Sales: { Day: 9 } }, item: { SalesDetails: { UnitPrice: 6 } } })
  t.match(merged.item, { SalesDetails: { AccountCode: '200' } })
  control.editOrganisation(somerset, { partsReplaced: true })
  const replaced = await ann()
  t.strictSame(replaced.Phones?.[1], { PhoneType: 'DEFAULT', PhoneNumber: '5678' })
  t.strictSame(replaced.Addresses?.[1], { AddressType: 'POBOX', City: 'Wells' })
  t.match(replaced, { PaymentTerms: { Bills: undefined } })
  t.strictSame(replaced.item?.SalesDetails, { UnitPrice: 6 })
})

t.test('given a document when a person works on it then lines, status and stamp follow', async (t) => {
  const { put, post, get, simulator, clock } = await stage(t)
  const { control } = simulator
  const [draft] = (await put('Invoices', sale({ Status: 'DRAFT' }))).json.Invoices
  clock.advance(minutes(1))
  control.editInvoice(somerset, 'INV-0001', { Status: 'AUTHORISED' })
  control.addLine(somerset, 'INV-0001', line({ Description: 'By hand', UnitAmount: 5 }))
  control.editLine(somerset, 'INV-0001', draft.LineItems[0].LineItemID, { Quantity: 2 })
  const read = async () => (await get('Invoices/INV-0001')).json.Invoices[0]
  t.match(await read(), {
    Status: 'AUTHORISED',
    SubTotal: 205,
    LineItems: [{ Description: 'By hand' }, { Quantity: 2 }],
  })
  control.removeLine(somerset, 'INV-0001', 0)
  t.equal((await read()).LineItems.length, 1)
  t.throws(() => control.removeLine(somerset, 'INV-0001', 7), /no line 7/)
  clock.advance(minutes(1))
  const before = await read()
  control.attachFile(somerset, 'INV-0001')
  const { HasAttachments, UpdatedDateUTC, UpdatedDateUTCString, ...after } = await read()
  t.equal(HasAttachments, true)
  t.not(UpdatedDateUTC, before.UpdatedDateUTC)
  t.ok(UpdatedDateUTCString)
  t.match(before, after)
  t.equal((await post('Invoices/INV-0001', { Status: 'DELETED' })).status, 400, 'approved ones are voided')
})

t.test('given a discount when an update leaves it out then it stays, and 0 takes it away', async (t) => {
  const { put, post } = await stage(t)
  const [made] = (await put('Invoices', sale({ LineItems: [line({ DiscountRate: 25 })] }))).json.Invoices
  const [{ LineItemID }] = made.LineItems
  const update = async (fields: object) =>
    (await post(`Invoices/${made.InvoiceID}`, { LineItems: [{ ...line(), LineItemID, ...fields }] })).json.Invoices[0]
  t.match(await update({}), { SubTotal: 75, IsDiscounted: true })
  t.match(await update({ DiscountRate: 0 }), { SubTotal: 100, IsDiscounted: false })
  t.match(await update({ DiscountAmount: 30 }), { SubTotal: 70, IsDiscounted: true })
  t.match(await update({ DiscountRate: 10 }), { SubTotal: 90 })
  t.notOk('DiscountAmount' in (await update({})).LineItems[0], 'the one form took the place of the other')
  t.equal((await put('Invoices', bill({ LineItems: [line({ AccountCode: '300', DiscountRate: 0 })] }))).status, 400)
})

t.test('given a document of zero when it is approved then Xero shows it as paid', async (t) => {
  const { put, post, simulator } = await stage(t)
  const lines = [line(), line({ UnitAmount: -100 })]
  const nothing = async (Status = 'AUTHORISED') =>
    (await put('Invoices', sale({ LineItems: lines, Status }))).json.Invoices[0]
  t.equal((await nothing('DRAFT')).Status, 'DRAFT')
  const made = await nothing()
  t.match(made, { Status: 'PAID', AmountDue: 0, AmountPaid: 0, FullyPaidOnDate: String })
  const [edited] = (await post(`Invoices/${made.InvoiceID}`, { Reference: 'x', Status: 'AUTHORISED' })).json.Invoices
  t.match(edited, { Status: 'PAID', Reference: 'x' })
  const [more] = (await post(`Invoices/${made.InvoiceID}`, { Status: 'AUTHORISED', LineItems: [line()] })).json.Invoices
  t.match(more, { Status: 'AUTHORISED', AmountDue: 110 })
  t.notOk('FullyPaidOnDate' in more)
  const voided = await nothing()
  t.match((await post(`Invoices/${voided.InvoiceID}`, { Status: 'VOIDED' })).json.Invoices, [{ Status: 'VOIDED' }])
  simulator.control.editOrganisation(somerset, { zeroTotal: 'locked' })
  const locked = await nothing()
  t.match(messages(await post(`Invoices/${locked.InvoiceID}`, { Status: 'VOIDED' })), [/not of valid status/])
  simulator.control.editOrganisation(somerset, { zeroTotal: 'open' })
  t.match(await nothing(), { Status: 'AUTHORISED', AmountDue: 0 })
})

t.test(
  'given an item when its code changes then its lines show the new one, and a used one stays if so set',
  async (t) => {
    const { put, post, get, api, simulator } = await stage(t)
    const { control } = simulator
    const [item] = (await put('Items', { Code: 'OLD' })).json.Items
    await put('Invoices', sale({ LineItems: [line({ ItemCode: 'OLD' })] }))
    const code = async () => (await get('Invoices/INV-0001')).json.Invoices[0].LineItems[0]
    control.editItem(somerset, 'OLD', { Code: 'NEW' })
    t.match(await code(), { ItemCode: 'NEW', Item: { ItemID: item.ItemID } })
    await post('Items', { ItemID: item.ItemID, Code: 'NEWER' })
    t.match(await code(), { ItemCode: 'NEWER', Item: { ItemID: item.ItemID } })
    control.editOrganisation(somerset, { usedItemsDeletable: false })
    t.match(messages(await api('DELETE', `Items/${item.ItemID}`)), [/used in a transaction/])
    const [unsold] = (await post('Items', { ItemID: item.ItemID, IsSold: false, IsPurchased: false })).json.Items
    t.match(unsold, { IsSold: false, IsPurchased: false })
    control.editOrganisation(somerset, { usedItemsDeletable: true })
    t.equal((await api('DELETE', `Items/${item.ItemID}`)).status, 204)
  },
)

t.test('given a tracked item when its name and price are written alone then it stays tracked', async (t) => {
  const { put, post } = await stage(t)
  const [{ ItemID }] = (
    await put('Items', {
      Code: 'TRK',
      InventoryAssetAccountCode: '630',
      PurchaseDetails: { UnitPrice: 6, COGSAccountCode: '310' },
      SalesDetails: { UnitPrice: 20, AccountCode: '200' },
    })
  ).json.Items
  const fields = { ItemID, Name: 'Renamed', IsTrackedAsInventory: false, SalesDetails: { UnitPrice: 21 } }
  const [item] = (await post('Items', { ...fields, PurchaseDetails: { UnitPrice: 7 } })).json.Items
  t.match(item, {
    Name: 'Renamed',
    IsTrackedAsInventory: true,
    InventoryAssetAccountCode: '630',
    PurchaseDetails: { UnitPrice: 7, COGSAccountCode: '310' },
    SalesDetails: { UnitPrice: 21, AccountCode: '200' },
  })
  t.match(messages(await post('Items', { ItemID, PurchaseDetails: { AccountCode: '300' } })), [/tracked inventory/])
})

t.test(
  'given tax rates and tracking options when a person ends them then lines that name them are refused',
  async (t) => {
    const { put, simulator } = await stage(t)
    const { control } = simulator
    control.editTaxRate(somerset, 'EXEMPTOUTPUT', { Status: 'DELETED' })
    t.match(messages(await put('Invoices', sale({ LineItems: [line({ TaxType: 'EXEMPTOUTPUT' })] }))), [
      /does not exist/,
    ])
    control.editTrackingOption(somerset, { category: 'Region', option: 'North' }, { Status: 'ARCHIVED' })
    const Tracking = [{ Name: 'Region', Option: 'North' }]
    t.match(messages(await put('Invoices', sale({ LineItems: [line({ Tracking })] }))), [/not active/])
    control.editOrganisation(somerset, { taxAliases: { EXEMPTEXPORT: 'BASEXCLUDED' } })
    const sold = { AccountCode: '200', TaxType: 'EXEMPTEXPORT' }
    t.match((await put('Items', { Code: 'A', SalesDetails: sold })).json.Items, [
      { SalesDetails: { TaxType: 'BASEXCLUDED' } },
    ])
  },
)
