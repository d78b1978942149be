// Our answers beside the examples of Xero's official OpenAPI files, where those are at hand: a member that both have must be of
// one type, and members that every example has must not be missing here.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { isObject, type JsonObject, objects } from '../../src/simulator/json.ts'
import { bill, sale, stage } from './support/client.ts'

const folder = join(import.meta.dirname, '../../../shared/xero/examples')

const kind = (value: unknown): string => {
  if (Array.isArray(value)) return 'list'
  if (value === null) return 'null'
  return typeof value === 'string' && value.startsWith('/Date(') ? 'stamp' : typeof value
}

/** Members of each object below a collection, by dotted path, with the kinds seen and whether every element has them. */
function survey(
  elements: JsonObject[],
  path: string,
  into = new Map<string, { kinds: Set<string>; always: boolean }>(),
) {
  const names = new Set(elements.flatMap((one) => Object.keys(one)))
  for (const name of names) {
    const values = elements.filter((one) => name in one).map((one) => one[name])
    into.set(`${path}.${name}`, {
      kinds: new Set(values.map(kind)),
      always: values.length === elements.length && elements.length > 0,
    })
    const inner = values.flatMap((value) => (Array.isArray(value) ? objects(value) : isObject(value) ? [value] : []))
    survey(inner, `${path}.${name}`, into)
  }
  return into
}

/** Always in an example, but only because its author filled them in, or of features that the simulator leaves out. */
const leftOut =
  /\.(APIKey|CompanyNumber|TaxNumber|TaxNumbeType|PeriodLockDate|EndOfYearLockDate|AccountNumber|FirstName|LastName|EmailAddress|AccountsReceivableTaxType|AccountsPayableTaxType|PaymentTerms|ValidationErrors|StatusAttributeString|Description|Reference|SalesDefaultLineAmountType|PurchasesDefaultLineAmountType|BankAccountType|Attachments|FullyPaidOnDate|BrandingThemeID)$/

t.test('given the official examples when our answers stand beside them then members and types agree', async (t) => {
  if (!existsSync(folder)) return t.comment('skipped: the official examples are not at hand')
  const { get, put } = await stage(t)
  const contact = { Name: 'Ann', Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: '1' }] }
  const created = {
    createContacts: (await put('Contacts', contact)).json,
    createItems: (await put('Items', { Code: 'A', Name: 'A', Description: 'A', SalesDetails: { UnitPrice: 1 } })).json,
    createInvoices: (await put('Invoices', [sale({ Reference: 'r' }), bill()])).json,
  }
  const InvoiceID = created.createInvoices.Invoices[0].InvoiceID
  const pairs: [example: string, collection: string, ours: JsonObject][] = [
    ['createContacts.200', 'Contacts', created.createContacts],
    ['createItems.200', 'Items', created.createItems],
    ['createInvoices.200', 'Invoices', created.createInvoices],
    [
      'createPayments.200',
      'Payments',
      (await put('Payments', { Invoice: { InvoiceID }, Account: { Code: '090' }, Amount: 1 })).json,
    ],
    ['getContacts.200', 'Contacts', (await get('Contacts?page=1')).json],
    ['getItems.200', 'Items', (await get('Items')).json],
    ['getInvoices.200', 'Invoices', (await get('Invoices?page=1')).json],
    ['getInvoice.200', 'Invoices', (await get(`Invoices/${InvoiceID}`)).json],
    ['getPayments.200', 'Payments', (await get('Payments?page=1')).json],
    ['getOrganisations.200', 'Organisations', (await get('Organisation')).json],
    ['getAccounts.200', 'Accounts', (await get('Accounts')).json],
    ['getTaxRates.200', 'TaxRates', (await get('TaxRates')).json],
    ['getTrackingCategories.200', 'TrackingCategories', (await get('TrackingCategories')).json],
    ['getBrandingThemes.200', 'BrandingThemes', (await get('BrandingThemes')).json],
    ['getContactGroups.200', 'ContactGroups', (await get('ContactGroups')).json],
    ['getCurrencies.200', 'Currencies', (await get('Currencies')).json],
    ['createContacts.400', 'Elements', (await put('Contacts', { Name: 'Ann' })).json],
  ]
  for (const [name, collection, ours] of pairs) {
    const theirs: JsonObject = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
    for (const member of Object.keys(theirs)) if (member !== collection) t.ok(member in ours, `${name}: ${member}`)
    const example = survey(objects(theirs[collection]), collection)
    const mine = survey(objects(ours[collection]), collection)
    t.ok(mine.size > 0, `${name}: we have elements`)
    const wrong = [...example].flatMap(([path, { kinds, always }]) => {
      const own = mine.get(path)
      const ofElement = path.split('.').length === 2
      if (!own) return always && ofElement && !leftOut.test(path) ? [`${path} is missing`] : []
      const shared = [...own.kinds].some((one) => kinds.has(one) || one === 'null')
      return shared || kinds.has('null') ? [] : [`${path} is ${[...own.kinds]}, not ${[...kinds]}`]
    })
    t.same(wrong, [], name)
  }
})
