// A linked item that is given the code of another item of the books: each way out that the conflict names leads out.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { inNewZealand, itemIn, record, synced } from './support/books.ts'

const ours = (code: string) => item('i1', { kind: 'service', code, name: 'Ours', salePrice: '3' })

t.test('books: codes that other items have', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  async function inConflict(name: string): Promise<{ tenant: Tenant; id: string }> {
    const tenant = await openTenant(world, name, inNewZealand)
    control.createItem(tenant.organisation, { Code: 'TAKEN', Name: 'Of the books', Description: 'Keep me' })
    await tenant.put('items', ours('OURS'))
    await tenant.sync()
    await tenant.put('items', ours('TAKEN'))
    await tenant.sync()
    const { state, lastError } = await tenant.state('items', 'i1')
    t.equal(state, 'conflict')
    t.match(lastError, { code: 'duplicate_number', action: /DELETE …\/link, then PUT …\/link/ })
    return { tenant, id: lastError.candidates[0].id }
  }

  t.test(
    'given the record is that item, when it is unlinked and linked as told, then it is written there',
    async (t) => {
      const { tenant, id } = await inConflict('taken-link')
      t.equal((await tenant.api('DELETE', 'items/i1/link')).status, 200)
      t.equal((await tenant.api('PUT', 'items/i1/link', { xeroId: id })).status, 200)
      await tenant.sync()
      await synced(t, tenant, 'items', 'i1')
      t.match(itemIn(tenant, id), {
        Code: 'TAKEN',
        Name: 'Ours',
        Description: 'Keep me',
        SalesDetails: { UnitPrice: 3 },
      })
      t.ok(itemIn(tenant, 'OURS'), 'its former item stays')
      t.equal((await record(tenant, 'items', 'i1')).description, 'Keep me')
    },
  )

  t.test('given another code, or that the other item gets one, then it is written', async (t) => {
    const { tenant } = await inConflict('taken-other')
    await tenant.put('items', ours('FREE'))
    await tenant.sync()
    await synced(t, tenant, 'items', 'i1')
    t.ok(itemIn(tenant, 'FREE'))
    await tenant.put('items', ours('TAKEN'))
    await tenant.sync()
    control.editItem(tenant.organisation, 'TAKEN', { Code: 'MOVED' })
    await tenant.sync()
    await tenant.sync()
    await synced(t, tenant, 'items', 'i1')
    t.equal(itemIn(tenant, 'TAKEN').Name, 'Ours')
  })
})
