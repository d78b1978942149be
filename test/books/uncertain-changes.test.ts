// A change whose outcome is not known, while people go on working in Xero and in the product: an edit of a person is never
// overwritten by sending the same again, and what the lost call wrote is no edit of a person.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, document, inNewZealand, itemIn, later, record, synced } from './support/books.ts'

const minute = 60_000

const sale = (unitPrice: string, ...more: object[]) => ({
  ...invoice('a1', 'c1', []),
  lines: [{ id: '1', itemId: 's1', description: 'Line 1', quantity: '1', unitPrice, taxCode: 'GST' }, ...more],
})
const secondLine = { id: '2', itemId: 's1', description: 'Line 2', quantity: '1', unitPrice: '40', taxCode: 'GST' }

t.test('books: changes of unknown outcome', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  async function ready(name: string, conflict = 'pending_wins'): Promise<Tenant> {
    const tenant = await openTenant(world, name, inNewZealand)
    await tenant.settings({ customers: { conflict }, items: { conflict } })
    await tenant.put('items', item('s1', { kind: 'service', name: 'Service', salePrice: '10' }))
    await tenant.put('customers', customer('c1', { email: 'one@example.com' }))
    await tenant.put('invoices', sale('100'))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    later(world)
    return tenant
  }

  /** The call and its replays arrive, or do not, and nobody hears of it. */
  function lose(tenant: Tenant, path: string, kind: 'lost_response' | 'lost_request', method = 'POST'): void {
    control.faults({ kind, method, path, tenantId: tenant.organisationId, times: 3 })
  }

  /** The job that loses the change is under way until its outcome would be sent again. */
  async function loses(tenant: Tenant): Promise<string> {
    const job = await tenant.startJob()
    await world.work({ forMs: 4 * minute })
    t.match(await tenant.job(job), { status: 'waiting', waitingReason: 'outcome_unknown' })
    return job
  }

  for (const kind of ['lost_response', 'lost_request'] as const) {
    t.test(`given a change of an invoice (${kind}), when a person adds a line, then it is a conflict`, async (t) => {
      const tenant = await ready(`line-${kind}`)
      lose(tenant, '/Invoices', kind)
      await tenant.put('invoices', sale('120'))
      await loses(tenant)
      control.addLine(tenant.organisation, 'INV-a1', {
        Description: 'By hand',
        Quantity: 1,
        UnitAmount: 5,
        AccountCode: '200',
      })
      await world.work()
      t.match(await tenant.state('invoices', 'a1'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
      t.equal(document(tenant, 'INV-a1').LineItems.length, 2, 'the line of the person stands')
      tenant.checkXero(t)
    })

    t.test(`given a change of an invoice (${kind}), when the product changes it again, then it arrives`, async (t) => {
      const tenant = await ready(`again-${kind}`)
      lose(tenant, '/Invoices', kind)
      await tenant.put('invoices', sale('120', secondLine))
      await loses(tenant)
      await tenant.put('invoices', sale('130', { ...secondLine, quantity: '3' }))
      await world.work()
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      t.equal(document(tenant, 'INV-a1').SubTotal, 250)
      t.equal(document(tenant, 'INV-a1').LineItems.length, 2)
      tenant.checkXero(t)
    })

    t.test(
      `given a change of an invoice (${kind}), when the product takes it back, then Xero has the old`,
      async (t) => {
        const tenant = await ready(`back-${kind}`)
        lose(tenant, '/Invoices', kind)
        await tenant.put('invoices', sale('120', secondLine))
        await loses(tenant)
        await tenant.put('invoices', sale('100'))
        await world.work()
        await tenant.sync()
        await synced(t, tenant, 'invoices', 'a1')
        t.equal(document(tenant, 'INV-a1').SubTotal, 100)
        t.equal(document(tenant, 'INV-a1').LineItems.length, 1)
        tenant.checkXero(t)
      },
    )

    t.test(`given a change of a customer (${kind}), when a person changes others, then both stand`, async (t) => {
      const tenant = await ready(`both-${kind}`, 'xero_wins')
      const id = tenant.xero('Contacts')[0]?.ContactID
      lose(tenant, '/Contacts', kind)
      await tenant.put('customers', customer('c1', { email: 'two@example.com' }))
      await loses(tenant)
      control.editContact(tenant.organisation, id, { LastName: 'Person', Website: 'https://person.example' })
      await world.work()
      await synced(t, tenant, 'customers', 'c1')
      t.match(contact(tenant, id), {
        EmailAddress: 'two@example.com',
        LastName: 'Person',
        Website: 'https://person.example',
      })
      tenant.checkXero(t)
    })

    for (const conflict of ['xero_wins', 'pending_wins', 'product_wins'])
      t.test(
        `given a change of a customer and an item (${kind}, ${conflict}), when the product changes them again, then that arrives`,
        async (t) => {
          const tenant = await ready(`newer-${kind}-${conflict}`, conflict)
          const id = tenant.xero('Contacts')[0]?.ContactID
          lose(tenant, '/Contacts', kind)
          lose(tenant, '/Items', kind)
          await tenant.put('customers', customer('c1', { email: 'two@example.com' }))
          await tenant.put('items', item('s1', { kind: 'service', name: 'Service', salePrice: '20' }))
          await loses(tenant)
          await tenant.put('customers', customer('c1', { email: 'three@example.com' }))
          await tenant.put('items', item('s1', { kind: 'service', name: 'Service', salePrice: '30' }))
          await world.work()
          await tenant.sync()
          await synced(t, tenant, 'customers', 'c1')
          await synced(t, tenant, 'items', 's1')
          t.match(contact(tenant, id), { EmailAddress: 'three@example.com' })
          t.match(itemIn(tenant, 'S1') ?? tenant.xero('Items')[0], { SalesDetails: { UnitPrice: 30 } })
          t.equal((await tenant.changes()).filter(({ operation }) => operation === 'updated').length, 0)
          tenant.checkXero(t)
        },
      )

    for (const conflict of ['xero_wins', 'pending_wins'])
      t.test(
        `given a change of a customer (${kind}, ${conflict}), when a person changes the same later, then that stands`,
        async (t) => {
          const tenant = await ready(`theirs-${kind}-${conflict}`, conflict)
          const id = tenant.xero('Contacts')[0]?.ContactID
          lose(tenant, '/Contacts', kind)
          await tenant.put('customers', customer('c1', { email: 'two@example.com' }))
          await loses(tenant)
          control.editContact(tenant.organisation, id, { EmailAddress: 'person@example.com' })
          await world.work()
          await synced(t, tenant, 'customers', 'c1')
          t.equal(contact(tenant, id).EmailAddress, 'person@example.com')
          t.equal((await record(tenant, 'customers', 'c1')).email, 'person@example.com')
          tenant.checkXero(t)
        },
      )

    t.test(`given a removal of an invoice (${kind}), when time passes, then it is removed once and told`, async (t) => {
      const tenant = await ready(`removed-${kind}`)
      lose(tenant, '/Invoices', kind)
      await tenant.api('DELETE', 'invoices/a1')
      await loses(tenant)
      await world.work()
      t.match(await tenant.state('invoices', 'a1'), { state: 'synced', xero: null, lastError: null })
      t.equal(document(tenant, 'INV-a1').Status, 'VOIDED')
      tenant.checkXero(t)
    })

    t.test(`given a change of an invoice (${kind}), when the product deletes it, then it is removed`, async (t) => {
      const tenant = await ready(`deleted-${kind}`)
      lose(tenant, '/Invoices', kind)
      await tenant.put('invoices', sale('120', secondLine))
      await loses(tenant)
      await tenant.api('DELETE', 'invoices/a1')
      await world.work()
      await tenant.sync()
      t.match(await tenant.state('invoices', 'a1'), { state: 'synced', xero: null, lastError: null })
      t.equal(document(tenant, 'INV-a1').Status, 'VOIDED')
      tenant.checkXero(t)
    })
  }

  const byHand = { Description: 'By hand', Quantity: 1, UnitAmount: 5, AccountCode: '200' }
  t.test('given a removal that never arrived, when a person adds a line, then it is a conflict', async (t) => {
    const tenant = await ready('removed-edited')
    lose(tenant, '/Invoices', 'lost_request')
    await tenant.api('DELETE', 'invoices/a1')
    await loses(tenant)
    control.addLine(tenant.organisation, 'INV-a1', byHand)
    await world.work()
    t.match(await tenant.state('invoices', 'a1'), {
      state: 'conflict',
      lastError: { code: 'edited_in_xero', differences: [{ product: null, xero: '1 × 5 By hand' }] },
    })
    t.match(document(tenant, 'INV-a1'), { Status: 'AUTHORISED', LineItems: { length: 2 } })
    tenant.checkXero(t)
  })

  t.test('given a change of unknown outcome and a line of a person, then the deletion is a conflict', async (t) => {
    const tenant = await ready('deleted-edited')
    lose(tenant, '/Invoices', 'lost_response')
    await tenant.put('invoices', sale('120'))
    await loses(tenant)
    control.addLine(tenant.organisation, 'INV-a1', byHand)
    await tenant.api('DELETE', 'invoices/a1')
    await world.work()
    await tenant.sync()
    t.match(await tenant.state('invoices', 'a1'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
    t.match(document(tenant, 'INV-a1'), { Status: 'AUTHORISED', LineItems: { length: 2 } })
    tenant.checkXero(t)
  })
})
