// A new customer or vendor whose number or mailbox stands on a contact of a similar name, while another contact bears its very name:
// that one is it, or a person decides; and no invoice or bill goes to the other one before.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { body, contact, synced } from './support/books.ts'

const roles = [
  { role: 'customers', documents: 'invoices', make: customer, document: invoice },
  { role: 'vendors', documents: 'bills', make: vendor, document: bill },
] as const

t.test('books: contacts of nearly the same name', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  for (const { role, documents, make, document } of roles) {
    /** The new record and a document of it, in one job. */
    async function arrives(tenant: Tenant, more: Record<string, unknown>): Promise<void> {
      await tenant.put(role, make('r', more))
      await tenant.put('items', item('s1', { kind: 'service' }))
      await tenant.put(documents, document('d', 'r', ['s1']))
      await tenant.sync()
    }
    const open = (name: string) => openTenant(world, `${role}-${name.replaceAll(/\W+/g, '-')}`)
    const postedTo = (tenant: Tenant) => tenant.xero('Invoices').map(({ Contact }) => Contact.ContactID)

    for (const [name, other] of [
      ['Ant Co', 'Ant Co.'],
      ['Ant Co', 'Ant Company'],
      ['Ant and Co', 'Ant & Co'],
    ] as const) {
      t.test(`given "${other}" with the tax number of ${role} "${name}", then the name decides`, async (t) => {
        const tenant = await open(`tax-${name}-${other.replaceAll(' ', '_')}`)
        const was = control.createContact(tenant.organisation, { Name: other, TaxNumber: 'T1' })
        const own = control.createContact(tenant.organisation, { Name: name })
        await arrives(tenant, { name, taxNumber: 'T1' })
        await synced(t, tenant, role, 'r')
        t.equal((await tenant.state(role, 'r')).xero.id, own.ContactID)
        t.strictSame(postedTo(tenant), [own.ContactID])
        t.strictSame(body(contact(tenant, was.ContactID)), body(was))
        tenant.checkXero(t)
      })
    }

    t.test(
      `given another contact with the account number of ${role}, then it gets none of their documents`,
      async (t) => {
        const tenant = await open('account')
        const was = control.createContact(tenant.organisation, { Name: 'Ant Co.', AccountNumber: 'A1' })
        const own = control.createContact(tenant.organisation, { Name: 'Ant Co' })
        await arrives(tenant, { name: 'Ant Co', accountNumber: 'A1' })
        t.match(await tenant.state(role, 'r'), {
          xero: { id: own.ContactID },
          lastError: { code: 'account_number_taken', candidates: [{ id: was.ContactID }] },
        })
        t.strictSame(postedTo(tenant), [own.ContactID])
        t.strictSame(body(contact(tenant, was.ContactID)), body(was))
        tenant.checkXero(t)
      },
    )

    t.test(`given the contact of the name archived, when ${role} come, then the number decides`, async (t) => {
      const tenant = await open('archived')
      const was = control.createContact(tenant.organisation, { Name: 'Ant Co.', TaxNumber: 'T1' })
      control.createContact(tenant.organisation, { Name: 'Ant Co', ContactStatus: 'ARCHIVED' })
      await arrives(tenant, { name: 'Ant Co', taxNumber: 'T1' })
      await synced(t, tenant, role, 'r')
      t.match(contact(tenant, was.ContactID), { Name: 'Ant Co' })
      t.strictSame(postedTo(tenant), [was.ContactID])
      tenant.checkXero(t)
    })

    for (const [what, key, ours] of [
      ['a tax number', { TaxNumber: 'T1' }, { taxNumber: 'T1' }],
      ['a mailbox', { EmailAddress: 'ant@n.example' }, { email: 'ant@n.example' }],
    ] as const) {
      t.test(`given the name at other ${role}, when ${what} fits a similar one, then a person decides`, async (t) => {
        const tenant = await open(`held-${what}`)
        await tenant.put(role, make('first', { name: 'Ant Co', email: 'first@n.example' }))
        await tenant.sync()
        const was = control.createContact(tenant.organisation, { Name: 'Ant Co.', ...key })
        await arrives(tenant, { name: 'Ant Co', email: 'second@n.example', ...ours })
        t.match(await tenant.state(role, 'r'), {
          state: 'conflict',
          xero: null,
          lastError: { code: 'contact_ambiguous', cause: /has the name/, candidates: { length: 2 } },
        })
        t.match(await tenant.state(documents, 'd'), { state: 'blocked' })
        t.strictSame(postedTo(tenant), [])
        t.strictSame(body(contact(tenant, was.ContactID)), body(was))
        await tenant.put(role, make('r', { name: 'Ant Co', email: 'second@n.example', ...ours }))
        await tenant.put(role, make('first', { name: 'Ant Co (old)', email: 'first@n.example' }))
        await tenant.sync()
        await tenant.sync()
        await synced(t, tenant, role, 'first', 'r')
        t.match(contact(tenant, was.ContactID), { Name: 'Ant Co' })
        t.strictSame(postedTo(tenant), [was.ContactID])
        tenant.checkXero(t)
      })
    }

    t.test(
      `given that names are no key of ${role}, when a number fits a similar one, then both are named`,
      async (t) => {
        const tenant = await open('no-key')
        await tenant.settings({ [role]: { matchBy: ['taxNumber'] } })
        const was = control.createContact(tenant.organisation, { Name: 'Ant Co.', TaxNumber: 'T1' })
        const own = control.createContact(tenant.organisation, { Name: 'Ant Co' })
        await arrives(tenant, { name: 'Ant Co', taxNumber: 'T1' })
        const { state, lastError } = await tenant.state(role, 'r')
        t.match([state, lastError.code], ['conflict', 'contact_ambiguous'])
        t.strictSame(
          lastError.candidates.map(({ id }: { id: string }) => id).sort(),
          [was.ContactID, own.ContactID].sort(),
        )
        t.strictSame(postedTo(tenant), [])
        tenant.checkXero(t)
      },
    )
  }
})
