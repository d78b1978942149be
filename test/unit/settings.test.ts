// Merge patch on settings, and the findings against an organisation.
import t from 'tap'
import {
  acceptedSettings,
  defaultSettings,
  mergePatch,
  type ReferenceData,
  type Settings,
  settingsFindings,
} from '../../src/domain/settings/index.ts'
import { noReference, reference, settings } from './support/builders.ts'

/** A patch as a caller sends it, taken or refused. */
const change = (current: Settings, patch: unknown, data = noReference): Settings =>
  acceptedSettings(mergePatch(current, patch), data)

t.test('given the examples of RFC 7396, when they are merged, then the results are those of the RFC', async (t) => {
  const examples: [unknown, unknown, unknown][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ]
  for (const [target, patch, result] of examples) t.strictSame(mergePatch(target, patch), result)
})

t.test('given a patch with "__proto__", when it is merged, then no prototype changes', async (t) => {
  mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'))
  t.equal(({} as { polluted?: boolean }).polluted, undefined)
  t.throws(() => change(defaultSettings(), JSON.parse('{"__proto__":{"polluted":true}}')), {
    code: 'settings_invalid',
  })
})

t.test(
  'given a patch, when it is applied, then only what it names changes, and null takes the default back',
  async (t) => {
    const current = settings({
      invoices: { dueDate: { from: 'days', days: 14 } },
      items: { itemGroups: { a: { income: '200' } } },
    })
    const patched = change(current, { invoices: { prefix: 'SD-' }, items: { itemGroups: { b: {} } } })
    t.equal(patched.invoices.prefix, 'SD-')
    t.same(patched.invoices.dueDate, { from: 'days', days: 14 })
    t.same(Object.keys(patched.items.itemGroups), ['a', 'b'])
    t.same(patched.items.itemGroups.b, { income: null, expense: null, salesTaxCode: null, purchaseTaxCode: null })
    t.equal(current.invoices.prefix, '', 'the current settings are left alone')
    const back = change(patched, {
      invoices: { dueDate: null, accounts: { sales: null } },
      items: { itemGroups: { a: null } },
    })
    t.same(back.invoices.dueDate, { from: 'terms', days: 30 })
    t.equal(back.invoices.accounts.sales, null)
    t.same(Object.keys(back.items.itemGroups), ['b'])
    t.same(change(patched, {}), patched)
  },
)

t.test('given several wrong values, when they are patched, then every one is refused with a pointer', async (t) => {
  const patch = {
    items: { inventoryMode: 'post_valuation_entries' },
    schedule: { everyMinutes: 5 },
    invoices: { deepLink: 'ftp://x' },
    other: {},
  }
  try {
    change(defaultSettings(), patch)
    t.fail('it was taken')
  } catch (error) {
    t.match(error, { code: 'settings_invalid', status: 422 })
    const pointers = (error as { errors: { pointer: string }[] }).errors.map((fault) => fault.pointer)
    t.same(pointers.sort(), ['/invoices/deepLink', '/items/inventoryMode', '/other', '/schedule/everyMinutes'])
  }
  for (const value of [null, [], 'x', 5]) t.throws(() => change(defaultSettings(), value), { code: 'settings_invalid' })
  t.same(change(defaultSettings(), {}), defaultSettings())
})

const refusedAt = (patch: unknown): string[] => {
  try {
    change(settings(), patch, reference)
    return []
  } catch (error) {
    return (error as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)
  }
}

t.test(
  'given values of the wrong form beside accounts that Xero lacks, then all of them are told at once',
  async (t) => {
    t.same(refusedAt({ items: { accounts: { income: '999' } }, invoices: { prefix: 5, defaultTaxType: 'NOPE' } }), [
      '/invoices/prefix',
      '/items/accounts/income',
      '/invoices/defaultTaxType',
    ])
    t.same(refusedAt({ schedule: { mode: 'daily', times: ['25:00'] } }), ['/schedule/times/0'], 'a fault is told once')
    t.same(refusedAt({ vendors: 'none', items: { accounts: { income: '999' } } }), [
      '/vendors',
      '/items/accounts/income',
    ])
  },
)

