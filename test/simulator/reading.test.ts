// How lists are read: envelope, pages, filters, where, order, If-Modified-Since, and what unpaged lists leave out.
import { request } from 'node:http'
import t from 'tap'
import { minutes, query, type Stage, sale, seconds, somerset, stage, start } from './support/client.ts'

type Named = { Name: string }
const names = (list: Named[]) => list.map((one) => one.Name)

async function people({ put, clock }: Stage, ...list: string[]) {
  for (const Name of list) {
    await put('Contacts', { Name, ...(Name.startsWith('Zed') ? { EmailAddress: 'zed@example.com' } : {}) })
    clock.advance(seconds(1))
  }
}

t.test('given any list when it is read then the envelope and the limit headers are there', async (t) => {
  const { get, tenantId } = await stage(t, { minuteLimit: 60 })
  const answer = await get('Organisation')
  t.match(answer.json, {
    Id: /^[0-9a-f-]{36}$/,
    Status: 'OK',
    ProviderName: 'Inventory',
    DateTimeUTC: `/Date(${start})/`,
    Organisations: [
      {
        OrganisationID: tenantId,
        Name: somerset,
        BaseCurrency: 'AUD',
        CountryCode: 'AU',
        Timezone: 'AUSEASTERNSTANDARDTIME',
        IsDemoCompany: true,
      },
    ],
  })
  t.notOk('PeriodLockDate' in answer.json.Organisations[0], 'lock dates only when set')
  t.equal(answer.headers.get('x-minlimit-remaining'), '59')
  t.equal(answer.headers.get('x-daylimit-remaining'), '4999')
  t.equal(answer.headers.get('x-appminlimit-remaining'), '9999')
  t.ok(answer.headers.get('x-correlation-id'))
})

t.test('given the reference lists when they are read then they are never paged', async (t) => {
  const { get } = await stage(t)
  const accounts = (await get('Accounts?page=1&pageSize=1')).json
  t.notOk('pagination' in accounts)
  const byCode = new Map(accounts.Accounts.map((one: { Code: string }) => [one.Code, one]))
  for (const code of ['200', '260', '300', '310', '400', '610', '630', '800', '820', '860', '960'])
    t.ok(byCode.get(code))
  t.match(byCode.get('610'), { SystemAccount: 'DEBTORS', Class: 'ASSET' })
  t.match(byCode.get('630'), { Type: 'INVENTORY' })
  t.match(byCode.get('860'), { SystemAccount: 'ROUNDING' })
  t.notOk('SystemAccount' in (byCode.get('200') as object))
  const rates = (await get('TaxRates')).json.TaxRates
  t.match(
    rates.find((one: { TaxType: string }) => one.TaxType === 'OUTPUT'),
    { EffectiveRate: 10, CanApplyToRevenue: true, CanApplyToExpenses: false, Status: 'ACTIVE' },
  )
  const tracking = (await get('TrackingCategories')).json.TrackingCategories
  t.same(names(tracking), ['Region', 'Channel'])
  t.match(tracking[0].Options[0], { TrackingOptionID: String, Name: 'Eastside', Status: 'ACTIVE' })
  t.same(
    (await get('Currencies')).json.Currencies.map((one: { Code: string }) => one.Code),
    ['AUD', 'USD', 'NZD'],
  )
  t.equal((await get('BrandingThemes')).json.BrandingThemes.length, 2)
  t.same(names((await get('ContactGroups')).json.ContactGroups), ['Wholesale customers', 'Overseas suppliers'])
})

t.test('given a currency when it is added then documents may use it, once', async (t) => {
  const { put, get } = await stage(t)
  t.equal((await put('Currencies', { Code: 'EUR' })).json.Currencies[0].Description, 'Euro')
  t.equal((await put('Currencies', { Code: 'EUR' })).status, 400)
  t.equal((await get('Currencies')).json.Currencies.length, 4)
})

t.test(
  'given contacts when pages are asked for then pagination appears and the page past the end is empty',
  async (t) => {
    const { get, simulator } = await stage(t)
    simulator.control.bulk(somerset, { contacts: 1001 })
    t.notOk('pagination' in (await get('Contacts')).json, 'only when page was sent')
    const first = (await get('Contacts?page=1')).json
    t.same(first.pagination, { page: 1, pageSize: 100, pageCount: 11, itemCount: 1001 })
    t.same(Object.keys(first).slice(-2), ['pagination', 'Contacts'], 'before the collection')
    t.equal(first.Contacts.length, 100)
    const last = (await get('Contacts?page=12')).json
    t.same(last.Contacts, [])
    t.equal(last.pagination.pageCount, 11)
    const clamped = (await get('Contacts?page=1&pageSize=5000')).json
    t.equal(clamped.pagination.pageSize, 1000)
    t.equal(clamped.Contacts.length, 1000)
  },
)

