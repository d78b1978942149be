// Settings: defaults, versions, patches, and what the organisation allows.
import t from 'tap'
import { settingsSections } from '../../src/domain/settings/index.ts'
import { somerset } from '../../src/simulator/index.ts'
import { openWorld } from '../support/house.ts'
import { settingsForDemoOrganisation } from '../support/records.ts'

interface Fault {
  readonly pointer: string
  readonly code?: string
  readonly severity?: string
}
const world = await openWorld(t)
const { api, send, connect, simulator, clock } = world
const c = `/v1/connections/${await connect()}`
const url = `${c}/settings`
const versionNow = async () => String((await api('GET', url)).headers.etag)
const patch = async (body: unknown, etag?: string) =>
  api('PATCH', url, body, { 'if-match': etag ?? (await versionNow()) })
const pointersOf = (errors: readonly Fault[] = []) => errors.map(({ pointer }) => pointer).sort()

t.test('given a new connection, when its settings are read, then all six sections have their defaults', async (t) => {
  const got = await api('GET', url)
  t.equal(got.headers.etag, '"1"')
  t.same(Object.keys(got.body).sort(), settingsSections.toSorted())
  t.match(got.body, { items: { inventoryMode: 'do_not_sync' }, schedule: { enabled: false }, invoices: { sync: true } })
  for (const section of settingsSections) {
    const part = await api('GET', `${url}/${section}`)
    t.same(part.body, got.body[section])
    t.equal(part.headers.etag, '"1"', 'sections share the version')
  }
  const known = await api('GET', url, undefined, { 'if-none-match': '"1"' })
  t.match([known.status, known.text, known.headers.etag], [304, '', '"1"'])
  t.equal((await api('GET', `${url}/items`, undefined, { 'if-none-match': '"0", W/"1"' })).status, 304)
  t.equal((await api('GET', url, undefined, { 'if-none-match': '"2"' })).status, 200)
})

t.test(
  'given a merge patch, when it is sent, then it changes what it names and null restores the default',
  async (t) => {
    const before = (await api('GET', url)).body
    const changed = await patch({ invoices: { prefix: 'SO-', taxMap: { GST: 'OUTPUT', FREE: 'EXEMPTOUTPUT' } } })
    t.equal(changed.status, 200)
    t.equal(changed.headers.etag, '"2"')
    const expected = {
      ...before,
      invoices: { ...before.invoices, prefix: 'SO-', taxMap: changed.body.invoices.taxMap },
    }
    t.same(changed.body, expected)
    const reduced = await patch({ invoices: { prefix: null, taxMap: { FREE: null } } })
    t.same(reduced.body.invoices, { ...before.invoices, taxMap: { GST: 'OUTPUT' } })
    t.same((await api('GET', url)).body, reduced.body)
    const headers = { 'content-type': 'application/merge-patch+json', 'if-match': await versionNow() }
    const merged = await api('PATCH', `${url}/company`, { demoCompanyOnly: true }, headers)
    t.match(merged.body, { demoCompanyOnly: true, timezone: null })
    t.equal((await api('GET', url)).body.company.demoCompanyOnly, true)
    await patch({ company: null })
  },
)

t.test('given a section, when it is replaced, then what is left out takes its default', async (t) => {
  await patch({ customers: { onDelete: 'keep', matchBy: ['email'] }, vendors: { onDelete: 'keep' } })
  const { vendors } = (await api('GET', url)).body
  const replaced = await api('PUT', `${url}/customers`, { matchBy: ['name'] }, { 'if-match': await versionNow() })
  t.match(replaced.body, { matchBy: ['name'], onDelete: 'archive' })
  t.same((await api('GET', url)).body.vendors, vendors, 'other sections stay')
})

t.test('given no version, a stale or a faulty one, when settings are written, then nothing is', async (t) => {
  const before = await api('GET', url)
  const writes: [string, string][] = [
    ['PATCH', url],
    ['PATCH', `${url}/items`],
    ['PUT', `${url}/items`],
  ]
  for (const [method, at] of writes) {
    const missing = await api(method, at, {})
    t.match([missing.status, missing.body.code], [428, 'precondition_required'], `${method} ${at}`)
    for (const stale of ['"1"', '"99999"', 'W/"3"', 'nonsense', '"1", "2"']) {
      const answer = await api(method, at, { longCode: 'reject' }, { 'if-match': stale })
      t.match([answer.status, answer.body.code], [412, 'precondition_failed'], `${method} ${at} ${stale}`)
    }
  }
  const after = await api('GET', url)
  t.same([after.headers.etag, after.body], [before.headers.etag, before.body])
  t.equal((await patch({}, '*')).status, 200)
  const listed = await patch({}, `"1", ${await versionNow()}`)
  t.equal(listed.status, 200, 'a list that holds the version')
})

t.test('given many faults, when settings are written, then all are named and nothing is saved', async (t) => {
  const before = await api('GET', url)
  const answer = await patch({
    items: { inventoryMode: 'sometimes', accounts: { income: 200 }, color: 'red' },
    invoices: { dueDate: { days: -1 }, status: 'PAID', 'odd/name~': 1 },
    schedule: { everyMinutes: 1, times: ['25:00'] },
    unknown: {},
  })
  t.match([answer.status, answer.body.code], [422, 'settings_invalid'])
  t.same(pointersOf(answer.body.errors), [
    '/invoices/dueDate/days',
    '/invoices/odd~1name~0',
    '/invoices/status',
    '/items/accounts/income',
    '/items/color',
    '/items/inventoryMode',
    '/schedule/everyMinutes',
    '/schedule/times/0',
    '/unknown',
  ])
  t.ok(answer.body.errors.every((fault: { action?: string }) => fault.action))
  const section = await api('PUT', `${url}/schedule`, { mode: 'never' }, { 'if-match': '*' })
  t.same(pointersOf(section.body.errors), ['/schedule/mode'], 'also in a section, from the root of the settings')
  for (const body of [[], 'text', 7, null]) {
    const odd = await patch(body)
    t.match([odd.status, odd.body.code], [422, 'validation_failed'], JSON.stringify(body))
  }
  t.same((await api('GET', url)).body, before.body)
})

