// Documents that a person entered in Xero before the product handed them over: they are neither doubled nor written over.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { inNewZealand, later, type Row, synced, writes } from './support/books.ts'
import { bothDocumentKinds, content, type DocumentPath, line, openTrader, purchase, sale } from './support/trading.ts'

t.test('books: documents standing', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const tracked = {
    ...inNewZealand,
    seed: { ...inNewZealand.seed, trackingCategories: { Region: ['Eastside', 'North'] } },
  }
  const open = async (name: string, options: typeof inNewZealand = tracked): Promise<Tenant> => {
    const tenant = await openTrader(world, name, options)
    await tenant.sync()
    later(world)
    return tenant
  }

  /** A person's document for the customer or vendor: a line of 100, as `line` has it. */
  async function enter(tenant: Tenant, path: DocumentPath, InvoiceNumber: string, more: object = {}): Promise<Row> {
    const isSale = path === 'invoices'
    const { xero } = await tenant.state(isSale ? 'customers' : 'vendors', isSale ? 'c1' : 'v1')
    const tax = isSale ? 'OUTPUT2' : 'INPUT2'
    return control.createInvoice(tenant.organisation, {
      ...{ Type: isSale ? 'ACCREC' : 'ACCPAY', InvoiceNumber, Contact: { ContactID: xero.id } },
      ...{ Date: isSale ? '2026-11-21' : '2026-11-21', DueDate: '2026-12-20', Status: 'AUTHORISED' },
      LineItems: [
        {
          ...{ Description: 'Line 1', Quantity: 1, UnitAmount: 100, TaxType: tax, AccountCode: isSale ? '260' : '425' },
          Tracking: [{ Name: 'Region', Option: 'North' }],
        },
      ],
      ...(isSale ? { Reference: 'their ref' } : {}),
      ...more,
    })
  }
  const inXero = (tenant: Tenant, id: string): Row => tenant.xero('Invoices').find((one) => one.InvoiceID === id)
  const numbered = (path: DocumentPath, id: string, number: string, lines = [line('1')], more: object = {}) =>
    path === 'invoices'
      ? sale(id, lines, { number, ...more })
      : purchase(id, lines, { vendorInvoiceNumber: number, ...more })
  const live = (tenant: Tenant): Row[] =>
    tenant.xero('Invoices').filter(({ Status }) => !['VOIDED', 'DELETED'].includes(Status))

  t.test('given a bill of the books, when the same is handed over, then it is not doubled', async (t) => {
    const tenant = await open('bills')
    const same = await enter(tenant, 'bills', 'V-same', { DueDate: '2026-11-30' })
    const other = await enter(tenant, 'bills', 'V-other', { Date: '2026-11-02' })
    const voided = await enter(tenant, 'bills', 'V-void')
    control.voidInvoice(tenant.organisation, voided.InvoiceID)
    const foreign = await enter(tenant, 'bills', 'V-foreign', { Contact: { Name: 'Another vendor' } })
    const before = [same, other, foreign].map((one) => content(inXero(tenant, one.InvoiceID)))
    tenant.mark()
    const due = { dueDate: '2026-11-30' }
    await tenant.put(
      'bills',
      numbered('bills', 'same', 'V-same', [line('1')], due),
      numbered('bills', 'twin', 'v-same', [line('1')], due),
      ...['other', 'void', 'foreign', 'new'].map((id) => numbered('bills', id, `V-${id}`)),
    )
    await tenant.sync()
    const asked = tenant.calls('GET /Invoices').filter(({ query }) => query.InvoiceNumbers)
    t.equal(asked.length, 1, 'one call asks for all of the batch')
    const { xero } = await tenant.state('bills', 'same')
    const twin = await tenant.state('bills', 'twin')
    t.equal([xero, twin.xero].filter((one) => one?.id === same.InvoiceID).length, 1, 'one record is that bill')
    await synced(t, tenant, 'bills', 'same', 'twin', 'void', 'foreign', 'new')
    t.match(await tenant.state('bills', 'other'), {
      ...{ state: 'conflict', xero: null },
      lastError: {
        code: 'duplicate_number',
        candidates: [{ id: other.InvoiceID, number: 'V-other', url: String }],
        action: /PUT …\/link/,
      },
    })
    const after = [same, other, foreign].map((one) => content(inXero(tenant, one.InvoiceID)))
    t.strictSame(after.slice(1), before.slice(1), 'what is not ours stands as it stood')
    const [{ ItemCode, Item: _, ...filled }] = after[0].LineItems
    t.strictSame(
      { ...after[0], LineItems: [filled], Url: null },
      { ...before[0], Url: null },
      'only what is empty is filled',
    )
    t.equal(ItemCode, 'SKU-s1')
    t.match(after[0].Url, /\/bills\//)
    t.equal(live(tenant).length, 7)
    tenant.mark()
    await tenant.sync()
    t.strictSame(writes(tenant), [], 'and it waits for a person')
    await tenant.api('PUT', 'bills/other/link', { xeroId: other.InvoiceID })
    await tenant.sync()
    t.match(await tenant.state('bills', 'other'), {
      ...{ state: 'conflict', xero: { id: other.InvoiceID } },
      lastError: { code: 'edited_in_xero', differences: [{ field: '/date' }] },
    })
    tenant.checkXero(t)
  })

  t.test('given bills of one number that are all ours, then each is made', async (t) => {
    const tenant = await open('deliveries')
    await tenant.put('bills', numbered('bills', 'b1', 'V-1'), numbered('bills', 'b2', 'V-1'))
    await tenant.sync()
    await tenant.put('bills', numbered('bills', 'b3', 'V-1'))
    await tenant.sync()
    await synced(t, tenant, 'bills', 'b1', 'b2', 'b3')
    t.equal(live(tenant).length, 3)
  })

  t.test(
    'given an unlinked bill of ours, when another of its number is handed over, then each is its own',
    async (t) => {
      const tenant = await open('unlinked')
      await tenant.put('bills', numbered('bills', 'b1', 'V-1'))
      await tenant.sync()
      const before = await tenant.state('bills', 'b1')
      await tenant.api('DELETE', 'bills/b1/link')
      await tenant.put('bills', numbered('bills', 'b2', 'V-1'))
      await tenant.put('bills', numbered('bills', 'b1', 'V-1', [line('1')], { memo: 'once more' }))
      await tenant.sync()
      await synced(t, tenant, 'bills', 'b1', 'b2')
      t.equal((await tenant.state('bills', 'b1')).xero.id, before.xero.id)
      t.equal(live(tenant).length, 2)
    },
  )

  for (const [path] of bothDocumentKinds)
    for (const number of path === 'bills' ? ['document_number'] : ['document_number', 'xero'])
      t.test(
        `given ${path} in conflict (numbered by ${number}), when it is unlinked, then no second one is made`,
        async (t) => {
          const tenant = await open(`unlinked-${path}-${number}`)
          if (path === 'invoices') await tenant.settings({ invoices: { number, reference: 'document_number' } })
          await tenant.put(path, numbered(path, 'a1', 'N-1'))
          await tenant.sync()
          later(world)
          const { xero } = await tenant.state(path, 'a1')
          control.addLine(tenant.organisation, xero.id, {
            Description: 'p',
            Quantity: 1,
            UnitAmount: 5,
            AccountCode: '300',
          })
          await tenant.put(path, numbered(path, 'a1', 'N-1', [line('1', { quantity: '2' })]))
          await tenant.sync()
          t.match(await tenant.state(path, 'a1'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
          await tenant.api('DELETE', `${path}/a1/link`)
          tenant.mark()
          await tenant.sync()
          const lastError = { code: 'duplicate_number', candidates: [{ id: xero.id }] }
          t.match(await tenant.state(path, 'a1'), { state: 'conflict', lastError })
          t.equal(live(tenant).length, 1)
          t.equal(inXero(tenant, xero.id).LineItems.length, 2, 'the line that a person added stands')
        },
      )

  for (const [path] of bothDocumentKinds)
    t.test(`given ${path} linked by hand that say the same, then nothing of them changes`, async (t) => {
      const tenant = await open(`same-${path}`)
      const there = await enter(tenant, path, 'N-1')
      const paid = await enter(tenant, path, 'N-2')
      control.payInvoice(tenant.organisation, paid.InvoiceID, { amount: 115 })
      const before = [there, paid].map(({ InvoiceID }) => content(inXero(tenant, InvoiceID)))
      const bare = [{ ...line('1'), itemId: undefined }]
      const records = ['1', '2'].map((n) => numbered(path, `a${n}`, `N-${n}`, bare as never))
      await tenant.put(path, ...records)
      for (const [n, one] of [there, paid].entries()) {
        const { status } = await tenant.api('PUT', `${path}/a${n + 1}/link`, { xeroId: one.InvoiceID })
        t.equal(status, 200)
      }
      await tenant.sync()
      await synced(t, tenant, path, 'a1', 'a2')
      const now = () =>
        [there, paid].map(({ InvoiceID }) => ({ ...content(inXero(tenant, InvoiceID)), Url: undefined }))
      t.strictSame(
        now(),
        before.map((one) => ({ ...one, Url: undefined })),
      )
      tenant.mark()
      await tenant.put(path, ...records)
      await tenant.sync('full')
      t.strictSame(writes(tenant), [])

      // A change of ours leaves what the record never held.
      await tenant.put(path, numbered(path, 'a1', 'N-1', [{ ...bare[0], quantity: '3' }] as never))
      await tenant.sync()
      await synced(t, tenant, path, 'a1')
      const [changed] = now()
      const [was] = before
      t.equal(changed.SubTotal, 300)
      t.match(changed, { DueDateString: was.DueDateString, ...(path === 'invoices' && { Reference: 'their ref' }) })
      const [{ LineItemID, AccountCode, Tracking }] = was.LineItems
      t.match(changed.LineItems, [{ LineItemID, AccountCode, Tracking }])
      // A value that the record says from now on is written, and goes when it is taken away.
      const said = { dueDate: '2026-12-24', ...(path === 'invoices' && { customerPo: 'PO 7' }) }
      await tenant.put(path, numbered(path, 'a1', 'N-1', bare as never, said))
      await tenant.sync()
      t.match(now()[0], {
        SubTotal: 100,
        DueDateString: /2026-12-24/,
        ...(path === 'invoices' && { Reference: 'PO 7' }),
      })
      await tenant.put(path, numbered(path, 'a1', 'N-1', bare as never))
      await tenant.sync()
      if (path === 'invoices') t.notOk(now()[0].Reference)
      tenant.checkXero(t)
    })

  for (const [path] of bothDocumentKinds)
    for (const keep of ['xero', 'product', 'overwrite'])
      t.test(
        `given ${path} linked by hand that differ, when a person keeps "${keep}", then just that stands`,
        async (t) => {
          const tenant = await open(`differ-${path}-${keep}`)
          const there = await enter(tenant, path, 'Q-1', { Status: 'DRAFT' })
          const before = content(inXero(tenant, there.InvoiceID))
          if (keep === 'overwrite') {
            const onRemoteEdit = 'overwrite'
            await tenant.settings(path === 'invoices' ? { invoices: { onRemoteEdit } } : { vendors: { onRemoteEdit } })
          }
          await tenant.put(path, numbered(path, 'a1', 'N-1', [line('1', { quantity: '2' }), line('2')]))
          await tenant.api('PUT', `${path}/a1/link`, { xeroId: there.InvoiceID })
          tenant.mark()
          await tenant.sync()
          if (keep !== 'overwrite') {
            t.strictSame(writes(tenant), [])
            t.strictSame(content(inXero(tenant, there.InvoiceID)), before)
            const state = await tenant.state(path, 'a1')
            t.match(state, { state: 'conflict', lastError: { code: 'edited_in_xero' } })
            const fields = state.lastError.differences.map(({ field }: { field: string }) => field)
            for (const field of ['/number', '/lines/1/quantity', '/lines/2', '/status', '/total'])
              t.ok(fields.includes(field), `${field}: ${fields}`)
            for (const field of ['/dueDate', '/reference', '/lines/1/class'])
              t.notOk(fields.includes(field), `${fields}`)
            await tenant.api('POST', `${path}/a1/resolve-conflict`, { keep })
            await tenant.sync()
          }
          const now = content(inXero(tenant, there.InvoiceID))
          if (keep === 'xero') {
            t.strictSame(now, before)
            t.match(await tenant.state(path, 'a1'), { state: 'outdated', lastError: { code: 'xero_version_kept' } })
            return
          }
          await synced(t, tenant, path, 'a1')
          t.match(now, {
            InvoiceNumber: 'N-1',
            SubTotal: 300,
            Status: 'AUTHORISED',
            DueDateString: before.DueDateString,
          })
          if (path === 'invoices') t.equal(now.Reference, 'their ref')
          const [{ LineItemID, AccountCode, Tracking }] = before.LineItems
          t.match(
            now.LineItems.find((one: Row) => one.LineItemID === LineItemID),
            { AccountCode, Tracking },
          )
          t.equal(now.LineItems.length, 2)
          tenant.checkXero(t)
        },
      )

  t.test('given an edit in conflict, when the same document is linked again, then the edit is one still', async (t) => {
    const tenant = await open('linked-again')
    await tenant.put('invoices', sale('a1', [line('1')]))
    await tenant.sync()
    later(world)
    const { xero } = await tenant.state('invoices', 'a1')
    control.addLine(tenant.organisation, xero.id, { Description: 'p', Quantity: 1, UnitAmount: 5, AccountCode: '300' })
    await tenant.put('invoices', sale('a1', [line('1', { quantity: '2' })]))
    await tenant.sync()
    await tenant.api('PUT', 'invoices/a1/link', { xeroId: xero.id })
    await tenant.sync()
    t.match(await tenant.state('invoices', 'a1'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
    t.equal(inXero(tenant, xero.id).LineItems.length, 2)
  })

  t.test(
    'given an invoice of ours to which a person adds reference and tracking, when ours is kept, then they stay',
    async (t) => {
      const tenant = await open('left')
      await tenant.put('invoices', sale('a1', [line('1')]))
      await tenant.sync()
      later(world)
      const [{ InvoiceID }] = tenant.xero('Invoices')
      control.editInvoice(tenant.organisation, InvoiceID, { Reference: 'theirs' })
      control.editLine(tenant.organisation, InvoiceID, 0, { Tracking: [{ Name: 'Region', Option: 'North' }] })
      await tenant.put('invoices', sale('a1', [line('1', { quantity: '2' })]))
      await tenant.sync()
      t.match(await tenant.state('invoices', 'a1'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
      await tenant.api('POST', 'invoices/a1/resolve-conflict', { keep: 'product' })
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      t.match(inXero(tenant, InvoiceID), {
        ...{ Reference: 'theirs', SubTotal: 200 },
        LineItems: [{ Tracking: [{ Name: 'Region', Option: 'North' }] }],
      })
    },
  )

  for (const deletedNumbersFree of [true, false])
    t.test(
      `given removed invoices that are kept (deleted numbers free: ${deletedNumbersFree}), then a taken number is told and not sent twice`,
      async (t) => {
        const tenant = await open(`kept-${deletedNumbersFree}`, {
          ...inNewZealand,
          seed: { ...inNewZealand.seed, deletedNumbersFree } as never,
        })
        await tenant.put('invoices', sale('voided', [line('1')]))
        await tenant.sync()
        await tenant.settings({ invoices: { status: 'DRAFT' } })
        await tenant.put('invoices', sale('deleted', [line('1')]))
        await tenant.sync()
        later(world)
        control.voidInvoice(tenant.organisation, 'INV-voided')
        control.deleteInvoice(tenant.organisation, 'INV-deleted')
        const ids = ['voided', 'deleted']
        await tenant.put('invoices', ...ids.map((id) => sale(id, [line('1', { quantity: '2' })])))
        await tenant.sync()
        for (const id of ids) {
          t.match(await tenant.state('invoices', id), { state: 'conflict', lastError: { code: 'removed_in_xero' } })
          const { body } = await tenant.api('POST', `invoices/${id}/resolve-conflict`, { keep: 'product' })
          t.equal(body.sync.state, 'pending')
          if (id === 'voided') t.match(body.sync.lastError, { code: 'duplicate_number', action: /another number/ })
          else t.equal(body.sync.lastError, null)
        }
        await tenant.sync()
        const taken = { state: 'conflict', lastError: { code: 'duplicate_number', action: /another number/ } }
        t.match(await tenant.state('invoices', 'voided'), taken)
        t.match(await tenant.state('invoices', 'deleted'), deletedNumbersFree ? { state: 'synced' } : taken)
        tenant.mark()
        for (let idle = 0; idle < 2; idle++) await tenant.sync()
        t.strictSame(writes(tenant), [], 'what Xero refused is not sent again')
        await tenant.put('invoices', ...ids.map((id) => sale(id, [line('1')], { number: `INV-${id}-B` })))
        await tenant.sync()
        await synced(t, tenant, 'invoices', ...ids)
      },
    )

  t.test(
    'given invoices that exchange their numbers, when the remedy is followed, then both have theirs',
    async (t) => {
      const tenant = await open('exchange')
      const put = (id: string, number: string) => tenant.put('invoices', sale(id, [line('1')], { number }))
      await put('a1', 'A-1')
      await put('a2', 'A-2')
      await tenant.sync()
      await put('a1', 'A-2')
      await put('a2', 'A-1')
      await tenant.sync()
      const taken = { code: 'duplicate_number', action: /exchange their numbers: give one of them a third number/ }
      for (const id of ['a1', 'a2']) t.match((await tenant.state('invoices', id)).lastError, taken)
      await put('a1', 'A-3')
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1')
      // The other one arrives in that job or in the next.
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1', 'a2')
      await put('a1', 'A-2')
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'a1', 'a2')
      const numbers = new Map(tenant.xero('Invoices').map((one) => [one.InvoiceID, one.InvoiceNumber]))
      const ofRecord = async (id: string) => numbers.get((await tenant.state('invoices', id)).xero.id)
      t.strictSame([await ofRecord('a1'), await ofRecord('a2')], ['A-2', 'A-1'])
      t.equal(live(tenant).length, 2)
      tenant.mark()
      await tenant.sync()
      t.strictSame(writes(tenant), [])
    },
  )

  t.test('given a number that is taken, when its holder goes, then it is asked for once more', async (t) => {
    const tenant = await open('holder')
    const holder = await enter(tenant, 'invoices', 'N-1')
    await tenant.put('invoices', numbered('invoices', 'a1', 'N-1', [line('1', { quantity: '2' })]))
    await tenant.sync()
    t.match(await tenant.state('invoices', 'a1'), { state: 'conflict', lastError: { code: 'duplicate_number' } })
    control.voidInvoice(tenant.organisation, holder.InvoiceID)
    const sent: number[] = []
    for (let job = 0; job < 3; job++) {
      tenant.mark()
      await tenant.sync()
      sent.push(writes(tenant).length)
    }
    t.strictSame(sent, [1, 0, 0])
  })
})