t.test('given contacts when where and order are used then texts compare without case', async (t) => {
  const world = await stage(t)
  const { get } = world
  await people(world, 'Alpha Ltd', 'beta pty', 'Gamma "G" Co', 'Zed')
  const where = async (expression: string) => names((await get(query('Contacts', { where: expression }))).json.Contacts)
  t.same(await where('Name=="ALPHA LTD"'), ['Alpha Ltd'])
  t.same(await where('Name!="alpha ltd" AND Name!="zed"'), ['beta pty', 'Gamma "G" Co'])
  t.same(await where('Name.Contains("A")&&Name.EndsWith("pty")'), ['beta pty'])
  t.same(await where('Name.StartsWith("al") OR Name=="Zed"'), ['Alpha Ltd', 'Zed'])
  t.same(await where('(Name=="Zed" || Name=="beta pty") && EmailAddress!=null'), ['Zed'])
  t.same(await where('EmailAddress!=null AND EmailAddress.ToLower().Contains("ZED@")'), ['Zed'])
  t.same(await where('Name=="Gamma ""G"" Co"'), ['Gamma "G" Co'])
  t.same(await where('IsCustomer==false AND !(Name.Contains("a"))'), ['Zed'])
  t.same(await where(`UpdatedDateUTC>=DateTime(2026,11,23,2,0,3)`), ['Zed'])
  t.same(await where(`UpdatedDateUTC<DateTime.Parse("2026-11-23T02:00:01")`), ['Alpha Ltd'])
  const ordered = (await get(query('Contacts', { order: 'Name DESC' }))).json.Contacts
  t.same(names(ordered), ['Zed', 'Gamma "G" Co', 'beta pty', 'Alpha Ltd'])
  const id = ordered[0].ContactID
  t.same(await where(`ContactID==Guid("${id.toUpperCase()}")`), ['Zed'])
})

t.test(
  'given queries that cannot be understood when they are sent then they are 400 QueryParseException',
  async (t) => {
    const { get } = await stage(t)
    const bad: Record<string, string>[] = [
      { where: 'Name==' },
      { where: 'Nonsense=="x"' },
      { where: 'Name=="x" AND' },
      { where: 'Name=="unclosed' },
      { where: '(Name=="x"' },
      { where: 'Contact.Name=="x"' },
      { order: 'Nonsense' },
      { order: 'Name SIDEWAYS' },
    ]
    for (const parameters of bad) {
      const answer = await get(query('Contacts', parameters))
      t.equal(answer.status, 400, JSON.stringify(parameters))
      t.match(answer.json, { ErrorNumber: 16, Type: 'QueryParseException', Message: String })
    }
  },
)

t.test('given If-Modified-Since when lists are read then only newer rows come, to the second, inclusive', async (t) => {
  const world = await stage(t)
  const { get, put } = world
  await people(world, 'First', 'Second', 'Third')
  await put('Items', { Code: 'A' })
  const since = async (value: string, path = 'Contacts') => (await get(path, { 'if-modified-since': value })).json
  t.same(names((await since('2026-11-23T02:00:01')).Contacts), ['Second', 'Third'])
  t.same(names((await since('2026-11-23T02:00:01.900Z')).Contacts), ['Second', 'Third'], 'milliseconds are dropped')
  t.same(names((await since('Mon, 23 Nov 2026 02:00:02 GMT')).Contacts), ['Third'])
  t.same((await since('2026-11-24T00:00:00', 'Items')).Items, [])
  t.equal((await since('2026-11-24T00:00:00', 'Accounts')).Accounts.length, 0)
  t.equal((await since('2026-11-24T00:00:00', 'ContactGroups')).ContactGroups.length, 2, 'no such filter there')
})

