// Invoices and bills that people pay, void or delete in Xero while nothing of them changes here: the hourly sweep shows it.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { hour, later, type Row, synced, writes } from './support/books.ts'
import { oddAnswers } from './support/odd-answers.ts'
import { bothDocumentKinds, line, openTrader, sale } from './support/trading.ts'

t.test('books: documents swept', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const odd = oddAnswers(world)

  const sweep = async () => {
    world.clock.advance(hour)
    await world.house.sweep()
  }
  const xeroIdOf = async (tenant: Tenant, path: string, id: string): Promise<string> =>
    (await tenant.state(path, id)).xero.id
  const swept = (tenant: Tenant): Row[] => tenant.calls('GET /Invoices').filter(({ query }) => query.createdByMyApp)

  for (const [path, { make }] of bothDocumentKinds)
    t.test(`given ${path} paid and voided in Xero, when the sweep runs, then their records say so`, async (t) => {
      const tenant = await openTrader(world, `swept-${path}`)
      const section = path === 'invoices' ? path : 'vendors'
      const ids = ['same', 'paid', 'part', 'anew', 'left', 'none', 'gone']
      await tenant.put(path, ...ids.map((id) => make(id, [line('1')])))
      await tenant.sync()
      await tenant.settings({ [section]: { status: 'DRAFT' } })
      await tenant.put(path, make('draft', [line('1')]))
      await tenant.sync()
      await tenant.settings({ [section]: { status: 'AUTHORISED' } })
      for (const _ of [1, 2]) await sweep()
      await synced(t, tenant, path, ...ids, 'draft')
      const of = new Map<string, string>()
      for (const id of [...ids, 'draft']) of.set(id, await xeroIdOf(tenant, path, id))
      const named = (id: string) => of.get(id) ?? ''
      const same = await tenant.state(path, 'same')
      later(world)
      control.payInvoice(tenant.organisation, named('paid'), { amount: 115, date: '2026-11-24' })
      control.payInvoice(tenant.organisation, named('part'), { amount: 15, date: '2026-11-24' })
      for (const id of ['anew', 'left', 'none', 'gone']) control.voidInvoice(tenant.organisation, named(id))
      control.deleteInvoice(tenant.organisation, named('draft'))
      tenant.mark()
      await sweep()
      t.equal(swept(tenant).length, 1, 'by the call that the sweep makes anyway')

      t.strictSame(await tenant.state(path, 'same'), same, 'what nobody touched is as it was')
      t.match(await tenant.state(path, 'paid'), {
        ...{ state: 'synced', lastError: null },
        xero: { status: 'PAID', amountDue: '0', fullyPaidOn: '2026-11-24' },
      })
      t.match(await tenant.state(path, 'part'), {
        ...{ state: 'synced', lastError: null },
        xero: { status: 'AUTHORISED', amountDue: '100', fullyPaidOn: null },
      })
      for (const [id, was, is] of [
        ...['anew', 'left', 'none', 'gone'].map((id) => [id, 'AUTHORISED', 'VOIDED'] as const),
        ['draft', 'DRAFT', 'DELETED'] as const,
      ])
        t.match(await tenant.state(path, id), {
          ...{ state: 'conflict', xero: { id: of.get(id), status: is } },
          lastError: {
            ...{ code: 'removed_in_xero', action: /resolve-conflict/ },
            differences: [{ field: '/status', product: was, xero: is }],
          },
        })
      t.match(
        (await tenant.queue()).map(({ recordId, status, action }) => `${recordId} ${action} ${status}`).sort(),
        ['anew', 'draft', 'gone', 'left', 'none'].map((id) => `${id} update conflict`),
      )
      t.match(JSON.stringify((await tenant.api('GET', 'health')).body), /failed_items.*conflict/, 'health tells it')

      // The calls that decide, and none.
      const decide = (id: string, keep: string) => tenant.api('POST', `${path}/${id}/resolve-conflict`, { keep })
      if (path === 'invoices') {
        const told = (await decide('anew', 'product')).body.sync
        t.match(told.lastError, { code: 'duplicate_number' }, 'a voided number is not used again')
        await tenant.put(path, make('anew', [line('1')], { number: 'INV-anew-2' }))
      } else t.equal((await decide('anew', 'product')).status, 200)
      t.equal((await decide('left', 'xero')).status, 200)
      await tenant.api('DELETE', `${path}/gone`)
      tenant.mark()
      for (const _ of [1, 2]) {
        await tenant.sync()
        await sweep()
      }
      await synced(t, tenant, path, 'anew', 'gone')
      t.not(await xeroIdOf(tenant, path, 'anew'), named('anew'))
      t.match(await tenant.state(path, 'left'), { state: 'outdated', lastError: { code: 'xero_version_kept' } })
      t.match(await tenant.state(path, 'none'), { state: 'conflict', lastError: { code: 'removed_in_xero' } })
      t.equal(writes(tenant, '/Invoices').length, 1, 'the one that a person wants anew')
      tenant.checkXero(t)
    })

  t.test('given documents whose change or deletion waits, when voided and swept, then the job tells', async (t) => {
    const tenant = await openTrader(world, 'swept-waiting')
    await tenant.put('invoices', ...['waits', 'held', 'goes'].map((id) => sale(id, [line('1')])))
    await tenant.sync()
    for (const _ of [1, 2]) await sweep()
    later(world)
    await tenant.put('invoices', sale('waits', [line('1', { quantity: '2' })]))
    await tenant.api('DELETE', 'invoices/goes')
    for (const id of ['waits', 'goes']) control.voidInvoice(tenant.organisation, `INV-${id}`)
    await sweep()
    t.match(await tenant.state('invoices', 'waits'), { state: 'pending', xero: { status: 'VOIDED' } })
    t.match(await tenant.state('invoices', 'goes'), { state: 'pending' })
    await tenant.sync()
    t.match(await tenant.state('invoices', 'waits'), { state: 'conflict', lastError: { code: 'removed_in_xero' } })
    t.match(await tenant.state('invoices', 'goes'), { state: 'synced', xero: null })

    // One that a job has: its own step comes first, and the page is read once more.
    later(world)
    await tenant.put('invoices', sale('held', [line('1', { quantity: '2' })]))
    await tenant.startJob()
    control.voidInvoice(tenant.organisation, 'INV-held')
    tenant.mark()
    await sweep()
    const before = await tenant.state('invoices', 'held')
    t.match(before, { state: 'locked', xero: { status: 'AUTHORISED' } })
    await world.work()
    t.match(await tenant.state('invoices', 'held'), { state: 'conflict', lastError: { code: 'removed_in_xero' } })
    await sweep()
    const [first, second] = swept(tenant).map(({ headers }) => headers.ifModifiedSince)
    t.ok(first)
    t.equal(second, first, 'nothing was passed over')
    tenant.checkXero(t)
  })

  t.test('given a row from before our last write, when it is swept, then it shows nothing new', async (t) => {
    const tenant = await openTrader(world, 'swept-late')
    await tenant.put('invoices', sale('late', [line('1')]))
    await tenant.sync()
    for (const _ of [1, 2]) await sweep()
    later(world)
    await tenant.put('invoices', sale('late', [line('1', { quantity: '2' })]))
    await tenant.sync()
    const [{ UpdatedDateUTC }] = tenant.xero('Invoices')
    const stamp = /\d{13}/.exec(UpdatedDateUTC)?.[0] ?? ''
    const older = String(Number(stamp) - hour)
    const before = await tenant.state('invoices', 'late')
    const replace: [string, string][] = [
      [stamp, older],
      ['"Status":"AUTHORISED"', '"Status":"VOIDED"'],
    ]
    odd(tenant, 'GET', '/Invoices', { replace })
    await sweep()
    control.clearFaults()
    t.strictSame(await tenant.state('invoices', 'late'), before)
    t.strictSame(await tenant.queue(), [])
  })
})
