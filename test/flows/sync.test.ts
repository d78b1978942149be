import t from 'tap'
import { defaultOrganisation, openWorld } from '../support/house.ts'
import { customer, invoice, item, settingsForDemoOrganisation } from '../support/records.ts'

t.test('given records of every type, when a job runs, then they stand in Xero and are synced', async (t) => {
  const { api, connect, work, simulator } = await openWorld(t)
  const id = await connect()
  const c = `/v1/connections/${id}`
  const settings = await api('GET', `${c}/settings`)
  const patched = await api('PATCH', `${c}/settings`, settingsForDemoOrganisation, {
    'if-match': String(settings.headers.etag),
  })
  t.equal(patched.status, 200, JSON.stringify(patched.body))
  const bulk = await api('PUT', `${c}/customers`, { records: [customer('c1'), customer('c2')] })
  t.equal(bulk.status, 200, JSON.stringify(bulk.body))
  t.equal((await api('PUT', `${c}/items/i1`, item('i1', { kind: 'service' }))).status, 201)
  t.equal((await api('PUT', `${c}/items/i2`, item('i2'))).status, 201)
  t.equal((await api('PUT', `${c}/invoices/v1`, invoice('v1', 'c1', ['i1', 'i2']))).status, 201)
  const job = await api('POST', `${c}/sync-jobs`, {})
  t.equal(job.status, 201, JSON.stringify(job.body))
  await work()
  const ended = await api('GET', `${c}/sync-jobs/${job.body.id}`)
  t.equal(
    ended.body.status,
    'completed',
    JSON.stringify([ended.body, (await api('GET', `${c}/sync-jobs/${job.body.id}/errors`)).body], null, 1),
  )
  const view = await api('GET', `${c}/invoices/v1`)
  t.equal(view.body.sync.state, 'synced')
  const invoices = simulator.control.read(defaultOrganisation, 'Invoices')
  t.equal(invoices.length, 1)
})
