// What a list in Xero does not show any more, and what it shows that cannot be understood: a deletion is believed when two
// reads say so, many only after a while, and an odd row is there all the same.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

type Row = { [name: string]: unknown }
const minute = 60_000
const items = (count: number) => Array.from({ length: count }, (_, n) => item(`i${n + 1}`, { kind: 'service' }))
const deletions = async (tenant: Tenant) =>
  (await tenant.changes()).filter((one) => one.operation === 'deleted').map((one) => one.recordId)
const incidents = async (tenant: Tenant, open = true) =>
  (await tenant.api('GET', `incidents?open=${open}`)).body.items.map((one: { kind: string }) => one.kind)
const oddRows = async (tenant: Tenant) => (await tenant.api('GET', 'odd-rows')).body.items
const nameless = (rows: Row[]) => rows.map((row) => ({ ...row, Name: '' }))
/** Whole reads of the items, which no date bounds. */
const wholeReads = (tenant: Tenant) =>
  tenant.calls('GET /Items').filter((entry) => entry.headers.ifModifiedSince === undefined).length

t.test('absence', async (t) => {
  const world = await openWorld(t)
  const { clock } = world
  const { control } = world.simulator

  /** A company whose items are in Xero and were read from there. */
  async function withItems(name: string, count: number): Promise<Tenant> {
    const tenant = await openTenant(world, name.replaceAll(' ', '-'))
    await tenant.put('items', ...items(count))
    await tenant.put('customers', { id: 'c1', name: 'Customer c1' })
    await tenant.sync()
    clock.advance(60 * minute)
    await tenant.sync('full')
    // Jobs without anything to send compare the list once a day.
    clock.advance(24 * 60 * minute)
    tenant.mark()
    return tenant
  }
  /** Whole reads of the items bring this. */
  const change = (tenant: Tenant, times: number, edit: (rows: Row[]) => unknown) =>
    control.faults({
      kind: 'answer',
      method: 'GET',
      path: '/Items',
      tenantId: tenant.organisationId,
      times,
      answer: (real) => real && { ...real, body: { ...real.body, Items: edit(real.body?.Items as Row[]) } },
    })

  for (const [title, count, lost] of [
    ['four items and an empty list', 4, () => []],
    ['four items and half of the list', 4, (rows: unknown[]) => rows.slice(2)],
    ['one item and an empty list', 1, () => []],
  ] as const) {
    t.test(`given ${title}, when Xero answers so once, then nothing is deleted`, async (t) => {
      const tenant = await withItems(`once ${title}`, count)
      change(tenant, 1, lost)
      t.equal((await tenant.sync('full')).status, 'completed')
      change(tenant, 2, lost)
      await tenant.put('invoices', invoice('n1', 'c1', ['i1']))
      control.clearFaults()
      const job = await tenant.sync()
      t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
      t.strictSame(await deletions(tenant), [])
      t.match(await tenant.state('items', 'i1'), { state: 'synced' })
      t.match(await tenant.state('invoices', 'n1'), { state: 'synced' })
      t.strictSame(await incidents(tenant, false), [])
      tenant.checkXero(t)
    })
  }

  t.test('given items, when some of few are deleted in Xero, then one job notices, with a second read', async (t) => {
    for (const [name, gone] of [
      ['one', 1],
      ['three', 3],
      ['all', 4],
    ] as const) {
      const tenant = await withItems(`really ${name}`, 4)
      for (let n = 1; n <= gone; n++) control.deleteItem(tenant.organisation, `SKU-i${n}`)
      await tenant.sync()
      t.equal((await deletions(tenant)).length, gone)
      t.equal(wholeReads(tenant), 2)
      t.strictSame(await incidents(tenant, false), [])
      tenant.mark()
      await tenant.sync()
      t.equal(wholeReads(tenant), 0, 'compared today already')
    }
  })

  t.test('given many items, when a list lacks most of them, then it is believed 10 minutes later', async (t) => {
    const tenant = await withItems('many', 9)
    change(tenant, 8, () => [])
    await tenant.sync('full')
    await tenant.sync('full')
    t.strictSame(await deletions(tenant), [], 'two reads in a row are not enough')
    t.strictSame(await incidents(tenant), ['vanished_items'])
    await tenant.put('invoices', invoice('n1', 'c1', ['i1']))
    control.clearFaults()
    clock.advance(20 * minute)
    t.equal((await tenant.sync()).status, 'completed')
    t.match(await tenant.state('invoices', 'n1'), { state: 'synced' })
    t.strictSame(await incidents(tenant), [], 'shown again, the incident closes')
    t.strictSame(await incidents(tenant, false), ['vanished_items'])

    for (let n = 2; n <= 8; n++) control.deleteItem(tenant.organisation, `SKU-i${n}`)
    clock.advance(24 * 60 * minute)
    await tenant.sync()
    clock.advance(9 * minute)
    await tenant.sync()
    t.strictSame(await deletions(tenant), [])
    t.match((await tenant.api('GET', 'health')).body, { reasons: [{ code: 'open_incidents' }] })
    clock.advance(2 * minute)
    await tenant.sync()
    t.equal((await deletions(tenant)).length, 7, 'they are really deleted')
    t.strictSame(await incidents(tenant), [])
    t.match(await tenant.state('items', 'i1'), { state: 'synced' })
  })

  t.test('given an absent or null list, then it is never believed, and the job goes on by itself', async (t) => {
    const tenant = await withItems('null', 4)
    for (const edit of [(): unknown => null, (): unknown => undefined]) {
      change(tenant, 2, edit)
      t.equal((await tenant.sync('full')).status, 'completed')
    }
    t.strictSame(await deletions(tenant), [])
  })

  t.test(
    'given the items of a restored organisation, then nothing is deleted until a person looked at it',
    async (t) => {
      const tenant = await withItems('restored', 8)
      change(tenant, 99, (rows) =>
        rows.map((row, n) => ({ ...row, ItemID: `11111111-0000-4000-8000-${`${n}`.padStart(12, '0')}` })),
      )
      for (let job = 0; job < 3; job++) {
        await tenant.sync('full')
        clock.advance(30 * minute)
      }
      t.strictSame(await tenant.changes(), [], 'no record is made of what is already one')
      const [incident] = (await tenant.api('GET', 'incidents')).body.items
      t.match(incident, { kind: 'vanished_items', recordType: 'item' })
      t.equal(incident.xeroIds.length, 8)
      await tenant.api('POST', `incidents/${incident.id}/resolve`)
      await tenant.sync('full')
      t.equal((await deletions(tenant)).length, 8)
      control.clearFaults()
    },
  )

  const odd = { ItemID: '22222222-0000-4000-8000-000000000000', Code: '', Name: 'Odd' }
  for (const [title, row, xeroId] of [
    ['a row with an id and an empty code', odd, odd.ItemID],
    ['a row that is null', null, null],
  ] as const) {
    t.test(
      `given ${title} in every list, when an item is deleted, then it is noticed, and the row is shown`,
      async (t) => {
        const tenant = await withItems(`odd ${xeroId}`, 2)
        change(tenant, 99, (rows) => [...rows, row as never])
        const job = await tenant.sync('full')
        t.match(job, { status: 'completed', progress: { item: { oddRows: 1 } } })
        const [shown, ...others] = await oddRows(tenant)
        t.match(shown, { list: 'items', xeroId, rows: 1, reason: String, firstSeenAt: String, lastSeenAt: String })
        t.strictSame(others, [])
        control.deleteItem(tenant.organisation, 'SKU-i1')
        clock.advance(30 * minute)
        await tenant.sync('full')
        t.strictSame(await deletions(tenant), ['i1'])
        t.ok((await oddRows(tenant))[0].lastSeenAt > shown.lastSeenAt)
        t.equal((await oddRows(tenant))[0].firstSeenAt, shown.firstSeenAt)
        control.clearFaults()
        t.match(await tenant.sync('full'), { progress: { item: { oddRows: 0 } } })
        t.strictSame(await oddRows(tenant), [], 'what comes no more is shown no more')
      },
    )
  }

  t.test('given an item whose row became odd, then it is not deleted', async (t) => {
    const tenant = await withItems('became odd', 2)
    change(tenant, 99, (rows) => rows.map((row) => (row.Code === 'SKU-i1' ? { ...row, Code: '' } : row)))
    await tenant.sync('full')
    await tenant.sync('full')
    t.strictSame(await deletions(tenant), [])
    t.equal((await oddRows(tenant)).length, 1)
    control.clearFaults()
    // A row that reads well again is none.
    await tenant.sync('full')
    t.strictSame(await oddRows(tenant), [])

    change(tenant, 4, (rows) => rows.map((row) => (row.Code === 'SKU-i1' ? (null as never) : row)))
    await tenant.sync('full')
    await tenant.sync('full')
    t.strictSame(await deletions(tenant), [], 'a row without an id may be the one that is missed')
    t.strictSame(await incidents(tenant), ['vanished_items'])
    control.clearFaults()
    await tenant.sync('full')
    t.strictSame(await incidents(tenant), [])
  })

  t.test('given a contact without a name, when contacts are read, then it is shown until it reads well', async (t) => {
    const tenant = await openTenant(world, 'nameless')
    const contact = control.createContact(tenant.organisation, { Name: 'Named' })
    control.faults({
      kind: 'answer',
      path: '/Contacts',
      tenantId: tenant.organisationId,
      answer: (real) => real && { ...real, body: { ...real.body, Contacts: nameless(real.body?.Contacts as Row[]) } },
    })
    t.match(await tenant.sync('full'), { status: 'completed', progress: { customer: { oddRows: 1 } } })
    t.match(await oddRows(tenant), [{ list: 'contacts', xeroId: contact.ContactID, reason: /Name/ }])
    await tenant.sync('full')
    t.strictSame(await oddRows(tenant), [])
  })

  t.test('given a price such as 1E-05, then it is a number like any other', async (t) => {
    const tenant = await withItems('exponent', 1)
    change(tenant, 2, (rows) => rows.map((row) => ({ ...row, SalesDetails: { UnitPrice: 1e-7 } })))
    await tenant.sync('full')
    t.strictSame(await oddRows(tenant), [])
    t.match((await tenant.api('GET', 'items/i1')).body.record, { salePrice: '0.0000001' })
  })
})
