// People clear fields of a contact or item while its record is deleted or unlinked, or merge the contact into one that holds less. Whatever
// the record learned before, or said in the same words: what was cleared stays clear when the product hands it over again.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import { invoice } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import {
  body,
  contact,
  document,
  inNewZealand,
  itemIn,
  later,
  type Row,
  record,
  richContact,
  synced,
} from './support/books.ts'

const world = await openWorld(t)
const { control } = world.simulator
let opened = 0

const rich = (name: string) =>
  richContact(name, {
    AccountsReceivableTaxType: 'ZERORATED',
    AccountsPayableTaxType: 'INPUT2',
    DefaultCurrency: 'NZD',
    PaymentTerms: {
      Sales: { Day: 7, Type: 'DAYSAFTERBILLDATE' },
      Bills: { Day: 20, Type: 'OFFOLLOWINGMONTH' },
    },
  })
/** As a person leaves it who takes away all that can be taken away. */
const cleared = {
  ...{
    FirstName: '',
    LastName: '',
    EmailAddress: '',
    TaxNumber: '',
    AccountNumber: '',
    Website: '',
    DefaultCurrency: '',
  },
  ...{ AccountsReceivableTaxType: null, AccountsPayableTaxType: null, PaymentTerms: { Sales: null, Bills: null } },
}

type Step = (tenant: Tenant, path: string, id: string) => Promise<unknown>
const partings: Record<
  string,
  { readonly apart: Step; readonly back?: Step; readonly settings?: object; readonly shared?: true }
> = {
  'its record deleted, the contact kept': {
    apart: (tenant, path) => tenant.api('DELETE', path),
    settings: { onDelete: 'keep' },
  },
  'its role deleted, the contact another record’s too': {
    apart: (tenant, path) => tenant.api('DELETE', path),
    shared: true,
  },
  'archived by its deletion, and restored': {
    apart: (tenant, path) => tenant.api('DELETE', path),
    back: async (tenant) => control.editContact(tenant.organisation, 'Alpha', { ContactStatus: 'ACTIVE' }),
  },
  'unlinked, and linked back': {
    apart: (tenant, path) => tenant.api('DELETE', `${path}/link`),
    back: (tenant, path, xeroId) => tenant.api('PUT', `${path}/link`, { xeroId }),
  },
  unlinked: { apart: (tenant, path) => tenant.api('DELETE', `${path}/link`) },
}

async function met(type: 'customers' | 'vendors', { settings = {}, shared }: { settings?: object; shared?: true }) {
  const tenant = await openTenant(world, `cleared-${++opened}`, inNewZealand)
  await tenant.settings({ [type]: settings })
  control.createContact(tenant.organisation, rich('Alpha'))
  const said = { id: 'c', name: 'Alpha' }
  await tenant.put(type, said)
  if (shared) await tenant.put(type === 'customers' ? 'vendors' : 'customers', { id: 'other', name: 'Alpha' })
  await tenant.sync()
  await synced(t, tenant, type, 'c')
  later(world)
  return { tenant, said }
}
/** Handed over as ever: a record that was unlinked is queued by hand. */
async function handOver(tenant: Tenant, recordType: string, said: { id: string }) {
  await tenant.put(`${recordType}s`, said)
  await tenant.api('POST', 'sync-queue-items', { recordType, recordIds: [said.id] })
  await tenant.sync()
}
const is = (t: Test, found: Row, wanted: Row) => t.strictSame(body(found), body(wanted))

for (const type of ['customers', 'vendors'] as const)
  for (const [how, { apart, back, ...more }] of Object.entries(partings))
    for (const hasJob of [true, false])
      t.test(`given ${type}: ${how}, cleared by a person, ${hasJob ? 'seen by a job' : 'not seen'}`, async (t) => {
        const { tenant, said } = await met(type, more)
        const { ContactID } = contact(tenant, 'Alpha')
        await apart(tenant, `${type}/c`, ContactID)
        await tenant.sync()
        later(world)
        await back?.(tenant, `${type}/c`, ContactID)
        control.editContact(tenant.organisation, 'Alpha', cleared)
        later(world)
        const left = contact(tenant, 'Alpha')
        if (hasJob) await tenant.sync()
        await handOver(tenant, type.slice(0, -1), said)
        later(world)
        await tenant.sync()
        is(t, contact(tenant, 'Alpha'), left)
        await synced(t, tenant, type, 'c')
        const known = await record(tenant, type, 'c')
        for (const field of ['website', 'currency', 'terms', 'salesTaxCode', 'purchaseTaxCode', 'email', 'taxNumber'])
          t.notOk(field in known, `the record says no ${field}`)
        tenant.checkXero(t)
      })

