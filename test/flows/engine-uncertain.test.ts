// Outcomes that are not known: whatever happens to a write call, exactly one document stands in Xero, and people see what
// happens next and when.
import t from 'tap'
import { openWorld, type World } from '../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const minute = 60_000
// biome-ignore lint/suspicious/noExplicitAny: bodies are read as the test expects them
type Anything = any

/** Hands over what a list needs and one record of it; returns where to look. */
const cases = {
  Contacts: {
    list: 'Contacts',
    path: 'customers',
    id: 'c1',
    prepare: async (tenant: Tenant) => tenant.put('customers', customer('c1')),
  },
  Items: {
    list: 'Items',
    path: 'items',
    id: 's1',
    prepare: async (tenant: Tenant) => tenant.put('items', item('s1', { kind: 'service' })),
  },
  Invoices: {
    list: 'Invoices',
    path: 'invoices',
    id: 'v1',
    async prepare(tenant: Tenant) {
      await tenant.put('customers', customer('c1'))
      await tenant.put('items', item('s1', { kind: 'service' }))
      await tenant.put('invoices', invoice('v1', 'c1', ['s1']))
    },
  },
  Bills: {
    list: 'Invoices',
    path: 'bills',
    id: 'b1',
    async prepare(tenant: Tenant) {
      await tenant.put('vendors', vendor('v1'))
      await tenant.put('items', item('s1', { kind: 'service' }))
      await tenant.put('bills', bill('b1', 'v1', ['s1']))
    },
  },
} as const
type List = (typeof cases)[keyof typeof cases]['list']

/** Does turns until nothing is due at this very moment. */
const workNow = async (world: World): Promise<void> => {
  while (await world.house.turn());
}

const keysOf = (tenant: Tenant, list: string): (string | undefined)[] =>
  tenant.calls(`PUT /${list}`).map((entry) => entry.headers.idempotencyKey)

