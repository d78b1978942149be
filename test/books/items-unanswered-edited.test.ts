// An item or contact whose creation was not answered, and that a person changes before it is found: both sides agree in the end,
// on the word of the one whom the settings let win.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, inNewZealand, itemIn, record, synced } from './support/books.ts'

const minute = 60_000

t.test('books: changed by a person while no answer has come', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  for (const conflict of ['pending_wins', 'xero_wins', 'product_wins']) {
    const lost = async (type: 'items' | 'customers', path: string, body: object, about = '') => {
      const tenant = await openTenant(world, `${type}-${about}-${conflict}`.replaceAll('_', '-'), inNewZealand)
      await tenant.settings({ [type]: { conflict } })
      control.faults({ kind: 'lost_response', method: 'PUT', path, tenantId: tenant.organisationId, times: 3 })
      await tenant.put(type, body)
      await tenant.startJob()
      await world.work({ forMs: 4 * minute })
      return tenant
    }

    for (const [field, name] of Object.entries({
      description: 'Description',
      purchaseDescription: 'PurchaseDescription',
    }))
      t.test(`given ${conflict} and another ${field} of an item, then record and item say the same`, async (t) => {
        const item = { id: 'i1', kind: 'service', code: 'IT', name: 'it', salePrice: '5', [field]: 'Ours' }
        const tenant = await lost('items', '/Items', item, field)
        control.editItem(tenant.organisation, 'IT', { [name]: 'By hand' })
        await world.work()
        await tenant.sync()
        await synced(t, tenant, 'items', 'i1')
        const said = (await record(tenant, 'items', 'i1'))[field]
        t.equal(itemIn(tenant, 'IT')[name], said)
        t.equal(said, conflict === 'product_wins' ? 'Ours' : 'By hand')
        t.equal(tenant.xero('Items').length, 1)
        tenant.checkXero(t)
      })

    t.test(`given ${conflict} and a customer, then record and contact say the same`, async (t) => {
      const tenant = await lost('customers', '/Contacts', { id: 'c1', name: 'Ann Ltd', email: 'ours@example.com' })
      control.editContact(tenant.organisation, 'Ann Ltd', { EmailAddress: 'hand@example.com' })
      await world.work()
      await tenant.sync()
      await synced(t, tenant, 'customers', 'c1')
      const { email } = await record(tenant, 'customers', 'c1')
      t.equal(contact(tenant, 'Ann Ltd').EmailAddress, email)
      t.equal(email, conflict === 'product_wins' ? 'ours@example.com' : 'hand@example.com')
      tenant.checkXero(t)
    })
  }
})
