// A customer or vendor that a person links to another contact while documents of it stand at the one of before: those say so, and go
// over when they are sent again, as far as Xero lets them.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, later, type Row, synced, writes } from './support/books.ts'

const line = { id: '1', description: 'W', quantity: '1', unitPrice: '10', taxCode: 'GST' }
const common = { date: '2026-11-20', lines: [line] }
const kinds = {
  customers: {
    documents: 'invoices',
    one: (id: string) => ({ id, number: `N-${id}`, customerId: 'r1', status: 'shipped', ...common }),
    isIt: ({ InvoiceNumber }: Row, id: string) => InvoiceNumber === `N-${id}`,
  },
  vendors: {
    documents: 'bills',
    one: (id: string) => ({
      id,
      number: id,
      vendorInvoiceNumber: `V-${id}`,
      vendorId: 'r1',
      status: 'received',
      ...common,
    }),
    isIt: ({ InvoiceNumber }: Row, id: string) => InvoiceNumber === `V-${id}`,
  },
} as const
type Kind = keyof typeof kinds

t.test('books: documents of a record that is another contact', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const pull = async (tenant: Tenant) => {
    await tenant.sync()
    later(world)
  }
  const at = (tenant: Tenant, kind: Kind, id: string) => {
    const found = tenant.xero('Invoices').filter((one) => kinds[kind].isIt(one, id))
    t.equal(found.length, 1, `${id} stands there once`)
    return found[0]?.Contact.ContactID
  }
  const outdated = async (tenant: Tenant, kind: Kind, ...ids: string[]) => {
    for (const id of ids) {
      const { state, lastError } = await tenant.state(kinds[kind].documents, id)
      t.match({ state, code: lastError?.code }, { state: 'outdated', code: 'contact_relinked' })
    }
  }
  const link = async (tenant: Tenant, kind: Kind, xeroId: unknown) =>
    t.equal((await tenant.api('PUT', `${kind}/r1/link`, { xeroId })).status, 200)
  const unlink = (tenant: Tenant, kind: Kind) => tenant.api('DELETE', `${kind}/r1/link`)

  /** Two documents at "First"; the record is linked to nothing. */
  async function left(name: string, kind: Kind) {
    const tenant = await openTenant(world, `${name}-${kind}`, inNewZealand)
    const { documents, one } = kinds[kind]
    await tenant.put(kind, { id: 'r1', name: 'First' })
    await tenant.put(kind, { id: 'r2', name: 'Third' })
    await tenant.put(documents, one('d1'), one('d2'))
    const other = control.createContact(tenant.organisation, { Name: 'Second' })
    await pull(tenant)
    await synced(t, tenant, documents, 'd1', 'd2')
    const first = contact(tenant, 'First').ContactID
    await unlink(tenant, kind)
    await synced(t, tenant, documents, 'd1', 'd2')
    return { tenant, first, second: other.ContactID }
  }

  for (const kind of ['customers', 'vendors'] as const) {
    const { documents } = kinds[kind]
    const type = documents.slice(0, -1)
    t.test(
      `given ${documents}, when their contact is linked elsewhere, then they say so and can be moved`,
      async (t) => {
        const { tenant, first, second } = await left('moved', kind)
        const paid = tenant.xero('Invoices').find((one) => kinds[kind].isIt(one, 'd2'))
        control.payInvoice(tenant.organisation, paid?.InvoiceNumber as string)
        await link(tenant, kind, second)
        await outdated(tenant, kind, 'd1', 'd2')
        tenant.mark()
        await pull(tenant)
        t.strictSame(writes(tenant, '/Invoices'), [], 'nothing moves unasked')
        await tenant.api('POST', 'sync-queue-items', { recordType: type, recordIds: ['d1'] })
        const [item] = (await tenant.queue()).filter(({ recordId }) => recordId === 'd1')
        await tenant.api('DELETE', `sync-queue-items/${item?.id}?force=true`)
        t.match(await tenant.state(documents, 'd1'), { state: 'outdated', lastError: { code: 'change_withdrawn' } })
        await tenant.api('POST', 'sync-queue-items', { recordType: type, recordIds: ['d1', 'd2'] })
        await pull(tenant)
        await synced(t, tenant, documents, 'd1')
        t.equal(at(tenant, kind, 'd1'), second)
        // Of a paid bill Xero lets the contact be changed, of a paid invoice nothing.
        if (kind === 'vendors') await synced(t, tenant, documents, 'd2')
        else t.match(await tenant.state(documents, 'd2'), { state: 'failed', lastError: { code: 'not_modifiable' } })
        t.equal(at(tenant, kind, 'd2'), kind === 'vendors' ? second : first)
        tenant.checkXero(t)
      },
    )

    t.test(`given ${documents}, when their contact is linked back, then they are in line again`, async (t) => {
      const { tenant, first, second } = await left('back', kind)
      await link(tenant, kind, second)
      await outdated(tenant, kind, 'd1', 'd2')
      await unlink(tenant, kind)
      await link(tenant, kind, first)
      await synced(t, tenant, documents, 'd1', 'd2')
      tenant.mark()
      await pull(tenant)
      t.strictSame(writes(tenant, '/Invoices'), [])
      t.equal(at(tenant, kind, 'd1'), first)
      tenant.checkXero(t)
    })

    t.test(`given ${documents} that a person moves in Xero, when the sweep runs, then they say so`, async (t) => {
      const { tenant, second } = await left('by-hand', kind)
      await link(tenant, kind, second)
      await outdated(tenant, kind, 'd1', 'd2')
      const move = (id: string, to: unknown) => {
        const there = tenant.xero('Invoices').find((one) => kinds[kind].isIt(one, id))
        control.editInvoice(tenant.organisation, there?.InvoiceID as string, { Contact: { ContactID: to } })
      }
      const sweep = async () => {
        later(world)
        await world.house.sweep()
      }
      await sweep()
      await outdated(tenant, kind, 'd1', 'd2')
      move('d1', second)
      move('d2', contact(tenant, 'Third').ContactID)
      tenant.mark()
      await sweep()
      await synced(t, tenant, documents, 'd1')
      await outdated(tenant, kind, 'd2')
      await pull(tenant)
      t.strictSame(writes(tenant, '/Invoices'), [], 'nothing is due')
      await tenant.put(documents, { ...kinds[kind].one('d1'), date: '2026-11-21' })
      await pull(tenant)
      await synced(t, tenant, documents, 'd1')
      t.equal(at(tenant, kind, 'd1'), second, 'a later change goes where it stands')
      tenant.checkXero(t)
    })

    t.test(
      `given ${documents} that went along with a merge, when the contact is linked to, then they are in line`,
      async (t) => {
        const { tenant, second } = await left('merged', kind)
        control.mergeContacts(tenant.organisation, 'First', 'Second')
        await pull(tenant)
        await link(tenant, kind, second)
        await synced(t, tenant, documents, 'd1', 'd2')
        t.equal(at(tenant, kind, 'd1'), second)
        tenant.checkXero(t)
      },
    )

    t.test(
      `given ${documents} of an archived contact, when a new one is made, then they say where they stand`,
      async (t) => {
        const tenant = await openTenant(world, `anew-${kind}`, inNewZealand)
        await tenant.put(kind, { id: 'r1', name: 'First' })
        await tenant.put(documents, kinds[kind].one('d1'))
        await pull(tenant)
        const first = contact(tenant, 'First').ContactID
        control.archiveContact(tenant.organisation, 'First')
        await pull(tenant)
        await unlink(tenant, kind)
        await pull(tenant)
        await synced(t, tenant, kind, 'r1')
        await outdated(tenant, kind, 'd1')
        t.equal(at(tenant, kind, 'd1'), first)
        tenant.checkXero(t)
      },
    )
  }
})
