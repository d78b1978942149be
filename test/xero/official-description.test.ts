// Every request that the provider makes, checked against Xero's official API description.
import t from 'tap'
import { officialDescription } from './support/openapi.ts'
import { contact, id, invoice, item } from './support/samples.ts'
import { call, scripted } from './support/scripted.ts'

const description = officialDescription()

t.test('given the official description, when every operation is used, then no request leaves it', async (t) => {
  if (description === null) {
    t.comment('skipped: the official API description is not here')
    return
  }
  const { provider, asked } = await scripted(t, () => ({ status: 503 }))
  const documents = [contact(1), item(1), invoice(1)]
  for (const posted of documents) {
    for (const remoteId of [null, id(1)]) {
      const operation = remoteId === null ? 'create' : 'update'
      const element = { posted, remoteId, lineIds: { a: id(11) } }
      await provider.write(call, provider.freeze(posted.list, operation, [element]), [element], 'key')
    }
    await provider.find(call, posted.list, [posted])
  }
  await provider.find(call, 'items', [item(1), item(2)])
  await provider.find(call, 'invoices', [invoice(1, { number: undefined }), invoice(2, { number: 'a,b' })])
  const archived = { posted: contact(1, { archived: true }), remoteId: id(1), lineIds: {} }
  await provider.write(call, provider.freeze('contacts', 'update', [archived]), [archived], 'key')
  await provider.remove(call, { list: 'contacts', action: 'archive' }, id(1), 'key')
  await provider.remove(call, { list: 'items', action: 'delete' }, id(1), 'key')
  await provider.remove(call, { list: 'invoices', action: 'void' }, id(1), 'key')
  await provider.remove(call, { list: 'invoices', action: 'delete' }, id(1), 'key')
  for (const modifiedSince of [null, '2026-11-01T00:00:00.000Z']) {
    await provider.readContacts(call, { page: 1, pageSize: 1000, modifiedSince })
    await provider.readItems(call, modifiedSince)
  }
  for (const names of provider.referenceCalls) await provider.readReference(call, names)

  t.ok(asked.length >= 25, `${asked.length} requests`)
  for (const request of asked) t.same(description.faultsOf(request), [], `${request.method} ${request.path}`)
  t.same(
    asked.filter(({ method, body }) => method === 'GET' && body !== ''),
    [],
    'a read carries no body',
  )
})

t.test('given a request that is not described, when it is checked, then the check finds it', async (t) => {
  if (description === null) {
    t.comment('skipped: the official API description is not here')
    return
  }
  const request = (method: string, path: string, body = '') => ({
    method,
    path: `/api.xro/2.0${path}`,
    query: new URLSearchParams(path.includes('Items') ? 'page=1' : ''),
    headers: {},
    body,
  })
  t.match(description.faultsOf(request('GET', '/Items')), [/no parameter page/])
  t.match(description.faultsOf(request('PATCH', '/Contacts')), [/not described/])
  const body = JSON.stringify({ Contacts: [{ Website: 'x', Nick: 'y', Name: 1, ContactStatus: 'GONE' }] })
  t.same(description.faultsOf(request('POST', '/Contacts', body)).length, 4)
})
