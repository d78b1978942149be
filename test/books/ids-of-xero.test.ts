// An import makes records under Xero's ids. A product that uses such an id for a record of its own keeps that record.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { item } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { body, byHand, contact, itemIn, record, synced } from './support/books.ts'
import { oddAnswers } from './support/odd-answers.ts'
import { openTrader, purchaseFrom, saleTo } from './support/trading.ts'

t.test('books: ids of Xero', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const importing = { import: 'updates_and_new' }

  t.test('given records of ours under ids of Xero, when jobs run, then nobody takes their place', async (t) => {
    const tenant = await openTenant(world, 'same-ids')
    await tenant.settings({ customers: importing, vendors: importing, items: importing })
    const theirs = control.createContact(tenant.organisation, { Name: 'Theirs', EmailAddress: 't@theirs.example' })
    for (const type of ['ACCREC', 'ACCPAY'] as const)
      control.createInvoice(tenant.organisation, byHand(type, theirs.ContactID))
    const thing = control.createItem(tenant.organisation, { Code: 'THING', Name: 'Thing' })
    const [contactId, itemId] = [String(theirs.ContactID), String(thing.ItemID)]
    await tenant.put('customers', { id: contactId, name: 'Ours' })
    await tenant.put('vendors', { id: contactId, name: 'Ours too' })
    await tenant.put('items', item(itemId, { kind: 'service', code: 'OURS', name: 'Ours' }))
    await tenant.sync()
    await tenant.sync('full')
    for (const [path, id, name] of [
      ['customers', contactId, 'Ours'],
      ['vendors', contactId, 'Ours too'],
      ['items', itemId, 'Ours'],
    ] as const) {
      await synced(t, tenant, path, id)
      t.equal((await record(tenant, path, id)).name, name, `${path}: the record is the product's`)
      t.not((await tenant.state(path, id)).xero.id, id, `${path}: it is linked to what was made for it`)
      t.notOk(
        (await tenant.changes()).some((change) => change.operation === 'created'),
        'and the feed does not say otherwise',
      )
    }
    t.strictSame(body(contact(tenant, contactId)), body(theirs))
    t.strictSame(body(itemIn(tenant, itemId)), body(thing))
    const free = (await tenant.api('GET', 'unassigned-contacts')).body.items
    t.match(free, [{ xeroId: contactId, name: 'Theirs' }], 'it waits to be adopted')

    const findings = async () =>
      (await tenant.api('GET', 'findings')).body.items
        .map((one: { recordType: string; code: string }) => `${one.recordType} ${one.code}`)
        .sort()
    t.strictSame(await findings(), ['customer id_in_use', 'item id_in_use', 'vendor id_in_use'], 'support is told')
    const told = (await tenant.api('GET', 'findings')).body.items.find(
      (one: { recordType: string }) => one.recordType === 'item',
    )
    t.match(told, { recordId: itemId, xeroId: itemId, detail: /THING/, action: /PUT …\/items\/\{id\}\/link/ })
    t.equal((await tenant.api('PUT', 'items/other-thing/link', { xeroId: itemId })).status, 200)
    t.strictSame(await findings(), ['customer id_in_use', 'vendor id_in_use'], 'the call that it names ends it')

    // Under another id it is.
    t.equal((await tenant.api('PUT', 'customers/another/link', { xeroId: contactId })).status, 200)
    await tenant.sync()
    t.equal((await record(tenant, 'customers', 'another')).name, 'Theirs')
    tenant.checkXero(t)
  })

  t.test('given an imported record that the product changed and unlinked, then its content stays', async (t) => {
    const tenant = await openTenant(world, 'unlinked')
    await tenant.settings({ items: importing })
    const thing = control.createItem(tenant.organisation, { Code: 'THING', Name: 'Thing' })
    const id = String(thing.ItemID)
    await tenant.sync()
    await tenant.put('items', item(id, { kind: 'service', code: 'THING', name: 'Our thing' }))
    await tenant.sync()
    await tenant.api('DELETE', `items/${id}/link`)
    control.editItem(tenant.organisation, 'THING', { Name: 'Their thing' })
    await tenant.sync('full')
    t.equal((await record(tenant, 'items', id)).name, 'Our thing')
    tenant.checkXero(t)
  })

  t.test('given ids in upper case, in requests and in answers, then they are the same ids', async (t) => {
    const tenant = await openTrader(world, 'upper-case')
    const odd = oddAnswers(world)
    const one = control.createContact(tenant.organisation, { Name: 'One' })
    const two = control.createContact(tenant.organisation, { Name: 'Two' })
    const thing = control.createItem(tenant.organisation, { Code: 'THING', Name: 'Thing' })
    const made = control.createInvoice(tenant.organisation, byHand('ACCREC', one.ContactID, { InvoiceNumber: 'UP-1' }))
    const bought = control.createInvoice(tenant.organisation, byHand('ACCPAY', two.ContactID))
    const upper = (id: unknown) => String(id).toUpperCase()
    await tenant.sync()
    await tenant.put('invoices', saleTo('i1'))
    await tenant.put('bills', purchaseFrom('b1'))
    for (const [path, id] of [
      ['customers/c9', one.ContactID],
      ['vendors/v9', two.ContactID],
      ['items/s9', thing.ItemID],
      ['invoices/i1', made.InvoiceID],
      ['bills/b1', bought.InvoiceID],
    ] as const) {
      const linked = await tenant.api('PUT', `${path}/link`, { xeroId: upper(id) })
      t.equal(linked.status, 200, `${path}: ${JSON.stringify(linked.body)}`)
      t.equal(linked.body.sync.xero.id, id, 'and it is shown as Xero gives it')
    }
    await tenant.put('customers', { id: 'c9', name: 'One', lastName: 'New' })
    await tenant.put('items', item('s9', { kind: 'service', code: 'THING', name: 'New' }))
    for (const [method, path, id] of [
      ['GET', '/Contacts', one.ContactID],
      ['GET', '/Items', thing.ItemID],
      ['POST', '/Contacts', one.ContactID],
      ['POST', '/Items', thing.ItemID],
    ] as const)
      odd(tenant, method, path, { replace: [[String(id), upper(id)]] })
    await tenant.sync()
    await synced(t, tenant, 'customers', 'c9')
    await synced(t, tenant, 'items', 's9')
    t.match(contact(tenant, one.ContactID), { LastName: 'New' })
    t.match(itemIn(tenant, thing.ItemID), { Name: 'New' })
    t.equal((await tenant.state('customers', 'c9')).xero.id, one.ContactID)
    t.equal((await tenant.state('items', 's9')).xero.id, thing.ItemID)
  })
})
