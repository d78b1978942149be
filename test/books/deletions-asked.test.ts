// Invoices and bills that a person made, or decided to leave as they are: a deletion of their record asks before it removes them.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { byHand, contact, later, type Row, writes } from './support/books.ts'
import { oddAnswers } from './support/odd-answers.ts'
import { bothDocumentKinds, content, type DocumentPath, line, openTrader } from './support/trading.ts'

t.test('books: deletions that ask', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const odd = oddAnswers(world)

  const inXero = (tenant: Tenant, id: string): Row => tenant.xero('Invoices').find((one) => one.InvoiceID === id)
  const section = (path: DocumentPath) => (path === 'invoices' ? path : 'vendors')
  const open = async (name: string): Promise<Tenant> => {
    const tenant = await openTrader(world, name)
    await tenant.sync()
    later(world)
    return tenant
  }

  for (const [path, { make, type }] of bothDocumentKinds) {
    const enter = (tenant: Tenant, more: object = {}): string => {
      const { ContactID } = contact(tenant, path === 'invoices' ? 'Customer c1' : 'Vendor v1')
      return (control.createInvoice(tenant.organisation, byHand(type, ContactID, more)) as Row).InvoiceID
    }
    const link = async (t: Test, tenant: Tenant, id: string, xeroId: string) => {
      const { status, body } = await tenant.api('PUT', `${path}/${id}/link`, { xeroId })
      t.equal(status, 200, JSON.stringify(body))
    }
    const remove = async (t: Test, tenant: Tenant, ...ids: string[]) => {
      for (const id of ids) t.ok((await tenant.api('DELETE', `${path}/${id}`)).status < 300, id)
    }
    const decide = async (t: Test, tenant: Tenant, id: string, keep: string) => {
      const { status, body } = await tenant.api('POST', `${path}/${id}/resolve-conflict`, { keep })
      t.equal(status, 200, `${keep} of ${id}: ${JSON.stringify(body)}`)
    }
    /** Nothing was sent, and both sides are shown. */
    async function asks(t: Test, tenant: Tenant, id: string, xeroId: string, before: Row): Promise<void> {
      const state = await tenant.state(path, id)
      t.match(
        state,
        { state: 'conflict', xero: { id: xeroId, status: 'AUTHORISED' } },
        `${id}: ${JSON.stringify(state)}`,
      )
      t.match(state.lastError, { code: 'edited_in_xero', action: /resolve-conflict.*DELETE …\/link/ }, id)
      const of = (name: string) => state.lastError.differences.find(({ field }: { field: string }) => field === name)
      t.match(of('/total'), { xero: String }, `${id}: ${JSON.stringify(state.lastError.differences)}`)
      t.strictSame(content(inXero(tenant, xeroId)), before, `${id} stands as it stood`)
    }

    t.test(`given ${path} linked by hand that differ, when they are deleted, then a person decides`, async (t) => {
      const tenant = await open(`asked-${path}`)
      const xeroIds = new Map<string, string>()
      const before = new Map<string, Row>()
      const handedOver = async (id: string, lines: object[] = [line('1')]) => {
        const xeroId = enter(tenant)
        await tenant.put(path, make(id, lines))
        await link(t, tenant, id, xeroId)
        xeroIds.set(id, xeroId)
        before.set(id, content(inXero(tenant, xeroId)))
      }
      for (const id of ['open', 'left']) await handedOver(id)
      await tenant.sync()
      for (const id of ['open', 'left']) t.match(await tenant.state(path, id), { state: 'conflict' })
      await decide(t, tenant, 'left', 'xero')
      for (const id of ['atOnce', 'free']) await handedOver(id)
      // What the record says cannot be posted, and so nothing says that both are the same.
      await handedOver('odd', [line('1', { taxCode: 'NONE' })])
      const all = [...xeroIds.keys()]
      await remove(t, tenant, ...all)
      tenant.mark()
      await tenant.sync()
      await tenant.sync()
      t.strictSame(writes(tenant), [], 'nothing is removed before somebody decides')
      for (const id of all) await asks(t, tenant, id, xeroIds.get(id) ?? '', before.get(id))
      const shown = (await tenant.state(path, 'atOnce')).lastError.differences
      t.match(
        shown.find(({ field }: { field: string }) => field === '/total'),
        { product: '115', xero: '11.5' },
        JSON.stringify(shown),
      )

      await decide(t, tenant, 'open', 'product')
      await decide(t, tenant, 'left', 'xero')
      t.equal((await tenant.api('DELETE', `${path}/free/link`)).status, 200)
      await tenant.sync()
      t.equal(inXero(tenant, xeroIds.get('open') ?? '').Status, 'VOIDED')
      t.match(await tenant.state(path, 'open'), { state: 'synced', xero: null, lastError: null })
      t.match(await tenant.state(path, 'left'), { state: 'outdated', lastError: { code: 'xero_version_kept' } })
      t.match(await tenant.state(path, 'free'), { state: 'never_synced', xero: null })
      for (const id of ['left', 'free', 'atOnce', 'odd'])
        t.strictSame(content(inXero(tenant, xeroIds.get(id) ?? '')), before.get(id), `${id} stands`)
      const waiting = (await tenant.queue()).map(({ recordId }) => recordId).sort()
      t.strictSame(waiting, ['atOnce', 'odd'], 'what is decided waits no more')

      await tenant.settings({ [section(path)]: { onRemoteEdit: 'overwrite' } })
      await tenant.sync()
      for (const id of ['atOnce', 'odd']) t.equal(inXero(tenant, xeroIds.get(id) ?? '').Status, 'VOIDED', id)
      tenant.checkXero(t)
    })

    t.test(
      `given ${path} linked by hand that the settings keep out, when deleted, then a person decides`,
      async (t) => {
        const tenant = await open(`kept-out-${path}`)
        const settings = { 'cut-over': { cutOverDate: '2026-12-01' }, off: { cutOverDate: null, sync: false } }
        for (const [id, change] of Object.entries(settings)) {
          await tenant.settings({ [section(path)]: change })
          const xeroId = enter(tenant)
          const before = content(inXero(tenant, xeroId))
          await tenant.put(path, make(id, [line('1')]))
          await link(t, tenant, id, xeroId)
          await tenant.sync()
          t.match(await tenant.state(path, id), { state: 'outdated', lastError: { code: 'kept_as_sent' } })
          await remove(t, tenant, id)
          await tenant.sync()
          await asks(t, tenant, id, xeroId, before)
          const { differences } = (await tenant.state(path, id)).lastError
          t.match(
            differences.find(({ field }: { field: string }) => field === '/total'),
            { product: '115' },
            'what the record says is shown, although it is not sent',
          )
        }
        tenant.checkXero(t)
      },
    )

    t.test(
      `given ${path} linked by hand that say the same, when deleted, then they go without a question`,
      async (t) => {
        const tenant = await open(`same-${path}`)
        await tenant.put(path, make('pattern', [line('1')]))
        await tenant.sync()
        const { xero } = await tenant.state(path, 'pattern')
        const ours = inXero(tenant, xero.id)
        const lines = ours.LineItems.map(({ LineItemID: _, Item: __, AccountID: ___, ...one }: Row) => one)
        const same = { Date: ours.DateString, DueDate: ours.DueDateString, LineItems: lines }
        const xeroId = enter(tenant, { ...same, InvoiceNumber: path === 'invoices' ? 'INV-same' : 'RCV-same' })
        await tenant.put(path, make('same', [line('1')]))
        await link(t, tenant, 'same', xeroId)
        await remove(t, tenant, 'same')
        await tenant.sync()
        t.match(await tenant.state(path, 'same'), { state: 'synced', xero: null, lastError: null })
        t.equal(inXero(tenant, xeroId).Status, 'VOIDED')
        t.equal(inXero(tenant, xero.id).Status, 'AUTHORISED')
        tenant.checkXero(t)
      },
    )

    t.test(`given ${path} linked by hand to be written over, when deleted, then only a later edit asks`, async (t) => {
      const tenant = await open(`accepted-${path}`)
      const [plain, edited] = [enter(tenant), enter(tenant)]
      await tenant.put(path, make('plain', [line('1')]), make('edited', [line('1')]))
      await link(t, tenant, 'plain', plain)
      await link(t, tenant, 'edited', edited)
      await tenant.sync()
      for (const id of ['plain', 'edited']) await decide(t, tenant, id, 'product')
      later(world)
      control.addLine(tenant.organisation, edited, { Description: 'l', Quantity: 1, UnitAmount: 5, AccountCode: '300' })
      const before = content(inXero(tenant, edited))
      await remove(t, tenant, 'plain', 'edited')
      await tenant.sync()
      t.equal(inXero(tenant, plain).Status, 'VOIDED')
      await asks(t, tenant, 'edited', edited, before)
      tenant.checkXero(t)
    })

    t.test(`given ${path} that Xero holds otherwise and a person left so, when deleted, then they ask`, async (t) => {
      const tenant = await open(`otherwise-${path}`)
      await tenant.put(path, ...['open', 'left', 'gone'].map((id) => make(id, [line('1')])))
      odd(tenant, 'PUT', '/Invoices', { replace: [['"Total":115', '"Total":114']] })
      await tenant.sync()
      control.clearFaults()
      const states = new Map<string, Row>()
      for (const id of ['open', 'left', 'gone']) states.set(id, await tenant.state(path, id))
      for (const state of states.values()) t.match(state.lastError, { code: 'written_differently' })
      const of = (id: string): string => states.get(id)?.xero.id
      for (const id of ['left', 'gone']) await decide(t, tenant, id, 'xero')
      const before = content(inXero(tenant, of('left')))
      await remove(t, tenant, 'open', 'left', 'gone')
      await tenant.sync()
      t.equal(
        inXero(tenant, of('open')).Status,
        'VOIDED',
        'what we wrote ourselves goes where nobody decided otherwise',
      )
      await asks(t, tenant, 'left', of('left'), before)
      await decide(t, tenant, 'gone', 'product')
      await tenant.sync()
      t.equal(inXero(tenant, of('gone')).Status, 'VOIDED')
      t.match(await tenant.state(path, 'gone'), { state: 'synced', xero: null, lastError: null })
      t.equal(inXero(tenant, of('left')).Status, 'AUTHORISED')
      tenant.checkXero(t)
    })
  }
})
