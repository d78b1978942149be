// A linked item that is given the code of another item of the books: each way out that the conflict names leads out.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { inNewZealand, itemIn, record, synced } from './support/books.ts'
import { oddItemLists } from './support/odd-answers.ts'

const ours = (code: string) => item('i1', { kind: 'service', code, name: 'Ours', salePrice: '3' })

t.test('books: codes that other items have', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  /** Items have codes: nothing is said of numbers, documents and invoices. */
  const ofItems = ({ title, cause, action }: Record<string, string>) => {
    t.match(title, /The code is taken in Xero by another item/)
    t.notMatch(`${title} ${cause} ${action}`, /document|invoice|bill|number/i)
  }

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
    ofItems(lastError)
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

  t.test('given a new item with the code of a record, then the conflict speaks of items', async (t) => {
    const tenant = await openTenant(world, 'taken-new', inNewZealand)
    await tenant.put('items', ours('CODE'))
    await tenant.sync()
    await tenant.put('items', item('i2', { kind: 'service', code: 'code', name: 'Second' }))
    const job = await tenant.sync()
    const { state, lastError } = await tenant.state('items', 'i2')
    t.match({ state, lastError }, { state: 'conflict', lastError: { code: 'duplicate_number', cause: /record i1/ } })
    ofItems(lastError)
    ofItems((await tenant.errors(job.id))[0].lastError)
    const [queued] = await tenant.queue('conflict')
    ofItems(queued.lastError)
    await tenant.put('items', item('i2', { kind: 'service', code: 'OTHER', name: 'Second' }))
    await tenant.sync()
    await synced(t, tenant, 'items', 'i2')
  })

  t.test('given a code that a person gives away after it was read, then the refusal speaks of items', async (t) => {
    const tenant = await openTenant(world, 'taken-late', inNewZealand)
    await tenant.put('items', ours('OURS'))
    await tenant.sync()
    oddItemLists(world)(tenant, { rows: { without: ['LATE'] } })
    control.createItem(tenant.organisation, { Code: 'LATE', Name: 'Of the books' })
    await tenant.put('items', ours('LATE'))
    await tenant.sync()
    const { state, lastError } = await tenant.state('items', 'i1')
    t.match({ state, lastError }, { state: 'conflict', lastError: { code: 'duplicate_number' } })
    ofItems(lastError)
  })
})
