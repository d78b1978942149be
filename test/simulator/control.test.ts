// The control API over HTTP, and seeds.
import t from 'tap'
import { kiwi } from '../../src/simulator/index.ts'
import { answered, sale, somerset, stage } from './support/client.ts'

const control = async (url: string, name: string, body?: unknown) =>
  answered(
    await fetch(`${url}/_control/${name}`, {
      method: body === undefined ? 'GET' : 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  )

t.test('given the control API when its functions are called over HTTP then they act as in process', async (t) => {
  const { simulator, put, get, tenantId } = await stage(t)
  const { url } = simulator
  await put('Invoices', sale())
  const paid = await control(url, 'payInvoice', [somerset, 'INV-0001', { amount: 60 }])
  t.match(paid.json, { AmountPaid: 60, AmountDue: 50 })
  t.match((await control(url, `state/${tenantId}/Invoices`)).json, [{ AmountPaid: 60 }])
  t.match((await control(url, 'journal?area=api&method=put')).json, [{ method: 'PUT', status: 200 }])
  t.match((await control(url, 'counters')).json[tenantId], { calls: 1, maxConcurrent: 1 })
  await control(url, 'faults', [{ kind: 'http_503' }])
  t.equal((await get('Items')).status, 503)
  await control(url, 'bulk', [somerset, { contacts: 3, items: 2 }])
  t.equal((await get('Items')).json.Items.length, 2)
  t.equal((await control(url, 'nonsense', [])).status, 404)
  const failed = await control(url, 'archiveContact', [somerset, 'nobody'])
  t.equal(failed.status, 400)
  t.match(failed.json.error, /no contact nobody/)
  const wrong = await control(url, 'consent', { mode: 'manuell' })
  t.match(wrong, { status: 400, json: { error: /no mode "manuell" of consent: manual or automatic/ } })
  t.match(await control(url, 'consent', { mode: 'automatic', organisations: ['Nobody'] }), { status: 400 })
  t.match(await control(url, 'faults', { kind: 'http_418' }), { status: 400, json: { error: /http_418/ } })
  const misspelt: [string, unknown, RegExp][] = [
    ['limits', { minut: 1 }, /no "minut" of limits: .*minute/],
    ['limits', { minute: -1 }, /limits\.minute is no number/],
    ['latency', ['x'], /latency is no number/],
    ['weather', { seed: 1, api: { wat: 1 } }, /no "wat" of weather\.api/],
    ['weather', { seed: 1, api: { slow: 2 } }, /weather\.api\.slow is no number from 0 to 1/],
    ['weather', { sed: 1 }, /no "sed" of weather/],
    ['weather', {}, /weather\.seed/],
  ]
  for (const [name, body, error] of misspelt)
    t.match(await control(url, name, body), { status: 400, json: { error } }, name)
  t.notOk('minut' in (await control(url, 'limits', {})).json)
  await control(url, 'disconnect', [somerset])
  t.equal((await get('Items')).status, 403)
  await control(url, 'reset', [])
  t.same((await control(url, 'connections')).json, [])
  t.equal((await control(url, 'organisations')).json.length, 2)
})

t.test('given a seed when it is added then organisations differ in country, currency and zone', async (t) => {
  const { simulator, api, clock } = await stage(t)
  simulator.control.seed({
    organisations: [
      {
        name: 'Albion Ltd',
        countryCode: 'GB',
        currencies: { EUR: 1.15 },
        accounts: [{ Code: 'S1', Name: 'Special', Type: 'REVENUE', TaxType: 'OUTPUT' }],
        withoutAccounts: ['200'],
        periodLockDate: '2026-01-31',
      },
    ],
    users: [{ email: 'al@albion.example', organisations: ['Albion Ltd'] }],
  })
  const { tokens, connections } = simulator.control.connect({ user: 'al@albion.example' })
  const as = { authorization: `Bearer ${tokens.access_token}`, 'xero-tenant-id': connections[0]?.tenantId ?? '' }
  const [organisation] = (await api('GET', 'Organisation', undefined, as)).json.Organisations
  t.match(organisation, { Version: 'UK', BaseCurrency: 'GBP', Timezone: 'GMTSTANDARDTIME', PeriodLockDate: String })
  const codes = (await api('GET', 'Accounts', undefined, as)).json.Accounts.map((one: { Code: string }) => one.Code)
  t.ok(codes.includes('S1'))
  t.notOk(codes.includes('200'))
  t.equal((await api('GET', 'Organisation', undefined, { ...as, 'xero-tenant-id': 'x' })).status, 403)
  t.ok(clock)
})

t.test('given a person in Xero when he changes things then the API shows them with a new stamp', async (t) => {
  const { simulator, get, clock } = await stage(t)
  const { control: person } = simulator
  person.createContact(somerset, { Name: 'Ann' })
  person.createItem(somerset, { Code: 'A' })
  clock.advance(60_000)
  person.editContact(somerset, 'Ann', { EmailAddress: 'ann@example.com' })
  person.editItem(somerset, 'A', { Name: 'Better' })
  const since = { 'if-modified-since': '2026-11-23T02:01:00' }
  t.match((await get('Contacts', since)).json.Contacts, [{ EmailAddress: 'ann@example.com' }])
  t.match((await get('Items', since)).json.Items, [{ Name: 'Better' }])
  person.addToGroup(somerset, 'Wholesale customers', 'Ann')
  const [group] = (await get('ContactGroups')).json.ContactGroups
  t.same(group.Contacts, [])
  t.match((await get(`ContactGroups/${group.ContactGroupID}`)).json.ContactGroups[0].Contacts, [{ Name: 'Ann' }])
  person.deleteItem(somerset, 'A')
  t.same((await get('Items')).json.Items, [])
  person.createInvoice(somerset, sale({ Contact: { Name: 'Ann' } }))
  person.voidInvoice(somerset, 'INV-0001')
  t.match((await get('Invoices')).json.Invoices, [{ Status: 'VOIDED' }])
  t.throws(() => person.deleteInvoice(somerset, 'INV-0001'), /not of valid status/)
  person.archiveContact(somerset, 'Ann')
  t.match(person.restoreContact(somerset, 'Ann'), { ContactStatus: 'ACTIVE' }, 'only a person can')
  person.seed({ organisations: [{ name: kiwi, countryCode: 'NZ' }] })
  t.equal(person.organisations().length, 2, 'the same id is replaced')
})