t.test(
  'given invoices when they are read then only pages and single reads show lines and summaries show less',
  async (t) => {
    const { get, put } = await stage(t)
    const { InvoiceID } = (await put('Invoices', sale({ Reference: 'PO-7' }))).json.Invoices[0]
    const unpaged = (await get('Invoices')).json
    t.same(unpaged.Invoices[0].LineItems, [])
    t.same(Object.keys(unpaged.Invoices[0].Contact).sort(), [
      'Addresses',
      'ContactGroups',
      'ContactID',
      'ContactPersons',
      'HasValidationErrors',
      'Name',
      'Phones',
    ])
    t.equal((await get('Invoices?page=1')).json.Invoices[0].LineItems.length, 1)
    t.equal((await get(`Invoices/${InvoiceID}`)).json.Invoices[0].LineItems.length, 1)
    t.equal((await get('Invoices/INV-0001')).json.Invoices[0].InvoiceID, InvoiceID)
    const summary = (await get('Invoices?summaryOnly=true')).json
    t.equal(summary.pagination.page, 1, 'forces pages')
    t.notOk('Payments' in summary.Invoices[0])
    t.match((await get(`Invoices/${InvoiceID}`)).json.Invoices[0], {
      DateString: '2026-11-20T00:00:00',
      Date: '/Date(1795132800000+0000)/',
      UpdatedDateUTC: `/Date(${start}+0000)/`,
      UpdatedDateUTCString: '2026-11-23T02:00:00Z',
    })
  },
)

t.test('given invoices when filters are used then each narrows the list', async (t) => {
  const { get, put, simulator } = await stage(t)
  const mine = (await put('Invoices', [sale(), sale({ Status: 'DRAFT', Contact: { Name: 'Zoe' } })])).json.Invoices
  simulator.control.createInvoice(somerset, sale({ Reference: 'by hand' }))
  const count = async (parameters: Record<string, string>) =>
    (await get(query('Invoices', parameters))).json.Invoices.length
  t.equal(await count({}), 3)
  t.equal(await count({ IDs: `${mine[0].InvoiceID},${mine[1].InvoiceID}` }), 2)
  t.equal(await count({ InvoiceNumbers: 'INV-0001,INV-0003' }), 2)
  t.equal(await count({ ContactIDs: mine[1].Contact.ContactID }), 1)
  t.equal(await count({ Statuses: 'DRAFT,VOIDED' }), 1)
  t.equal(await count({ createdByMyApp: 'true' }), 2)
  t.equal(await count({ searchTerm: 'by hand' }), 1)
  t.equal(await count({ where: `Contact.ContactID==Guid("${mine[1].Contact.ContactID}")` }), 1)
  t.equal(await count({ where: 'Contact.Name=="zoe"' }), 1)
  t.equal(await count({ where: 'AmountDue>100 AND Date>=DateTime(2026,11,20) AND Type=="ACCREC"' }), 3)
  t.equal(await count({ where: 'Date>DateTime(2026,11,20)' }), 0)
})

t.test('given things that are not there when they are asked for then 404 is an empty page', async (t) => {
  const { get, api } = await stage(t)
  for (const path of ['Invoices/INV-9', 'Contacts/none', 'Items/none', 'Nonsense', 'Invoices/INV-1/Attachments']) {
    const answer = await get(path)
    t.equal(answer.status, 404)
    t.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8')
    t.equal(answer.text, '')
  }
  const deletion = await api('DELETE', 'Accounts/1')
  t.equal(deletion.status, 501)
  t.match(deletion.json, { ErrorNumber: 20, Type: 'ApiMethodNotImplementedException' })
  t.equal((await get('Contacts', { accept: '*/*' })).status, 406, 'JSON has to be asked for')
})

t.test('given archived contacts when lists are read then they come only when asked for', async (t) => {
  const world = await stage(t)
  const { get, simulator, clock } = world
  await people(world, 'Kept', 'Gone')
  clock.advance(minutes(1))
  simulator.control.archiveContact(somerset, 'Gone')
  t.same(names((await get('Contacts')).json.Contacts), ['Kept'])
  t.same(names((await get('Contacts?includeArchived=true')).json.Contacts), ['Kept', 'Gone'])
  t.same(names((await get('Contacts?searchTerm=kep')).json.Contacts), ['Kept'])
})

t.test('given clients that send a body with a GET when they read then it is tolerated', async (t) => {
  const { simulator, tenantId, token } = await stage(t)
  const read = () =>
    new Promise<number | undefined>((resolve, reject) => {
      const call = request(`${simulator.apiUrl}/api.xro/2.0/Currencies`, {
        headers: {
          authorization: `Bearer ${token}`,
          'xero-tenant-id': tenantId,
          accept: 'application/json, text/plain, */*',
          'content-type': 'application/json',
          'content-length': 2,
        },
      })
      call.on('response', (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode))
      })
      call.on('error', reject)
      call.end('{}')
    })
  t.equal(await read(), 200)
  t.equal(await read(), 200)
})
