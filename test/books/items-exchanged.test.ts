// Items that exchange their codes, of which one is not written: none of them stays under a code that nobody gave it, and none
// is "synced" that Xero holds under another code.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { itemIn, later, synced, writes } from './support/books.ts'
import { openWithItems, service } from './support/trading.ts'

t.test('books: items exchanged', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  /** Services s1, s2, … in Xero, with their ids there. */
  async function ready(name: string, count: number) {
    const { tenant, ids: names } = await openWithItems(world, name, count)
    const ids = await Promise.all(names.map(async (id) => (await tenant.state('items', id)).xero.id))
    later(world)
    return { tenant, ids: ids as string[] }
  }
  const codes = (tenant: Tenant, ids: readonly string[]) => ids.map((id) => itemIn(tenant, id)?.Code)
  const recode = (tenant: Tenant, given: Readonly<Record<string, string>>) =>
    tenant.put('items', ...Object.entries(given).map(([id, code]) => service(id, { code })))
  const refused = (id: string, code: string) => service(id, { code, incomeAccount: '9999' })
  const refuse = (tenant: Tenant, skip: number, times: number) =>
    control.faults({
      ...{ kind: 'answer', method: 'POST', path: '/Items', tenantId: tenant.organisationId, skip, times },
      answer: { messages: ['Some refusal'] },
    })

  for (const [name, given, bad] of [
    ['two', { s1: 'SKU-s2' }, ['s2', 'SKU-s1']],
    ['three', { s1: 'SKU-s2', s3: 'SKU-s1' }, ['s2', 'SKU-s3']],
    ['three-others', { s1: 'SKU-s2', s2: 'SKU-s3' }, ['s3', 'SKU-s1']],
  ] as const)
    t.test(`given a ring of ${name} of which Xero refuses one, then all bear their old codes, once`, async (t) => {
      const { tenant, ids } = await ready(name, 3)
      const before = codes(tenant, ids)
      await recode(tenant, given)
      await tenant.put('items', refused(bad[0], bad[1]))
      await tenant.sync()
      t.strictSame(codes(tenant, ids), before)
      t.match(await tenant.state('items', bad[0]), { state: 'failed', lastError: { code: 'account_invalid' } })
      for (const id of Object.keys(given))
        t.match(await tenant.state('items', id), { state: 'conflict', lastError: { code: 'duplicate_number' } })
      tenant.mark()
      await tenant.sync()
      t.strictSame(writes(tenant), [], 'the same is not tried again')
      t.match(await tenant.state('items', bad[0]), { state: 'failed', lastError: { code: 'account_invalid' } })
      await tenant.put('items', service(bad[0], { code: bad[1] }))
      await tenant.sync()
      await synced(t, tenant, 'items', 's1', 's2', 's3')
      const after = { s3: 'SKU-s3', ...given, [bad[0]]: bad[1] } as Record<string, string>
      t.strictSame(codes(tenant, ids), [after.s1, after.s2, after.s3])
      tenant.checkXero(t)
    })

  t.test('given codes that Xero refuses when both have left theirs, then both get back what they had', async (t) => {
    const { tenant, ids } = await ready('late', 2)
    await recode(tenant, { s1: 'SKU-s2', s2: 'SKU-s1' })
    refuse(tenant, 1, 1)
    await tenant.sync()
    t.strictSame(codes(tenant, ids), ['SKU-s1', 'SKU-s2'])
    for (const id of ['s1', 's2']) t.equal((await tenant.state('items', id)).state, 'failed')
    tenant.mark()
    await tenant.sync()
    t.strictSame(writes(tenant), [], 'the same is not tried again')
    await tenant.api('POST', 'sync-queue-items', { recordType: 'item' })
    await tenant.sync()
    await synced(t, tenant, 'items', 's1', 's2')
    t.strictSame(codes(tenant, ids), ['SKU-s2', 'SKU-s1'])
    tenant.checkXero(t)
  })

  /** Both under codes for the moment, which neither their own codes nor the old ones replace. */
  async function between(name: string) {
    const made = await ready(name, 2)
    const { tenant } = made
    await recode(tenant, { s1: 'SKU-s2', s2: 'SKU-s1' })
    refuse(tenant, 1, 2)
    await tenant.sync()
    control.clearFaults()
    for (const code of codes(tenant, made.ids)) t.match(code, /^~[0-9A-F]{16}$/)
    return made
  }
  const findings = async (tenant: Tenant) =>
    (await tenant.api('GET', 'findings')).body.items.map((one: { recordId: string; code: string }) => [
      one.recordId,
      one.code,
    ])

  t.test('given items under codes for the moment, then nothing says "synced", and findings name them', async (t) => {
    const { tenant, ids } = await between('told')
    for (const id of ['s1', 's2']) t.equal((await tenant.state('items', id)).state, 'failed')
    t.strictSame(await findings(tenant), [
      ['s1', 'item_interim_code'],
      ['s2', 'item_interim_code'],
    ])
    for (const item of await tenant.queue())
      t.equal((await tenant.api('DELETE', `sync-queue-items/${item.id}?force=true`)).status, 200)
    await tenant.sync('full')
    for (const id of ['s1', 's2']) t.equal((await tenant.state('items', id)).state, 'outdated')
    t.equal((await findings(tenant)).length, 2)
    t.strictSame(await tenant.changes(), [], 'a code for the moment is nothing that a person said')
    await tenant.api('POST', 'sync-queue-items', { recordType: 'item' })
    await tenant.sync()
    await synced(t, tenant, 'items', 's1', 's2')
    t.strictSame(codes(tenant, ids), ['SKU-s2', 'SKU-s1'])
    t.strictSame(await findings(tenant), [])
  })

  t.test(
    'given items under codes for the moment, when the product gives up, then the old codes are written',
    async (t) => {
      const { tenant, ids } = await between('given-up')
      await recode(tenant, { s1: 'SKU-s1', s2: 'SKU-s2' })
      await tenant.sync()
      await synced(t, tenant, 'items', 's1', 's2')
      t.strictSame(codes(tenant, ids), ['SKU-s1', 'SKU-s2'])
      tenant.checkXero(t)
    },
  )

  t.test('given the same, when the change back is taken out of the queue, then nothing says "synced"', async (t) => {
    const { tenant } = await between('given-up-withdrawn')
    await recode(tenant, { s1: 'SKU-s1' })
    const [item] = (await tenant.queue()).filter(({ recordId }) => recordId === 's1')
    await tenant.api('DELETE', `sync-queue-items/${item.id}?force=true`)
    t.equal((await tenant.state('items', 's1')).state, 'outdated')
  })

  t.test('given the same, when a person takes an old code, then it is named as what it is, and once', async (t) => {
    const { tenant, ids } = await between('taken')
    const hand = control.createItem(tenant.organisation, { Code: 'SKU-s1', Name: 'By hand' })
    await tenant.api('POST', 'sync-queue-items', { recordType: 'item' })
    for (let jobs = 0; jobs < 3; jobs++) await tenant.sync()
    const { state, lastError } = await tenant.state('items', 's2')
    t.match([state, lastError.code], ['conflict', 'duplicate_number'])
    t.match(lastError.candidates, [{ id: hand.ItemID, name: 'By hand' }])
    t.match(lastError.cause, 'The item SKU-s1 in Xero stands there already.')
    for (const id of ['s1', 's2']) {
      const { lastError: error, xero } = await tenant.state('items', id)
      t.ok((error?.cause ?? '').split('until then.').length <= 2, `${error?.cause} is said once`)
      t.equal(xero.number, itemIn(tenant, xero.id).Code)
    }
    t.notMatch(codes(tenant, ids), ['SKU-s1', 'SKU-s1'])
  })

  t.test('given a job that is cancelled in between, then the next one knows the codes for its own', async (t) => {
    const { tenant, ids } = await ready('cancelled', 2)
    await recode(tenant, { s1: 'SKU-s2', s2: 'SKU-s1' })
    control.faults({ kind: 'lost_response', method: 'POST', path: '/Items', tenantId: tenant.organisationId, times: 3 })
    const job = await tenant.startJob()
    await tenant.api('POST', `sync-jobs/${job}/cancel`)
    await world.work()
    control.clearFaults()
    await tenant.sync()
    await tenant.sync()
    await synced(t, tenant, 'items', 's1', 's2')
    t.strictSame(codes(tenant, ids), ['SKU-s2', 'SKU-s1'])
    t.strictSame(await tenant.changes(), [])
    tenant.checkXero(t)
  })
})
