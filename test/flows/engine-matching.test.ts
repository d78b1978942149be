// Matching: what Xero holds already is linked and not doubled; what is not clear waits for a person.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'

t.test('matching', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  t.test(
    'given contacts in Xero, when customers come, then each key finds its contact, and none is doubled',
    async (t) => {
      const tenant = await openTenant(world, 'keys')
      const create = (fields: object) => control.createContact(tenant.organisation, { ...fields }).ContactID
      const expected = {
        number: create({ Name: 'By Number', ContactNumber: 'C-number' }),
        account: create({ Name: 'By Account', AccountNumber: 'ACC-1' }),
        tax: create({ Name: 'By Tax', TaxNumber: '53 004 085 616' }),
        email: create({ Name: 'By Email Limited', EmailAddress: 'found@example.com' }),
        name: create({ Name: 'By  Name' }),
      }
      await tenant.put(
        'customers',
        customer('number', { name: 'By Number Ltd' }),
        customer('account', { name: 'By Account Ltd', accountNumber: 'acc-1' }),
        customer('tax', { name: 'By Tax Ltd', taxNumber: '53 004 085 616' }),
        customer('email', { name: 'By Email Ltd', email: 'FOUND@example.com' }),
        customer('name', { name: 'by name' }),
        customer('new', { name: 'Nobody has this' }),
      )
      const job = await tenant.sync()
      t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
      for (const [id, xeroId] of Object.entries(expected)) {
        const sync = await tenant.state('customers', id)
        t.equal(sync.xero.id, xeroId, `found by ${id}`)
        t.equal(sync.state, 'synced')
      }
      t.equal(tenant.xero('Contacts').length, 6)
      t.equal(tenant.calls('PUT /Contacts').length, 1, 'only the new one was created')
      tenant.checkXero(t)
    },
  )

  t.test(
    'given two keys that find different contacts, when a customer comes, then the earlier key decides',
    async (t) => {
      const tenant = await openTenant(world, 'order')
      control.createContact(tenant.organisation, { Name: 'By Name' })
      const byEmail = control.createContact(tenant.organisation, { Name: 'Mail', EmailAddress: 'c1@example.com' })
      await tenant.settings({ customers: { matchBy: ['email', 'name'], onEmailOnly: 'match' } })
      await tenant.put('customers', customer('c1', { name: 'By Name' }))
      await tenant.sync()
      // Xero refuses the name, which the other contact has: but the right contact was chosen.
      t.equal((await tenant.state('customers', 'c1')).xero.id, byEmail.ContactID)
      t.equal(tenant.xero('Contacts').length, 2)
      tenant.checkXero(t)
    },
  )

  t.test('given several contacts that fit, when a customer comes, then it waits until a person links it', async (t) => {
    const tenant = await openTenant(world, 'ambiguous')
    control.createContact(tenant.organisation, { Name: 'Twin 1', EmailAddress: 'twin@example.com' })
    const right = control.createContact(tenant.organisation, { Name: 'Twin 2', EmailAddress: 'twin@example.com' })
    await tenant.put('items', item('s1', { kind: 'service' }))
    await tenant.put('customers', customer('c1', { name: 'Twin', email: 'twin@example.com' }))
    await tenant.put('invoices', invoice('v1', 'c1', ['s1']))
    const job = await tenant.sync()
    t.equal(job.status, 'completed_with_errors')
    const conflict = await tenant.state('customers', 'c1')
    t.match(conflict, { state: 'conflict', lastError: { code: 'contact_ambiguous' } })
    t.match(conflict.lastError.cause, String(right.ContactID), 'names the candidates')
    t.match(await tenant.state('invoices', 'v1'), { state: 'blocked' })
    t.equal(tenant.xero('Contacts').length, 2, 'none was created')
    const linked = await tenant.api('PUT', 'customers/c1/link', { xeroId: right.ContactID })
    t.equal(linked.status, 200, JSON.stringify(linked.body))
    const second = await tenant.sync()
    t.equal(second.status, 'completed', JSON.stringify(await tenant.errors(second.id)))
    t.equal((await tenant.state('customers', 'c1')).xero.id, right.ContactID)
    t.equal((await tenant.state('invoices', 'v1')).state, 'synced')
    t.equal(tenant.xero('Contacts').find((one) => one.ContactID === right.ContactID).Name, 'Twin')
    tenant.checkXero(t)
  })

  t.test('given onAmbiguous "create", when several contacts fit, then the customer gets one of its own', async (t) => {
    const tenant = await openTenant(world, 'create')
    await tenant.settings({ customers: { onAmbiguous: 'create' } })
    for (const name of ['Twin 1', 'Twin 2'])
      control.createContact(tenant.organisation, { Name: name, EmailAddress: 'twin@example.com' })
    await tenant.put('customers', customer('c1', { email: 'twin@example.com' }))
    await tenant.sync()
    t.equal(tenant.xero('Contacts').length, 3)
    t.equal((await tenant.state('customers', 'c1')).state, 'synced')
    tenant.checkXero(t)
  })

  t.test('given an archived contact that fits, when a customer comes, then it gets a contact of its own', async (t) => {
    const tenant = await openTenant(world, 'archived')
    const fields = { Name: 'Old Friend', ContactNumber: 'C-c1', EmailAddress: 'old@example.com' }
    control.createContact(tenant.organisation, fields)
    control.archiveContact(tenant.organisation, 'Old Friend')
    await tenant.put('customers', customer('c1', { name: 'Old Friend', email: 'old@example.com' }))
    const job = await tenant.sync()
    t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
    t.match(await tenant.state('customers', 'c1'), { state: 'synced', xero: { number: 'C-c1~2' } })
    t.strictSame(
      tenant
        .xero('Contacts')
        .map((one) => one.ContactStatus)
        .sort(),
      ['ACTIVE', 'ARCHIVED'],
    )
    tenant.checkXero(t)
  })

  t.test('given two customers that fit one contact, when they come, then only one of them is it', async (t) => {
    const tenant = await openTenant(world, 'rivals')
    control.createContact(tenant.organisation, { Name: 'Shared', EmailAddress: 'shared@example.com' })
    await tenant.settings({ customers: { onEmailOnly: 'match' } })
    await tenant.put('customers', customer('c1', { email: 'shared@example.com' }))
    await tenant.put('customers', customer('c2', { email: 'shared@example.com' }))
    await tenant.sync()
    const ids = [(await tenant.state('customers', 'c1')).xero?.id, (await tenant.state('customers', 'c2')).xero?.id]
    t.equal(new Set(ids).size, 2)
    t.equal(tenant.xero('Contacts').length, 2)
    tenant.checkXero(t)
  })

  t.test('given a customer and a vendor of one contact, when they come, then both are that contact', async (t) => {
    const tenant = await openTenant(world, 'both')
    const contact = control.createContact(tenant.organisation, { Name: 'Buys And Sells' })
    await tenant.put('customers', customer('x', { name: 'Buys And Sells' }))
    await tenant.put('vendors', customer('x', { name: 'Buys And Sells' }))
    const job = await tenant.sync()
    t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
    t.equal((await tenant.state('customers', 'x')).xero.id, contact.ContactID)
    t.equal((await tenant.state('vendors', 'x')).xero.id, contact.ContactID)
    t.equal(tenant.xero('Contacts').length, 1)
    tenant.checkXero(t)
  })

  t.test('given one new customer behind a thousand known ones, when a job runs, then it is matched too', async (t) => {
    const tenant = await openTenant(world, 'behind')
    const known = (type: string) => Array.from({ length: 1_000 }, (_, n) => customer(`c${n}`, { type }))
    await tenant.put('customers', ...known('before'))
    await tenant.sync()
    world.clock.advance(60 * 60_000)
    const contact = control.createContact(tenant.organisation, { Name: 'Met Limited', EmailAddress: 'met@example.com' })
    await tenant.put('customers', ...known('after'))
    await tenant.put('customers', customer('new', { name: 'Met Ltd', email: 'met@example.com' }))
    t.equal((await tenant.sync()).status, 'completed')
    t.equal((await tenant.state('customers', 'new')).xero.id, contact.ContactID)
    t.equal(tenant.xero('Contacts').length, 1_001)
    tenant.checkXero(t)
  })

  t.test(
    'given an item in Xero with the same code in other letters, when it comes, then it is that item',
    async (t) => {
      const tenant = await openTenant(world, 'item')
      const existing = control.createItem(tenant.organisation, { Code: 'sku-S1', Name: 'From Xero' })
      await tenant.put('items', item('s1', { kind: 'service' }))
      await tenant.sync()
      t.equal((await tenant.state('items', 's1')).xero.id, existing.ItemID)
      t.equal(tenant.xero('Items').length, 1)
      t.equal(tenant.xero('Items')[0].Name, 'Item s1')
      tenant.checkXero(t)
    },
  )

  for (const inXero of [true, false]) {
    t.test(
      `given two records with one code, ${inXero ? '' : 'not '}in Xero, then the second is a conflict`,
      async (t) => {
        const tenant = await openTenant(world, `codes-${inXero}`)
        if (inXero) control.createItem(tenant.organisation, { Code: 'SAME', Name: 'From Xero' })
        await tenant.put(
          'items',
          item('s1', { kind: 'service', code: 'SAME' }),
          item('s2', { kind: 'service', code: inXero ? 'same' : 'SAME' }),
        )
        const job = await tenant.sync()
        t.equal(job.status, 'completed_with_errors')
        const states = await Promise.all(['s1', 's2'].map((id) => tenant.state('items', id)))
        t.strictSame(states.map((one) => one.state).sort(), ['conflict', 'synced'])
        t.match(
          states.find((one) => one.state === 'conflict'),
          { lastError: { code: 'duplicate_number', cause: /s[12]/ } },
        )
        await tenant.put('items', item('s3', { kind: 'service', code: 'Same' }))
        t.equal((await tenant.sync()).status, 'completed_with_errors', 'a later one is no better off')
        t.equal(tenant.xero('Items').length, 1)
        tenant.checkXero(t)
      },
    )
  }

  t.test(
    'given an imported record, when the product hands it over, then it goes on under the id of the product',
    async (t) => {
      const tenant = await openTenant(world, 'adopted')
      const existing = control.createItem(tenant.organisation, { Code: 'SKU-s1', Name: 'From Xero' })
      await tenant.sync()
      t.match(await tenant.changes(), [{ operation: 'created', recordId: existing.ItemID, recordType: 'item' }])
      await tenant.put('items', item('s1', { kind: 'service' }))
      t.equal((await tenant.sync()).status, 'completed')
      t.equal((await tenant.state('items', 's1')).xero.id, existing.ItemID)
      t.equal((await tenant.api('GET', `items/${existing.ItemID}`)).status, 404, 'the interim id is gone')
      t.match(await tenant.changes(1), [{ operation: 'deleted', recordId: existing.ItemID }])
      t.equal((await tenant.api('GET', 'items')).body.items.length, 1)
      tenant.checkXero(t)
    },
  )
})
