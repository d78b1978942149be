// A person deletes an item, or archives a contact, and enters it anew under its code or name: what the product did not change since
// is the person's newer word.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, itemIn, later, record, synced } from './support/books.ts'

const prices = { salePrice: '5', purchasePrice: '2', incomeAccount: '260', expenseAccount: '425' }
const thing = (more: object = {}) =>
  item('u', { kind: 'service', code: 'U', name: 'Thing', description: 'd', ...prices, ...more })
const firm = (more: object = {}) =>
  customer('c', { name: 'Firm', email: 'p@firm.example', taxNumber: '1', firstName: 'Ann', ...more })
const anew = {
  Code: 'U',
  Name: 'Hand',
  Description: 'hand text',
  IsSold: true,
  IsPurchased: true,
  SalesDetails: { UnitPrice: 99, AccountCode: '200' },
  PurchaseDetails: { UnitPrice: 50, AccountCode: '300' },
}

t.test('books: entered anew by a person', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  async function openItem(name: string, policy: string): Promise<Tenant> {
    const tenant = await openTenant(world, name, inNewZealand)
    await tenant.settings({ items: { conflict: policy } })
    await tenant.put('items', thing())
    await tenant.sync()
    later(world)
    control.deleteItem(tenant.organisation, 'U')
    control.createItem(tenant.organisation, anew)
    later(world)
    return tenant
  }
  async function untilSettled(t: Test, tenant: Tenant, path: string, id: string): Promise<void> {
    for (let n = 0; n < 3 && (await tenant.state(path, id)).state !== 'synced'; n += 1) {
      later(world)
      await tenant.sync('full')
    }
    await synced(t, tenant, path, id)
  }
  const asEntered = {
    Description: 'hand text',
    SalesDetails: { UnitPrice: 99, AccountCode: '200' },
    PurchaseDetails: { UnitPrice: 50, AccountCode: '300' },
  }

  t.test('given an item made anew, when the product changes its name and a price, then the rest stays', async (t) => {
    const tenant = await openItem('anew-name', 'pending_wins')
    await tenant.put('items', thing({ name: 'Thing B', purchasePrice: '3' }))
    await tenant.sync()
    await untilSettled(t, tenant, 'items', 'u')
    t.match(itemIn(tenant, 'U'), {
      ...asEntered,
      Name: 'Thing B',
      PurchaseDetails: { UnitPrice: 3, AccountCode: '300' },
    })
    t.match(await record(tenant, 'items', 'u'), { description: 'hand text', salePrice: '99', incomeAccount: '200' })
    tenant.checkXero(t)
  })

  t.test('given an item made anew, when Xero wins, then the record went with the former one', async (t) => {
    const tenant = await openItem('anew-theirs', 'xero_wins')
    await tenant.put('items', thing({ name: 'Thing B' }))
    for (let n = 0; n < 3; n += 1) await tenant.sync('full')
    t.match(itemIn(tenant, 'U'), { ...asEntered, Name: 'Hand' })
    t.ok((await tenant.api('GET', 'items/u')).body.deletedAt)
    t.match(await record(tenant, 'items', itemIn(tenant, 'U').ItemID), { name: 'Hand', salePrice: '99' })
  })

  t.test(
    'given an item made anew, when the product hands over what it said before, then nothing is written',
    async (t) => {
      const tenant = await openItem('anew-same', 'pending_wins')
      await tenant.sync('full')
      later(world)
      await tenant.sync('full')
      await tenant.put('items', thing())
      tenant.mark()
      await tenant.sync()
      await untilSettled(t, tenant, 'items', 'u')
      t.match(itemIn(tenant, 'U'), { ...asEntered, Name: 'Hand' })
      t.match(await record(tenant, 'items', 'u'), { name: 'Hand', description: 'hand text', salePrice: '99' })
    },
  )

  t.test('given an item made anew, when the product wins, then it does', async (t) => {
    const tenant = await openItem('anew-wins', 'product_wins')
    await tenant.put('items', thing({ name: 'Thing B' }))
    await tenant.sync()
    await untilSettled(t, tenant, 'items', 'u')
    t.match(itemIn(tenant, 'U'), { Name: 'Thing B', Description: 'd', SalesDetails: { UnitPrice: 5 } })
  })

  for (const policy of ['pending_wins', 'xero_wins', 'product_wins'])
    t.test(
      `given a contact archived and entered anew (${policy}), then what the product changed is written`,
      async (t) => {
        const tenant = await openTenant(world, `anew-contact-${policy}`, inNewZealand)
        await tenant.settings({ customers: { conflict: policy } })
        await tenant.put('customers', firm())
        await tenant.sync()
        later(world)
        const old = contact(tenant, 'Firm').ContactID
        // Learned from it, and no word of the product's.
        control.editContact(tenant.organisation, old, { LastName: 'Lee' })
        await tenant.sync()
        t.equal((await record(tenant, 'customers', 'c')).lastName, 'Lee')
        later(world)
        control.archiveContact(tenant.organisation, old)
        const made = control.createContact(tenant.organisation, {
          Name: 'Firm',
          EmailAddress: 'hand@firm.example',
          TaxNumber: '2',
          AccountNumber: 'HAND',
        })
        later(world)
        await tenant.put('customers', firm({ phones: [{ kind: 'mobile', number: '555' }], taxNumber: '3' }))
        await tenant.sync()
        t.equal((await tenant.api('DELETE', 'customers/c/link')).status, 200)
        await untilSettled(t, tenant, 'customers', 'c')
        const wins = { product_wins: 'p@firm.example' }[policy] ?? 'hand@firm.example'
        const tax = policy === 'xero_wins' ? '2' : '3'
        t.match(contact(tenant, made.ContactID), {
          EmailAddress: wins,
          TaxNumber: tax,
          AccountNumber: 'HAND',
          FirstName: 'Ann',
        })
        t.notOk(contact(tenant, made.ContactID).LastName)
        t.match(await record(tenant, 'customers', 'c'), {
          email: wins,
          taxNumber: tax,
          accountNumber: 'HAND',
          phones: [{ kind: 'mobile', number: '555' }],
        })
        tenant.checkXero(t)
      },
    )

  t.test(
    'given a contact that lives, when its record meets another one, then they meet for the first time',
    async (t) => {
      const tenant = await openTenant(world, 'anew-elsewhere', inNewZealand)
      await tenant.put('customers', firm())
      await tenant.sync()
      later(world)
      const other = control.createContact(tenant.organisation, { Name: 'Second', EmailAddress: 'hand@firm.example' })
      t.equal((await tenant.api('DELETE', 'customers/c/link')).status, 200)
      await tenant.put('customers', firm({ name: 'Second' }))
      await untilSettled(t, tenant, 'customers', 'c')
      t.match(contact(tenant, other.ContactID), { EmailAddress: 'p@firm.example', TaxNumber: '1' })
      t.match(contact(tenant, 'Firm'), { EmailAddress: 'p@firm.example' }, 'the one that it left stays as it is')
    },
  )

  t.test(
    'given an item that is gone, when its record gets the code of another one, then its price is written',
    async (t) => {
      const tenant = await openTenant(world, 'anew-recoded', inNewZealand)
      await tenant.put('items', thing())
      await tenant.sync()
      later(world)
      control.createItem(tenant.organisation, { ...anew, Code: 'OTHER' })
      control.deleteItem(tenant.organisation, 'U')
      for (let n = 0; n < 3; n += 1) {
        later(world)
        await tenant.sync('full')
      }
      await tenant.put('items', thing({ code: 'OTHER' }))
      await untilSettled(t, tenant, 'items', 'u')
      t.match(itemIn(tenant, 'OTHER'), { Description: 'd', SalesDetails: { UnitPrice: 5, AccountCode: '260' } })
    },
  )

  t.test(
    'given an archived contact, when its record is somebody else now, then it meets that for the first time',
    async (t) => {
      const tenant = await openTenant(world, 'anew-renamed', inNewZealand)
      await tenant.put('customers', firm())
      await tenant.sync()
      later(world)
      control.archiveContact(tenant.organisation, contact(tenant, 'Firm').ContactID)
      const other = control.createContact(tenant.organisation, { Name: 'Second', EmailAddress: 'hand@firm.example' })
      later(world)
      await tenant.sync()
      t.equal((await tenant.api('DELETE', 'customers/c/link')).status, 200)
      await tenant.put('customers', firm({ name: 'Second' }))
      await untilSettled(t, tenant, 'customers', 'c')
      t.match(contact(tenant, other.ContactID), { EmailAddress: 'p@firm.example', TaxNumber: '1' })
    },
  )

  t.test('given edits that are not imported, when the item is made anew, then an old value is no change', async (t) => {
    const tenant = await openTenant(world, 'anew-off', inNewZealand)
    await tenant.settings({ items: { import: 'off' } })
    await tenant.put('items', thing())
    await tenant.sync()
    later(world)
    control.editItem(tenant.organisation, 'U', { SalesDetails: { UnitPrice: 12, AccountCode: '260' } })
    later(world)
    await tenant.sync('full')
    control.deleteItem(tenant.organisation, 'U')
    control.createItem(tenant.organisation, anew)
    later(world)
    await tenant.put('items', thing({ name: 'Thing B' }))
    await tenant.sync('full')
    await untilSettled(t, tenant, 'items', 'u')
    t.match(itemIn(tenant, 'U'), { ...asEntered, Name: 'Thing B' })
  })
})
