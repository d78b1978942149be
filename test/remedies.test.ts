// Remedies that docs/operations.md promises, where it is not plain from the state machines that they really clear the
// state: each is brought about, cleared by the call that stands there, and seen to be gone.
import t, { type Test } from 'tap'
import { read } from './support/documents.ts'
import { defaultOrganisation, openWorld, type World } from './support/house.ts'
import { customer, invoice, settingsForDemoOrganisation } from './support/records.ts'

const operations = read('docs/operations.md')

async function ready(t: Test): Promise<World & { c: string; job: () => Promise<string> }> {
  const world = await openWorld(t)
  const c = `/v1/connections/${await world.connect()}`
  const { items, invoices } = settingsForDemoOrganisation
  const settings = { items: { ...items, inventoryMode: 'sync_inventory' }, invoices }
  await world.api('PATCH', `${c}/settings`, settings, { 'if-match': '*' })
  const job = async (): Promise<string> => {
    const { body } = await world.api('POST', `${c}/sync-jobs`, {})
    await world.work()
    return (await world.api('GET', `${c}/sync-jobs/${body.id}`)).body.status
  }
  return { ...world, c, job }
}

t.test(
  'given a deletion that Xero refuses, when the record is unlinked, then the next job ends it without a call',
  async (t) => {
    const { api, c, job, simulator } = await ready(t)
    t.match(operations, 'api -X DELETE "$C/invoices/$ID/link"')
    await api('PUT', `${c}/customers`, { records: [customer('c1')] })
    await api('PUT', `${c}/invoices`, { records: [invoice('v1', 'c1', [], { lines: line })] })
    t.equal(await job(), 'completed')
    simulator.control.payInvoice(defaultOrganisation, 'INV-v1')
    await api('DELETE', `${c}/invoices/v1`)
    t.equal(await job(), 'completed_with_errors')
    const refused = await api('GET', `${c}/invoices/v1`)
    t.equal(refused.body.sync.lastError.code, 'not_modifiable')
    const { body } = await api('GET', `${c}/sync-queue-items?recordId=v1`)
    const taken = await api('DELETE', `${c}/sync-queue-items/${body.items[0].id}?force=true`)
    t.equal(taken.body.code, 'delete_irreversible')
    const { action, actions } = refused.body.sync.lastError
    t.match(action, /^Remove the payment.* DELETE …\/link/)
    const leave = { method: 'DELETE', path: `${c}/invoices/v1/link` }
    t.strictSame(
      actions,
      [{ method: 'POST', path: `${c}/sync-jobs` }, leave],
      'and not a PUT, that would bring it back',
    )
    t.match(taken.body.action, /DELETE …\/link/)
    const [, way] = taken.body.actions
    t.strictSame(way, { method: 'DELETE', path: `${c}/invoices/v1/link` })

    t.equal((await api(way.method, way.path)).status, 200)
    simulator.control.clearJournal()
    t.equal(await job(), 'completed')
    t.equal((await api('GET', `${c}/sync-queue-items/count`)).body.count, 0)
    const writes = simulator.control.journal({ area: 'api' }).filter(({ method }) => method !== 'GET')
    t.same(writes, [])
    const again = invoice('v1', 'c1', [], { lines: line, number: 'INV-v1b' })
    t.equal((await api('PUT', `${c}/invoices/v1`, again)).status, 201, 'and the id can be handed over again')
  },
)

t.test(
  'given a change of a paid invoice, when the calls that the error names are made, then it is left as it is',
  async (t) => {
    const { api, c, job, simulator } = await ready(t)
    await api('PUT', `${c}/customers`, { records: [customer('c1')] })
    await api('PUT', `${c}/invoices`, { records: [invoice('v1', 'c1', [], { lines: line })] })
    t.equal(await job(), 'completed')
    simulator.control.payInvoice(defaultOrganisation, 'INV-v1')
    const changed = line.map((one) => ({ ...one, quantity: '7' }))
    await api('PUT', `${c}/invoices/v1`, invoice('v1', 'c1', [], { lines: changed }))
    t.equal(await job(), 'completed_with_errors')
    const [item] = (await api('GET', `${c}/sync-queue-items?recordId=v1`)).body.items
    t.match(item, { lastError: { code: 'not_modifiable', action: /delete the queue item/ } })
    const again = { method: 'POST', path: `${c}/sync-jobs` }
    const way = { method: 'DELETE', path: `${c}/sync-queue-items/${item.id}` }
    t.strictSame(item.lastError.actions, [again, way])
    t.strictSame((await api('GET', `${c}/invoices/v1`)).body.sync.lastError.actions, [again])

    t.equal((await api(way.method, way.path)).status, 200)
    t.equal(await job(), 'completed')
    t.equal((await api('GET', `${c}/sync-queue-items/count`)).body.count, 0)
  },
)