t.test('given lists read from Xero, when settings name what is not there, then they are refused', async (t) => {
  t.equal((await api('GET', `${c}/accounts`)).body.fetchedAt, null)
  t.equal((await patch({ items: { accounts: { income: 'NONE' } } })).status, 200, 'an unread list judges nothing')
  const unread = (await api('GET', `${url}/check`)).body
  t.equal(unread.valid, true)
  simulator.control.archiveAccount(somerset, '270')
  const refreshed = await api('POST', `${c}/accounts/refresh`)
  t.equal(refreshed.body.fetchedAt, clock.now().toISOString())
  await api('POST', `${c}/tax-rates/refresh`)
  const checked = (await api('GET', `${url}/check`)).body
  t.match(checked, { valid: false, findings: [{ pointer: '/items/accounts/income', code: 'account_unknown' }] })
  const answer = await patch({
    items: { accounts: { income: '270', expense: '200' } },
    invoices: { accounts: { sales: 'NOPE' }, taxMap: { GST: 'NOSUCHTAX' }, defaultTaxType: 'INPUT' },
  })
  t.equal(answer.status, 422)
  const found = Object.fromEntries(answer.body.errors.map((fault: Fault) => [fault.pointer, fault]))
  t.same(Object.keys(found).sort(), ['/invoices/accounts/sales', '/invoices/taxMap/GST', '/items/accounts/income'])
  const wrongTax = await patch({
    items: { accounts: { income: '200' } },
    invoices: { accounts: { sales: '200' }, taxMap: { GST: 'OUTPUT' }, defaultTaxType: 'INPUT' },
  })
  t.same(pointersOf(wrongTax.body.errors), ['/invoices/defaultTaxType'], 'a purchase tax does not fit sales')
  t.equal(
    (await patch({ ...settingsForDemoOrganisation, items: { accounts: { income: '200', expense: '200' } } })).status,
    200,
  )
  const warned = (await api('GET', `${url}/check`)).body
  const expense = warned.findings.find((finding: Fault) => finding.pointer === '/items/accounts/expense')
  t.match([warned.valid, expense], [true, { code: 'account_class', severity: 'warning' }], 'a wrong class only warns')
})

t.test('given a schedule, when it is saved, then the next run is in its time zone', async (t) => {
  const nextRun = async () => (await api('GET', c)).body.nextRunAt
  t.equal(clock.now().toISOString(), '2026-11-25T02:00:00.000Z')
  t.equal(await nextRun(), null)
  await patch({ schedule: { enabled: true, mode: 'daily', times: ['18:30'], timezone: 'Europe/Berlin' } })
  t.equal(await nextRun(), '2026-11-25T17:30:00.000Z')
  await patch({ schedule: { timezone: null }, company: { timezone: 'Pacific/Auckland' } })
  t.equal(await nextRun(), '2026-11-25T05:30:00.000Z', "the company's zone")
  await api('POST', `${c}/organisation/refresh`)
  await patch({ company: { timezone: null } })
  t.equal(await nextRun(), '2026-11-25T07:30:00.000Z', "the organisation's zone (Sydney)")
  await patch({ schedule: { enabled: false } })
  t.equal(await nextRun(), null)
  const faulty = await patch({ schedule: { enabled: true, mode: 'daily', times: [] } })
  t.match([faulty.status, pointersOf(faulty.body.errors)], [422, ['/schedule/times']])
  const nowhere = await patch({ schedule: { timezone: 'Mars/Olympus' } })
  t.equal(nowhere.status, 422)
})

t.test('given twenty writers at once, when each retries on 412, then no change is lost', async (t) => {
  await patch({ invoices: { taxMap: null } })
  const write = async (n: number): Promise<number> => {
    for (let tries = 1; ; tries++) {
      const answer = await patch({ invoices: { taxMap: { [`CODE${n}`]: 'OUTPUT' } } })
      if (answer.status === 200) return tries
      if (answer.status !== 412) throw new Error(`writer ${n}: ${answer.text}`)
    }
  }
  const tries = await Promise.all(Array.from({ length: 20 }, (_value, n) => write(n)))
  t.ok(Math.max(...tries) > 1, 'they really collided')
  const { taxMap } = (await api('GET', url)).body.invoices
  t.equal(Object.keys(taxMap).length, 20)
})

t.test('given a first change by two at once, when both say version 1, then one wins', async (t) => {
  const fresh = (await api('POST', '/v1/connections', {})).body.id
  const at = `/v1/connections/${fresh}/settings`
  const answers = await Promise.all(
    ['a', 'b'].map((prefix) => api('PATCH', at, { invoices: { prefix } }, { 'if-match': '"1"' })),
  )
  t.same(answers.map(({ status }) => status).sort(), [200, 412])
  const winner = answers.find(({ status }) => status === 200)
  t.same((await api('GET', at)).body, winner?.body)
  t.equal((await send('GET', at)).status, 401)
})
