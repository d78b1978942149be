// A record that is unlinked and meets the same contact or item again. What it learned there is what both sides say: the value that
// the product handed over before is no change of the product's.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, itemIn, later, type Row, record, synced } from './support/books.ts'
import { saleTo } from './support/trading.ts'

const vendor = {
  ...{ id: 'r1', name: 'Ant Co', accountNumber: 'SAID', email: 'said@x.example' },
  addresses: [{ kind: 'billing', lines: ['1 Old Road'], city: 'Bath' }],
}
const thing = { id: 'r1', kind: 'service', code: 'IT', name: 'it', description: 'SAID', salePrice: '3' }

t.test('books: unlinked and met again', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const pull = async (tenant: Tenant) => {
    await tenant.sync()
    later(world)
  }
  const unlink = (tenant: Tenant, type: string) => tenant.api('DELETE', `${type}/r1/link`)
  const idOf = (tenant: Tenant, type: string) =>
    type === 'vendors' ? contact(tenant, 'Ant Co').ContactID : itemIn(tenant, 'IT').ItemID
  const said = (type: string) => (type === 'vendors' ? vendor : thing)

  /** A record that learned what a person changed and emptied. */
  async function learned(name: string, type: string): Promise<Tenant> {
    const tenant = await openTenant(world, name, inNewZealand)
    await tenant.put(type, said(type))
    await pull(tenant)
    edit(tenant, type, 'LEARNED')
    await pull(tenant)
    await holds(tenant, type, 'LEARNED')
    return tenant
  }

  function edit(tenant: Tenant, type: string, text: string): void {
    const Addresses = [{ AddressType: 'POBOX', AddressLine1: '1 Old Road', City: text }]
    if (type === 'items') control.editItem(tenant.organisation, 'IT', { Description: text })
    else control.editContact(tenant.organisation, 'Ant Co', { AccountNumber: text, EmailAddress: '', Addresses })
  }

  async function holds(tenant: Tenant, type: string, text: string): Promise<void> {
    const held = await record(tenant, type, 'r1')
    if (type === 'items') t.equal(held.description, text, 'the record')
    else {
      t.match(held, { accountNumber: text, addresses: [{ lines: ['1 Old Road'], city: text }] }, 'the record')
      t.notOk(held.email, 'the record has no e-mail')
    }
  }

  async function stands(tenant: Tenant, type: string, text: string): Promise<void> {
    await synced(t, tenant, type, 'r1')
    await holds(tenant, type, text)
    if (type === 'items') return void t.equal(itemIn(tenant, 'IT').Description, text)
    t.equal(contact(tenant, 'Ant Co').AccountNumber, text)
    t.notOk(contact(tenant, 'Ant Co').EmailAddress)
    const address = contact(tenant, 'Ant Co').Addresses.find((one: Row) => one.AddressType === 'POBOX')
    t.match(address, { AddressLine1: '1 Old Road', City: text })
  }

  const again: Record<string, (tenant: Tenant, type: string) => Promise<unknown>> = {
    'linked again': (tenant, type) => tenant.api('PUT', `${type}/r1/link`, { xeroId: idOf(tenant, type) }),
    'queued again': (tenant, type) =>
      tenant.api('POST', 'sync-queue-items', { recordType: type.slice(0, -1), recordIds: ['r1'] }),
    'handed over again': (tenant, type) =>
      tenant.put(type, { ...said(type), ...(type === 'items' ? { purchasePrice: '1' } : { lastName: 'New' }) }),
  }

  for (const type of ['vendors', 'items'])
    for (const [how, act] of Object.entries(again)) {
      const name = `${type}-${how.replaceAll(' ', '-')}`
      t.test(`given ${type} with a learned value, when unlinked and ${how}, then it stands`, async () => {
        const tenant = await learned(name, type)
        await unlink(tenant, type)
        await act(tenant, type)
        await pull(tenant)
        await stands(tenant, type, 'LEARNED')
        tenant.checkXero(t)
      })
      t.test(
        `given ${type} with a learned value that changes before they are ${how}, then the newer stands`,
        async () => {
          const tenant = await learned(`${name}-newer`, type)
          await unlink(tenant, type)
          edit(tenant, type, 'NEWER')
          await pull(tenant)
          await act(tenant, type)
          await pull(tenant)
          await stands(tenant, type, 'NEWER')
          tenant.checkXero(t)
        },
      )
    }

  t.test(
    'given a learned value, when the record is linked to another contact, then it says its own there',
    async (t) => {
      const tenant = await learned('another', 'vendors')
      const other = control.createContact(tenant.organisation, { Name: 'Bee Co', EmailAddress: 'bee@x.example' })
      await pull(tenant)
      await unlink(tenant, 'vendors')
      await tenant.api('PUT', 'vendors/r1/link', { xeroId: other.ContactID })
      await tenant.put('vendors', { ...vendor, name: 'Bee Co' })
      await pull(tenant)
      await synced(t, tenant, 'vendors', 'r1')
      t.match(contact(tenant, other.ContactID), { AccountNumber: 'SAID', EmailAddress: 'said@x.example' })
      // From there back: what was learned at the first one is long left behind.
      await unlink(tenant, 'vendors')
      await tenant.put('vendors', { ...vendor, accountNumber: 'ANEW' })
      await tenant.api('PUT', 'vendors/r1/link', { xeroId: contact(tenant, 'Ant Co').ContactID })
      await pull(tenant)
      await synced(t, tenant, 'vendors', 'r1')
      t.match(contact(tenant, 'Ant Co'), { AccountNumber: 'ANEW' })
      tenant.checkXero(t)
    },
  )

  for (const type of ['customers', 'vendors', 'items', 'invoices', 'bills'])
    t.test(`given ${type} without a link, when unlinked once more, then state and reason are as before`, async (t) => {
      const tenant = await openTenant(world, `twice-${type}`, inNewZealand)
      const bill = { vendorId: 'r1', vendorInvoiceNumber: 'V1', receiveDate: '2026-11-20', status: 'received' }
      const lines = [{ id: '1', description: 'W', quantity: '1', unitPrice: '10', taxCode: 'GST' }]
      await tenant.put('items', thing)
      for (const parent of ['customers', 'vendors']) await tenant.put(parent, { id: 'r1', name: `The ${parent}` })
      await tenant.put('invoices', saleTo('r1', 'r1', { lines }))
      await tenant.put('bills', { id: 'r1', number: 'B1', date: '2026-11-20', ...bill, lines })
      await pull(tenant)
      await synced(t, tenant, type, 'r1')
      await unlink(tenant, type)
      const before = await tenant.state(type, 'r1')
      t.match(before, { state: 'outdated', lastError: { code: 'unlinked' } })
      t.equal((await unlink(tenant, type)).status, 200)
      t.strictSame(await tenant.state(type, 'r1'), before)
    })

  t.test('given an item that failed, when it is unlinked, then it shows its reason still', async (t) => {
    const tenant = await openTenant(world, 'failed', inNewZealand)
    await tenant.put('items', { ...thing, salesTaxCode: 'NOPE' })
    await pull(tenant)
    const before = await tenant.state('items', 'r1')
    t.equal(before.state, 'failed')
    t.ok(before.lastError)
    await unlink(tenant, 'items')
    t.strictSame(await tenant.state('items', 'r1'), before)
  })
})
