// Reference lists, time zones, deep links and the message catalogue: tables, and a test that walks each.
import t from 'tap'
import { deepLink } from '../../src/accounting/xero/deep-links.ts'
import { ianaZone } from '../../src/accounting/xero/timezones.ts'
import { referenceListNames } from '../../src/domain/reference-lists.ts'
import { officialSchema } from './support/openapi.ts'
import { id } from './support/samples.ts'
import { call, scripted } from './support/scripted.ts'

const lists = {
  Organisations: [
    {
      OrganisationID: id(1),
      Name: 'Kiwi',
      LegalName: 'Kiwi Ltd',
      BaseCurrency: 'NZD',
      CountryCode: 'NZ',
      Timezone: 'NEWZEALANDSTANDARDTIME',
      Class: 'PREMIUM',
      ShortCode: '!mBdtL',
      IsDemoCompany: true,
      PeriodLockDate: '/Date(1546214400000+0000)/',
      PaymentTerms: { Sales: { Day: 20, Type: 'OFFOLLOWINGMONTH' }, Bills: {} },
    },
  ],
  Accounts: [
    {
      AccountID: id(2),
      Code: '200',
      Name: 'Sales',
      Type: 'REVENUE',
      Class: 'REVENUE',
      Status: 'ACTIVE',
      TaxType: 'OUTPUT2',
    },
    { AccountID: id(3), Code: '', Name: 'Bank', Type: 'BANK', Class: 'ASSET', Status: 'ARCHIVED', SystemAccount: '' },
    { Name: 'An odd row' },
  ],
  TaxRates: [
    {
      TaxType: 'OUTPUT2',
      Name: '15% GST',
      EffectiveRate: 15.0,
      Status: 'ACTIVE',
      CanApplyToRevenue: true,
      CanApplyToAssets: false,
    },
  ],
  TrackingCategories: [
    {
      TrackingCategoryID: id(4),
      Name: 'Region',
      Status: 'ACTIVE',
      Options: [{ TrackingOptionID: id(5), Name: 'North', Status: 'ACTIVE' }],
    },
  ],
  Currencies: [{ Code: 'NZD', Description: 'New Zealand Dollar' }],
  ContactGroups: [{ ContactGroupID: id(6), Name: 'VIP', Status: 'ACTIVE' }],
  BrandingThemes: [{ BrandingThemeID: id(7), Name: 'Standard' }],
}

t.test('given every reference list, when it is read, then its rows come in our words', async (t) => {
  const { provider, asked } = await scripted(t, () => ({ body: lists }))
  t.same(
    [...provider.referenceCalls.flat()].sort(),
    [...referenceListNames].sort(),
    'every list is brought by one call',
  )
  const all: Record<string, unknown> = {}
  for (const names of provider.referenceCalls) {
    const outcome = await provider.readReference(call, names)
    if (outcome.kind === 'ok') Object.assign(all, outcome.value)
  }
  t.same(all, {
    organisation: [
      {
        id: id(1),
        name: 'Kiwi',
        legalName: 'Kiwi Ltd',
        baseCurrency: 'NZD',
        countryCode: 'NZ',
        timezone: 'Pacific/Auckland',
        plan: 'PREMIUM',
        shortCode: '!mBdtL',
        isDemoCompany: true,
        periodLockDate: '2018-12-31',
        endOfYearLockDate: null,
      },
    ],
    paymentTerms: [{ kind: 'sales', type: 'OFFOLLOWINGMONTH', days: 20 }],
    accounts: [
      {
        id: id(2),
        code: '200',
        name: 'Sales',
        type: 'REVENUE',
        class: 'REVENUE',
        status: 'ACTIVE',
        taxType: 'OUTPUT2',
        systemAccount: null,
        acceptsPayments: false,
      },
      {
        id: id(3),
        code: null,
        name: 'Bank',
        type: 'BANK',
        class: 'ASSET',
        status: 'ARCHIVED',
        taxType: null,
        systemAccount: null,
        acceptsPayments: true,
      },
    ],
    taxRates: [{ taxType: 'OUTPUT2', name: '15% GST', rate: '15', status: 'ACTIVE', appliesTo: ['REVENUE'] }],
    trackingCategories: [
      { id: id(4), name: 'Region', status: 'ACTIVE', options: [{ id: id(5), name: 'North', status: 'ACTIVE' }] },
    ],
    currencies: [{ code: 'NZD', description: 'New Zealand Dollar' }],
    contactGroups: [{ id: id(6), name: 'VIP', status: 'ACTIVE' }],
    brandingThemes: [{ id: id(7), name: 'Standard' }],
  })
  const only = await provider.readReference(call, ['paymentTerms'])
  t.same(only.kind === 'ok' && Object.keys(only.value), ['paymentTerms'])
  await t.rejects(provider.readReference(call, ['accounts', 'taxRates']), /no single call/)
  t.ok(asked.some(({ path, query }) => path.endsWith('/TrackingCategories') && query.get('includeArchived') === 'true'))
})

t.test('given every time zone of Xero, when it is mapped, then this runtime knows it', (t) => {
  const zones = officialSchema('TimeZone')?.enum
  if (!zones) t.comment('skipped: the official API description is not here')
  for (const zone of zones ?? []) {
    const iana = ianaZone(zone)
    t.ok(zone === 'UTC' || iana !== 'Etc/UTC', `${zone} is in the table`)
    t.doesNotThrow(() => new Intl.DateTimeFormat('en', { timeZone: iana }), iana)
  }
  t.equal(ianaZone('NEW ZEALAND STANDARD TIME'), 'Pacific/Auckland')
  t.equal(ianaZone('MARSSTANDARDTIME'), 'Etc/UTC')
  t.equal(ianaZone(null), 'Etc/UTC')
  t.end()
})

t.test('given a document, when it is linked to, then the link opens its organisation', (t) => {
  const start = 'https://go.xero.com/organisationlogin/default.aspx?shortcode=!mBdtL&redirecturl='
  t.equal(deepLink('invoice', id(1), '!mBdtL'), `${start}/AccountsReceivable/Edit.aspx?InvoiceID=${id(1)}`)
  t.equal(deepLink('bill', id(1), '!mBdtL'), `${start}/AccountsPayable/Edit.aspx?InvoiceID=${id(1)}`)
  t.equal(deepLink('customer', id(1), '!mBdtL'), `${start}/Contacts/View/${id(1)}`)
  t.equal(deepLink('item', id(1), '!mBdtL'), `${start}/Accounts/Inventory/${id(1)}`)
  t.equal(deepLink('item', id(1), null), null)
  t.match(deepLink('item', 'a&b', 'x&y'), 'shortcode=x%26y&redirecturl=/Accounts/Inventory/a%26b')
  t.end()
})
