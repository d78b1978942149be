// Failures: a faulty document stops only itself, what depends on it waits for it, and both go once it is mended.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'

t.test('failures', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  t.test(
    'given a faulty customer among good ones, when a job runs, then only it fails, with cause and remedy',
    async (t) => {
      const tenant = await openTenant(world, 'faulty')
      // Two contacts of one name: Xero takes the first only.
      control.createContact(tenant.organisation, { Name: 'Taken Name', ContactNumber: 'elsewhere' })
      await tenant.settings({ customers: { matchBy: ['contactNumber'] } })
      await tenant.put('customers', customer('c1'), customer('c2', { name: 'Taken Name' }), customer('c3'))
      const job = await tenant.sync()
      t.equal(job.status, 'completed_with_errors')
      t.match(job.progress.customer, { queued: 3, sent: 2, failed: 1 })
      t.equal((await tenant.state('customers', 'c1')).state, 'synced')
      t.equal((await tenant.state('customers', 'c3')).state, 'synced')
      const failed = await tenant.state('customers', 'c2')
      t.match(failed, { state: 'failed', lastError: { code: 'contact_name_taken', field: '/name' } })
      t.ok(failed.lastError.action, 'says what to do')
      t.ok(failed.lastError.cause, 'says why')
      t.ok(failed.lastError.xero[0].length > 0, "keeps Xero's own words")
      const [waiting, ...others] = await tenant.queue()
      t.equal(others.length, 0, 'what was synced left the queue')
      t.match(waiting, { recordId: 'c2', status: 'failed', attempts: 1, lastError: { code: 'contact_name_taken' } })
      t.match(await tenant.errors(job.id), [
        { recordId: 'c2', status: 'failed', lastError: { code: 'contact_name_taken' } },
      ])
      const attempts = await tenant.api('GET', 'customers/c2/attempts')
      t.match(attempts.body.items, [{ outcome: 'rejected', error: { code: 'contact_name_taken' } }])

      await tenant.put('customers', customer('c2', { name: 'Free Name' }))
      const second = await tenant.sync()
      t.equal(second.status, 'completed')
      t.equal((await tenant.state('customers', 'c2')).state, 'synced')
      t.strictSame(await tenant.errors(second.id), [])
      t.equal((await tenant.errors(job.id)).length, 1, 'the first job still says what it could not do')
      tenant.checkXero(t)
    },
  )

  t.test(
    'given a customer that fails, when a job runs, then its invoices are blocked by it until it is mended',
    async (t) => {
      const tenant = await openTenant(world, 'blocked')
      control.createContact(tenant.organisation, { Name: 'Taken Name', ContactNumber: 'elsewhere' })
      await tenant.settings({ customers: { matchBy: ['contactNumber'] } })
      await tenant.put('items', item('s1', { kind: 'service' }))
      await tenant.put('customers', customer('bad', { name: 'Taken Name' }), customer('good'))
      await tenant.put(
        'invoices',
        invoice('v1', 'bad', ['s1']),
        invoice('v2', 'bad', ['s1']),
        invoice('v3', 'good', ['s1']),
      )
      const job = await tenant.sync()
      t.equal(job.status, 'completed_with_errors')
      t.equal((await tenant.state('invoices', 'v3')).state, 'synced', 'the others are not held up')
      const errors = await tenant.errors(job.id)
      t.strictSame(errors.map((one) => [one.recordId, one.status]).sort(), [
        ['bad', 'failed'],
        ['v1', 'blocked'],
        ['v2', 'blocked'],
      ])
      for (const one of errors.filter(({ status }) => status === 'blocked')) {
        t.strictSame(one.blockedBy, { type: 'customer', id: 'bad' }, 'names the root cause')
        t.equal(one.attempts, 0, 'a blocked document was never sent')
      }
      t.equal(tenant.xero('Invoices').length, 1)

      await tenant.put('customers', customer('bad', { name: 'Good Name' }))
      const second = await tenant.sync()
      t.equal(second.status, 'completed')
      t.equal((await tenant.state('invoices', 'v1')).state, 'synced')
      t.equal((await tenant.state('invoices', 'v2')).state, 'synced')
      t.equal((await tenant.queue()).length, 0)
      tenant.checkXero(t)
    },
  )

  t.test(
    'given an invoice of a customer never handed over, when a job runs, then it says what is missing',
    async (t) => {
      const tenant = await openTenant(world, 'missing')
      await tenant.put('items', item('s1', { kind: 'service' }))
      await tenant.put('invoices', invoice('v1', 'nobody', ['s1']), invoice('v2', 'nobody', ['nothing']))
      const job = await tenant.sync()
      t.equal(job.status, 'completed_with_errors')
      t.match(await tenant.state('invoices', 'v1'), {
        state: 'failed',
        lastError: {
          code: 'record_missing',
          blockedBy: { type: 'customer', id: 'nobody' },
          actions: [
            { method: 'PUT', path: /customers\/nobody$/ },
            { method: 'POST', path: /sync-jobs$/ },
          ],
        },
      })
      t.equal(tenant.calls('PUT /Invoices').length, 0, 'what Xero would refuse is not sent')
      await tenant.put('customers', customer('nobody'))
      await tenant.put('items', item('nothing', { kind: 'service' }))
      t.equal((await tenant.sync()).status, 'completed')
      t.equal((await tenant.state('invoices', 'v1')).state, 'synced')
      tenant.checkXero(t)
    },
  )

  t.test(
    'given a change to an item that was deleted in Xero, when a job runs, then the others go, and a person decides about it',
    async (t) => {
      const tenant = await openTenant(world, 'gone')
      await tenant.put('items', ...[1, 2, 3].map((n) => item(`s${n}`, { kind: 'service' })))
      await tenant.sync()
      const before = await tenant.state('items', 's2')
      control.deleteItem(tenant.organisation, 'SKU-s2')
      await tenant.put('items', ...[1, 2, 3].map((n) => item(`s${n}`, { kind: 'service', salePrice: '99' })))
      await tenant.sync()
      const prices = () =>
        tenant
          .xero('Items')
          .map((one) => [one.Code, one.SalesDetails.UnitPrice])
          .sort()
      t.equal((await tenant.state('items', 's1')).state, 'synced')
      t.equal((await tenant.state('items', 's3')).state, 'synced')
      await tenant.sync()
      t.strictSame(prices(), [
        ['SKU-s1', 99],
        ['SKU-s3', 99],
      ])
      t.match(await tenant.state('items', 's2'), { state: 'conflict', lastError: { code: 'removed_in_xero' } })
      await tenant.api('POST', 'items/s2/resolve-conflict', { keep: 'product' })
      await tenant.sync()
      t.strictSame(prices(), [
        ['SKU-s1', 99],
        ['SKU-s2', 99],
        ['SKU-s3', 99],
      ])
      const after = await tenant.state('items', 's2')
      t.equal(after.state, 'synced', 'it is created anew, because a person said so')
      t.not(after.xero.id, before.xero.id)
      tenant.checkXero(t)
    },
  )

  t.test(
    'given a document that Xero refuses as a whole request, when a job runs, then each is judged for itself',
    async (t) => {
      const tenant = await openTenant(world, 'whole')
      await tenant.put('customers', ...[1, 2, 3].map((n) => customer(`c${n}`)))
      await tenant.sync()
      control.archiveContact(tenant.organisation, 'C-c2')
      await tenant.put('customers', ...[1, 2, 3].map((n) => customer(`c${n}`, { firstName: 'Ann' })))
      const job = await tenant.sync()
      t.equal(job.status, 'completed_with_errors')
      t.strictSame(
        (await tenant.errors(job.id)).map((one) => one.recordId),
        ['c2'],
      )
      t.equal(tenant.xero('Contacts').filter((one) => one.FirstName === 'Ann').length, 2)
      t.equal((await tenant.state('customers', 'c2')).lastError.code, 'contact_archived')
      tenant.checkXero(t)
    },
  )

  t.test(
    'given an account that was archived, when a job runs, then the invoice says so and goes after the repair',
    async (t) => {
      const tenant = await openTenant(world, 'account')
      await tenant.put('customers', customer('c1'))
      await tenant.put('items', item('s1', { kind: 'service' }))
      await tenant.sync()
      control.archiveAccount(tenant.organisation, '200')
      await tenant.put('invoices', invoice('v1', 'c1', ['s1']))
      t.equal((await tenant.sync()).status, 'completed_with_errors')
      t.match(await tenant.state('invoices', 'v1'), { state: 'failed', lastError: { code: 'account_invalid' } })
      await tenant.settings({
        items: { accounts: { income: '260' } },
        invoices: { accounts: { sales: '260', discount: null } },
      })
      t.equal((await tenant.sync()).status, 'completed', 'the failed item waits in the queue and is taken again')
      t.equal((await tenant.state('invoices', 'v1')).state, 'synced')
      tenant.checkXero(t)
    },
  )
})
