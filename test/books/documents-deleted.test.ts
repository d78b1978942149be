// Invoices and bills that are deleted here and that a person changed in Xero since we last wrote or looked.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { contact, document, later, type Row, synced, writes } from './support/books.ts'
import { bothDocumentKinds, content, line, openTrader, purchase, sale } from './support/trading.ts'

t.test('books: documents deleted', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  type Edit = (tenant: Tenant, id: string) => void
  const edits: Record<string, [Edit, field: RegExp, product: unknown, xero: unknown]> = {
    'adds a line': [
      ({ organisation }, id) =>
        control.addLine(organisation, id, { Description: 'By hand', Quantity: 1, UnitAmount: 5, AccountCode: '300' }),
      /^\/lines\/[0-9a-f-]{36}$/,
      null,
      '1 × 5 By hand',
    ],
    'removes a line': [
      ({ organisation }, id) => control.removeLine(organisation, id, 1),
      /^\/lines\/2$/,
      '1 × 100 Line 2',
      null,
    ],
    'changes an amount': [
      ({ organisation }, id) => control.editLine(organisation, id, 1, { UnitAmount: 120 }),
      /^\/lines\/2\/unitPrice$/,
      '100',
      '120',
    ],
    'changes a text': [
      ({ organisation }, id) => control.editLine(organisation, id, 1, { Description: 'By hand' }),
      /^\/lines\/2\/description$/,
      'Line 2',
      'By hand',
    ],
    'changes an account': [
      ({ organisation }, id) => control.editLine(organisation, id, 1, { AccountCode: '850' }),
      /^\/lines\/2\/accountCode$/,
      String,
      '850',
    ],
    'changes the date': [
      ({ organisation }, id) => control.editInvoice(organisation, id, { Date: '2026-11-01' }),
      /^\/date$/,
      String,
      '2026-11-01',
    ],
    'changes the due date': [
      ({ organisation }, id) => control.editInvoice(organisation, id, { DueDate: '2027-01-31' }),
      /^\/dueDate$/,
      String,
      '2027-01-31',
    ],
    'changes the contact': [
      ({ organisation }, id) => control.editInvoice(organisation, id, { Contact: { Name: 'Somebody else' } }),
      /^\/contact$/,
      String,
      String,
    ],
  }
  const addLine = (tenant: Tenant, id: string) => edits['adds a line']?.[0](tenant, id)
  const lineByHand = ({ LineItems }: Row): string =>
    LineItems.find(({ Description }: Row) => Description === 'By hand').LineItemID
  const attach: Edit = ({ organisation }, id) => control.attachFile(organisation, id)
  const inXero = (tenant: Tenant, xeroId: string) => tenant.xero('Invoices').find((one) => one.InvoiceID === xeroId)
  const xeroIdOf = async (tenant: Tenant, path: string, id: string): Promise<string> =>
    (await tenant.state(path, id)).xero.id

  for (const [path, { make }] of bothDocumentKinds)
    t.test(`given ${path} that people edited, when they are deleted, then they are conflicts and stand`, async (t) => {
      const tenant = await openTrader(world, `deleted-${path}`)
      const kinds = Object.entries(edits)
      const ids = kinds.map((_, n) => `e${n}`)
      const all = [...ids, 'attached', 'untouched']
      await tenant.put(path, ...all.map((id) => make(id, [line('1'), line('2')])))
      await tenant.sync()
      const xeroIds = new Map<string, string>()
      for (const id of all) xeroIds.set(id, await xeroIdOf(tenant, path, id))
      const of = (id: string) => inXero(tenant, xeroIds.get(id) ?? '')
      later(world)
      for (const [n, [, [edit]]] of kinds.entries()) edit(tenant, xeroIds.get(`e${n}`) ?? '')
      attach(tenant, xeroIds.get('attached') ?? '')
      const edited = new Map(ids.map((id) => [id, content(of(id))]))
      for (const id of all) await tenant.api('DELETE', `${path}/${id}`)
      const job = await tenant.sync()
      t.equal(job.status, 'completed_with_errors', JSON.stringify(job))
      for (const [n, [what, [, field, product, xero]]] of kinds.entries()) {
        const state = await tenant.state(path, `e${n}`)
        t.equal(state.state, 'conflict', `${what}: ${JSON.stringify(state.lastError)}`)
        t.match(state.lastError, { code: 'edited_in_xero', differences: [{ field, product, xero }] }, what)
        t.equal(state.lastError?.differences?.length, 1, `${what} and nothing else`)
        t.strictSame(content(of(`e${n}`)), edited.get(`e${n}`), `${what}: the edit stands`)
      }
      // What nobody edited goes, beside the conflicts.
      for (const id of ['attached', 'untouched']) {
        t.equal(of(id).Status, 'VOIDED', id)
        t.match(await tenant.state(path, id), { state: 'synced', xero: null, lastError: null })
      }
      t.match(
        await tenant.queue(),
        ids.map(() => ({ action: 'delete', status: 'conflict' })),
      )
      const health = await tenant.api('GET', 'health')
      t.match(JSON.stringify(health.body), /failed_items.*conflict/, 'health tells it')
      tenant.mark()
      await tenant.sync()
      t.strictSame(writes(tenant), [], 'a conflict waits for a person')
      tenant.checkXero(t)
    })

  for (const [path, { make }] of bothDocumentKinds)
    t.test(`given ${path} deleted in conflict, when a person decides, then it goes or stays`, async (t) => {
      const tenant = await openTrader(world, `decided-${path}`)
      await tenant.put(path, ...['gone', 'kept', 'mended'].map((id) => make(id, [line('1')])))
      await tenant.sync()
      const [gone, kept, mended] = await Promise.all(['gone', 'kept', 'mended'].map((id) => xeroIdOf(tenant, path, id)))
      if (!gone || !kept || !mended) throw new Error('all of them stand in Xero')
      later(world)
      for (const id of [gone, kept]) addLine(tenant, id)
      control.editInvoice(tenant.organisation, mended, { DueDate: '2027-01-31' })
      const due = inXero(tenant, mended).DueDateString
      for (const id of ['gone', 'kept', 'mended']) await tenant.api('DELETE', `${path}/${id}`)
      await tenant.sync()
      const decide = (id: string, keep: string) => tenant.api('POST', `${path}/${id}/resolve-conflict`, { keep })
      t.match(await decide('gone', 'product'), { status: 200, body: { sync: { state: 'pending', lastError: null } } })
      t.match(await decide('kept', 'xero'), {
        status: 200,
        body: {
          deletedAt: String,
          sync: { state: 'outdated', lastError: { code: 'xero_version_kept' }, xero: { id: kept } },
        },
      })
      t.equal((await decide('kept', 'xero')).status, 409, 'it is decided')
      await tenant.sync()
      t.equal(inXero(tenant, gone).Status, 'VOIDED')
      t.match(await tenant.state(path, 'gone'), { state: 'synced', xero: null, lastError: null })
      t.match(inXero(tenant, kept), { Status: 'AUTHORISED', LineItems: { length: 2 } })
      t.match(await tenant.queue(), [{ recordId: 'mended', status: 'conflict' }])

      // An edit that comes after the decision is none that was decided about.
      t.equal((await decide('mended', 'product')).status, 200)
      later(world)
      addLine(tenant, mended)
      await tenant.sync()
      t.match(await tenant.state(path, 'mended'), {
        state: 'conflict',
        lastError: {
          code: 'edited_in_xero',
          differences: [{ field: '/dueDate' }, { product: null, xero: '1 × 5 By hand' }],
        },
      })
      // Taken back in Xero, it stands in the way no more; what was decided before stays decided.
      later(world)
      control.removeLine(tenant.organisation, mended, lineByHand(inXero(tenant, mended)))
      t.equal(inXero(tenant, mended).DueDateString, due)
      await tenant.sync()
      t.equal(inXero(tenant, mended).Status, 'VOIDED')
      t.strictSame(await tenant.queue(), [])

      // The document that was kept: deleted once more, it asks again.
      tenant.mark()
      await tenant.sync()
      t.strictSame(writes(tenant), [], 'nothing of it is under way')
      await tenant.api('DELETE', `${path}/kept`)
      await tenant.sync()
      t.match(await tenant.state(path, 'kept'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
      t.equal((await decide('kept', 'xero')).status, 200)
      // Handed over again, it is the same document.
      await tenant.put(path, make('kept', [line('1', { quantity: '3' })]))
      await tenant.sync()
      t.match(await tenant.state(path, 'kept'), {
        state: 'conflict',
        lastError: { code: 'edited_in_xero' },
        xero: { id: kept },
      })
      t.equal((await decide('kept', 'product')).status, 200)
      await tenant.sync()
      await synced(t, tenant, path, 'kept')
      t.match(inXero(tenant, kept), { SubTotal: 300, LineItems: { length: 1 } })
      await tenant.api('DELETE', `${path}/kept`)
      await tenant.sync()
      t.equal(inXero(tenant, kept).Status, 'VOIDED')
      tenant.checkXero(t)
    })

  t.test(
    'given a deletion in conflict, when it is unlinked, then the deletion ends and the document is free',
    async (t) => {
      const tenant = await openTrader(world, 'deleted-unlinked')
      await tenant.put('invoices', sale('a1', [line('1')]), sale('a2', [line('1')]))
      await tenant.sync()
      const [first, second] = [await xeroIdOf(tenant, 'invoices', 'a1'), await xeroIdOf(tenant, 'invoices', 'a2')]
      later(world)
      for (const id of [first, second]) addLine(tenant, id)
      for (const id of ['a1', 'a2']) await tenant.api('DELETE', `invoices/${id}`)
      await tenant.sync()
      await tenant.api('DELETE', 'invoices/a1/link')
      await tenant.api('POST', 'invoices/a2/resolve-conflict', { keep: 'xero' })
      await tenant.sync()
      t.strictSame(await tenant.queue(), [])
      await tenant.put(
        'invoices',
        sale('b1', [line('1')], { number: 'B-1' }),
        sale('b2', [line('1')], { number: 'B-2' }),
      )
      for (const [id, xeroId] of [
        ['b1', first],
        ['b2', second],
      ]) {
        const { status, body } = await tenant.api('PUT', `invoices/${id}/link`, { xeroId })
        t.equal(status, 200, JSON.stringify(body))
      }
      t.equal(inXero(tenant, first).Status, 'AUTHORISED')
    },
  )

  for (const [path, { make }] of bothDocumentKinds)
    t.test(`given ${path} with onRemoteEdit "overwrite", when they are deleted, then they are voided`, async (t) => {
      const tenant = await openTrader(world, `overwritten-${path}`)
      await tenant.settings({ [path === 'invoices' ? path : 'vendors']: { onRemoteEdit: 'overwrite' } })
      await tenant.put(path, make('a1', [line('1')]))
      await tenant.sync()
      const xeroId = await xeroIdOf(tenant, path, 'a1')
      later(world)
      addLine(tenant, xeroId)
      await tenant.api('DELETE', `${path}/a1`)
      await tenant.sync()
      t.match(await tenant.state(path, 'a1'), { state: 'synced', xero: null, lastError: null })
      t.equal(inXero(tenant, xeroId).Status, 'VOIDED')
      tenant.checkXero(t)
    })

  t.test(
    'given a draft that was approved, or edited and approved, then one is voided and one is a conflict',
    async (t) => {
      const tenant = await openTrader(world, 'deleted-approved')
      await tenant.settings({ invoices: { status: 'DRAFT' } })
      await tenant.put('invoices', sale('a1', [line('1')]), sale('a2', [line('1')]), sale('a3', [line('1')]))
      await tenant.sync()
      later(world)
      addLine(tenant, 'INV-a2')
      addLine(tenant, 'INV-a3')
      for (const id of ['INV-a1', 'INV-a2']) control.editInvoice(tenant.organisation, id, { Status: 'AUTHORISED' })
      for (const id of ['a1', 'a2', 'a3']) await tenant.api('DELETE', `invoices/${id}`)
      await tenant.sync()
      t.equal(document(tenant, 'INV-a1').Status, 'VOIDED')
      t.equal(document(tenant, 'INV-a2').Status, 'AUTHORISED')
      t.equal(document(tenant, 'INV-a3').Status, 'DRAFT')
      for (const id of ['a2', 'a3']) t.match(await tenant.state('invoices', id), { state: 'conflict' })
      for (const id of ['a2', 'a3']) await tenant.api('POST', `invoices/${id}/resolve-conflict`, { keep: 'product' })
      await tenant.sync()
      t.equal(document(tenant, 'INV-a2').Status, 'VOIDED')
      t.equal(document(tenant, 'INV-a3').Status, 'DELETED')
      tenant.checkXero(t)
    },
  )

  t.test('given edited documents that were voided or paid then, then what stands in Xero comes first', async (t) => {
    const tenant = await openTrader(world, 'deleted-settled')
    await tenant.put('invoices', sale('a1', [line('1')]), sale('a2', [line('1')]))
    await tenant.sync()
    later(world)
    for (const id of ['INV-a1', 'INV-a2']) addLine(tenant, id)
    control.voidInvoice(tenant.organisation, 'INV-a1')
    control.payInvoice(tenant.organisation, 'INV-a2', { amount: 15 })
    for (const id of ['a1', 'a2']) await tenant.api('DELETE', `invoices/${id}`)
    await tenant.sync()
    t.match(await tenant.state('invoices', 'a1'), { state: 'synced', xero: null })
    t.match(await tenant.state('invoices', 'a2'), { state: 'failed', lastError: { code: 'not_modifiable' } })
    tenant.checkXero(t)
  })

  t.test('given a contact that was merged, when its invoice is deleted, then that is no edit', async (t) => {
    const tenant = await openTrader(world, 'deleted-merged')
    await tenant.put('invoices', sale('a1', [line('1')]))
    await tenant.sync()
    const { Contact } = document(tenant, 'INV-a1')
    control.createContact(tenant.organisation, { Name: 'The survivor' })
    later(world)
    control.mergeContacts(tenant.organisation, Contact.Name, 'The survivor')
    t.equal(document(tenant, 'INV-a1').Contact.ContactID, contact(tenant, 'The survivor').ContactID)
    await tenant.api('DELETE', 'invoices/a1')
    await tenant.sync()
    t.match(await tenant.state('invoices', 'a1'), { state: 'synced', xero: null, lastError: null })
    t.equal(document(tenant, 'INV-a1').Status, 'VOIDED')
    tenant.checkXero(t)
  })

  t.test(
    'given a merge after the contacts were read, when an invoice is deleted, then they are read again',
    async (t) => {
      const tenant = await openTrader(world, 'deleted-midway')
      await tenant.put('invoices', sale('a1', [line('1')]))
      await tenant.sync()
      const { Contact } = document(tenant, 'INV-a1')
      control.createContact(tenant.organisation, { Name: 'The survivor' })
      later(world)
      const merging = () => {
        control.mergeContacts(tenant.organisation, Contact.Name, 'The survivor')
        return undefined
      }
      const target = { method: 'PUT', path: '/Contacts', tenantId: tenant.organisationId }
      control.faults({ kind: 'answer', ...target, answer: merging })
      await tenant.put('customers', { id: 'c2', name: 'Another' })
      await tenant.api('DELETE', 'invoices/a1')
      await tenant.sync()
      t.equal(contact(tenant, Contact.ContactID).ContactStatus, 'ARCHIVED', 'the merge came in the middle of the job')
      t.match(await tenant.state('invoices', 'a1'), { xero: null, lastError: null }, 'that is no edit of the invoice')
      t.equal(document(tenant, 'INV-a1').Status, 'VOIDED')
      tenant.checkXero(t)
    },
  )

  t.test(
    'given an item that got another code in Xero, when its invoice is deleted, then that is no edit',
    async (t) => {
      const tenant = await openTrader(world, 'deleted-recoded')
      await tenant.put('invoices', sale('a1', [line('1')]))
      await tenant.sync()
      later(world)
      control.editItem(tenant.organisation, document(tenant, 'INV-a1').LineItems[0].ItemCode, { Code: 'NEW-1' })
      t.equal(document(tenant, 'INV-a1').LineItems[0].ItemCode, 'NEW-1')
      await tenant.api('DELETE', 'invoices/a1')
      await tenant.sync()
      t.match(await tenant.state('invoices', 'a1'), { state: 'synced', xero: null, lastError: null })
      t.equal(document(tenant, 'INV-a1').Status, 'VOIDED')
      tenant.checkXero(t)
    },
  )

  t.test('given a look that Xero refuses, then the deletion says why and the job goes on', async (t) => {
    const tenant = await openTrader(world, 'deleted-unseen')
    await tenant.put('invoices', sale('a1', [line('1')]))
    await tenant.sync()
    later(world)
    const json = { ErrorNumber: 16, Type: 'QueryParseException', Message: 'Cannot parse the ids.' }
    const target = { method: 'GET', path: '/Invoices', query: 'IDs=', tenantId: tenant.organisationId } as const
    control.faults({ kind: 'answer', ...target, times: 99, answer: { status: 400, json } })
    await tenant.api('DELETE', 'invoices/a1')
    await tenant.put('bills', purchase('b1', [line('1')]))
    const job = await tenant.sync()
    control.clearFaults()
    t.equal(job.status, 'completed_with_errors', JSON.stringify(job.error))
    t.match(await tenant.state('invoices', 'a1'), { state: 'failed', lastError: { action: String } })
    await synced(t, tenant, 'bills', 'b1')
    await tenant.sync()
    t.equal(document(tenant, 'INV-a1').Status, 'VOIDED')
    tenant.checkXero(t)
  })
})