t.test('given a tax type that the account does not take, then those that it takes are listed', async (t) => {
  const [finding] = settingsFindings(settings({ invoices: { defaultTaxType: 'INPUT' } }), reference)
  t.match(finding?.action, /Account 200 takes: OUTPUT/)
  t.notMatch(finding?.action, /INPUT|OLD/, 'neither one of purchases nor an archived one')
})

const found = (patch: unknown, data: ReferenceData = reference) =>
  settingsFindings(settings(patch), data).map(({ pointer, code, severity }) => `${severity} ${code} ${pointer}`)

t.test('given settings that fit the organisation, when they are checked, then nothing is found', async (t) => {
  t.same(found({}), [])
  t.same(found({ vendors: { sync: false, accounts: { purchases: null } } }), [], 'nor is an account without bills')
  t.same(
    found({
      items: { accounts: { income: '200', expense: '300' }, itemGroups: { a: { income: '201' } } },
      invoices: {
        accounts: { shipping: '260', rounding: '860' },
        defaultTaxType: 'OUTPUT',
        exemptTaxType: 'BASEXCLUDED',
        brandingThemeId: 'theme',
        trackingMap: { class: { categoryId: 'region', options: { N: 'North' } } },
      },
      company: { demoCompanyOnly: true, timezone: 'Pacific/Auckland' },
    }),
    [],
  )
})

t.test('given a link template, when its placeholders are checked, then only known ones are taken', async (t) => {
  const wrong: [string, RegExp][] = [
    ['https://shop.test/{uuid}?of={id}', /\{uuid\}/],
    ['https://shop.test/{ID}/{id}', /\{ID\}/],
    ['https://shop.test/{ id }/{id}', /\{ id \}/],
    ['https://shop.test/{id}{}', /\{\}/],
    ['https://shop.test/{id}/{number', /\{number/],
    ['https://shop.test/{id}/number}', /\}/],
    ['https://shop test/{id}', /no address/],
  ]
  for (const section of ['invoices', 'vendors'] as const) {
    const findingsOf = (deepLink: string) => settingsFindings(settings({ [section]: { deepLink } }), reference)
    for (const [template, detail] of wrong) {
      const [finding, ...more] = findingsOf(template)
      const pointer = `/${section}/deepLink`
      t.match(finding, {
        pointer,
        code: 'link_template_invalid',
        severity: 'error',
        detail,
        action: /\{id\}.*\{number\}/,
      })
      t.same(more, [], template)
    }
    for (const template of ['https://shop.test/{id}', 'http://localhost:3000/a?n={number}&i={id}#x'])
      t.same(findingsOf(template), [], template)
  }
})

