// An item whose last write has no known result: every advice that its caller is given is followed over HTTP, and the item gets free.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const world = await openWorld(t)
const { control } = world.simulator

interface Call {
  readonly method: string
  readonly path: string
}
type Told = { readonly action: string; readonly actions: readonly Call[] }

async function becomeUncertain(name: string): Promise<{ tenant: Tenant; item: { id: string }; jobId: string }> {
  const tenant = await openTenant(world, name)
  await tenant.put('customers', customer('c1'))
  control.faults({ kind: 'lost_response', method: 'PUT', path: '/Contacts', tenantId: tenant.organisationId })
  const jobId = await tenant.startJob()
  while (await world.house.turn());
  const [item] = await tenant.queue('uncertain')
  return { tenant, item, jobId }
}

/** All that refuses because of the item. */
const refusals = async (tenant: Tenant, itemId: string): Promise<Told[]> => {
  const link = { xeroId: '01936f5a-0000-7000-8000-000000000000' }
  const answers = [
    await tenant.api('DELETE', `sync-queue-items/${itemId}`),
    await tenant.api('DELETE', `sync-queue-items/${itemId}?force=true`),
    await tenant.api('PUT', 'customers/c1/link', link),
    await tenant.api('DELETE', 'customers/c1/link'),
  ]
  for (const { status, body } of answers) {
    t.match([status, body.code], [409, 'queue_item_uncertain'])
    t.equal(body.title, "The result of this item's last write is not known yet")
  }
  return answers.map(({ body }) => body)
}

const lastErrorOf = async (tenant: Tenant, itemId: string): Promise<Told> =>
  (await tenant.api('GET', `sync-queue-items/${itemId}`)).body.lastError
const follow = ({ method, path }: Call, company: string) =>
  world.api(method, path, method === 'POST' ? {} : undefined, { 'x-company-id': company })
const healthOf = async (tenant: Tenant): Promise<string> => {
  const { reasons } = (await tenant.api('GET', 'health')).body
  return reasons.find(({ code }: { code: string }) => code === 'uncertain_items')?.action
}

t.test(
  'given a job that goes on, when the advice is followed, then it shows the job, which frees the item',
  async (t) => {
    const { tenant, item, jobId } = await becomeUncertain('going-on')
    for (const { action, actions } of await refusals(tenant, item.id)) {
      t.match(action, /finds the result out by itself/)
      t.strictSame(actions, [{ method: 'GET', path: `/v1/connections/${tenant.connectionId}/sync-jobs/${jobId}` }])
      for (const call of actions) t.match(await follow(call, tenant.company), { status: 200, body: { id: jobId } })
    }
    const { actions } = await lastErrorOf(tenant, item.id)
    const [jobs, another] = await Promise.all(actions.map((call) => follow(call, tenant.company)))
    t.equal(jobs?.body.items[0].id, jobId)
    t.match([another?.status, another?.body.jobId], [409, jobId], 'and so does the refusal of a further job')
    t.match(await healthOf(tenant), /by itself: GET …\/sync-queue-items\?status=uncertain/)
    await world.work()
    t.equal((await tenant.api('GET', `sync-queue-items/${item.id}`)).body.status, 'synced')
    t.equal((await tenant.api('DELETE', 'customers/c1/link')).status, 200, 'what was refused is done')
    tenant.checkXero(t)
  },
)

t.test('given a job that has ended, when the advice is followed, then the next job frees the item', async (t) => {
  const { tenant, item, jobId } = await becomeUncertain('ended')
  // A job that does not get its outcome known, such as one that lost its consent.
  await world.database.db
    .updateTable('sync_jobs')
    .set({ status: 'failed', steps: '[]', completed_at: world.clock.now().toISOString() })
    .where('id', '=', jobId)
    .execute()
  const told = await refusals(tenant, item.id)
  const again = { method: 'POST', path: `/v1/connections/${tenant.connectionId}/sync-jobs` }
  for (const { action, actions } of told) {
    t.match(action, /POST …\/sync-jobs/)
    t.strictSame(actions, [again])
  }
  const lastError = await lastErrorOf(tenant, item.id)
  t.match(lastError.action, /POST …\/sync-jobs/)
  t.strictSame(lastError.actions.at(-1), again)
  t.match(await healthOf(tenant), /^POST …\/sync-jobs/)
  for (const call of told[0]?.actions ?? []) t.equal((await follow(call, tenant.company)).status, 201)
  await world.work()
  t.equal((await tenant.api('GET', `sync-queue-items/${item.id}`)).body.status, 'synced')
  t.equal((await tenant.api('DELETE', 'customers/c1/link')).status, 200)
  tenant.checkXero(t)
})
