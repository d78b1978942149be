// A document that remains in Xero without its record is told with the reason, and a refusal names the call that leads on.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, vendor } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, later, synced } from './support/books.ts'
import { line, openTrader, sale } from './support/trading.ts'

t.test('books: states are told', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  t.test('given a deletion in conflict, when it is to be taken back, then the answer names the decision', async (t) => {
    const tenant = await openTrader(world, 'irreversible')
    await tenant.put('invoices', sale('a1', [line('1')]))
    await tenant.sync()
    later(world)
    control.editInvoice(tenant.organisation, 'INV-a1', { Reference: 'A person' })
    await tenant.api('DELETE', 'invoices/a1')
    const { id: _, ...body } = sale('a1', [line('1', { quantity: '2' })])
    const before = await tenant.api('PUT', 'invoices/a1', body)
    t.match(before, { status: 409, body: { code: 'delete_irreversible', action: /^Run a sync job/ } })
    await tenant.sync()
    const decide = { status: 409, body: { code: 'delete_irreversible', action: /resolve-conflict/ } }
    t.match(await tenant.api('PUT', 'invoices/a1', body), decide)
    const [item] = await tenant.queue()
    t.match(await tenant.api('DELETE', `sync-queue-items/${item.id}`), decide)
    t.equal((await tenant.api('POST', 'invoices/a1/resolve-conflict', { keep: 'xero' })).status, 200)
    t.equal((await tenant.api('PUT', 'invoices/a1', body)).status, 201, 'followed, it leads on')
  })

  t.test('given contacts that stay when their records are deleted, then the reason is told', async (t) => {
    const tenant = await openTenant(world, 'kept')
    await tenant.put('customers', customer('c1', { name: 'Both' }), customer('c2'))
    await tenant.put('vendors', vendor('v1', { name: 'Both' }))
    await tenant.sync()
    await tenant.settings({ customers: { onDelete: 'keep' } })
    await tenant.api('DELETE', 'vendors/v1')
    await tenant.api('DELETE', 'customers/c2')
    await tenant.sync()
    const kept = (cause: RegExp) => ({ state: 'never_synced', lastError: { code: 'kept_in_xero', cause } })
    t.match(await tenant.state('vendors', 'v1'), kept(/Another record is the same contact/))
    t.match(await tenant.state('customers', 'c2'), kept(/customers.onDelete is "keep"/))
    t.match(await tenant.queue(), [])
    t.match(contact(tenant, 'Both'), { ContactStatus: 'ACTIVE' })
    t.notMatch(JSON.stringify((await tenant.api('GET', 'health')).body.reasons), /deletions_not_queued/)
  })

  t.test('given an invoice that is unlinked, then it says so, and comes back when it is queued', async (t) => {
    const tenant = await openTrader(world, 'unlinked')
    await tenant.put('invoices', sale('a1', [line('1')]))
    await tenant.sync()
    const { id } = (await tenant.state('invoices', 'a1')).xero
    const { body } = await tenant.api('DELETE', 'invoices/a1/link')
    t.match(body.sync, { state: 'outdated', xero: null, lastError: { code: 'unlinked', action: /sync-queue-items/ } })
    await tenant.api('POST', 'sync-queue-items', { recordType: 'invoice', recordIds: ['a1'] })
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    t.equal((await tenant.state('invoices', 'a1')).xero.id, id)
  })

  t.test('given records that are unlinked and never were in step with Xero, then they were never synced', async (t) => {
    const tenant = await openTenant(world, 'unlinked-new')
    const { ContactID } = control.createContact(tenant.organisation, { Name: 'Theirs' })
    await tenant.sync()
    await tenant.put('customers', customer('c1', { name: 'Ours' }), customer('c2'))
    t.equal((await tenant.api('PUT', 'customers/c1/link', { xeroId: ContactID })).status, 200)
    const [waiting] = (await tenant.queue()).filter(({ recordId }) => recordId === 'c1')
    t.equal((await tenant.api('DELETE', `sync-queue-items/${waiting?.id}?force=true`)).status, 200)
    const early = await tenant.api('DELETE', 'customers/c1/link')
    t.match(early.body.sync, { state: 'never_synced', lastError: null }, 'before the first job')
    await tenant.settings({ customers: { onDelete: 'keep' } })
    await tenant.sync()
    await tenant.api('DELETE', 'customers/c2')
    await tenant.sync()
    t.match(await tenant.state('customers', 'c2'), { xero: { id: /./ }, lastError: { code: 'kept_in_xero' } })
    const late = await tenant.api('DELETE', 'customers/c2/link')
    t.match(late.body.sync, { state: 'never_synced', lastError: null }, 'once it was deleted here')
  })
})
