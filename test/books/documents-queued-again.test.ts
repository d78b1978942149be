// A person who queues a document again asks for it as it would be made today, until it is written or the request is withdrawn; a decision about
// a conflict asks for nothing but what is in conflict.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { lines, openLine, queueAgain, rows, sender } from './support/as-sent.ts'
import { later, type Row, synced, writes } from './support/books.ts'
import { sale } from './support/trading.ts'

t.test('books: documents that are queued again', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const sent = sender(t, world)

  t.test(
    'given a change that a person decides for the product, when it is written, then what nobody named stays',
    async (t) => {
      const tenant = await sent('kept', 'invoices', sale('a1', [openLine]))
      const [{ InvoiceID, DueDateString }] = rows(tenant) as [Row]
      control.editInvoice(tenant.organisation, InvoiceID, { DueDate: '2027-02-01' })
      await tenant.settings({ invoices: { accounts: { sales: '260' }, dueDate: { from: 'days', days: 3 } } })
      await tenant.put('invoices', sale('a1', [{ ...openLine, description: 'New' }]))
      await tenant.sync()
      t.match(await tenant.state('invoices', 'a1'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
      await tenant.api('POST', 'invoices/a1/resolve-conflict', { keep: 'product' })
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      t.match(rows(tenant), [{ DueDateString, LineItems: [{ AccountCode: '200', Description: 'New' }] }])
    },
  )

  t.test(
    'given an invoice queued once more that fails at first, when nothing hinders it, then it is as of today',
    async (t) => {
      const tenant = await sent('failed', 'invoices', sale('a1', [openLine]))
      const [{ InvoiceID }] = rows(tenant) as [Row]
      await tenant.settings({ invoices: { accounts: { sales: '260' } } })
      control.editInvoice(tenant.organisation, InvoiceID, { DueDate: '2027-02-01' })
      await queueAgain(tenant, 'invoice')
      await tenant.sync()
      t.match(await tenant.state('invoices', 'a1'), { state: 'conflict' })
      await tenant.api('POST', 'invoices/a1/resolve-conflict', { keep: 'product' })
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      t.match(lines(tenant), [{ AccountCode: '260' }])
      await tenant.settings({ invoices: { accounts: { sales: '200' } } })
      await tenant.put('invoices', sale('a1', [{ ...openLine, description: 'New' }]))
      await tenant.sync()
      t.match(lines(tenant), [{ AccountCode: '260', Description: 'New' }], 'the request is over with that')
    },
  )

  t.test('given a change in conflict, when it is queued once more and decided, then it is as of today', async (t) => {
    const tenant = await sent('asked', 'invoices', sale('a1', [openLine]))
    const [{ InvoiceID }] = rows(tenant) as [Row]
    control.editInvoice(tenant.organisation, InvoiceID, { DueDate: '2027-02-01' })
    await tenant.put('invoices', sale('a1', [{ ...openLine, description: 'New' }]))
    await tenant.sync()
    await tenant.api('POST', 'invoices/a1/resolve-conflict', { keep: 'xero' })
    await tenant.settings({ invoices: { accounts: { sales: '260' } } })
    await queueAgain(tenant, 'invoice')
    await tenant.sync()
    await tenant.api('POST', 'invoices/a1/resolve-conflict', { keep: 'product' })
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    t.match(lines(tenant), [{ AccountCode: '260', Description: 'New' }])
  })

  t.test('given a request that was taken out of the queue, when a text changes, then the rest stays', async (t) => {
    const tenant = await sent('withdrawn', 'invoices', sale('a1', [openLine]))
    await tenant.settings({ invoices: { accounts: { sales: '260' } } })
    await queueAgain(tenant, 'invoice')
    const [item] = await tenant.queue('pending')
    await tenant.api('DELETE', `sync-queue-items/${item?.id}`)
    await tenant.put('invoices', sale('a1', [{ ...openLine, description: 'New' }]))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    t.match(lines(tenant), [{ AccountCode: '200', Description: 'New' }])
  })

  t.test('given a conflict decided for Xero, when it was queued before, then the request is over', async (t) => {
    const tenant = await sent('ended', 'invoices', sale('a1', [openLine]))
    const [{ InvoiceID }] = rows(tenant) as [Row]
    control.editInvoice(tenant.organisation, InvoiceID, { DueDate: '2027-02-01' })
    await tenant.settings({ invoices: { accounts: { sales: '260' } } })
    await queueAgain(tenant, 'invoice')
    await tenant.sync()
    await tenant.api('POST', 'invoices/a1/resolve-conflict', { keep: 'xero' })
    await tenant.put('invoices', sale('a1', [{ ...openLine, description: 'New' }]))
    await tenant.sync()
    await tenant.api('POST', 'invoices/a1/resolve-conflict', { keep: 'product' })
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    t.match(lines(tenant), [{ AccountCode: '200', Description: 'New' }])
  })

  const [type, text] = ['invoice', { ...openLine, description: 'New' }] as const
  for (const [name, cancel] of [
    [
      'goes back below its trigger',
      (tenant: Tenant) => tenant.put('invoices', sale('a1', [openLine], { status: 'open' })),
    ],
    [
      'goes back below it with a job',
      async (tenant: Tenant) => {
        await tenant.put('invoices', sale('a1', [openLine], { status: 'open' }))
        await tenant.sync()
      },
    ],
    [
      'is kept out by a setting',
      async (tenant: Tenant) => {
        await tenant.settings({ invoices: { cutOverDate: '2027-01-01' } })
        await tenant.sync()
        t.match(await tenant.state('invoices', 'a1'), { state: 'outdated', lastError: { code: 'kept_as_sent' } })
        await tenant.settings({ invoices: { cutOverDate: null } })
      },
    ],
  ] as const)
    t.test(`given an invoice queued once more that ${name}, when it is back, then the rest stays`, async (t) => {
      const tenant = await sent(name.replaceAll(' ', '-'), 'invoices', sale('a1', [openLine]))
      await tenant.settings({ invoices: { accounts: { sales: '260' } } })
      await queueAgain(tenant, type)
      await cancel(tenant)
      await tenant.put('invoices', sale('a1', [text]))
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      t.match(lines(tenant), [{ AccountCode: '200', Description: 'New' }])
      await queueAgain(tenant, type)
      await tenant.sync()
      t.match(lines(tenant), [{ AccountCode: '260', Description: 'New' }], 'asked for anew')
    })

  t.test('given an invoice queued once more of which nothing is due, then the request is over', async (t) => {
    const tenant = await sent('nothing-due', 'invoices', sale('a1', [openLine]))
    control.archiveContact(tenant.organisation, 'Customer c1')
    await tenant.sync()
    await queueAgain(tenant, type)
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    later(world)
    control.restoreContact(tenant.organisation, 'Customer c1')
    await tenant.settings({ invoices: { accounts: { sales: '260' } } })
    await tenant.sync()
    await tenant.put('invoices', sale('a1', [text]))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    t.match(lines(tenant), [{ AccountCode: '200', Description: 'New' }])
  })

  t.test('given an invoice queued once more that stands as of today, then the request is over', async (t) => {
    const tenant = await sent('in-line', 'invoices', sale('a1', [openLine]))
    const [{ InvoiceID, LineItems }] = rows(tenant) as [Row]
    control.editLine(tenant.organisation, InvoiceID, LineItems[0].LineItemID, { AccountCode: '260' })
    await tenant.settings({ invoices: { accounts: { sales: '260' } } })
    await queueAgain(tenant, type)
    tenant.mark()
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    t.strictSame(writes(tenant), [])
    await tenant.settings({ invoices: { accounts: { sales: '200' } } })
    await tenant.put('invoices', sale('a1', [text]))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'a1')
    t.match(lines(tenant), [{ AccountCode: '260', Description: 'New' }])
  })
})
