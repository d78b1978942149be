// A record that is unlinked and meets the same contact or item again: what both had in common is remembered, so that an edit in Xero
// of a value that the product said, and did not change since, is no less an edit than in a record that was linked all the time.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, itemIn, later, record, synced } from './support/books.ts'

const vendor = { id: 'r1', name: 'Ant Co', accountNumber: 'SAID', email: 'said@x.example', taxNumber: 'T1' }
const thing = {
  ...{ id: 'r1', kind: 'service', code: 'IT', name: 'it' },
  ...{ description: 'SAID', salePrice: '3', purchaseDescription: 'bought' },
}
const types = ['vendors', 'items'] as const
type Type = (typeof types)[number]
const said = (type: Type, more: object = {}) => ({ ...(type === 'vendors' ? vendor : thing), ...more })
/** Another field than the one that a person edits. */
const further = (type: Type, value: string) => (type === 'vendors' ? { lastName: value } : { name: value })

t.test('books: edits in Xero around an unlinking', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const pull = async (tenant: Tenant) => {
    await tenant.sync()
    later(world)
  }
  async function open(name: string, settings: object, type: Type): Promise<Tenant> {
    const tenant = await openTenant(world, name, inNewZealand)
    await tenant.settings({ vendors: settings, items: settings })
    await tenant.put(type, said(type))
    await pull(tenant)
    await synced(t, tenant, type, 'r1')
    return tenant
  }
  const unlink = (tenant: Tenant, type: Type) => tenant.api('DELETE', `${type}/r1/link`)
  const idOf = (tenant: Tenant, type: Type) =>
    type === 'vendors' ? contact(tenant, 'Ant Co').ContactID : itemIn(tenant, 'IT').ItemID
  const link = (tenant: Tenant, type: Type, xeroId: string = idOf(tenant, type)) =>
    tenant.api('PUT', `${type}/r1/link`, { xeroId })
  const edit = (tenant: Tenant, type: Type) =>
    type === 'vendors'
      ? control.editContact(tenant.organisation, 'Ant Co', { AccountNumber: 'EDIT' })
      : control.editItem(tenant.organisation, 'IT', { Description: 'EDIT' })
  const standing = (tenant: Tenant, type: Type) =>
    type === 'vendors' ? contact(tenant, 'Ant Co').AccountNumber : itemIn(tenant, 'IT').Description

  const again: Record<string, (tenant: Tenant, type: Type) => Promise<unknown>> = {
    'linked again': link,
    'queued again': (tenant, type) =>
      tenant.api('POST', 'sync-queue-items', { recordType: type.slice(0, -1), recordIds: ['r1'] }),
    'handed over again': (tenant, type) => tenant.put(type, said(type, further(type, 'second'))),
  }
  const moments = ['before', 'after'] as const
  const modes = { off: { import: 'off' }, on: {} }
  for (const type of types)
    for (const [mode, settings] of Object.entries(modes))
      for (const moment of moments)
        for (const [how, act] of Object.entries(again))
          t.test(
            `given ${type}, imports ${mode} and an edit ${moment} the unlinking, when ${how}, then the edit stands`,
            async (t) => {
              const name = [type, mode, moment, how.replaceAll(' ', '-')].join('-')
              const tenant = await open(name, settings, type)
              if (moment === 'before') edit(tenant, type)
              await pull(tenant)
              await unlink(tenant, type)
              if (moment === 'after') edit(tenant, type)
              await pull(tenant)
              await act(tenant, type)
              await pull(tenant)
              await tenant.put(type, said(type, further(type, 'third')))
              await pull(tenant)
              await synced(t, tenant, type, 'r1')
              t.equal(standing(tenant, type), 'EDIT')
              const held = await record(tenant, type, 'r1')
              t.equal(held[type === 'vendors' ? 'accountNumber' : 'description'], mode === 'off' ? 'SAID' : 'EDIT')
              t.match(held, further(type, 'third'))
              tenant.checkXero(t)
            },
          )

  for (const type of types)
    for (const [mode, settings] of Object.entries(modes))
      t.test(
        `given ${type} without a link and imports ${mode}, when both sides change, then each field is taken from its side`,
        async (t) => {
          const tenant = await open(`both-${type}-${mode}`, settings, type)
          await unlink(tenant, type)
          edit(tenant, type)
          const gone = type === 'vendors' ? { taxNumber: undefined } : { purchaseDescription: undefined }
          const own = type === 'vendors' ? { email: 'own@x.example' } : { salePrice: '4' }
          await tenant.put(type, said(type, { ...gone, ...own }))
          await pull(tenant)
          await synced(t, tenant, type, 'r1')
          t.equal(standing(tenant, type), 'EDIT', 'what a person changed')
          if (type === 'vendors') {
            t.equal(contact(tenant, 'Ant Co').EmailAddress, 'own@x.example', 'what the product changed')
            t.notOk(contact(tenant, 'Ant Co').TaxNumber, 'what it took away')
          } else {
            t.match(itemIn(tenant, 'IT'), { SalesDetails: { UnitPrice: 4 } }, 'what the product changed')
            t.notOk(itemIn(tenant, 'IT').PurchaseDescription, 'what it took away')
          }
          tenant.checkXero(t)
        },
      )

  for (const [mode, settings] of Object.entries(modes))
    t.test(
      `given imports ${mode} and a record that was another contact meanwhile, then edits of the first stand`,
      async (t) => {
        const tenant = await open(`elsewhere-${mode}`, settings, 'vendors')
        const { ContactID: first } = contact(tenant, 'Ant Co')
        const other = control.createContact(tenant.organisation, { Name: 'Bee Co', FirstName: 'Bea' })
        await pull(tenant)
        control.archiveContact(tenant.organisation, 'Ant Co')
        await pull(tenant)
        // It leaves the archived one in the same call.
        t.equal((await link(tenant, 'vendors', String(other.ContactID))).status, 200)
        await tenant.put('vendors', said('vendors', { name: 'Bee Co' }))
        await pull(tenant)
        await synced(t, tenant, 'vendors', 'r1')
        await unlink(tenant, 'vendors')
        control.editContact(tenant.organisation, 'Bee Co', { AccountNumber: 'BEE' })
        control.restoreContact(tenant.organisation, 'Ant Co')
        edit(tenant, 'vendors')
        await pull(tenant)
        t.equal((await link(tenant, 'vendors', first)).status, 200)
        await tenant.put('vendors', said('vendors', { name: 'Ant Co', email: 'new@x.example' }))
        await pull(tenant)
        await synced(t, tenant, 'vendors', 'r1')
        const back = contact(tenant, first)
        t.match(back, {
          AccountNumber: 'EDIT',
          TaxNumber: 'T1',
          EmailAddress: 'new@x.example',
          ContactStatus: 'ACTIVE',
        })
        t.notOk(back.FirstName, 'what it learned at the other one stays there')
        if (mode === 'on') t.notOk((await record(tenant, 'vendors', 'r1')).firstName, 'also in the record')
        tenant.checkXero(t)
      },
    )

  t.test(
    'given a record that followed a merge, when it is unlinked and becomes that contact, then nothing is emptied',
    async (t) => {
      const tenant = await openTenant(world, 'followed', inNewZealand)
      control.createContact(tenant.organisation, { Name: 'Survivor', EmailAddress: 's@x.example', TaxNumber: 'ST' })
      await tenant.put('vendors', { id: 'r1', name: 'Loser' }, { id: 'r2', name: 'Survivor' })
      await pull(tenant)
      const { ContactID: left } = contact(tenant, 'Survivor')
      control.mergeContacts(tenant.organisation, 'Loser', 'Survivor')
      await pull(tenant)
      t.equal((await record(tenant, 'vendors', 'r1')).email, 's@x.example', 'learned there')
      await unlink(tenant, 'vendors')
      await tenant.api('DELETE', 'vendors/r2/link')
      t.equal((await link(tenant, 'vendors', left)).status, 200)
      await pull(tenant)
      t.match(contact(tenant, left), { EmailAddress: 's@x.example', TaxNumber: 'ST' })
      tenant.checkXero(t)
    },
  )
})
