// A customer or vendor that a person links to another contact at the very moment at which a document of it is on its way to Xero.
import t from 'tap'
import { heldRequests } from '../support/held-requests.ts'
import { openWorld } from '../support/house.ts'
import { contact, inNewZealand, later, type Row, synced, writes } from './support/books.ts'
import { bothDocumentKinds, line, openTrader } from './support/trading.ts'

t.test('books: documents on their way when their contact is linked elsewhere', async (t) => {
  const { watch, hold } = heldRequests()
  const world = await openWorld(t, { simulator: { watch } })
  const { control } = world.simulator

  for (const [path, { make, type }] of bothDocumentKinds) {
    const [contacts, id] = path === 'invoices' ? (['customers', 'c1'] as const) : (['vendors', 'v1'] as const)
    for (const operation of ['create', 'change'] as const)
      t.test(`given ${path} whose ${operation} is under way, then they say where they stand`, async (t) => {
        const tenant = await openTrader(world, `${operation}-${path}`, inNewZealand)
        if (operation === 'change') await tenant.put(path, make('d', [line('1')]))
        control.createContact(tenant.organisation, { Name: 'Second' })
        await tenant.sync()
        later(world)
        const first = (await tenant.state(contacts, id)).xero.id
        const second = contact(tenant, 'Second').ContactID
        const held = hold('carried_out', operation === 'create' ? 'PUT' : 'POST', '/Invoices')
        await tenant.put(path, make('d', [line('1', { unitPrice: '120' })]))
        const syncing = tenant.sync()
        await held.reached
        t.equal((await tenant.api('DELETE', `${contacts}/${id}/link`)).status, 200)
        t.equal((await tenant.api('PUT', `${contacts}/${id}/link`, { xeroId: second })).status, 200)
        held.release()
        await syncing
        const standsAt = () => tenant.xero('Invoices').find((one: Row) => one.Type === type)?.Contact.ContactID
        t.equal(standsAt(), first)
        t.match(await tenant.state(path, 'd'), { state: 'outdated', lastError: { code: 'contact_relinked' } })
        tenant.mark()
        await tenant.sync()
        t.strictSame(writes(tenant, '/Invoices'), [], 'nothing moves unasked')
        t.match(await tenant.state(path, 'd'), { state: 'outdated' })
        await tenant.api('POST', 'sync-queue-items', { recordType: path.slice(0, -1), recordIds: ['d'] })
        await tenant.sync()
        await synced(t, tenant, path, 'd')
        t.equal(standsAt(), second)
        t.equal(tenant.xero('Invoices').length, 1)
      })
  }
})
