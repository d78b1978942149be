// Words of answers: what is wrong is called by its name.
import t from 'tap'
import { openWorld } from '../support/house.ts'

t.test('given parameters that are wrong, when a list is asked for, then each is called what it is', async (t) => {
  const { api, connect } = await openWorld(t)
  const c = `/v1/connections/${await connect()}`
  const unknown = await api('GET', `${c}/customers?colour=red`)
  t.match(unknown.body.errors, [{ pointer: 'colour', detail: 'is an unknown parameter' }])
  const long = await api('GET', `${c}/changes?after=99999999999999999999`)
  t.match([long.status, long.body.errors], [400, [{ pointer: 'after', detail: 'is too long a number' }]])
  const text = await api('GET', `${c}/changes?after=soon`)
  t.match(text.body.errors, [{ pointer: 'after', detail: /whole number, not/ }])
})

t.test('given a connection that was ended here, when its health is read, then that is said once', async (t) => {
  const { api, connect } = await openWorld(t)
  const c = `/v1/connections/${await connect()}`
  await api('DELETE', c)
  t.same(
    (await api('GET', `${c}/health`)).body.reasons.map(({ detail }: { detail: string }) => detail),
    ['The connection was ended.'],
  )
})

t.test('given a document that does not stand in Xero, when it is linked, then the advice is in English', async (t) => {
  const { api, connect } = await openWorld(t)
  const c = `/v1/connections/${await connect()}`
  const xeroId = '0192d3c4-5e6f-7a8b-9c0d-1e2f3a4b5c6d'
  await api('PUT', `${c}/customers/c1`, { name: 'A' })
  const lines = [{ id: '1', description: 'x', quantity: '1', unitPrice: '1' }]
  await api('PUT', `${c}/invoices/i1`, { number: '1', customerId: 'c1', date: '2026-11-20', lines })
  const refused = await api('PUT', `${c}/invoices/i1/link`, { xeroId })
  t.match(refused.text, /Name an invoice that stands in Xero/)
})