const cases: [string, unknown, string][] = [
  [
    'an unknown account',
    { invoices: { accounts: { sales: '999' } } },
    'error account_unknown /invoices/accounts/sales',
  ],
  ['an archived account', { items: { accounts: { income: '202' } } }, 'error account_unusable /items/accounts/income'],
  [
    'an inventory account',
    { items: { accounts: { expense: '630' } } },
    'error account_unusable /items/accounts/expense',
  ],
  [
    'the debtors account',
    { invoices: { accounts: { rounding: '610' } } },
    'error account_unusable /invoices/accounts/rounding',
  ],
  [
    'a cost account for sales',
    { invoices: { accounts: { sales: '300' }, taxMap: { GST: null } } },
    'warning account_class /invoices/accounts/sales',
  ],
  [
    'a group with an unknown account',
    { items: { itemGroups: { 'a/b': { expense: '1' } } } },
    'error account_unknown /items/itemGroups/a~1b/expense',
  ],
  [
    'no account for sales',
    { invoices: { accounts: { sales: null } } },
    'warning account_missing /invoices/accounts/sales',
  ],
  [
    'no account for purchases',
    { vendors: { accounts: { purchases: null } } },
    'warning account_missing /vendors/accounts/purchases',
  ],
  [
    'an income account for charges',
    { vendors: { accounts: { otherCharges: '200' } } },
    'warning account_class /vendors/accounts/otherCharges',
  ],
  [
    'a default not allowed on purchases',
    { vendors: { defaultTaxType: 'OUTPUT' } },
    'error tax_not_allowed /vendors/defaultTaxType',
  ],
  [
    'an unknown tracking category of bills',
    { vendors: { trackingMap: { class: { categoryId: 'x' } } } },
    'error tracking_unknown /vendors/trackingMap/class/categoryId',
  ],
  ['an unknown tax type', { invoices: { taxMap: { X: 'NOPE' } } }, 'error tax_type_unknown /invoices/taxMap/X'],
  ['an archived tax type', { invoices: { defaultTaxType: 'OLD' } }, 'error tax_type_unknown /invoices/defaultTaxType'],
  [
    'a default not allowed on sales',
    { invoices: { defaultTaxType: 'INPUT' } },
    'error tax_not_allowed /invoices/defaultTaxType',
  ],
  [
    'a mapping not allowed on sales',
    { invoices: { taxMap: { P: 'INPUT' } } },
    'warning tax_not_allowed /invoices/taxMap/P',
  ],
  [
    'a rounding tax that is not zero',
    { invoices: { exemptTaxType: 'OUTPUT' } },
    'error tax_not_zero /invoices/exemptTaxType',
  ],
  [
    'an unknown tracking category',
    { invoices: { trackingMap: { class: { categoryId: 'x' } } } },
    'error tracking_unknown /invoices/trackingMap/class/categoryId',
  ],
  [
    'an archived tracking option',
    { invoices: { trackingMap: { class: { categoryId: 'region', options: { S: 'South' } } } } },
    'error tracking_unknown /invoices/trackingMap/class/options/S',
  ],
  [
    'an unknown branding theme',
    { invoices: { brandingThemeId: 'x' } },
    'error branding_theme_unknown /invoices/brandingThemeId',
  ],
  ["Xero's numbers without reference", { invoices: { number: 'xero' } }, 'error reference_needed /invoices/reference'],
  ['an unknown zone', { company: { timezone: 'Mars/Base' } }, 'error timezone_invalid /company/timezone'],
  [
    'an unknown zone of the schedule',
    { schedule: { timezone: 'Mars/Base' } },
    'error timezone_invalid /schedule/timezone',
  ],
  ['a daily schedule without times', { schedule: { mode: 'daily' } }, 'error schedule_invalid /schedule/times'],
]
for (const [what, patch, finding] of cases) {
  t.test(`given ${what}, when the settings are checked, then that is found`, async (t) => {
    t.same(found(patch), [finding])
  })
}

t.test(
  'given an organisation that is no demo company, when only those are wanted, then a warning says so',
  async (t) => {
    const real = { ...reference, organisation: { ...reference.organisation!, isDemoCompany: false } }
    t.same(found({ company: { demoCompanyOnly: true } }, real), ['warning not_a_demo_company /company/demoCompanyOnly'])
  },
)

t.test(
  'given lists that were never pulled, when settings are checked, then what they would judge is told as not checked',
  async (t) => {
    const patch = {
      invoices: {
        accounts: { sales: '999' },
        taxMap: { X: 'NOPE' },
        exemptTaxType: 'NOPE',
        brandingThemeId: 'x',
        trackingMap: { class: { categoryId: 'x' } },
      },
      company: { demoCompanyOnly: true },
    }
    t.same(found(patch, noReference), [
      'warning not_checked /invoices/accounts/sales',
      'warning not_checked /vendors/accounts/purchases',
      'warning not_checked /invoices/taxMap',
      'warning not_checked /vendors/taxMap',
      'warning not_checked /invoices/trackingMap/class',
      'warning not_checked /invoices/brandingThemeId',
    ])
  },
)
