// A write of an invoice or bill whose answer was lost, and what people did to the document before the call is sent once more:
// no edit is written over by sending the same again, and the first answer, repeated by Xero, is not taken for what stands there.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { writes } from './support/books.ts'
import { bothDocumentKinds, line, openTrader } from './support/trading.ts'

const second = 1_000
const byHand = { Description: 'By hand', Quantity: 1, UnitAmount: 9, AccountCode: '260' }
const theirs = { product: null, xero: '1 × 9 By hand' }

t.test('books: replays', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  /** The answer to the next write of a document is lost, and the call is not sent again yet. */
  async function loses(tenant: Tenant, method: 'PUT' | 'POST', kind: 'lost_response' | 'lost_request') {
    control.faults({ kind, method, path: '/Invoices', tenantId: tenant.organisationId })
    const job = await tenant.startJob()
    await world.work({ forMs: 5 * second })
    t.match(await tenant.job(job), { status: 'waiting', waitingReason: 'outcome_unknown' })
  }

  const only = (tenant: Tenant) => tenant.xero('Invoices')[0]

  for (const [path, { make }] of bothDocumentKinds) {
    t.test(
      `given ${path} and a lost answer, when a person adds a line before the replay, then both are told`,
      async (t) => {
        const tenant = await openTrader(world, `created-${path}`)
        await tenant.put(path, make('a1', [line('1')]), make('a2', [line('1')]))
        await loses(tenant, 'PUT', 'lost_response')
        const edited = only(tenant).InvoiceID
        control.addLine(tenant.organisation, edited, byHand)
        await world.work()
        const id = tenant
          .xero('Invoices')
          .find((one) => one.InvoiceID === edited)
          .InvoiceNumber.slice(-2)
        const other = id === 'a1' ? 'a2' : 'a1'
        t.match(await tenant.state(path, other), { state: 'synced' })
        t.match(await tenant.state(path, id), {
          state: 'conflict',
          lastError: { code: 'edited_in_xero', differences: [theirs] },
        })
        await tenant.put(path, make(id, [line('1', { quantity: '2' })]))
        await tenant.sync()
        t.match(await tenant.state(path, id), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
        t.equal(tenant.xero('Invoices').find((one) => one.InvoiceID === edited).LineItems.length, 2)
        tenant.checkXero(t)
      },
    )

    for (const kind of ['lost_response', 'lost_request'] as const) {
      t.test(
        `given a change of ${path} (${kind}), when a person adds a line before the replay, then it stands`,
        async (t) => {
          const tenant = await openTrader(world, `changed-${path}-${kind}`)
          await tenant.put(path, make('a1', [line('1')]))
          await tenant.sync()
          await tenant.put(path, make('a1', [line('1', { quantity: '2' })]))
          await loses(tenant, 'POST', kind)
          control.addLine(tenant.organisation, only(tenant).InvoiceID, byHand)
          await world.work()
          t.equal(only(tenant).LineItems.length, 2, 'the line of the person stands')
          t.match(await tenant.state(path, 'a1'), {
            state: 'conflict',
            lastError: { code: 'edited_in_xero', differences: [theirs] },
          })
          tenant.checkXero(t)
        },
      )

      t.test(
        `given a removal of ${path} (${kind}), when a person adds a line before the replay, then it stands`,
        async (t) => {
          const tenant = await openTrader(world, `removed-${path}-${kind}`)
          await tenant.put(path, make('a1', [line('1')]))
          await tenant.sync()
          await tenant.api('DELETE', `${path}/a1`)
          await loses(tenant, 'POST', kind)
          if (kind === 'lost_request') control.addLine(tenant.organisation, only(tenant).InvoiceID, byHand)
          await world.work()
          if (kind === 'lost_response') t.match(await tenant.state(path, 'a1'), { state: 'synced', xero: null })
          else {
            t.match(only(tenant), { Status: 'AUTHORISED', LineItems: { length: 2 } })
            t.match(await tenant.state(path, 'a1'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
          }
          tenant.checkXero(t)
        },
      )
    }

    t.test(
      `given ${path} that nobody answers for, when a person adds a line, then the look-up tells both sides`,
      async (t) => {
        const tenant = await openTrader(world, `looked-up-${path}`)
        await tenant.put(path, make('a1', [line('1')]))
        const target = { method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId }
        control.faults({ kind: 'lost_response', times: 3, ...target })
        await tenant.startJob()
        await world.work({ forMs: 120 * second })
        control.addLine(tenant.organisation, only(tenant).InvoiceID, byHand)
        await world.work()
        t.match(await tenant.state(path, 'a1'), {
          state: 'conflict',
          lastError: {
            differences: [
              theirs,
              { field: '/subtotal', product: '100', xero: '109' },
              { field: '/tax', product: '15', xero: '16.35' },
              { field: '/total', product: '115', xero: '125.35' },
            ],
          },
        })
        tenant.checkXero(t)
      },
    )
  }

  t.test('given many whose answer was lost, then one call shows them all', async (t) => {
    const tenant = await openTrader(world, 'many')
    const make = bothDocumentKinds[0]?.[1].make
    if (!make) throw new Error('no kind')
    const ids = Array.from({ length: 30 }, (_, n) => `m${n}`)
    await tenant.put('invoices', ...ids.map((id) => make(id, [line('1')])))
    tenant.mark()
    await loses(tenant, 'PUT', 'lost_response')
    await world.work()
    for (const id of ids) t.match(await tenant.state('invoices', id), { state: 'synced' })
    t.equal(writes(tenant, '/Invoices').length, 2)
    t.equal(tenant.calls('GET /Invoices').filter(({ query }) => query.IDs).length, 1)
    tenant.checkXero(t)
  })

  t.test('given that edits are overwritten, when a person adds a line before the replay, then it is', async (t) => {
    const tenant = await openTrader(world, 'overwritten')
    const make = bothDocumentKinds[0]?.[1].make
    if (!make) throw new Error('no kind')
    await tenant.settings({ invoices: { onRemoteEdit: 'overwrite' } })
    await tenant.put('invoices', make('a1', [line('1')]))
    await loses(tenant, 'PUT', 'lost_response')
    control.addLine(tenant.organisation, only(tenant).InvoiceID, byHand)
    await world.work()
    t.equal(only(tenant).LineItems.length, 1)
    t.match(await tenant.state('invoices', 'a1'), { state: 'synced' })
    tenant.checkXero(t)
  })
})