t.test(
  'given a deletion in a locked period, when the call that the answers name is made, then the next job ends it',
  async (t) => {
    const { api, c, job, simulator } = await ready(t)
    await api('PUT', `${c}/customers`, { records: [customer('c1')] })
    await api('PUT', `${c}/invoices`, { records: [invoice('v1', 'c1', [], { lines: line })] })
    t.equal(await job(), 'completed')
    simulator.control.setLockDates(defaultOrganisation, { period: '2026-12-31' })
    await api('DELETE', `${c}/invoices/v1`)
    t.equal(await job(), 'completed_with_errors')
    const { lastError } = (await api('GET', `${c}/invoices/v1`)).body.sync
    t.match(lastError, { code: 'period_locked', action: /DELETE …\/link/ })
    t.notMatch(lastError.action, /sync-queue-items/, 'a queued deletion is not taken out of the queue')
    const again = await api('PUT', `${c}/invoices/v1`, invoice('v1', 'c1', [], { lines: line }))
    t.equal(again.body.code, 'delete_irreversible')
    const [, way] = again.body.actions
    t.strictSame(way, { method: 'DELETE', path: `${c}/invoices/v1/link` })

    t.equal((await api(way.method, way.path)).status, 200)
    t.equal(await job(), 'completed')
    t.equal((await api('GET', `${c}/sync-queue-items/count`)).body.count, 0)
  },
)

t.test(
  'given a document that was deleted in Xero, when the record is unlinked, then the next job creates it anew',
  async (t) => {
    const { api, c, job, simulator } = await ready(t)
    await api('PUT', `${c}/customers`, { records: [customer('c1')] })
    await api('PUT', `${c}/invoices`, { records: [invoice('v1', 'c1', [], { lines: line })] })
    t.equal(await job(), 'completed')
    simulator.control.voidInvoice(defaultOrganisation, 'INV-v1')
    await api(
      'PUT',
      `${c}/invoices/v1`,
      invoice('v1', 'c1', [], { lines: line, customerPo: 'PO-7', number: 'INV-v1b' }),
    )
    t.equal(await job(), 'completed_with_errors')
    t.match((await api('GET', `${c}/invoices/v1`)).body.sync, {
      state: 'conflict',
      lastError: { code: 'removed_in_xero' },
    })

    t.equal((await api('DELETE', `${c}/invoices/v1/link`)).status, 200)
    t.equal(await job(), 'completed')
    const again = await api('GET', `${c}/invoices/v1`)
    t.equal(again.body.sync.state, 'synced')
    t.equal(again.body.sync.xero.number, 'INV-v1b')
  },
)

t.test(
  'given a conflict of contacts, when the record is linked by hand, then the next job brings it over',
  async (t) => {
    const { api, c, job, simulator } = await ready(t)
    t.match(operations, 'api -X PUT "$C/customers/$ID/link"')
    const twins = ['Ann Twin', 'Bea Twin'].map((Name) =>
      simulator.control.createContact(defaultOrganisation, { Name, EmailAddress: 'twin@example.com' }),
    )
    await api('PUT', `${c}/customers`, { records: [customer('c1', { email: 'twin@example.com' })] })
    t.equal(await job(), 'completed_with_errors')
    t.equal((await api('GET', `${c}/customers/c1`)).body.sync.state, 'conflict')

    t.equal((await api('PUT', `${c}/customers/c1/link`, { xeroId: twins[1]?.ContactID })).status, 200)
    t.equal(await job(), 'completed')
    t.match((await api('GET', `${c}/customers/c1`)).body.sync, { state: 'synced', xero: { id: twins[1]?.ContactID } })
  },
)

