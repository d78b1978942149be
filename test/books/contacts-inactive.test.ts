// Customers and vendors that are not active. Only a person can restore an archived contact: one is archived when nobody needs it
// any more, and never because the product does not know who else does.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, later, record, synced, writes } from './support/books.ts'
import { purchaseFrom, saleTo, service } from './support/trading.ts'

t.test('books: contacts inactive', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const status = (tenant: Tenant, name: string) => contact(tenant, name)?.ContactStatus

  for (const [first, second] of [
    ['customers', 'vendors'],
    ['vendors', 'customers'],
  ] as const)
    t.test(`given one contact of two roles, when ${first} leave, then it lives as long as the other`, async (t) => {
      const tenant = await openTenant(world, `inactive-${first}`, inNewZealand)
      await tenant.put('items', service('s1'))
      await tenant.put('customers', { id: 'r', name: 'Both Ltd' })
      await tenant.put('vendors', { id: 'r', name: 'Both Ltd' })
      await tenant.sync()
      await tenant.put(first, { id: 'r', name: 'Both Ltd', active: false })
      await tenant.sync()
      t.equal(status(tenant, 'Both Ltd'), 'ACTIVE')
      await synced(t, tenant, first, 'r')
      t.match(await record(tenant, first, 'r'), { active: false })
      t.match(await record(tenant, second, 'r'), { active: true })
      await tenant.put(
        second === 'vendors' ? 'bills' : 'invoices',
        second === 'vendors' ? purchaseFrom('d', 'r') : saleTo('d', 'r'),
      )
      await tenant.sync()
      await synced(t, tenant, second === 'vendors' ? 'bills' : 'invoices', 'd')
      later(world)
      await tenant.sync('full')
      t.equal(status(tenant, 'Both Ltd'), 'ACTIVE')
      t.match(await record(tenant, first, 'r'), { active: false }, 'and an import does not bring it back')
      await tenant.put(second, { id: 'r', name: 'Both Ltd', active: false })
      await tenant.sync()
      t.equal(status(tenant, 'Both Ltd'), 'ARCHIVED', 'with the last one it goes')
      await synced(t, tenant, first, 'r')
      await synced(t, tenant, second, 'r')
      tenant.checkXero(t)
    })

  t.test(
    'given one contact of two roles, when one is inactive and the other deleted, then it is archived',
    async (t) => {
      const tenant = await openTenant(world, 'inactive-deleted')
      await tenant.put('customers', { id: 'r', name: 'Both Ltd' })
      await tenant.put('vendors', { id: 'r', name: 'Both Ltd' })
      await tenant.sync()
      await tenant.put('customers', { id: 'r', name: 'Both Ltd', active: false })
      await tenant.sync()
      await tenant.api('DELETE', 'vendors/r')
      await tenant.sync()
      t.equal(status(tenant, 'Both Ltd'), 'ARCHIVED')
      tenant.checkXero(t)
    },
  )

  for (const role of ['customers', 'vendors'] as const)
    t.test(
      `given two ${role} merged into one contact, when one leaves, then it lives as long as the other`,
      async (t) => {
        const tenant = await openTenant(world, `inactive-merged-${role}`)
        await tenant.put(role, { id: 'a', name: 'One' }, { id: 'b', name: 'Two' })
        await tenant.sync()
        later(world)
        control.mergeContacts(tenant.organisation, 'One', 'Two')
        await tenant.sync()
        for (const id of ['a', 'b']) {
          t.equal(status(tenant, 'Two'), 'ACTIVE')
          await tenant.put(role, { id, name: 'Two', active: false })
          await tenant.sync()
          await synced(t, tenant, role, 'a', 'b')
          t.match(await record(tenant, role, id), { active: false })
        }
        t.equal(status(tenant, 'Two'), 'ARCHIVED')
        tenant.checkXero(t)
      },
    )

  for (const [leaving, coming] of [
    ['customers', 'vendors'],
    ['vendors', 'customers'],
  ] as const)
    t.test(
      `given ${leaving} that leave and new ${coming} of that name in one job, then the contact stays`,
      async (t) => {
        const tenant = await openTenant(world, `inactive-new-${coming}`)
        await tenant.put(leaving, { id: 'r', name: 'V' })
        await tenant.sync()
        const id = contact(tenant, 'V').ContactID
        await tenant.put(leaving, { id: 'r', name: 'V', active: false })
        await tenant.put(coming, { id: 'n', name: 'V' })
        await tenant.sync()
        t.equal(status(tenant, 'V'), 'ACTIVE')
        await synced(t, tenant, leaving, 'r')
        await synced(t, tenant, coming, 'n')
        t.equal((await tenant.state(coming, 'n')).xero.id, id)
        t.match(await record(tenant, coming, 'n'), { active: true })
        tenant.checkXero(t)
      },
    )

  for (const role of ['customers', 'vendors'] as const) {
    t.test(`given new ${role} that are not active, then nothing is created before they are`, async (t) => {
      const tenant = await openTenant(world, `dead-${role}`)
      await tenant.put(role, { id: 'd', name: 'Dead Ltd', active: false })
      const job = await tenant.sync()
      t.equal(job.status, 'completed')
      await tenant.sync('full')
      t.strictSame(tenant.xero('Contacts'), [])
      t.match(await tenant.state(role, 'd'), { state: 'excluded', lastError: { code: 'inactive_not_sent' } })
      await tenant.put(role, { id: 'd', name: 'Dead Ltd', active: true })
      await tenant.sync()
      await synced(t, tenant, role, 'd')
      t.equal(status(tenant, 'Dead Ltd'), 'ACTIVE')
      await tenant.put(role, { id: 'd', name: 'Dead Ltd', active: false })
      await tenant.sync()
      t.equal(status(tenant, 'Dead Ltd'), 'ARCHIVED', 'from active to inactive it is archived')
      tenant.checkXero(t)
    })

    t.test(`given new ${role} that are not active and a contact of theirs that is, then it stays active`, async (t) => {
      const tenant = await openTenant(world, `met-${role}`)
      control.createContact(tenant.organisation, { Name: 'Known Ltd', EmailAddress: 'k@known.example' })
      await tenant.put(role, { id: 'k', name: 'Known Ltd', active: false })
      await tenant.sync()
      await synced(t, tenant, role, 'k')
      await tenant.put(role, { id: 'k', name: 'Known Ltd', firstName: 'K', active: false })
      await tenant.sync()
      await synced(t, tenant, role, 'k')
      t.match(contact(tenant, 'Known Ltd'), { ContactStatus: 'ACTIVE', FirstName: 'K' })
      t.match(await record(tenant, role, 'k'), { active: false })
      const { body: findings } = await tenant.api('GET', 'findings')
      t.match(findings.items, [{ code: 'contact_kept_active', recordId: 'k' }])
      await tenant.put(role, { id: 'k', name: 'Known Ltd', firstName: 'K', active: true })
      await tenant.sync()
      await tenant.put(role, { id: 'k', name: 'Known Ltd', firstName: 'K', active: false })
      await tenant.sync()
      t.equal(status(tenant, 'Known Ltd'), 'ARCHIVED')
      t.strictSame((await tenant.api('GET', 'findings')).body.items, [])
      tenant.checkXero(t)
    })

    for (const when of ['at once', 'later'])
      t.test(`given new ${role} that are not active, when a document needs them ${when}, then both go`, async (t) => {
        const tenant = await openTenant(world, `needed-${role}-${when.replace(' ', '-')}`, inNewZealand)
        const [documents, make] =
          role === 'customers' ? (['invoices', saleTo] as const) : (['bills', purchaseFrom] as const)
        await tenant.put('items', service('s1'))
        await tenant.put(
          role,
          { id: 'd', name: 'Dead Ltd', active: false },
          { id: 'e', name: 'Deader Ltd', active: false },
        )
        if (when === 'later') await tenant.sync()
        await tenant.put(documents, make('x', 'd'))
        await tenant.sync()
        await synced(t, tenant, documents, 'x')
        await synced(t, tenant, role, 'd')
        t.match(await record(tenant, role, 'd'), { active: false })
        t.equal(status(tenant, 'Dead Ltd'), 'ACTIVE')
        t.equal(tenant.xero('Contacts').length, 1)
        tenant.mark()
        await tenant.sync('full')
        t.strictSame(writes(tenant), [])
        tenant.checkXero(t)
      })
  }

  for (const role of ['customers', 'vendors'] as const)
    for (const isWaiting of [false, true])
      t.test(
        `given a change of ${role} ${isWaiting ? 'that waits' : 'of the same request'}, when one leaves, then both arrive`,
        async (t) => {
          const tenant = await openTenant(world, `leaving-${role}-${isWaiting}`)
          const before = { id: 'l', name: 'Leaving Ltd', email: 'old@leaving.example', accountNumber: 'A1' }
          const { accountNumber: _, ...after } = { ...before, email: 'new@leaving.example' }
          await tenant.put(role, before, { id: 'k', name: 'Staying Ltd' })
          await tenant.sync()
          if (isWaiting) await tenant.put(role, after)
          await tenant.put(role, { ...after, active: false }, { id: 'k', name: 'Staying Ltd', active: false })
          tenant.mark()
          await tenant.sync()
          await synced(t, tenant, role, 'l', 'k')
          const left = { ContactStatus: 'ARCHIVED', EmailAddress: 'new@leaving.example', AccountNumber: undefined }
          t.match(contact(tenant, 'Leaving Ltd'), left)
          t.equal(status(tenant, 'Staying Ltd'), 'ARCHIVED')
          t.equal(writes(tenant).length, 2, 'what is to be said, then both are archived')
          t.strictSame((await tenant.api('GET', 'findings')).body.items, [])
          control.restoreContact(tenant.organisation, 'Leaving Ltd')
          later(world)
          await tenant.sync()
          t.match(await record(tenant, role, 'l'), { active: true, email: 'new@leaving.example' })
          tenant.checkXero(t)
        },
      )
})
