// Case 26 and its kind: what a record says must be what stands in Xero, whatever comes late, is taken back or refused.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, document, itemIn, later, record, synced, writes } from './support/books.ts'
import { openTrader } from './support/trading.ts'

t.test('books: states', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const shapes: Record<string, (text: string, version: number) => object> = {
    items: (text, version) => item('r1', { kind: 'service', description: text, version }),
    customers: (text, version) => customer('r1', { firstName: text, version }),
    vendors: (text, version) => vendor('r1', { firstName: text, version }),
    invoices: (text, version) => invoice('r1', 'c1', ['s1'], { memo: text, customerPo: text, version }),
    bills: (text, version) => bill('r1', 'v1', ['s1'], { memo: text, version }),
  }
  for (const way of ['one', 'bulk'] as const)
    t.test(`26 given versions that come late (${way}), then the older ones are ignored`, async (t) => {
      const tenant = await openTrader(world, `versions-${way}`, {})
      for (const [path, make] of Object.entries(shapes)) {
        const put = async (text: string, version: number) => {
          const { id: _id, ...one } = make(text, version) as { id: string }
          if (way === 'one') return (await tenant.api('PUT', `${path}/r1`, one)).status
          return (await tenant.api('PUT', path, { records: [make(text, version)] })).status
        }
        for (const [text, version] of [
          ['A', 3],
          ['A', 5],
          ['B', 4],
        ] as const)
          t.ok((await put(text, version)) < 300)
        const known = JSON.stringify(await record(tenant, path, 'r1'))
        t.ok(known.includes('"A"') && !known.includes('"B"'), `${path}: ${known}`)
      }
      await tenant.sync()
      for (const [path, make] of Object.entries(shapes)) {
        const { id: _id, ...late } = make('B', 4) as { id: string }
        await tenant.api('PUT', `${path}/r1`, late)
        t.equal((await tenant.state(path, 'r1')).state, 'synced', `${path}: nothing was queued`)
      }
      tenant.checkXero(t)
    })

  t.test('states given a change that is taken out of the queue, then the record does not say synced', async (t) => {
    const tenant = await openTrader(world, 'taken-out', {})
    await tenant.put('invoices', invoice('r1', 'c1', ['s1']))
    await tenant.sync()
    await tenant.put('invoices', invoice('r1', 'c1', ['s1'], { customerPo: 'new' }))
    const [open] = (await tenant.queue()).filter((one) => one.recordId === 'r1')
    t.equal((await tenant.api('DELETE', `sync-queue-items/${open.id}`)).status < 300, true)
    const state = await tenant.state('invoices', 'r1')
    t.not(state.state, 'synced', JSON.stringify(state))
  })

  t.test('states given an invoice re-opened below its trigger status, then it says so', async (t) => {
    const tenant = await openTrader(world, 're-opened', {})
    await tenant.put('invoices', invoice('r1', 'c1', ['s1']))
    await tenant.sync()
    await tenant.put('invoices', invoice('r1', 'c1', ['s1'], { status: 'open', customerPo: 'new' }))
    await tenant.sync()
    const state = await tenant.state('invoices', 'r1')
    t.ok(state.state !== 'synced' || document(tenant, 'INV-r1').Reference === 'new', JSON.stringify(state))
  })

  t.test('states given one refusal, then it is sent again only when something changed', async (t) => {
    const tenant = await openTrader(world, 'refused', {})
    await tenant.sync()
    control.archiveAccount(tenant.organisation, '200')
    await tenant.put('invoices', invoice('r1', 'c1', ['s1']))
    await tenant.put('bills', bill('b1', 'v1', ['s1'], { currency: 'EUR' }))
    await tenant.sync()
    t.ok((await tenant.state('invoices', 'r1')).lastError.action)
    t.ok((await tenant.state('bills', 'b1')).lastError.action)
    tenant.mark()
    await tenant.sync()
    await tenant.sync()
    t.strictSame(writes(tenant), [], 'the same refusal is not asked for twice')
    later(world)
    control.editAccount(tenant.organisation, '200', { Status: 'ACTIVE' })
    await tenant.sync()
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'r1')
    tenant.checkXero(t)
  })

  t.test('states given our own item writes that Xero normalises, then they never come back as changes', async (t) => {
    const tenant = await openTenant(world, 'normalised', { seed: { taxAliases: { EXEMPTOUTPUT: 'EXEMPTEXPORT' } } })
    await tenant.put(
      'items',
      item('n1', { kind: 'service', salePrice: '1.23456', salesTaxCode: 'EXEMPTOUTPUT', description: ' text ' }),
    )
    await tenant.put('customers', customer('c1', { name: 'Ann Other', phones: [{ kind: 'default', number: ' 1 2 ' }] }))
    await tenant.sync()
    later(world)
    await tenant.sync('full')
    t.strictSame(await tenant.changes(), [], 'our own writes are no news')
    t.equal(itemIn(tenant, 'SKU-n1').SalesDetails.UnitPrice, 1.2346)
    tenant.mark()
    await tenant.sync('full')
    t.strictSame(writes(tenant), [])
    tenant.checkXero(t)
  })

  t.test('states given an edit on both sides, then fields that only one side changed are kept from it', async (t) => {
    for (const conflict of ['pending_wins', 'xero_wins', 'product_wins'] as const) {
      const tenant = await openTenant(world, `both-${conflict}`)
      await tenant.settings({ customers: { conflict } })
      await tenant.put('customers', customer('c1', { firstName: 'Ann', lastName: 'Old', taxNumber: '1' }))
      await tenant.sync()
      later(world)
      control.editContact(tenant.organisation, 'Customer c1', {
        LastName: 'Xero',
        TaxNumber: '2',
        AccountNumber: 'A-9',
      })
      await tenant.put('customers', customer('c1', { firstName: 'Bea', lastName: 'Old', taxNumber: '3' }))
      await tenant.sync()
      await tenant.sync()
      const after = contact(tenant, 'Customer c1')
      t.equal(after.FirstName, 'Bea', `${conflict}: only we changed it`)
      t.equal(after.TaxNumber, conflict === 'xero_wins' ? '2' : '3', `${conflict}: both changed it`)
      if (conflict !== 'product_wins') {
        t.equal(after.LastName, 'Xero', `${conflict}: only Xero changed it`)
        t.equal(after.AccountNumber, 'A-9', `${conflict}: only Xero has it`)
        t.match(await record(tenant, 'customers', 'c1'), { lastName: 'Xero', accountNumber: 'A-9' }, conflict)
      }
      tenant.checkXero(t)
    }
  })

  t.test('states given the same on an item, then each side keeps what only it changed', async (t) => {
    const tenant = await openTrader(world, 'item-both', {})
    await tenant.sync()
    later(world)
    control.editItem(tenant.organisation, 'SKU-s1', { Description: 'From Xero', SalesDetails: { AccountCode: '260' } })
    await tenant.put('items', item('s1', { kind: 'service', salePrice: '99' }))
    await tenant.sync()
    t.match(itemIn(tenant, 'SKU-s1'), { Description: 'From Xero', SalesDetails: { AccountCode: '260', UnitPrice: 99 } })
    tenant.checkXero(t)
  })

  t.test('states given a conflict of an invoice, then unlinking or keeping ours ends it', async (t) => {
    const tenant = await openTrader(world, 'resolve', {})
    await tenant.put('invoices', invoice('r1', 'c1', ['s1']))
    await tenant.sync()
    later(world)
    control.addLine(tenant.organisation, 'INV-r1', { Description: 'x', Quantity: 1, UnitAmount: 5, AccountCode: '200' })
    await tenant.put('invoices', invoice('r1', 'c1', ['s1'], { customerPo: 'new' }))
    await tenant.sync()
    t.equal((await tenant.state('invoices', 'r1')).state, 'conflict')
    // Once more changed by the product while the conflict stands: it still is one.
    await tenant.put('invoices', invoice('r1', 'c1', ['s1'], { customerPo: 'newer' }))
    await tenant.sync()
    t.equal((await tenant.state('invoices', 'r1')).state, 'conflict', 'a further change of ours does not overwrite')
    t.equal(document(tenant, 'INV-r1').LineItems.length, 2)
    await tenant.api('DELETE', 'invoices/r1')
    await tenant.sync()
    t.match(document(tenant, 'INV-r1'), { Status: /AUTHORISED|VOIDED/ })
    tenant.checkXero(t)
  })
})