t.test(
  'given a contact that only shares the mailbox, when the record is linked to it by hand, then the conflict is gone',
  async (t) => {
    const { api, c, job, simulator } = await ready(t)
    const email = 'office@example.com'
    const { ContactID } = simulator.control.createContact(defaultOrganisation, { Name: 'Ann', EmailAddress: email })
    await api('PUT', `${c}/customers`, { records: [customer('c1', { name: 'Bea', email })] })
    t.equal(await job(), 'completed_with_errors')
    const { sync } = (await api('GET', `${c}/customers/c1`)).body
    t.match(sync, { state: 'conflict', lastError: { code: 'contact_ambiguous', candidates: [{ id: ContactID }] } })

    t.equal((await api('PUT', `${c}/customers/c1/link`, { xeroId: ContactID })).status, 200)
    t.equal(await job(), 'completed')
    t.match((await api('GET', `${c}/customers/c1`)).body.sync, { state: 'synced', xero: { id: ContactID } })
    t.equal((await api('GET', `${c}/sync-queue-items/count`)).body.count, 0)
  },
)

for (const [way, end] of [
  ['it is restored in Xero', async ({ restore }: Ways) => restore()],
  ['the record is unlinked', ({ api, c }: Ways) => api('DELETE', `${c}/customers/c1/link`)],
] as const) {
  t.test(
    `given a contact that is archived in Xero, when ${way}, then the next job brings the change over`,
    async (t) => {
      const { api, c, job, simulator, clock } = await ready(t)
      const { control } = simulator
      t.match(operations, 'api -X DELETE "$C/customers/$ID/link"')
      await api('PUT', `${c}/customers`, { records: [customer('c1')] })
      t.equal(await job(), 'completed')
      const before: string = (await api('GET', `${c}/customers/c1`)).body.sync.xero.id
      clock.advance(60_000)
      control.archiveContact(defaultOrganisation, before)
      t.equal(await job(), 'completed', 'the record is inactive as its contact is')
      await api('PUT', `${c}/customers/c1`, customer('c1', { email: 'new@example.com', active: true }))
      t.equal(await job(), 'completed_with_errors')
      t.match((await api('GET', `${c}/customers/c1`)).body.sync, {
        state: 'failed',
        lastError: { code: 'contact_archived', action: /restore.*DELETE …\/link/ },
      })

      clock.advance(60_000)
      const restore = () => control.restoreContact(defaultOrganisation, before)
      await end({ api, c, restore })
      t.equal(await job(), 'completed')
      const { sync } = (await api('GET', `${c}/customers/c1`)).body
      t.equal(sync.state, 'synced')
      const stands = control.read(defaultOrganisation, 'Contacts').find((one) => one.ContactID === sync.xero.id)
      t.match(stands, { ContactStatus: 'ACTIVE', EmailAddress: 'new@example.com' })
      t.equal(sync.xero.id === before, way.includes('restored'))
    },
  )
}

t.test(
  'given a consent that was lost, when it is given again, then queue, links and settings are as before',
  async (t) => {
    const { api, browse, c, job, simulator } = await ready(t)
    await api('PUT', `${c}/customers`, { records: [customer('c1')] })
    t.equal(await job(), 'completed')
    const before = (await api('GET', `${c}/customers/c1`)).body.sync.xero.id
    simulator.control.disconnect(defaultOrganisation)
    await api('PUT', `${c}/customers/c1`, customer('c1', { email: 'new@example.com' }))
    t.equal(await job(), 'failed')
    t.equal((await api('GET', c)).body.status, 'needs_reconnect')

    const { body } = await api('POST', `${c}/reconnect`, {})
    const code = (await browse(body.authorizationUrl)).searchParams.get('code')
    t.equal((await api('POST', `${c}/confirm`, { completionCode: code })).body.status, 'active')
    t.equal(await job(), 'completed')
    t.match((await api('GET', `${c}/customers/c1`)).body.sync, { state: 'synced', xero: { id: before } })
    t.equal((await api('GET', `${c}/settings`)).body.items.inventoryMode, 'sync_inventory')
  },
)

type Ways = Pick<World, 'api'> & { readonly c: string; readonly restore: () => unknown }

const line = [{ id: '1', description: 'Widget', quantity: '1', unitPrice: '10', taxCode: 'GST' }]