t.test(
  'given terms that the product had said itself, and a person who cleared them while the record was deleted',
  async (t) => {
    const tenant = await openTenant(world, `cleared-${++opened}`, inNewZealand)
    await tenant.settings({ customers: { onDelete: 'keep' } })
    const said = { id: 'c', name: 'Alpha', terms: { kind: 'DAYSAFTERBILLDATE', days: 7 } }
    await tenant.put('customers', said)
    await tenant.sync()
    t.equal(contact(tenant, 'Alpha').PaymentTerms.Sales.Day, 7)
    later(world)
    await tenant.api('DELETE', 'customers/c')
    await tenant.sync()
    later(world)
    control.editContact(tenant.organisation, 'Alpha', { PaymentTerms: { Sales: null } })
    await tenant.sync()
    later(world)
    await handOver(tenant, 'customer', said)
    t.notOk(contact(tenant, 'Alpha').PaymentTerms?.Sales, 'no terms in Xero')
    t.notOk('terms' in (await record(tenant, 'customers', 'c')), 'nor in the record')
  },
)

t.test('given a contact that was merged into one that holds less, while its record was deleted', async (t) => {
  for (const type of ['customers', 'vendors'] as const)
    for (const shared of [undefined, true] as const)
      t.test(`${type}, ${shared ? 'another record’s too' : 'kept'}`, async (t) => {
        const { tenant, said } = await met(type, { settings: { onDelete: 'keep' }, ...(shared && { shared }) })
        control.createContact(tenant.organisation, { Name: 'Winner' })
        await tenant.api('DELETE', `${type}/c`)
        await tenant.sync()
        later(world)
        control.mergeContacts(tenant.organisation, 'Alpha', 'Winner')
        await tenant.sync()
        later(world)
        const left = contact(tenant, 'Winner')
        await tenant.put(type, said)
        if (type === 'customers')
          await tenant.put(
            'invoices',
            invoice('i1', 'c', [], { lines: [{ id: '1', description: 'Line', quantity: '1', unitPrice: '100' }] }),
          )
        await tenant.sync()
        const taxes = [
          'AccountsReceivableTaxType',
          'AccountsPayableTaxType',
          'DefaultCurrency',
          'PaymentTerms',
          'TaxNumber',
          'EmailAddress',
        ]
        for (const field of taxes) t.strictSame(contact(tenant, left.ContactID)[field], left[field], field)
        if (type === 'customers') t.equal(Number(document(tenant, 'ACCREC').Total), 115)
        tenant.checkXero(t)
      })
})

t.test('given an item that was kept or unlinked, and cleared by a person', async (t) => {
  for (const [how, apart, back] of [
    ['kept', (tenant: Tenant) => tenant.api('DELETE', 'items/i'), null],
    ['unlinked', (tenant: Tenant) => tenant.api('DELETE', 'items/i/link'), null],
    [
      'unlinked and linked back',
      (tenant: Tenant) => tenant.api('DELETE', 'items/i/link'),
      (tenant: Tenant, xeroId: string) => tenant.api('PUT', 'items/i/link', { xeroId }),
    ],
  ] as const)
    t.test(how, async (t) => {
      const tenant = await openTenant(world, `cleared-${++opened}`, inNewZealand)
      await tenant.settings({ items: { onDelete: 'keep' } })
      control.createItem(tenant.organisation, {
        ...{
          Code: 'R',
          Name: 'n',
          Description: 'Sold',
          PurchaseDescription: 'Bought',
          IsSold: true,
          IsPurchased: true,
        },
        SalesDetails: { UnitPrice: 7.5, AccountCode: '260', TaxType: 'ZERORATED' },
        PurchaseDetails: { UnitPrice: 4.25, AccountCode: '310', TaxType: 'INPUT2' },
      })
      const said = { id: 'i', kind: 'non_inventory', code: 'R', name: 'n' }
      await tenant.put('items', said)
      await tenant.sync()
      later(world)
      await apart(tenant)
      await tenant.sync()
      later(world)
      const { ItemID } = itemIn(tenant, 'R')
      await back?.(tenant, ItemID)
      control.editItem(tenant.organisation, 'R', {
        ...{ Description: '', PurchaseDescription: '' },
        SalesDetails: { UnitPrice: 7.5, AccountCode: '260', TaxType: '' },
        PurchaseDetails: { UnitPrice: 4.25, AccountCode: '310', TaxType: '' },
      })
      later(world)
      const left = itemIn(tenant, 'R')
      await tenant.sync()
      await handOver(tenant, 'item', said)
      is(t, itemIn(tenant, 'R'), left)
      await synced(t, tenant, 'items', 'i')
    })
})