t.test('uncertain outcomes', async (t) => {
  const world = await openWorld(t)
  const { clock } = world
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  for (const [name, { list, path, id, prepare }] of Object.entries(cases)) {
    t.test(
      `given a lost answer to the creation of ${name}, when time passes, then one document stands in Xero`,
      async (t) => {
        const tenant = await openTenant(world, `lost-answer-${name}`)
        await prepare(tenant)
        control.faults({ kind: 'lost_response', method: 'PUT', path: `/${list}`, tenantId: tenant.organisationId })
        const job = await tenant.startJob()
        await workNow(world)
        const uncertain = await tenant.state(path, id)
        t.match(uncertain, { state: 'uncertain', lastError: { code: 'outcome_unknown' } })
        t.ok(Date.parse(uncertain.nextStepAt) > clock.now().getTime(), 'says when the next step is')
        t.match(await tenant.queue('uncertain'), [{ recordId: id, nextStepAt: uncertain.nextStepAt }])
        t.match(await tenant.job(job), { status: 'waiting', waitingReason: 'outcome_unknown' })
        t.equal(tenant.xero(list).length, 1, 'it was written')

        await world.work()
        t.match(await tenant.state(path, id), { state: 'synced', lastError: null, nextStepAt: null })
        t.equal((await tenant.job(job)).status, 'completed')
        t.equal(tenant.xero(list).length, 1, 'and was not written again')
        const sends = tenant.calls(`PUT /${list}`)
        t.equal(sends.length, 2)
        t.equal(new Set(keysOf(tenant, list)).size, 1, 'it was replayed under its own key')
        t.strictSame(sends[0]?.body, sends[1]?.body, 'with the same content')
        t.equal(sends[1]?.replayed, true, 'Xero answered from its cache')
        t.strictSame(await tenant.queue(), [])
        tenant.checkXero(t)
      },
    )

    t.test(
      `given that the creation of ${name} never reached Xero, when time passes, then it is sent again`,
      async (t) => {
        const tenant = await openTenant(world, `lost-request-${name}`)
        await prepare(tenant)
        control.faults({ kind: 'lost_request', method: 'PUT', path: `/${list}`, tenantId: tenant.organisationId })
        const job = await tenant.sync()
        t.equal(job.status, 'completed')
        t.equal((await tenant.state(path, id)).state, 'synced')
        t.equal(tenant.xero(list).length, 1)
        t.equal(new Set(keysOf(tenant, list)).size, 1)
        tenant.checkXero(t)
      },
    )

    t.test(`given ${name} and both replays without an answer, when it is quiet, then they are found`, async (t) => {
      const tenant = await openTenant(world, `replays-${name}`)
      await prepare(tenant)
      const target = { method: 'PUT', path: `/${list}`, tenantId: tenant.organisationId }
      control.faults({ kind: 'lost_response', times: 3, ...target })
      const job = await tenant.sync()
      t.equal(job.status, 'completed')
      const sends = tenant.calls(`PUT /${list}`)
      t.equal(sends.length, 3, 'replayed twice and never again')
      t.equal(new Set(keysOf(tenant, list)).size, 1)
      const last = Date.parse(sends[2]?.at ?? '')
      const found = tenant.calls(`GET /${list}`).find((entry) => Date.parse(entry.at) > last && looksUp(entry, list))
      t.ok(found, 'it was looked up')
      t.ok(Date.parse(found?.at ?? '') - last >= 7 * minute, 'not before the key had expired and all was quiet')
      t.equal((await tenant.state(path, id)).state, 'synced')
      t.equal(tenant.xero(list).length, 1)
      tenant.checkXero(t)
    })

    t.test(`given ${name} and both replays that never arrived, then they are resent after two look-ups`, async (t) => {
      const tenant = await openTenant(world, `nothing-${name}`)
      await prepare(tenant)
      const target = { method: 'PUT', path: `/${list}`, tenantId: tenant.organisationId }
      control.faults({ kind: 'lost_request', times: 3, ...target })
      const job = await tenant.sync()
      t.equal(job.status, 'completed')
      const sends = tenant.calls(`PUT /${list}`)
      t.equal(sends.length, 4)
      t.equal(new Set(keysOf(tenant, list)).size, 1, 'the same key for ever')
      const [third, fourth] = [sends[2], sends[3]].map((entry) => Date.parse(entry?.at ?? ''))
      const lookUps = tenant
        .calls(`GET /${list}`)
        .filter((entry) => looksUp(entry, list) && Date.parse(entry.at) > Number(third))
        .filter((entry) => Date.parse(entry.at) <= Number(fourth))
        .map((entry) => Date.parse(entry.at))
      t.equal(lookUps.length, 2, 'looked up twice')
      t.ok(Number(lookUps[1]) - Number(lookUps[0]) >= 90_000, "Xero's lists may lag behind")
      t.equal((await tenant.state(path, id)).state, 'synced')
      t.equal(tenant.xero(list).length, 1)
      tenant.checkXero(t)
    })
  }

  t.test(
    'given a creation that was sent again with no answer, when it is quiet, then it is looked up anew',
    async (t) => {
      const tenant = await openTenant(world, 'again-unanswered')
      await cases.Bills.prepare(tenant)
      const target = { method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId }
      control.faults({ kind: 'lost_request', times: 3, ...target })
      control.faults({ kind: 'lost_response', times: 3, ...target })
      t.equal((await tenant.sync()).status, 'completed')
      const sends = tenant.calls('PUT /Invoices')
      t.equal(sends.length, 6)
      const lookUps = tenant.calls('GET /Invoices').filter((entry) => looksUp(entry, 'Invoices'))
      t.strictSame(
        lookUps.map(({ seq }) => sends.filter((send) => send.seq < seq).length),
        [0, 3, 3, 6],
        'its number is free at first; what was seen before it was sent again says nothing of it',
      )
      const [sentAt, lookedUpAt] = [sends[5], lookUps[3]].map((entry) => Date.parse(entry?.at ?? ''))
      t.equal(Number(lookedUpAt) - Number(sentAt), 7 * minute, 'and is no look-up of what was sent since')
      t.equal(tenant.xero('Invoices').length, 1)
      tenant.checkXero(t)
    },
  )

  for (const kind of ['http_500_before', 'http_500_after', 'http_503', 'html_200', 'empty_200', 'truncated'] as const) {
    t.test(`given the answer ${kind} to a write, when time passes, then one document stands in Xero`, async (t) => {
      const tenant = await openTenant(world, kind)
      await cases.Invoices.prepare(tenant)
      control.faults({ kind, method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId })
      const id = await tenant.startJob()
      await workNow(world)
      t.equal((await tenant.state('invoices', 'v1')).state, 'uncertain', 'it is not believed')
      await world.work()
      t.equal((await tenant.job(id)).status, 'completed')
      t.equal((await tenant.state('invoices', 'v1')).state, 'synced')
      t.equal(tenant.xero('Invoices').length, 1)
      t.equal(new Set(keysOf(tenant, 'Invoices')).size, 1)
      tenant.checkXero(t)
    })
  }

  t.test('given 50 documents whose answer is lost, when they are looked up, then one call is enough', async (t) => {
    const tenant = await openTenant(world, 'fifty')
    await tenant.settings({ invoices: { number: 'xero', reference: 'document_number' } })
    const ids = Array.from({ length: 50 }, (_, n) => `0193-with-a-long-id-${String(n).padStart(3, '0')}`)
    await tenant.put('customers', ...ids.map((id) => customer(id)))
    await tenant.put('items', item('s1', { kind: 'service' }))
    await tenant.put('invoices', ...ids.map((id) => invoice(id, ids[0] ?? '', ['s1'])))
    for (const list of ['Contacts', 'Invoices']) {
      const target = { method: 'PUT', path: `/${list}`, tenantId: tenant.organisationId }
      control.faults({ kind: 'lost_response', times: 3, ...target })
    }
    t.equal((await tenant.sync()).status, 'completed')
    for (const list of ['Contacts', 'Invoices']) {
      const sends = tenant.calls(`PUT /${list}`)
      t.equal(sends.length, 3, `${list}: one batch, replayed twice`)
      const last = Number(sends[2]?.seq)
      const lookUps = tenant.calls(`GET /${list}`).filter(({ seq, query }) => seq > last && !query.order)
      t.strictSame(
        lookUps.map(({ query }) => query.where),
        [undefined],
        `${list}: what changed since the batch was sent was read, once`,
      )
      t.equal(tenant.xero(list as List).length, 50)
    }
    tenant.checkXero(t)
  })

  t.test('given 50 contacts that never arrived, when they are looked up, then one call says so', async (t) => {
    const tenant = await openTenant(world, 'fifty-missing')
    const ids = Array.from({ length: 50 }, (_, n) => `0193-with-a-long-id-${String(n).padStart(3, '0')}`)
    await tenant.put('customers', ...ids.map((id) => customer(id)))
    const target = { method: 'PUT', path: '/Contacts', tenantId: tenant.organisationId }
    control.faults({ kind: 'lost_request', times: 3, ...target })
    t.equal((await tenant.sync()).status, 'completed')
    const [third, fourth] = tenant.calls('PUT /Contacts').slice(2)
    const lookUps = tenant
      .calls('GET /Contacts')
      .filter(({ seq }) => seq > Number(third?.seq) && seq < Number(fourth?.seq))
    t.equal(lookUps.length, 2, 'two look-ups of one call each')
    t.equal(tenant.xero('Contacts').length, 50)
    tenant.checkXero(t)
  })

  t.test('given two lost answers, when finding out the one is put off, then the other has its own time', async (t) => {
    const tenant = await openTenant(world, 'own-times')
    const target = { method: 'PUT', path: '/Contacts', tenantId: tenant.organisationId }
    await tenant.put('customers', customer('c1'))
    await tenant.put('vendors', vendor('w1'))
    await tenant.startJob()
    control.faults([
      { kind: 'lost_response', times: 2, ...target },
      // The first replay is refused, which says nothing of the earlier send: that one is quiet now for minutes.
      {
        kind: 'answer',
        answer: { status: 400, json: { ErrorNumber: 17, Type: 'NoDataProcessedException' } },
        ...target,
      },
    ])
    await workNow(world)
    const states = async () => [
      (await tenant.state('customers', 'c1')).state,
      (await tenant.state('vendors', 'w1')).state,
    ]
    t.strictSame(await states(), ['uncertain', 'uncertain'])
    await world.work({ forMs: minute })
    t.strictSame((await states()).sort(), ['synced', 'uncertain'], 'the other one is replayed as soon as it may be')
    await world.work()
    t.strictSame(await states(), ['synced', 'synced'])
    t.equal(tenant.xero('Contacts').length, 2)
    tenant.checkXero(t)
  })

  t.test('given an uncertain customer, when its invoice comes, then it waits and goes in the same job', async (t) => {
    const tenant = await openTenant(world, 'dependants')
    control.faults({ kind: 'lost_response', method: 'PUT', path: '/Contacts', tenantId: tenant.organisationId })
    await cases.Invoices.prepare(tenant)
    const job = await tenant.startJob()
    await workNow(world)
    t.equal((await tenant.state('customers', 'c1')).state, 'uncertain')
    t.equal((await tenant.state('invoices', 'v1')).state, 'locked', 'neither failed nor blocked')
    await world.work()
    t.equal((await tenant.job(job)).status, 'completed')
    t.equal((await tenant.state('invoices', 'v1')).state, 'synced')
    t.strictSame(await tenant.errors(job), [], 'nothing of it is an error of the job')
    tenant.checkXero(t)
  })

  t.test('given a lost change, when time passes, then the change is made, with the same id', async (t) => {
    const tenant = await openTenant(world, 'change')
    await cases.Invoices.prepare(tenant)
    await tenant.sync()
    tenant.mark()
    await tenant.put('invoices', invoice('v1', 'c1', ['s1', 's1']))
    control.faults({
      kind: 'lost_request',
      times: 3,
      method: 'POST',
      path: '/Invoices',
      tenantId: tenant.organisationId,
    })
    t.equal((await tenant.sync()).status, 'completed')
    t.equal(tenant.xero('Invoices').length, 1)
    t.equal(tenant.xero('Invoices')[0].LineItems.length, 2)
    t.equal(tenant.calls('PUT ').length, 0)
    tenant.checkXero(t)
  })

  t.test('given a lost deletion, when time passes, then it is done once', async (t) => {
    const tenant = await openTenant(world, 'deletion')
    await cases.Items.prepare(tenant)
    await tenant.sync()
    await tenant.api('DELETE', 'items/s1')
    control.faults({ kind: 'lost_response', method: 'DELETE', path: '/Items', tenantId: tenant.organisationId })
    t.equal((await tenant.sync()).status, 'completed')
    t.strictSame(tenant.xero('Items'), [])
    t.strictSame(await tenant.queue(), [])
    tenant.checkXero(t)
  })
})

/** A look-up by marker, as against a read of the whole list. */
const looksUp = (entry: Anything, list: string): boolean =>
  list === 'Items' ? entry.path.includes('/Items/') : Boolean(entry.query.where ?? entry.query.InvoiceNumbers)
