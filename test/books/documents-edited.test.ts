// Cases 22 and 25: what people do to our invoices and bills in Xero.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { document, later, synced, writes } from './support/books.ts'
import { bothDocumentKinds, content, line, openTrader, sale } from './support/trading.ts'

t.test('books: documents edited', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  for (const Status of ['DRAFT', 'SUBMITTED'] as const)
    for (const [path, { make, type }] of bothDocumentKinds)
      t.test(
        `22 given ${path} posted as ${Status} that a person approved, then changed as approved and voided`,
        async (t) => {
          const tenant = await openTrader(world, `approved-${path}-${Status}`)
          await tenant.settings(
            path === 'invoices' ? { invoices: { status: Status } } : { vendors: { status: Status } },
          )
          await tenant.put(path, make('a1', [line('1')]), make('a2', [line('1')]))
          await tenant.sync()
          t.strictSame(
            tenant.xero('Invoices').map((one) => one.Status),
            [Status, Status],
          )
          later(world)
          for (const one of tenant.xero('Invoices'))
            control.editInvoice(tenant.organisation, one.InvoiceID, { Status: 'AUTHORISED' })
          await tenant.put(path, make('a1', [line('1', { quantity: '3' })]))
          await tenant.api('DELETE', `${path}/a2`)
          const job = await tenant.sync()
          t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
          const now = tenant.xero('Invoices').filter((one) => one.Type === type)
          t.strictSame(now.map((one) => [one.Status, one.SubTotal]).sort(), [
            ['AUTHORISED', 300],
            ['VOIDED', 100],
          ])
          await synced(t, tenant, path, 'a1')
          tenant.checkXero(t)
        },
      )

  t.test('22 given an approved invoice that is part paid, then it is not changed and says why', async (t) => {
    const tenant = await openTrader(world, 'part-paid')
    await tenant.settings({ invoices: { status: 'DRAFT' } })
    await tenant.put('invoices', sale('a1', [line('1')]))
    await tenant.sync()
    later(world)
    control.editInvoice(tenant.organisation, 'INV-a1', { Status: 'AUTHORISED' })
    control.payInvoice(tenant.organisation, 'INV-a1', { amount: 15 })
    await tenant.put('invoices', sale('a1', [line('1', { quantity: '3' })]))
    await tenant.sync()
    t.match(document(tenant, 'INV-a1'), { SubTotal: 100, AmountPaid: 15, Status: 'AUTHORISED' })
    const state = await tenant.state('invoices', 'a1')
    t.not(state.state, 'synced')
    t.ok(state.lastError?.action)
    await tenant.api('DELETE', 'invoices/a1')
    await tenant.sync()
    t.match(document(tenant, 'INV-a1'), { Status: 'AUTHORISED', AmountPaid: 15 })
    tenant.checkXero(t)
  })

  t.test(
    '22 given documents that a person voided or deleted, when they are removed, then they count as removed',
    async (t) => {
      const tenant = await openTrader(world, 'voided')
      await tenant.put('invoices', sale('a1', [line('1')]))
      await tenant.sync()
      await tenant.settings({ invoices: { status: 'DRAFT' } })
      await tenant.put('invoices', sale('a2', [line('1')]))
      await tenant.sync()
      later(world)
      control.voidInvoice(tenant.organisation, 'INV-a1')
      control.deleteInvoice(tenant.organisation, 'INV-a2')
      for (const id of ['a1', 'a2']) await tenant.api('DELETE', `invoices/${id}`)
      const job = await tenant.sync()
      t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
      t.strictSame(await tenant.queue(), [])
      tenant.checkXero(t)
    },
  )

  type Edit = (tenant: Tenant, id: string) => void
  const edits: Record<string, Edit> = {
    'adds a line': ({ organisation }, id) =>
      control.addLine(organisation, id, { Description: 'By hand', Quantity: 1, UnitAmount: 5, AccountCode: '300' }),
    'changes a line': ({ organisation }, id) => control.editLine(organisation, id, 1, { Description: 'By hand' }),
    'changes an account': ({ organisation }, id) => control.editLine(organisation, id, 1, { AccountCode: '850' }),
    'removes a line': ({ organisation }, id) => control.removeLine(organisation, id, 1),
    'changes the date': ({ organisation }, id) => control.editInvoice(organisation, id, { Date: '2026-11-01' }),
    'changes the due date': ({ organisation }, id) => control.editInvoice(organisation, id, { DueDate: '2027-01-31' }),
    'changes the contact': ({ organisation }, id) =>
      control.editInvoice(organisation, id, { Contact: { Name: 'Somebody else' } }),
  }
  const attaches: Edit = ({ organisation }, id) => control.attachFile(organisation, id)
  for (const [path, { make, type }] of bothDocumentKinds)
    t.test(
      `25 given ${path} that people edited in Xero, then our changes are conflicts and the edits stand`,
      async (t) => {
        const tenant = await openTrader(world, `edits-${path}`)
        const kinds = Object.entries({ ...edits, 'attaches a file': attaches })
        const ids = kinds.map((_, n) => `e${n}`)
        const changed = (id: string) => make(id, [line('1', { quantity: '2' }), line('2')])
        await tenant.put(path, ...ids.map((id) => make(id, [line('1'), line('2')])))
        await tenant.sync()
        const xeroIds = await Promise.all(ids.map(async (id) => (await tenant.state(path, id)).xero.id as string))
        later(world)
        for (const [n, [, edit]] of kinds.entries()) edit(tenant, xeroIds[n] ?? '')
        const inXero = (n: number) => tenant.xero('Invoices').find((one) => one.InvoiceID === xeroIds[n])
        const edited = ids.map((_, n) => inXero(n))
        await tenant.put(path, ...ids.map(changed))
        await tenant.sync()
        for (const [n, [what]] of kinds.entries()) {
          const state = await tenant.state(path, ids[n] ?? '')
          if (what === 'attaches a file') {
            t.equal(state.state, 'synced', `${what}: is no conflict ${JSON.stringify(state.lastError)}`)
            t.equal(inXero(n).SubTotal, 300, `${what}: our change arrives`)
            continue
          }
          t.strictSame(content(inXero(n)), content(edited[n]), `${what}: the edit stands`)
          t.equal(state.state, 'conflict', `${what}: ${JSON.stringify(state.lastError)}`)
        }
        tenant.mark()
        await tenant.sync()
        t.strictSame(writes(tenant), [], 'a conflict waits for a person')
        t.equal(tenant.xero('Invoices').filter((one) => one.Type === type).length, ids.length)
        tenant.checkXero(t)
      },
    )

  t.test('25 given onRemoteEdit "overwrite", then our version is written, lines and all', async (t) => {
    const tenant = await openTrader(world, 'overwrite')
    await tenant.settings({ invoices: { onRemoteEdit: 'overwrite' } })
    await tenant.put('invoices', sale('e1', [line('1'), line('2')]))
    await tenant.sync()
    later(world)
    edits['adds a line']?.(tenant, 'INV-e1')
    await tenant.put('invoices', sale('e1', [line('1', { quantity: '2' }), line('2')]))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'e1')
    t.match(document(tenant, 'INV-e1'), { SubTotal: 300, LineItems: { length: 2 } })
    tenant.checkXero(t)
  })

  t.test(
    '25 given a conflict, when the product takes its change back, then it is not "synced" beside the edit',
    async (t) => {
      const tenant = await openTrader(world, 'taken-back')
      await tenant.put('invoices', sale('e1', [line('1')]))
      await tenant.sync()
      later(world)
      edits['adds a line']?.(tenant, 'INV-e1')
      await tenant.put('invoices', sale('e1', [line('1')], { customerPo: 'PO 1' }))
      await tenant.sync()
      t.equal((await tenant.state('invoices', 'e1')).state, 'conflict')
      await tenant.put('invoices', sale('e1', [line('1')]))
      await tenant.sync()
      t.match(await tenant.state('invoices', 'e1'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
      t.equal(document(tenant, 'INV-e1').LineItems.length, 2, 'the edit stands')
      tenant.checkXero(t)
    },
  )

  t.test('25 given an edit in Xero and no change of ours, then nothing is written', async (t) => {
    const tenant = await openTrader(world, 'untouched')
    await tenant.put('invoices', sale('e1', [line('1'), line('2')]))
    await tenant.sync()
    later(world)
    edits['adds a line']?.(tenant, 'INV-e1')
    tenant.mark()
    await tenant.put('invoices', sale('e1', [line('1'), line('2')]))
    await tenant.sync()
    t.strictSame(writes(tenant), [])
    t.equal(document(tenant, 'INV-e1').LineItems.length, 3)
  })
})
