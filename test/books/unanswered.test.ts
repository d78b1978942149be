// A creation whose answer was lost, and what people did to the document before it was found.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, itemIn, later, record, synced } from './support/books.ts'

t.test('books: creations without an answer', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  /** Does turns until nothing is due at this very moment. */
  const workNow = async (): Promise<void> => {
    while (await world.house.turn());
  }

  /** Writes to a list arrive, and neither the first answer nor those of the two replays come back. */
  const unanswered = ({ organisationId: tenantId }: Tenant, path: string) =>
    control.faults({ kind: 'lost_response', method: 'PUT', path, tenantId, times: 3 })

  t.test(
    '03 given a customer that a person renames before it is found, then both names stand where they are',
    async (t) => {
      const tenant = await openTenant(world, 'renamed')
      await tenant.put('customers', customer('c1', { email: 'ours@example.com' }))
      unanswered(tenant, '/Contacts')
      await tenant.startJob()
      await workNow()
      control.editContact(tenant.organisation, customer('c1').name, { Name: 'By hand' })
      await world.work()
      t.match(contact(tenant, 'By hand'), { EmailAddress: 'ours@example.com' }, 'the edit stands')
      t.match(await record(tenant, 'customers', 'c1'), { name: 'By hand', email: 'ours@example.com' })
      await synced(t, tenant, 'customers', 'c1')
      t.equal(tenant.xero('Contacts').length, 1)
      tenant.checkXero(t)
    },
  )

  t.test(
    '03 given a customer that a person renames and the product deletes before it is found, then it goes as it stands',
    async (t) => {
      const tenant = await openTenant(world, 'left')
      await tenant.put('customers', customer('c1'))
      unanswered(tenant, '/Contacts')
      await tenant.startJob()
      await workNow()
      control.editContact(tenant.organisation, customer('c1').name, { Name: 'By hand' })
      t.equal((await tenant.api('DELETE', 'customers/c1')).status, 200)
      await world.work()
      await tenant.sync()
      t.match(contact(tenant, 'By hand'), { ContactStatus: 'ARCHIVED' }, 'its name is not written back before')
      t.equal(tenant.calls('POST /Contacts').length, 1, 'one call archives it')
      tenant.checkXero(t)
    },
  )

  t.test('03 given an item whose price a person changes before it is found, then the price stands', async (t) => {
    const tenant = await openTenant(world, 'priced')
    await tenant.put('items', item('i1', { kind: 'service', salePrice: '12.5' }))
    unanswered(tenant, '/Items')
    await tenant.startJob()
    await workNow()
    control.editItem(tenant.organisation, item('i1').code, { SalesDetails: { UnitPrice: 99 } })
    await world.work()
    t.equal(itemIn(tenant, item('i1').code).SalesDetails.UnitPrice, 99)
    t.match(await record(tenant, 'items', 'i1'), { salePrice: '99' })
    await synced(t, tenant, 'items', 'i1')
    tenant.checkXero(t)
  })

  t.test(
    '03 given an item of which a person changes all that it says before it is found, then that stands',
    async (t) => {
      const tenant = await openTenant(world, 'all-changed')
      const said = { kind: 'service', id: 'i1', code: 'ALL', name: 'Ours', description: 'Ours', salePrice: '12.5' }
      await tenant.put('items', said)
      unanswered(tenant, '/Items')
      await tenant.startJob()
      await workNow()
      const edit = { Name: 'Theirs', Description: 'Theirs', SalesDetails: { UnitPrice: 99 } }
      control.editItem(tenant.organisation, 'ALL', edit)
      await world.work()
      t.match(itemIn(tenant, 'ALL'), edit)
      t.match(await record(tenant, 'items', 'i1'), { name: 'Theirs', description: 'Theirs', salePrice: '99' })
      await synced(t, tenant, 'items', 'i1')
      t.ok(
        (await tenant.changes()).some(({ recordId }) => recordId === 'i1'),
        'told in the feed',
      )
      later(world)
      await tenant.put('items', { ...said, salePrice: '13' })
      await tenant.sync()
      t.match(itemIn(tenant, 'ALL'), { Name: 'Theirs', SalesDetails: { UnitPrice: 13 } }, 'a change arrives')
      t.equal(tenant.xero('Items').length, 1)
      tenant.checkXero(t)
    },
  )

  t.test('03 given a person who makes an item of the same code meanwhile, then ours is sent to it', async (t) => {
    const tenant = await openTenant(world, 'taken')
    await tenant.put('items', item('i1', { kind: 'service', salePrice: '12.5' }))
    control.faults({ kind: 'lost_request', method: 'PUT', path: '/Items', tenantId: tenant.organisationId })
    await tenant.startJob()
    await workNow()
    control.createItem(tenant.organisation, { Code: item('i1').code, Name: 'Made in Xero' })
    control.faults({ kind: 'lost_request', method: 'PUT', path: '/Items', tenantId: tenant.organisationId, times: 2 })
    await world.work()
    t.match(itemIn(tenant, item('i1').code), { Name: item('i1').name, SalesDetails: { UnitPrice: 12.5 } })
    t.match(await record(tenant, 'items', 'i1'), { name: item('i1').name, salePrice: '12.5' })
    await synced(t, tenant, 'items', 'i1')
    tenant.checkXero(t)
  })

  const { vendorInvoiceNumber: _, ...purchase } = bill('d1', 'v1', [])
  const lines = (unitPrice: string) => [
    { id: '1', itemId: 's1', description: 'Line', quantity: '1', unitPrice, taxCode: 'GST' },
  ]
  const documents = { invoices: invoice('d1', 'c1', []), bills: purchase } as const
  for (const [path, document] of Object.entries(documents)) {
    t.test(
      `25 given ${path} whose due date a person sets before they are found, then our change is a conflict`,
      async (t) => {
        const tenant = await openTenant(world, `due-${path}`, inNewZealand)
        const due = { ...document, dueDate: '2026-12-05' }
        await tenant.put('items', item('s1', { kind: 'service' }))
        await tenant.put('customers', customer('c1'))
        await tenant.put('vendors', vendor('v1'))
        await tenant.put(path, { ...due, lines: lines('100') })
        unanswered(tenant, '/Invoices')
        await tenant.startJob()
        await workNow()
        const [there] = tenant.xero('Invoices')
        control.editInvoice(tenant.organisation, there?.InvoiceID ?? '', { DueDate: '2027-01-31' })
        await world.work()
        later(world)
        await tenant.put(path, { ...due, lines: lines('120') })
        await tenant.sync()
        const [now] = tenant.xero('Invoices')
        t.match(now, { SubTotal: 100, DueDateString: /^2027-01-31/ }, 'the edit stands')
        t.equal((await tenant.state(path, 'd1')).state, 'conflict')
        t.equal(tenant.xero('Invoices').length, 1)
        tenant.checkXero(t)
      },
    )
  }
})
