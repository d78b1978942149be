// Bills: what becomes of them in Xero, and how they are told apart where Xero lets any number of them bear one number.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const minute = 60_000
const hour = 60 * minute
const sameNumber = { vendorInvoiceNumber: 'V-77' }

// biome-ignore lint/suspicious/noExplicitAny: documents are read as the test expects them
type Anything = any

t.test('bills', async (t) => {
  const world = await openWorld(t)
  const { clock, house } = world
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  async function openBuyer(name: string): Promise<Tenant> {
    const tenant = await openTenant(world, name)
    await tenant.put('vendors', vendor('v1', { terms: { kind: 'DAYSAFTERBILLDATE', days: 14 } }))
    await tenant.put('items', item('s1', { kind: 'service' }), item('p1'))
    return tenant
  }

  const byUrl = (tenant: Tenant, id: string): Anything =>
    tenant.xero('Invoices').find(({ Url }: Anything) => String(Url).endsWith(`/bills/${id}`))

  t.test('given a received bill, when a job runs, then it stands in Xero with vendor, lines and charges', async (t) => {
    const tenant = await openBuyer('received')
    const otherCharges = [{ description: 'Freight', amount: '18.00', taxCode: 'GST' }]
    await tenant.put('bills', bill('b1', 'v1', ['s1', 'p1'], { otherCharges, total: '51.70' }))
    const job = await tenant.sync()
    t.match(job, { status: 'completed', progress: { bill: { queued: 1, sent: 1, failed: 0 } } })
    const [document] = tenant.xero('Invoices')
    t.match(document, {
      Type: 'ACCPAY',
      Status: 'AUTHORISED',
      InvoiceNumber: 'V-b1',
      Contact: { Name: 'Vendor v1' },
      DateString: '2026-11-21T00:00:00',
      DueDateString: '2026-12-05T00:00:00',
      Total: 51.7,
      LineItems: [
        { ItemCode: 'SKU-s1', Quantity: 2, UnitAmount: 7.25, AccountCode: '300', TaxType: 'INPUT' },
        { ItemCode: 'OT-PROXY', Description: 'SKU-p1 Line of p1' },
        { Description: 'Freight', UnitAmount: 18, AccountCode: '425' },
      ],
    })
    const record = (await tenant.api('GET', 'bills/b1')).body
    t.match(record.sync, { state: 'synced', xero: { id: document.InvoiceID, number: 'V-b1' } })
    t.match(document.Url, new RegExp(`/v1/connections/${tenant.connectionId}/bills/b1$`))
    t.equal(new URL(document.Url).pathname, `/v1/connections/${tenant.connectionId}/bills/b1`, 'which is its record')

    tenant.mark()
    await tenant.put('bills', bill('b1', 'v1', ['s1'], { vendorInvoiceNumber: 'V-corrected' }))
    await tenant.sync()
    t.equal(tenant.calls('PUT ').length, 0)
    t.match(tenant.xero('Invoices'), [{ InvoiceNumber: 'V-corrected', LineItems: [{ ItemCode: 'SKU-s1' }] }])
    await tenant.api('DELETE', 'bills/b1')
    await tenant.sync()
    t.match(tenant.xero('Invoices'), [{ Status: 'VOIDED' }])
    tenant.checkXero(t)
  })

  t.test('given an ordered bill and one without its vendor, when a job runs, then neither is sent', async (t) => {
    const tenant = await openBuyer('waiting')
    await tenant.put('bills', bill('b1', 'v1', ['s1'], { status: 'ordered' }), bill('b2', 'nobody', ['s1']))
    const job = await tenant.sync()
    t.equal((await tenant.state('bills', 'b1')).state, 'never_synced')
    t.match(await tenant.errors(job.id), [
      { recordId: 'b2', status: 'failed', lastError: { code: 'record_missing', cause: /vendor nobody/ } },
    ])
    await tenant.put('vendors', vendor('nobody'))
    await tenant.put('bills', bill('b1', 'v1', ['s1']))
    await tenant.sync()
    t.equal(tenant.xero('Invoices').length, 2)
    tenant.checkXero(t)
  })

  t.test('given two bills of one number and content, when the answer is lost, then each finds its own', async (t) => {
    const tenant = await openBuyer('twins')
    await tenant.sync()
    await tenant.put('bills', bill('b1', 'v1', ['s1'], sameNumber), bill('b2', 'v1', ['s1'], sameNumber))
    const target = { method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId }
    control.faults({ kind: 'lost_response', times: 3, ...target })
    t.equal((await tenant.sync()).status, 'completed')
    t.equal(tenant.xero('Invoices').length, 2)
    for (const id of ['b1', 'b2']) {
      t.equal(
        (await tenant.state('bills', id)).xero.id,
        byUrl(tenant, id).InvoiceID,
        `${id} is not taken for the other`,
      )
    }
    tenant.checkXero(t)
  })

  /** What a person enters by hand: the same invoice of the vendor, without a link to the product. */
  const enter = async (tenant: Tenant, more: object = {}): Promise<Anything> =>
    control.createInvoice(tenant.organisation, {
      Type: 'ACCPAY',
      InvoiceNumber: 'V-77',
      Contact: { ContactID: (await tenant.state('vendors', 'v1')).xero.id },
      Date: '2026-11-21',
      DueDate: '2026-12-05',
      Status: 'AUTHORISED',
      LineItems: [{ Description: 'Line of s1', Quantity: 2, UnitAmount: 7.25, AccountCode: '300', TaxType: 'INPUT' }],
      ...more,
    })
  const otherwise = { LineItems: [{ Description: 'Bells', Quantity: 1, UnitAmount: 14.5, AccountCode: '300' }] }

  t.test(
    "given a person's bill of the same number, when our answer is lost, then ours is found beside it",
    async (t) => {
      const tenant = await openBuyer('beside')
      await tenant.sync()
      await tenant.put('bills', bill('b1', 'v1', ['s1'], sameNumber))
      const target = { method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId }
      control.faults({ kind: 'lost_response', times: 3, ...target })
      const job = await tenant.startJob()
      while (await house.turn());
      await enter(tenant)
      await world.work()
      t.equal((await tenant.job(job)).status, 'completed')
      t.equal(tenant.xero('Invoices').length, 2, "the person's and ours")
      t.equal((await tenant.state('bills', 'b1')).xero.id, byUrl(tenant, 'b1').InvoiceID)
      tenant.checkXero(t)
    },
  )

  t.test("given a person's bill of the same number, when our call never arrived, then a person decides", async (t) => {
    const tenant = await openBuyer('instead')
    await tenant.sync()
    const { InvoiceID } = await enter(tenant, otherwise)
    await tenant.put('bills', bill('b1', 'v1', ['s1'], sameNumber))
    const target = { method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId }
    control.faults({ kind: 'lost_request', times: 3, ...target })
    await tenant.sync()
    const lastError = { code: 'duplicate_number', cause: /a bill of this vendor with this number/ }
    t.match(await tenant.state('bills', 'b1'), { state: 'conflict', lastError })
    tenant.mark()
    await tenant.sync()
    t.equal(tenant.calls('PUT /Invoices').length, 0)
    control.voidInvoice(tenant.organisation, InvoiceID)
    t.equal((await tenant.sync()).status, 'completed')
    t.equal((await tenant.state('bills', 'b1')).xero.id, byUrl(tenant, 'b1').InvoiceID)
    tenant.checkXero(t)
  })

  t.test(
    'given twins that never arrived, when a person entered one of them, then one record is that bill',
    async (t) => {
      const tenant = await openBuyer('entered')
      await tenant.sync()
      const { InvoiceID } = await enter(tenant)
      await tenant.put('bills', bill('b1', 'v1', ['s1'], sameNumber), bill('b2', 'v1', ['s1'], sameNumber))
      const target = { method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId }
      control.faults({ kind: 'lost_request', times: 3, ...target })
      await tenant.sync()
      t.equal((await tenant.sync()).status, 'completed')
      t.equal(tenant.xero('Invoices').length, 2, 'neither more nor less than the product has')
      const ids = ['b1', 'b2'].map((id) => byUrl(tenant, id).InvoiceID)
      t.ok(ids.includes(InvoiceID), 'it is marked by now')
      for (const [index, id] of ['b1', 'b2'].entries()) t.equal((await tenant.state('bills', id)).xero.id, ids[index])
      tenant.checkXero(t)
    },
  )

  t.test("given such a conflict, when the record is deleted, then the person's bill is left alone", async (t) => {
    const tenant = await openBuyer('let-be')
    await tenant.sync()
    await enter(tenant, otherwise)
    await tenant.put('bills', bill('b1', 'v1', ['s1'], sameNumber))
    const target = { method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId }
    control.faults({ kind: 'lost_request', times: 3, ...target })
    await tenant.sync()
    await tenant.api('DELETE', 'bills/b1')
    t.equal((await tenant.sync()).status, 'completed')
    t.match(tenant.xero('Invoices'), [{ Status: 'AUTHORISED' }])
    t.same(await tenant.queue(), [])
  })

  t.test(
    'given a lost bill that a person changed, when number and link change, then it is still looked for',
    async (t) => {
      const tenant = await openBuyer('former')
      await tenant.sync()
      await tenant.put('bills', bill('b1', 'v1', ['s1'], sameNumber))
      const target = { method: 'PUT', path: '/Invoices', tenantId: tenant.organisationId }
      control.faults({ kind: 'lost_response', times: 3, ...target })
      await tenant.startJob()
      while (await house.turn());
      const { InvoiceID } = byUrl(tenant, 'b1')
      control.editInvoice(tenant.organisation, InvoiceID, {
        LineItems: [{ Description: 'By hand', Quantity: 1, UnitAmount: 1, AccountCode: '300' }],
      })
      await world.work()
      t.match(await tenant.state('bills', 'b1'), { state: 'conflict', lastError: { code: 'duplicate_number' } })

      await tenant.settings({ vendors: { deepLink: 'https://shop.example.com/bills/{id}' } })
      await tenant.put('bills', bill('b1', 'v1', ['s1'], { vendorInvoiceNumber: 'V-78' }))
      tenant.mark()
      await tenant.sync()
      t.equal(tenant.calls('PUT /Invoices').length, 0, 'nothing new while the first one stands')
      t.match(await tenant.state('bills', 'b1'), {
        state: 'conflict',
        lastError: { action: /Void or delete V-77 in Xero/ },
      })
      control.voidInvoice(tenant.organisation, InvoiceID)
      await tenant.sync()
      t.match(
        tenant.xero('Invoices').map((one: Anything) => [one.InvoiceNumber, one.Status]),
        [
          ['V-77', 'VOIDED'],
          ['V-78', 'AUTHORISED'],
        ],
      )
      t.equal((await tenant.state('bills', 'b1')).state, 'synced')
      tenant.checkXero(t)
    },
  )

  t.test('given bills and invoices of one number, when the sweep runs, then only a lost link is found', async (t) => {
    const tenant = await openBuyer('swept')
    await tenant.put('customers', customer('c1'))
    await tenant.put('bills', bill('b1', 'v1', ['s1'], sameNumber), bill('b2', 'v1', ['s1'], sameNumber))
    await tenant.put('invoices', invoice('i1', 'c1', ['s1'], { number: 'V-77' }))
    t.equal((await tenant.sync()).status, 'completed')
    const sweep = async () => {
      for (let passed = 0; passed < 2; passed++) {
        clock.advance(hour)
        await house.sweep()
      }
      return (await tenant.api('GET', 'incidents')).body.items
    }
    t.same(await sweep(), [])
    await tenant.api('DELETE', 'bills/b2/link')
    t.match(await sweep(), [
      { kind: 'orphan', marker: byUrl(tenant, 'b2').Url, xeroIds: [byUrl(tenant, 'b2').InvoiceID] },
    ])
    await tenant.api('POST', 'sync-queue-items', { recordType: 'bill', recordIds: ['b2'] })
    tenant.mark()
    t.equal((await tenant.sync()).status, 'completed')
    t.equal(tenant.calls('PUT /Invoices').length, 0, 'the orphan is looked up, and is the bill')
    t.equal((await tenant.state('bills', 'b2')).xero.id, byUrl(tenant, 'b2').InvoiceID)
    t.same((await sweep()).length, 0)
  })

  t.test('given a bill that is not in Xero, when it is linked by hand, then the answer says what to do', async (t) => {
    const tenant = await openBuyer('by-hand')
    const link = { xeroId: '01936f5a-7c1e-4b3a-9f4d-2a6b8c0d1e2f' }
    const { status, body } = await tenant.api('PUT', 'bills/b1/link', link)
    t.equal(status, 422)
    t.match(body.errors, [{ pointer: '/xeroId', detail: /is not there in Xero/, action: /stands in Xero/ }])
  })
})
