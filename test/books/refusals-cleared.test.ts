// What Xero refused goes out again when what its remedy names was done: seen where the lists show it, and tried with each job
// where nothing does.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { byHand, contact, document, itemIn, later, synced, writes } from './support/books.ts'
import { oddAnswers } from './support/odd-answers.ts'
import { openSeller, service } from './support/trading.ts'

t.test('books: refusals that are cleared', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const odd = oddAnswers(world)

  /** An item whose stock Xero keeps, none on hand. */
  async function openStock(name: string): Promise<Tenant> {
    const tenant = await openTenant(world, name)
    await tenant.settings({ items: { inventoryMode: 'sync_inventory' } })
    control.createItem(tenant.organisation, {
      ...{ Code: 'SKU-i1', Name: 'Item i1', InventoryAssetAccountCode: '630', IsTrackedAsInventory: true },
      SalesDetails: { UnitPrice: 20, AccountCode: '200' },
      PurchaseDetails: { UnitPrice: 10, COGSAccountCode: '310' },
    })
    control.createContact(tenant.organisation, { Name: 'Supplier' })
    await tenant.put('items', item('i1'))
    await tenant.put('customers', customer('c1'))
    await tenant.put('vendors', vendor('v1'))
    return tenant
  }
  const supply = (tenant: Tenant, Quantity: number) =>
    control.createInvoice(
      tenant.organisation,
      byHand('ACCPAY', contact(tenant, 'Supplier').ContactID, {
        LineItems: [{ ItemCode: 'SKU-i1', Description: 'Stock', Quantity, UnitAmount: 10, AccountCode: '630' }],
      }),
    )
  const onHand = (tenant: Tenant) => Number(itemIn(tenant, 'SKU-i1').QuantityOnHand)
  const sells = (id: string, quantity: string) => {
    const { lines, ...rest } = invoice(id, 'c1', ['i1'])
    return { ...rest, lines: lines.map((line) => ({ ...line, quantity })) }
  }
  const isShort = async (tenant: Tenant, id: string) =>
    t.match(await tenant.state('invoices', id), { state: 'failed', lastError: { code: 'stock_insufficient' } })

  t.test(
    'given too few on hand, when a person buys more, then the next job sends the sale, and none before',
    async (t) => {
      const tenant = await openStock('bought')
      await tenant.put('invoices', sells('d1', '2'))
      await tenant.sync()
      await isShort(tenant, 'd1')
      await tenant.sync()
      tenant.mark()
      await tenant.sync()
      await isShort(tenant, 'd1')
      t.strictSame(writes(tenant), [], 'nothing that could change the answer has changed')
      later(world)
      supply(tenant, 100)
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'd1')
      t.equal(onHand(tenant), 98)
      tenant.checkXero(t)
    },
  )

  t.test('given as many on hand as before the refusal, then the sale is sent all the same', async (t) => {
    const tenant = await openStock('as-many')
    supply(tenant, 10)
    await tenant.put('invoices', sells('d1', '5'), sells('d2', '8'))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1')
    await isShort(tenant, 'd2')
    supply(tenant, 5)
    t.equal(onHand(tenant), 10)
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd2')
    tenant.checkXero(t)
  })

  t.test('given the purchase in the same job, then it is sent before the sale', async (t) => {
    const tenant = await openStock('same-job')
    await tenant.put('invoices', sells('d1', '2'))
    await tenant.put('bills', bill('b1', 'v1', ['i1']))
    await tenant.sync()
    await synced(t, tenant, 'bills', 'b1')
    await synced(t, tenant, 'invoices', 'd1')
    t.equal(onHand(tenant), 0)
    later(world)
    await tenant.api('DELETE', 'bills/b1')
    await tenant.api('DELETE', 'invoices/d1')
    await tenant.sync()
    t.ok(
      tenant.xero('Invoices').every(({ Status }) => Status === 'VOIDED'),
      'and removed after it',
    )
    tenant.checkXero(t)
  })

  t.test('given a purchase whose stock was sold, when it is bought elsewhere, then its deletion goes on', async (t) => {
    const tenant = await openStock('removed')
    await tenant.put('bills', bill('b1', 'v1', ['i1']))
    await tenant.put('invoices', sells('d1', '2'))
    await tenant.sync()
    await tenant.api('DELETE', 'bills/b1')
    odd(tenant, 'POST', '/Invoices', {
      messages: ['The quantity of item SKU-i1 is greater than the quantity on hand.'],
    })
    await tenant.sync()
    t.match(await tenant.state('bills', 'b1'), { state: 'failed', lastError: { code: 'stock_insufficient' } })
    supply(tenant, 2)
    await tenant.sync()
    t.equal(document(tenant, 'V-b1').Status, 'VOIDED')
    tenant.checkXero(t)
  })

  t.test('given what nothing here shows, when a job runs, then it is tried again', async (t) => {
    const tenant = await openSeller(world, 'permitted')
    await tenant.sync()
    await tenant.put('invoices', invoice('d1', 'c1', ['s1']))
    odd(tenant, 'PUT', '/Invoices', { messages: ['You do not have the correct permissions to approve this invoice.'] })
    await tenant.sync()
    t.match(await tenant.state('invoices', 'd1'), { state: 'failed', lastError: { code: 'not_permitted' } })
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1')
  })

  t.test('given a record that is handed over once more as it was, then it is tried again', async (t) => {
    const tenant = await openSeller(world, 'again')
    await tenant.sync()
    await tenant.put('invoices', invoice('d1', 'c1', ['s1']))
    odd(tenant, 'PUT', '/Invoices', { messages: ['The flux capacitor is not aligned.'] })
    await tenant.sync()
    tenant.mark()
    await tenant.sync()
    t.strictSame(writes(tenant), [])
    await tenant.put('invoices', invoice('d1', 'c1', ['s1']))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1')
  })

  const changes: Record<string, { message: string; list: 'Contacts' | 'Items'; remedy: (tenant: Tenant) => unknown }> =
    {
      account_number_taken: {
        message: 'Account Number already assigned to another contact',
        list: 'Contacts',
        remedy: ({ organisation }) => control.editContact(organisation, 'Other', { AccountNumber: 'B2' }),
      },
      contact_name_taken: {
        message: 'The contact name Other is already assigned to another contact.',
        list: 'Contacts',
        remedy: ({ organisation }) => control.editContact(organisation, 'Other', { Name: 'Another' }),
      },
      text_too_long: {
        message: 'The field Website must not exceed 100 characters, it is too long.',
        list: 'Contacts',
        remedy: ({ organisation }) =>
          control.editContact(organisation, 'Customer c1', { BankAccountDetails: '12-3456' }),
      },
      tracked_item: {
        message: 'The item is tracked as inventory.',
        list: 'Items',
        remedy: ({ organisation }) => control.editItem(organisation, 'SKU-s1', { PurchaseDescription: 'by hand' }),
      },
    }
  for (const [code, { message, list, remedy }] of Object.entries(changes)) {
    t.test(`given ${code}, when it is mended in Xero, then the next job sends the record`, async (t) => {
      const tenant = await openSeller(world, code)
      control.createContact(tenant.organisation, { Name: 'Other', AccountNumber: 'A1' })
      await tenant.sync()
      const [type, id] = list === 'Items' ? ['items', 's1'] : ['customers', 'c1']
      const name = code === 'contact_name_taken' ? 'Other' : 'Customer c1'
      const own = code === 'account_number_taken' ? { accountNumber: 'A1' } : {}
      if (list === 'Items') await tenant.put('items', service('s1', { salePrice: '14' }))
      else await tenant.put('customers', customer('c1', { name, email: 'new@example.com', ...own }))
      odd(tenant, 'POST', `/${list}`, { messages: [message] })
      await tenant.sync()
      t.match(await tenant.state(type, id), { lastError: { code } }, 'refused')
      tenant.mark()
      await tenant.sync()
      t.strictSame(writes(tenant), [], 'nothing has changed yet')
      later(world)
      remedy(tenant)
      await tenant.sync()
      await synced(t, tenant, type, id)
    })
  }
})
