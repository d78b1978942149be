// A creation whose answer was lost, of a document whose contact a person merges in Xero before the document is found: there it
// names the contact that is left, and it is the record's document all the same.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { later, synced, writes } from './support/books.ts'
import { bothDocumentKinds, line, openTrader } from './support/trading.ts'

t.test('books: creations without an answer, and merged contacts', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const workNow = async (): Promise<void> => {
    while (await world.house.turn());
  }
  const nameOf = async (tenant: Tenant, role: string, id: string): Promise<string> =>
    (await tenant.api('GET', `${role}/${id}`)).body.record.name

  for (const [path, { make, type }] of bothDocumentKinds) {
    const [role, own] = path === 'invoices' ? ['customers', 'c1'] : ['vendors', 'v1']

    /** One document of 100 that arrived without an answer, and a contact into which its own can be merged. */
    async function openWithLost(name: string) {
      const tenant = await openTrader(world, `${name}-${path}`)
      await tenant.sync()
      const survivor = control.createContact(tenant.organisation, { Name: 'Survivor Ltd' })
      later(world)
      await tenant.put(path, make('d1', [line('1')]))
      control.faults({
        ...{ kind: 'lost_response', method: 'PUT', path: '/Invoices' },
        ...{ tenantId: tenant.organisationId, times: 3 },
      })
      await tenant.startJob()
      await workNow()
      t.equal((await tenant.state(path, 'd1')).state, 'uncertain')
      t.equal(tenant.xero('Invoices').length, 1)
      return { tenant, survivor: String(survivor.ContactID), loser: await nameOf(tenant, role, own) }
    }

    t.test(`given ${path}: merged before they are found, then they are ours and stand at the survivor`, async (t) => {
      const { tenant, survivor, loser } = await openWithLost('merged')
      control.mergeContacts(tenant.organisation, loser, 'Survivor Ltd')
      await world.work()
      await synced(t, tenant, path, 'd1')
      await synced(t, tenant, role, own)
      t.match(tenant.xero('Invoices'), [{ Type: type, Contact: { ContactID: survivor } }])
      t.equal((await tenant.state(path, 'd1')).xero.id, tenant.xero('Invoices')[0]?.InvoiceID)
      t.equal((await tenant.state(role, own)).xero.id, survivor, 'the contact is the survivor')
      later(world)
      tenant.mark()
      await tenant.sync('full')
      t.strictSame(writes(tenant, '/Invoices'), [], 'nothing is written')
      tenant.checkXero(t)
    })

    t.test(`given ${path}: merged twice and changed by the product meanwhile, then the change arrives`, async (t) => {
      const { tenant, survivor, loser } = await openWithLost('changed')
      const second = control.createContact(tenant.organisation, { Name: 'Second Ltd' })
      control.mergeContacts(tenant.organisation, loser, 'Survivor Ltd')
      control.mergeContacts(tenant.organisation, survivor, 'Second Ltd')
      await tenant.put(path, make('d1', [line('1', { unitPrice: '120' })]))
      await world.work()
      later(world)
      await tenant.sync()
      await synced(t, tenant, path, 'd1')
      t.match(tenant.xero('Invoices'), [{ SubTotal: 120, Contact: { ContactID: second.ContactID } }])
      t.equal(tenant.xero('Invoices').length, 1)
      tenant.checkXero(t)
    })

    t.test(
      `given ${path}: merged before they are found and deleted by the product, then they are removed`,
      async (t) => {
        const { tenant, loser } = await openWithLost('deleted')
        control.mergeContacts(tenant.organisation, loser, 'Survivor Ltd')
        t.equal((await tenant.api('DELETE', `${path}/d1`)).status, 200)
        await world.work()
        later(world)
        await tenant.sync()
        t.match(tenant.xero('Invoices'), [{ Status: /^(VOIDED|DELETED)$/ }])
        t.strictSame(await tenant.queue(), [])
        tenant.checkXero(t)
      },
    )

    t.test(`given ${path}: the lost call never arrived, then they are sent to the survivor`, async (t) => {
      const tenant = await openTrader(world, `never-${path}`)
      await tenant.sync()
      const survivor = control.createContact(tenant.organisation, { Name: 'Survivor Ltd' })
      later(world)
      await tenant.put(path, make('d1', [line('1')]))
      control.faults({
        ...{ kind: 'lost_request', method: 'PUT', path: '/Invoices' },
        ...{ tenantId: tenant.organisationId, times: 3 },
      })
      await tenant.startJob()
      await workNow()
      control.mergeContacts(tenant.organisation, await nameOf(tenant, role, own), 'Survivor Ltd')
      await world.work()
      later(world)
      await tenant.sync()
      await synced(t, tenant, path, 'd1')
      t.match(tenant.xero('Invoices'), [{ SubTotal: 100, Contact: { ContactID: survivor.ContactID } }])
      t.equal(tenant.xero('Invoices').length, 1)
      tenant.checkXero(t)
    })

    t.test(`given ${path}: a person who chooses another contact, then it is a conflict that names both`, async (t) => {
      const { tenant, survivor } = await openWithLost('chosen')
      const [there] = tenant.xero('Invoices')
      control.editInvoice(tenant.organisation, there?.InvoiceID, { Contact: { ContactID: survivor } })
      await world.work()
      const { state, lastError } = await tenant.state(path, 'd1')
      t.match({ state, lastError }, { state: 'conflict', lastError: { code: 'duplicate_number' } })
      t.match(lastError.differences, [{ field: '/contact' }])
      t.match(tenant.xero('Invoices'), [{ Contact: { ContactID: survivor } }], 'the choice stands')
      tenant.checkXero(t)
    })

    t.test(`given ${path}: merged, and a line that a person edits, then the lines alone are told`, async (t) => {
      const { tenant, loser } = await openWithLost('edited')
      control.mergeContacts(tenant.organisation, loser, 'Survivor Ltd')
      const [there] = tenant.xero('Invoices')
      const [first] = there?.LineItems ?? []
      const edited = { ...first, UnitAmount: 90, LineAmount: 90, TaxAmount: 13.5 }
      control.editInvoice(tenant.organisation, there?.InvoiceID, { LineItems: [edited] })
      await world.work()
      const { state, lastError } = await tenant.state(path, 'd1')
      t.match({ state, lastError }, { state: 'conflict', lastError: { code: 'duplicate_number' } })
      const fields: string[] = lastError.differences.map(({ field }: { field: string }) => field)
      t.notOk(fields.includes('/contact'), JSON.stringify(fields))
      tenant.checkXero(t)
    })
  }
})
