// Cases 20, 23 and 24: codes that change on either side, and used items that are deleted.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { invoice } from '../support/records.ts'
import { document, itemIn, later, synced, writes } from './support/books.ts'
import { openWithItems, service } from './support/trading.ts'

t.test('books: items codes', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const noMore = () => control.clearFaults()

  t.test('20 given swapped codes, a ring of three, and a code taken over, then all arrive', async (t) => {
    const { tenant } = await openWithItems(world, 'swapped', 6)
    const code = (id: string, taken: string) => service(id, { code: `SKU-${taken}` })
    const byId = Object.fromEntries(tenant.xero('Items').map((one) => [one.Code, one.ItemID]))
    await tenant.put('items', code('s1', 's2'), code('s2', 's1'))
    await tenant.put('items', code('s3', 's4'), code('s4', 's5'), code('s5', 's3'))
    await tenant.api('DELETE', 'items/s6')
    await tenant.put('items', service('s7', { code: 'SKU-s6' }))
    await tenant.sync()
    await tenant.sync()
    await synced(t, tenant, 'items', 's1', 's2', 's3', 's4', 's5', 's7')
    for (const [was, is] of Object.entries({ s1: 's2', s2: 's1', s3: 's4', s4: 's5', s5: 's3' }))
      t.equal(itemIn(tenant, byId[`SKU-${was}`])?.Code, `SKU-${is}`)
    t.equal(tenant.xero('Items').length, 6)
    t.equal(itemIn(tenant, 'SKU-s6')?.Name, 'Item s7')
    tenant.checkXero(t)
  })

  t.test('20 given swapped codes and a lost answer on the way, then all arrive', async (t) => {
    const { tenant } = await openWithItems(world, 'swapped-lost', 2)
    await tenant.put('items', service('s1', { code: 'SKU-s2' }), service('s2', { code: 'SKU-s1' }))
    control.faults({ kind: 'lost_response', method: 'POST', path: '/Items', tenantId: tenant.organisationId, times: 2 })
    await tenant.sync()
    noMore()
    await tenant.sync()
    await synced(t, tenant, 'items', 's1', 's2')
    t.strictSame(
      tenant
        .xero('Items')
        .map((one) => [one.Code, one.Name])
        .sort(),
      [
        ['SKU-s1', 'Item s2'],
        ['SKU-s2', 'Item s1'],
      ],
    )
    tenant.checkXero(t)
  })

  for (const kind of ['lost_response', 'lost_request'] as const)
    t.test(`20 given a code of an item whose deletion was not answered (${kind}), then it is free`, async (t) => {
      const { tenant } = await openWithItems(world, `deleted-${kind}`, 2)
      await tenant.settings({ items: { import: 'updates_and_new' } })
      const was = itemIn(tenant, 'SKU-s1').ItemID
      control.faults({ kind, method: 'DELETE', path: '/Items', tenantId: tenant.organisationId, times: 2 })
      await tenant.api('DELETE', 'items/s1')
      await tenant.put('items', service('s3', { code: 'SKU-s1' }))
      await tenant.sync()
      await tenant.sync()
      noMore()
      await synced(t, tenant, 'items', 's3')
      t.not((await tenant.state('items', 's3')).xero.id, was, 'it is no item that is gone')
      t.equal(itemIn(tenant, 'SKU-s1')?.Name, 'Item s3')
      t.strictSame(await tenant.changes(), [], 'nothing comes back of what was deleted')
      t.equal(tenant.xero('Items').length, 2)
      tenant.checkXero(t)
    })

  t.test('23 given a code that was changed in Xero, then invoices use the one that it has there', async (t) => {
    const { tenant } = await openWithItems(world, 'recoded', 2)
    later(world)
    control.editItem(tenant.organisation, 'SKU-s1', { Code: 'BETTER' })
    await tenant.put('invoices', invoice('d1', 'c1', ['s1', 's2']))
    await tenant.sync()
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1')
    t.strictSame(
      document(tenant, 'INV-d1')?.LineItems.map((one: { ItemCode: string }) => one.ItemCode),
      ['BETTER', 'SKU-s2'],
    )
    t.equal(tenant.xero('Items').length, 2, 'no second item under the old code')
    t.ok((await tenant.changes()).some((change) => change.recordId === 's1' && change.record.code === 'BETTER'))
    tenant.checkXero(t)
  })

  t.test('23 given a code in Xero that another record of ours has, then nothing is mixed up', async (t) => {
    const { tenant } = await openWithItems(world, 'recoded-taken', 2)
    const [first, second] = ['SKU-s1', 'SKU-s2'].map((code) => itemIn(tenant, code).ItemID)
    later(world)
    control.editItem(tenant.organisation, 'SKU-s2', { Code: 'SKU-OLD' })
    control.editItem(tenant.organisation, 'SKU-s1', { Code: 'SKU-s2' })
    await tenant.put('invoices', invoice('d1', 'c1', ['s1', 's2']))
    await tenant.sync()
    await tenant.sync()
    t.equal(tenant.xero('Items').length, 2)
    const made = document(tenant, 'INV-d1')
    if (made) {
      const ids = made.LineItems.map((one: { Item: { ItemID: string } }) => one.Item?.ItemID)
      t.strictSame(ids, [first, second], 'each line names the item that its record is')
    } else t.ok((await tenant.state('invoices', 'd1')).lastError.action)
    tenant.checkXero(t)
  })

  for (const Status of ['AUTHORISED', 'DRAFT'] as const)
    t.test(
      `24 given an item used on a document that is ${Status}, when it is deleted, then it is not sold any more`,
      async (t) => {
        const { tenant } = await openWithItems(world, `used-${Status}`, 2, { usedItemsDeletable: false })
        await tenant.settings({ invoices: { status: Status } })
        await tenant.put('invoices', invoice('d1', 'c1', ['s1']))
        await tenant.sync()
        const deleted = await tenant.api('DELETE', 'items/s1')
        t.ok(deleted.status < 300)
        const job = await tenant.sync()
        t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)))
        t.match(itemIn(tenant, 'SKU-s1'), { IsSold: false, IsPurchased: false })
        tenant.mark()
        await tenant.sync()
        t.strictSame(writes(tenant), [], 'and that is the end of it')
        tenant.checkXero(t)
      },
    )

  t.test(
    '24 given a used item that was renamed in Xero, when it is deleted, then it keeps its code there',
    async (t) => {
      const { tenant } = await openWithItems(world, 'used-renamed', 1, { usedItemsDeletable: false })
      await tenant.put('invoices', invoice('d1', 'c1', ['s1']))
      await tenant.sync()
      later(world)
      control.editItem(tenant.organisation, 'SKU-s1', { Code: 'BETTER' })
      await tenant.sync()
      await tenant.api('DELETE', 'items/s1')
      t.equal((await tenant.sync()).status, 'completed')
      t.match(itemIn(tenant, 'BETTER'), { IsSold: false, IsPurchased: false })
      tenant.checkXero(t)
    },
  )

  async function refused(name: string) {
    const { tenant } = await openWithItems(world, name, 1, { usedItemsDeletable: false })
    await tenant.settings({ items: { onDelete: 'delete' } })
    await tenant.put('invoices', invoice('d1', 'c1', ['s1']))
    await tenant.sync()
    await tenant.api('DELETE', 'items/s1')
    t.equal((await tenant.sync()).status, 'completed_with_errors')
    const { lastError } = await tenant.state('items', 's1')
    t.match(lastError, { code: 'item_in_use', action: /delete_or_deactivate.*DELETE …\/link.*active false/ })
    const again = await tenant.api('PUT', 'items/s1', service('s1', { active: false }))
    t.match(again, { status: 409, body: { code: 'delete_irreversible', action: /lastError/ } })
    return tenant
  }

  t.test(
    '24 given onDelete "delete" and a used item, when the setting is changed, then its deletion ends',
    async (t) => {
      const tenant = await refused('remedy-setting')
      await tenant.settings({ items: { onDelete: 'delete_or_deactivate' } })
      t.equal((await tenant.sync()).status, 'completed')
      t.match(itemIn(tenant, 'SKU-s1'), { IsSold: false, IsPurchased: false })
      t.strictSame(await tenant.queue(), [])
      tenant.checkXero(t)
    },
  )

  t.test('24 given the same, when it is unlinked, then it can be handed over as inactive', async (t) => {
    const tenant = await refused('remedy-unlink')
    t.equal((await tenant.api('DELETE', 'items/s1/link')).status, 200)
    t.equal((await tenant.sync()).status, 'completed')
    t.strictSame(await tenant.queue(), [])
    for (const active of [true, false]) {
      const put = await tenant.api('PUT', 'items/s1', service('s1', { active }))
      t.ok(put.status < 300, JSON.stringify(put.body))
      t.equal((await tenant.sync()).status, 'completed')
      t.match(itemIn(tenant, 'SKU-s1'), { IsSold: active, IsPurchased: active })
    }
    await synced(t, tenant, 'items', 's1')
    tenant.checkXero(t)
  })

  t.test('24 given an item that nothing uses, when it is deleted, then it is gone', async (t) => {
    const { tenant } = await openWithItems(world, 'unused', 2, { usedItemsDeletable: false })
    await tenant.api('DELETE', 'items/s1')
    t.equal((await tenant.sync()).status, 'completed')
    t.notOk(itemIn(tenant, 'SKU-s1'))
    tenant.checkXero(t)
  })
})
