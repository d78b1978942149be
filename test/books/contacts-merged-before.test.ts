// Contacts that a person merged before the product's records ever came: the record of the one that lost is the one that is left, and
// no second contact comes back.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { body, contact, later, record, synced, writes } from './support/books.ts'

t.test('books: merged before the first sync', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const loser = {
    Name: 'Kappa Three Ltd',
    EmailAddress: 'k3@kappa.example',
    AccountNumber: 'AC-K3',
    TaxNumber: 'T 333',
  }
  const survivor = { Name: 'Kappa', EmailAddress: 'office@kappa.example', AccountNumber: 'AC-K', TaxNumber: 'T 1' }

  async function merged(name: string, settings: object = {}): Promise<Tenant> {
    const tenant = await openTenant(world, name)
    await tenant.settings(settings)
    control.createContact(tenant.organisation, loser)
    control.createContact(tenant.organisation, survivor)
    control.mergeContacts(tenant.organisation, loser.Name, survivor.Name)
    return tenant
  }
  const living = (tenant: Tenant): string[] =>
    tenant
      .xero('Contacts')
      .filter(({ ContactStatus }) => ContactStatus === 'ACTIVE')
      .map(({ Name }) => Name)

  for (const role of ['customers', 'vendors'] as const) {
    for (const policy of ['pending_wins', 'xero_wins', 'product_wins'])
      t.test(
        `given ${role} with ${policy} and what the lost contact had, then it is the one that is left`,
        async (t) => {
          const tenant = await merged(`before-${role}-${policy}`, { [role]: { conflict: policy } })
          const before = body(contact(tenant, 'Kappa'))
          const said = { id: 'k', name: loser.Name, email: loser.EmailAddress, taxNumber: loser.TaxNumber }
          await tenant.put(role, { ...said, website: 'https://kappa.example' })
          await tenant.sync()
          await synced(t, tenant, role, 'k')
          t.strictSame(body(contact(tenant, 'Kappa')), before, 'what was merged away does not come back')
          t.equal((await tenant.state(role, 'k')).xero.id, before.ContactID)
          t.match(await record(tenant, role, 'k'), { name: 'Kappa', email: 'office@kappa.example', taxNumber: 'T 1' })
          t.match(await tenant.changes(), [{ recordId: 'k', record: { name: 'Kappa' } }])
          await tenant.put(role, { ...said, firstName: 'F', email: 'new@kappa.example' })
          await tenant.sync()
          t.match(contact(tenant, before.ContactID), { FirstName: 'F', EmailAddress: 'new@kappa.example' })
          if (policy !== 'product_wins') t.match(contact(tenant, before.ContactID), { Name: 'Kappa', TaxNumber: 'T 1' })
          later(world)
          tenant.mark()
          await tenant.sync('full')
          t.strictSame(writes(tenant), [])
          tenant.checkXero(t)
        },
      )

    t.test(`given ${role} that say what the lost contact never had, then it arrives`, async (t) => {
      const tenant = await merged(`before-own-${role}`)
      await tenant.put(role, {
        id: 'k',
        name: loser.Name,
        email: 'own@kappa.example',
        accountNumber: loser.AccountNumber,
      })
      await tenant.sync()
      await synced(t, tenant, role, 'k')
      t.match(contact(tenant, 'Kappa'), { EmailAddress: 'own@kappa.example', AccountNumber: 'AC-K' })
      t.strictSame(living(tenant), ['Kappa'])
      tenant.checkXero(t)
    })

    t.test(`given ${role} that are inactive, then the contact that is left stays, and it is shown`, async (t) => {
      const tenant = await merged(`before-inactive-${role}`)
      await tenant.put(role, { id: 'k', name: loser.Name, active: false })
      await tenant.sync()
      await synced(t, tenant, role, 'k')
      t.strictSame(living(tenant), ['Kappa'])
      t.match(await record(tenant, role, 'k'), { active: false })
      t.match((await tenant.api('GET', 'findings')).body.items, [{ code: 'contact_kept_active', recordId: 'k' }])
    })

    t.test(`given ${role} of both names, then one is the contact, and the other says why it is not`, async (t) => {
      const tenant = await merged(`before-both-${role}`)
      await tenant.put(role, { id: 'a', name: loser.Name }, { id: 'b', name: survivor.Name })
      await tenant.sync()
      await synced(t, tenant, role, 'b')
      const { state, lastError } = await tenant.state(role, 'a')
      t.equal(state, 'conflict')
      t.match(lastError, {
        code: 'contact_ambiguous',
        cause: /was merged into "Kappa"/,
        candidates: [{ name: 'Kappa' }],
      })
      t.strictSame(living(tenant), ['Kappa'])
      await tenant.settings({ [role]: { onAmbiguous: 'create' } })
      await tenant.sync()
      await synced(t, tenant, role, 'a')
      t.strictSame(living(tenant).sort(), ['Kappa', 'Kappa Three Ltd'])
      tenant.checkXero(t)
    })
  }

  t.test('given a chain of merges, then it is followed to its end', async (t) => {
    const tenant = await merged('before-chain')
    control.createContact(tenant.organisation, { Name: 'Last' })
    control.mergeContacts(tenant.organisation, survivor.Name, 'Last')
    await tenant.put('customers', { id: 'k', name: loser.Name }, { id: 'n', name: 'Nobody' })
    await tenant.sync()
    await synced(t, tenant, 'customers', 'k', 'n')
    t.equal((await tenant.state('customers', 'k')).xero.id, contact(tenant, 'Last').ContactID)
    t.strictSame(living(tenant).sort(), ['Last', 'Nobody'])
    tenant.checkXero(t)
  })

  t.test('given an account number under another name, then a person decides', async (t) => {
    const tenant = await merged('before-number')
    await tenant.put('customers', { id: 'k', name: 'Somebody else', accountNumber: loser.AccountNumber })
    await tenant.sync()
    const { lastError } = await tenant.state('customers', 'k')
    t.match(lastError, { code: 'contact_ambiguous', candidates: [{ name: 'Kappa' }] })
    await tenant.api('PUT', 'customers/k/link', { xeroId: lastError.candidates[0].id })
    await tenant.sync()
    await synced(t, tenant, 'customers', 'k')
    t.equal(living(tenant).length, 1)
  })

  for (const [name, end] of [
    ['its mailbox under another name', null],
    ['the contact that is left archived', 'archived'],
  ] as const)
    t.test(`given ${name}, then a new contact is created`, async (t) => {
      const tenant = await merged(`before-new-${end}`)
      if (end) control.archiveContact(tenant.organisation, survivor.Name)
      const said = end ? { name: loser.Name } : { name: 'Somebody else', email: loser.EmailAddress }
      await tenant.put('customers', { id: 'k', ...said })
      await tenant.sync()
      await synced(t, tenant, 'customers', 'k')
      t.ok(living(tenant).includes(said.name))
      tenant.checkXero(t)
    })

  t.test('given a contact that was only archived, then it blocks nobody', async (t) => {
    const tenant = await openTenant(world, 'before-archived')
    control.createContact(tenant.organisation, loser)
    control.archiveContact(tenant.organisation, loser.Name)
    await tenant.put('customers', { id: 'k', name: loser.Name, email: loser.EmailAddress })
    await tenant.sync()
    await synced(t, tenant, 'customers', 'k')
    t.strictSame(living(tenant), [loser.Name])
    tenant.checkXero(t)
  })
})
