// The sweep: what stands in Xero twice, or belongs to no record, is found within the hour and shown.
import t from 'tap'
import { defaultOrganisation, openWorld } from '../support/house.ts'
import { customer, invoice, item, settingsForDemoOrganisation } from '../support/records.ts'

const hour = 60 * 60_000

t.test('given invoices written from here, when the hourly sweep runs', async (t) => {
  const { api, connect, work, house, simulator, clock } = await openWorld(t)
  const c = `/v1/connections/${await connect()}`
  await api('PATCH', `${c}/settings`, settingsForDemoOrganisation, { 'if-match': '*' })
  await api('PUT', `${c}/customers/c1`, customer('c1'))
  await api('PUT', `${c}/items/i1`, item('i1', { kind: 'service' }))
  await api('PUT', `${c}/invoices`, { records: [invoice('a', 'c1', ['i1']), invoice('b', 'c1', ['i1'])] })
  await api('POST', `${c}/sync-jobs`, {})
  await work()

  const sweepNow = async () => {
    clock.advance(hour)
    await house.sweep()
    clock.advance(hour)
    await house.sweep()
    return (await api('GET', `${c}/incidents`)).body.items
  }

  await t.test('then nothing is found while all is well', async (t) => {
    t.same(await sweepNow(), [])
    const read = simulator.control.journal({ path: '/Invoices', method: 'GET' }).at(-1)
    t.match(read?.query, { createdByMyApp: 'true', summaryOnly: 'true' })
    t.same(read?.unknown, [])
  })

  await t.test('then a document that lost its link is an orphan, until somebody has looked at it', async (t) => {
    await api('DELETE', `${c}/invoices/b/link`)
    const [incident, ...others] = await sweepNow()
    t.match(incident, { kind: 'orphan', marker: 'INV-b', resolvedAt: null })
    t.same(others, [])
    const health = await api('GET', `${c}/health`)
    t.ok(health.body.reasons.some((reason: { code: string }) => reason.code === 'open_incidents'))
    const resolved = await api('POST', `${c}/incidents/${incident.id}/resolve`)
    t.equal(resolved.status, 200)
    t.type(resolved.body.resolvedAt, 'string')
    t.same(await sweepNow(), [], 'what somebody has looked at is not reported again')
  })

  await t.test('then two live documents of one marker are a duplicate, until one is voided', async (t) => {
    const { tokens } = simulator.control.connect({ organisations: [defaultOrganisation] })
    const before = simulator.control.read(defaultOrganisation, 'Invoices')
    const first = before.find((document) => document.InvoiceNumber === 'INV-a')
    // Xero numbers sales invoices uniquely; the application marks those that Xero numbers by their reference.
    await api(
      'PATCH',
      `${c}/settings`,
      { invoices: { number: 'xero', reference: 'document_number' } },
      { 'if-match': '*' },
    )
    for (const _ of [1, 2]) {
      const created = await fetch(`${simulator.apiUrl}/api.xro/2.0/Invoices`, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${tokens.access_token}`,
          'xero-tenant-id': String(simulator.control.organisations()[0]?.id),
          accept: 'application/json',
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          Type: 'ACCREC',
          Contact: { ContactID: (first as { Contact: { ContactID: string } }).Contact.ContactID },
          Date: '2026-11-20',
          DueDate: '2026-11-30',
          Reference: 'TWICE',
          Status: 'AUTHORISED',
          LineItems: [{ Description: 'x', Quantity: 1, UnitAmount: 5, AccountCode: '200' }],
        }),
      })
      t.equal(created.status, 200, await created.text())
    }
    const incident = (await sweepNow()).find((one: { marker: string }) => one.marker === 'TWICE')
    t.match(incident, { kind: 'duplicate', xeroIds: [String, String] })
    simulator.control.voidInvoice(defaultOrganisation, incident.xeroIds[1])
    t.notOk((await sweepNow()).some((one: { kind: string }) => one.kind === 'duplicate'))
  })
})
