// A request to send a document once more that comes while a job has the document: the write that is under way was made before it,
// and so the request is carried out after it, once.
import t from 'tap'
import { heldRequests } from '../support/held-requests.ts'
import { openWorld } from '../support/house.ts'
import { customer } from '../support/records.ts'
import type { Tenant } from '../support/tenant.ts'
import { lines, openLine, queueAgain, sender } from './support/as-sent.ts'
import { inNewZealand, synced, writes } from './support/books.ts'
import { bothDocumentKinds, openTrader } from './support/trading.ts'

const minute = 60_000

/** The look before a change, and the change. */
const moments = [
  ['arrived', 'GET'],
  ['carried_out', 'GET'],
  ['arrived', 'POST'],
  ['carried_out', 'POST'],
] as const

t.test('books: documents that are asked for while they are on their way', async (t) => {
  const { watch, hold } = heldRequests()
  const world = await openWorld(t, { simulator: { watch } })
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())
  const send = sender(t, world)

  for (const [path, { make }] of bothDocumentKinds) {
    const type = path === 'invoices' ? 'invoice' : 'bill'
    const [first, later] = path === 'invoices' ? ['200', '260'] : ['300', '310']
    const says = (text: string, more: object = {}) => make('a1', [{ ...openLine, description: text }], more)
    const sent = (name: string) => send(`${name}-${path}`, path, says('Old'))
    const account = (tenant: Tenant, code: string | undefined) =>
      tenant.settings(
        path === 'invoices'
          ? { invoices: { accounts: { sales: code } } }
          : { vendors: { accounts: { purchases: code } } },
      )
    const shows = (tenant: Tenant, code: string | undefined, text: string, why = 'as of then') =>
      t.match(lines(tenant), [{ AccountCode: code, Description: text }], why)

    async function asks(tenant: Tenant) {
      await account(tenant, later)
      await queueAgain(tenant, type)
    }

    /** What was asked for arrives with the next job, once, and a later change is not made anew. */
    async function isCarriedOut(tenant: Tenant, text = 'New') {
      await tenant.sync()
      await synced(t, tenant, path, 'a1')
      shows(tenant, later, text)
      await account(tenant, first)
      tenant.mark()
      await tenant.sync()
      t.strictSame(writes(tenant), [], 'never twice')
      await tenant.put(path, says('Newer'))
      await tenant.sync()
      await synced(t, tenant, path, 'a1')
      shows(tenant, later, 'Newer', 'the request is over')
      tenant.checkXero(t)
    }

    for (const [moment, method] of path === 'invoices' ? moments : moments.slice(-1))
      t.test(`given ${path} with a ${method} under way (${moment}), then the request comes after it`, async (t) => {
        const tenant = await sent(`${moment}-${method}`)
        await tenant.put(path, says('New'))
        const held = hold(moment, method, '/Invoices')
        const syncing = tenant.sync()
        await held.reached
        await asks(tenant)
        held.release()
        await syncing
        shows(tenant, first, 'New', 'decided before it was asked for')
        t.match(await tenant.state(path, 'a1'), { state: 'pending' })
        await isCarriedOut(tenant)
      })

    for (const kind of ['lost_response', 'lost_request'] as const)
      t.test(`given ${path} whose outcome is not known (${kind}), then the request comes after it`, async (t) => {
        const tenant = await sent(kind)
        await tenant.put(path, says('New'))
        control.faults({ kind, method: 'POST', path: '/Invoices', tenantId: tenant.organisationId, times: 3 })
        await tenant.startJob()
        await world.work({ forMs: 4 * minute })
        t.match(await tenant.state(path, 'a1'), { state: 'uncertain' })
        await asks(tenant)
        await world.work()
        await isCarriedOut(tenant)
      })

    /** The document waits in the queue. */
    async function fresh(name: string) {
      const tenant = await openTrader(world, `${name}-${path}`, inNewZealand)
      await tenant.sync()
      await tenant.put(path, says('Old'))
      return tenant
    }

    for (const isAsked of [true, false])
      t.test(`given ${path} being created, when ${isAsked ? 'asked for' : 'changed'} under way, then so`, async (t) => {
        const tenant = await fresh(`created-${isAsked}`)
        const held = hold('carried_out', 'PUT', '/Invoices')
        const syncing = tenant.sync()
        await held.reached
        if (isAsked) await asks(tenant)
        else {
          await account(tenant, later)
          await tenant.put(path, says('New'))
        }
        held.release()
        await syncing
        shows(tenant, first, 'Old')
        if (isAsked) return isCarriedOut(tenant, 'Old')
        await tenant.sync()
        await synced(t, tenant, path, 'a1')
        shows(tenant, first, 'New', 'a change is no request')
      })

    for (const kind of ['lost_response', 'lost_request'] as const)
      t.test(`given ${path} of an unknown creation (${kind}), then the request comes after it`, async (t) => {
        const tenant = await fresh(`created-${kind}`)
        control.faults({ kind, method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId, times: 3 })
        await tenant.startJob()
        await world.work({ forMs: 4 * minute })
        t.match(await tenant.state(path, 'a1'), { state: 'uncertain' })
        await asks(tenant)
        await world.work()
        await isCarriedOut(tenant, 'Old')
      })

    t.test(`given ${path} to be created, when asked for before they are made, then they are made once`, async (t) => {
      const tenant = await fresh('created-once')
      await tenant.put('customers', customer('c9'))
      const held = hold('arrived', 'PUT', '/Contacts')
      const syncing = tenant.sync()
      await held.reached
      await asks(tenant)
      held.release()
      await syncing
      shows(tenant, later, 'Old')
      tenant.mark()
      await tenant.sync()
      await synced(t, tenant, path, 'a1')
      t.strictSame(writes(tenant), [])
    })

    if (path === 'bills') continue
    for (const [how, method] of [
      ['changed', 'POST'],
      ['created', 'PUT'],
    ] as const)
      t.test(`given ${path} being ${how}, when asked for before and under way, then as of the second`, async (t) => {
        const tenant = how === 'changed' ? await sent('asked-twice') : await fresh('created-twice')
        await tenant.put(path, says('New'))
        await tenant.put('customers', customer('c9'))
        const [contacts, document] = [hold('arrived', 'PUT', '/Contacts'), hold('arrived', method, '/Invoices')]
        const syncing = tenant.sync()
        await contacts.reached
        await asks(tenant)
        contacts.release()
        await document.reached
        await account(tenant, first)
        await queueAgain(tenant, type)
        document.release()
        await syncing
        shows(tenant, later, 'New', 'the first one')
        await tenant.sync()
        await synced(t, tenant, path, 'a1')
        shows(tenant, first, 'New', 'the second one')
      })

    t.test(`given ${path} asked for and held, when a second request is taken back, then the first holds`, async (t) => {
      const tenant = await sent('second-unasked')
      await asks(tenant)
      await tenant.put('customers', customer('c9'))
      const held = hold('arrived', 'PUT', '/Contacts')
      const syncing = tenant.sync()
      await held.reached
      await queueAgain(tenant, type)
      const [item] = await tenant.queue('pending')
      t.equal((await tenant.api('DELETE', `sync-queue-items/${item?.id}`)).status, 200)
      held.release()
      await syncing
      await synced(t, tenant, path, 'a1')
      shows(tenant, later, 'Old')
    })

    t.test(`given ${path} that were asked for, when asked once more under way, then as of the second`, async (t) => {
      const tenant = await sent('second')
      await account(tenant, later)
      await queueAgain(tenant, type)
      const held = hold('arrived', 'POST', '/Invoices')
      const syncing = tenant.sync()
      await held.reached
      await account(tenant, first)
      await queueAgain(tenant, type)
      held.release()
      await syncing
      shows(tenant, later, 'Old')
      await tenant.sync()
      await synced(t, tenant, path, 'a1')
      shows(tenant, first, 'Old')
    })

    t.test(
      `given ${path} that were asked for, when they change under way, then the change is no request`,
      async (t) => {
        const tenant = await sent('changed')
        await asks(tenant)
        const held = hold('arrived', 'POST', '/Invoices')
        const syncing = tenant.sync()
        await held.reached
        await account(tenant, first)
        await tenant.put(path, says('New'))
        held.release()
        await syncing
        await tenant.sync()
        await synced(t, tenant, path, 'a1')
        shows(tenant, later, 'New')
      },
    )

    t.test(`given ${path} asked for under way, when that is taken back, then nothing is made anew`, async (t) => {
      const tenant = await sent('unasked')
      await tenant.put(path, says('New'))
      const held = hold('arrived', 'POST', '/Invoices')
      const syncing = tenant.sync()
      await held.reached
      await asks(tenant)
      const [item] = await tenant.queue('pending')
      t.equal((await tenant.api('DELETE', `sync-queue-items/${item?.id}`)).status, 200)
      held.release()
      await syncing
      await synced(t, tenant, path, 'a1')
      await tenant.put(path, says('Newer'))
      await tenant.sync()
      await synced(t, tenant, path, 'a1')
      shows(tenant, first, 'Newer')
    })

    t.test(
      `given ${path} asked for and held, when a later change is taken back, then they are made anew`,
      async (t) => {
        const tenant = await sent('change-unasked')
        await asks(tenant)
        await tenant.put('customers', customer('c9'))
        const held = hold('arrived', 'PUT', '/Contacts')
        const syncing = tenant.sync()
        await held.reached
        await tenant.put(path, says('New'))
        const [item] = await tenant.queue('pending')
        t.equal((await tenant.api('DELETE', `sync-queue-items/${item?.id}`)).status, 200)
        held.release()
        await syncing
        shows(tenant, later, 'New', 'the job carries the request out')
      },
    )
  }
})
