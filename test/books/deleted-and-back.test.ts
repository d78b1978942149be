// A record that was deleted here, whose contact or item stayed in Xero, and that the product hands over again: what a person entered
// there meanwhile stays, whether or not a job saw it before.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, document, inNewZealand, itemIn, later, record, richContact, synced } from './support/books.ts'
import { sale } from './support/trading.ts'

const keep = { onDelete: 'keep' }
const alpha = { id: 'a', name: 'Alpha', email: 'a@x.example', taxNumber: '1' }
const article = { id: 'i', kind: 'service', code: 'II', name: 'Item', description: 'd', salePrice: '5' }

t.test('books: deleted and handed over again', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  async function gone(name: string, seed: object = {}): Promise<Tenant> {
    const tenant = await openTenant(world, name, {
      seed: { ...inNewZealand.seed, ...seed },
      settings: inNewZealand.settings,
    })
    await tenant.settings({ customers: keep, vendors: keep, items: keep })
    return tenant
  }

  async function step(tenant: Tenant, isSeen: boolean): Promise<void> {
    later(world)
    if (isSeen) await tenant.sync()
    later(world)
  }

  for (const isSeen of [true, false]) {
    const when = isSeen ? 'and a job saw it' : 'and no job saw it'

    for (const role of ['customers', 'vendors'] as const) {
      t.test(`given deleted ${role}, when a person edited the contact ${when}, then the edits stay`, async (t) => {
        const tenant = await gone(`edited-${role}-${isSeen}`)
        const addresses = [{ kind: 'billing', lines: ['1 Hill'], city: 'Perth' }]
        await tenant.put(role, { ...alpha, addresses, accountNumber: 'AC' })
        await tenant.sync()
        await tenant.api('DELETE', `${role}/a`)
        await step(tenant, true)
        const phone = { PhoneType: 'MOBILE', PhoneNumber: '5550199' }
        control.editContact(tenant.organisation, 'Alpha', {
          Name: 'Gamma',
          EmailAddress: 'per@x.example',
          Phones: [phone],
        })
        await step(tenant, isSeen)
        const street = [{ kind: 'billing', lines: ['1 Hill'] }]
        await tenant.put(role, { ...alpha, taxNumber: '3', addresses: street })
        await tenant.sync()
        await synced(t, tenant, role, 'a')
        const expected = { name: 'Gamma', email: 'per@x.example', taxNumber: '3' }
        t.match(await record(tenant, role, 'a'), { ...expected, phones: [{ kind: 'mobile', number: '5550199' }] })
        t.match(
          contact(tenant, 'Gamma'),
          { EmailAddress: 'per@x.example', TaxNumber: '3', AccountNumber: 'AC' },
          'what the product changed arrives, and what it leaves out stays',
        )
        const isBilling = ({ AddressType }: { AddressType: string }) => AddressType === 'POBOX'
        t.match(contact(tenant, 'Gamma').Addresses.find(isBilling), { AddressLine1: '1 Hill', City: 'Perth' })
        later(world)
        tenant.mark()
        await tenant.sync('full')
        t.equal(tenant.calls('POST /Contacts').length, 0)
        tenant.checkXero(t)
      })

      for (const [name, number, by] of [
        ['Alpha', 'as it was', 'our deletion'],
        ['Alpha Ltd', 'as it was', 'our deletion'],
        ['Alpha', '', 'our deletion'],
        ['Alpha', 'as it was', 'a person'],
      ] as const)
        t.test(
          `given deleted ${role} archived by ${by}, when a person restored and edited the contact ${when} (${name}, number ${number}), then the edits stay`,
          async (t) => {
            const tenant = await openTenant(
              world,
              `restored-${role}-${isSeen}-${name.length}-${number.length}-${by.length}`,
              inNewZealand,
            )
            await tenant.put(role, alpha)
            await tenant.sync()
            if (by === 'a person') {
              control.archiveContact(tenant.organisation, 'Alpha')
              await step(tenant, true)
            }
            await tenant.api('DELETE', `${role}/a`)
            await step(tenant, true)
            const { ContactID, ContactStatus } = contact(tenant, 'Alpha')
            t.equal(ContactStatus, 'ARCHIVED')
            control.restoreContact(tenant.organisation, ContactID)
            const edited = {
              Name: name,
              EmailAddress: 'per@x.example',
              FirstName: 'Ann',
              ...(number === '' && { ContactNumber: '' }),
            }
            control.editContact(tenant.organisation, ContactID, edited)
            await step(tenant, isSeen)
            await tenant.put(role, { ...alpha, taxNumber: '3' })
            await tenant.sync()
            await synced(t, tenant, role, 'a')
            t.equal((await tenant.state(role, 'a')).xero.id, ContactID)
            t.match(await record(tenant, role, 'a'), { name, email: 'per@x.example', firstName: 'Ann', taxNumber: '3' })
            t.match(contact(tenant, name), { EmailAddress: 'per@x.example', FirstName: 'Ann', TaxNumber: '3' })
            tenant.checkXero(t)
          },
        )

      t.test(`given deleted ${role}, when a person merged the contact ${when}, then the other one stays`, async (t) => {
        const tenant = await gone(`merged-${role}-${isSeen}`)
        await tenant.put(role, alpha)
        control.createContact(tenant.organisation, { Name: 'Beta', EmailAddress: 'b@x.example' })
        await tenant.sync()
        await tenant.api('DELETE', `${role}/a`)
        await step(tenant, true)
        control.mergeContacts(tenant.organisation, 'Alpha', 'Beta')
        await step(tenant, isSeen)
        await tenant.put(role, alpha)
        await tenant.sync()
        await tenant.sync()
        t.match(contact(tenant, 'Beta'), { Name: 'Beta', EmailAddress: 'b@x.example' })
        t.match(await record(tenant, role, 'a'), { name: 'Beta', email: 'b@x.example' })
        tenant.checkXero(t)
      })
    }

    t.test(`given a deleted item, when a person edited it ${when}, then the edits stay`, async (t) => {
      const tenant = await gone(`item-${isSeen}`)
      await tenant.put('items', article)
      await tenant.sync()
      await tenant.api('DELETE', 'items/i')
      await step(tenant, true)
      control.editItem(tenant.organisation, 'II', { Code: 'HAND', Name: 'Hand', Description: 'per' })
      await step(tenant, isSeen)
      await tenant.put('items', { ...article, salePrice: '6' })
      await tenant.sync()
      await synced(t, tenant, 'items', 'i')
      t.match(itemIn(tenant, 'HAND'), { Name: 'Hand', Description: 'per', SalesDetails: { UnitPrice: 6 } })
      t.match(await record(tenant, 'items', 'i'), { code: 'HAND', name: 'Hand', description: 'per', salePrice: '6' })
      tenant.checkXero(t)
    })

    t.test(
      `given an item that our deletion removed, when a person enters it again ${when}, then that stays`,
      async (t) => {
        const tenant = await openTenant(world, `entered-${isSeen}`, inNewZealand)
        await tenant.put('items', article)
        await tenant.sync()
        await tenant.api('DELETE', 'items/i')
        await step(tenant, true)
        t.equal(itemIn(tenant, 'II'), undefined)
        const SalesDetails = { UnitPrice: 9, AccountCode: '260' }
        control.createItem(tenant.organisation, { Code: 'II', Name: 'Hand', Description: 'per', SalesDetails })
        await step(tenant, isSeen)
        await tenant.put('items', { ...article, name: 'New' })
        await tenant.sync()
        await synced(t, tenant, 'items', 'i')
        t.match(itemIn(tenant, 'II'), { Name: 'New', Description: 'per', SalesDetails })
        t.match(await record(tenant, 'items', 'i'), { name: 'New', description: 'per', salePrice: '9' })
        tenant.checkXero(t)
      },
    )

    t.test(
      `given an item that our deletion switched off, when a person sells it again ${when}, then their values stay`,
      async (t) => {
        const tenant = await gone(`sold-${isSeen}`, { usedItemsDeletable: false })
        await tenant.settings({ items: { onDelete: 'delete_or_deactivate' } })
        await tenant.put('items', article)
        await tenant.put('customers', { id: 'c1', name: 'Buyer' })
        await tenant.put('invoices', sale('d', [{ id: '1', itemId: 'i', quantity: '1', unitPrice: '10' }]))
        await tenant.sync()
        await tenant.api('DELETE', 'items/i')
        await step(tenant, true)
        t.match(itemIn(tenant, 'II'), { IsSold: false, IsPurchased: false })
        const SalesDetails = { UnitPrice: 9, AccountCode: '260' }
        control.editItem(tenant.organisation, 'II', { Name: 'Hand', IsSold: true, Description: 'per', SalesDetails })
        await step(tenant, isSeen)
        await tenant.put('items', article)
        await tenant.sync()
        await tenant.sync()
        await synced(t, tenant, 'items', 'i')
        t.match(itemIn(tenant, 'II'), {
          IsSold: true,
          IsPurchased: true,
          Name: 'Hand',
          Description: 'per',
          SalesDetails,
        })
        tenant.checkXero(t)
      },
    )

    t.test(
      `given a shared contact, when its vendor comes again after an edit ${when}, then the edit stays`,
      async (t) => {
        const tenant = await openTenant(world, `shared-${isSeen}`, inNewZealand)
        await tenant.put('vendors', alpha)
        await tenant.put('customers', { id: 'c', name: 'Alpha' })
        await tenant.sync()
        await tenant.api('DELETE', 'vendors/a')
        await step(tenant, true)
        control.editContact(tenant.organisation, 'Alpha', { EmailAddress: 'per@x.example', TaxNumber: '2' })
        await step(tenant, isSeen)
        await tenant.put('vendors', alpha)
        await tenant.sync()
        await synced(t, tenant, 'vendors', 'a')
        await synced(t, tenant, 'customers', 'c')
        t.match(contact(tenant, 'Alpha'), { EmailAddress: 'per@x.example', TaxNumber: '2' })
        t.match(await record(tenant, 'vendors', 'a'), { email: 'per@x.example', taxNumber: '2' })
        tenant.checkXero(t)
      },
    )

    t.test(
      `given a deleted vendor whose contact is archived and restored ${when}, then it learns what stands there`,
      async (t) => {
        const tenant = await gone(`archived-${isSeen}`)
        control.createContact(
          tenant.organisation,
          richContact('Alpha', { AccountsReceivableTaxType: 'ZERORATED', AccountsPayableTaxType: 'ZERORATED' }),
        )
        await tenant.put('vendors', { id: 'v1', name: 'Alpha' })
        await tenant.put('items', { ...article, purchaseTaxCode: 'GST' })
        await tenant.sync()
        const learned = await record(tenant, 'vendors', 'v1')
        t.match(learned, { email: 'alpha@rich.example', purchaseTaxCode: 'ZERORATED' })
        await tenant.api('DELETE', 'vendors/v1')
        await step(tenant, true)
        control.archiveContact(tenant.organisation, 'Alpha')
        await step(tenant, true)
        await tenant.put('vendors', { id: 'v1', name: 'Alpha' })
        if (isSeen) {
          await tenant.sync()
          t.match(await tenant.state('vendors', 'v1'), { state: 'failed', lastError: { code: 'contact_archived' } })
        }
        control.restoreContact(tenant.organisation, 'Alpha')
        await step(tenant, true)
        await synced(t, tenant, 'vendors', 'v1')
        const { phones, ...others } = learned
        t.match(await record(tenant, 'vendors', 'v1'), { ...others, phones: { length: phones.length } })
        const lines = [{ id: '1', itemId: 'i', quantity: '1', unitPrice: '100' }]
        await tenant.put('bills', {
          ...{ id: 'b', number: 'B', vendorId: 'v1', vendorInvoiceNumber: 'VB', date: '2026-11-20' },
          ...{ receiveDate: '2026-11-20', status: 'received', lines },
        })
        await tenant.sync()
        t.equal(document(tenant, 'VB')?.TotalTax, 0)
        tenant.checkXero(t)
      },
    )
  }
})
