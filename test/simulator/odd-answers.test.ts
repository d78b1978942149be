// Answers that are not Xero's own, and requests that are too large to reach it.
import t from 'tap'
import { type FaultPlan, gatewayPage } from '../../src/simulator/index.ts'
import { answered, messages, sale, somerset, stage } from './support/client.ts'

t.test('given a list when rows are taken from its answer then the organisation keeps them', async (t) => {
  const { get, simulator, clock } = await stage(t)
  const { control } = simulator
  for (const Code of ['A', 'B', 'C', 'D']) {
    control.createItem(somerset, { Code })
    clock.advance(1)
  }
  const rows = async (change: object) => {
    control.faults({ kind: 'answer', path: '/Items', answer: { rows: change } })
    return (await get('Items')).json
  }
  t.strictSame((await rows({ as: 'empty' })).Items, [])
  t.equal((await rows({ as: 'null' })).Items, null)
  const absent = await rows({ as: 'absent' })
  t.notOk('Items' in absent)
  t.equal(absent.Status, 'OK', 'the rest of the answer is there')
  t.match((await rows({ share: 0.5 })).Items, [{ Code: 'A' }, { Code: 'B' }])
  t.match((await rows({ without: ['B', 'D'] })).Items, [{ Code: 'A' }, { Code: 'C' }])
  t.match((await rows({ as: 'empty', add: [null, { ItemID: 'x', Code: '' }] })).Items, [null, { Code: '' }])
  t.equal((await get('Items')).json.Items.length, 4)
})

t.test('given a gateway when it answers then its page comes and nothing is saved', async (t) => {
  const { put, get, simulator } = await stage(t)
  const { control } = simulator
  const raw = gatewayPage('400 Bad Request')
  control.faults([
    { kind: 'answer', method: 'PUT', answer: { status: 413, raw } },
    { kind: 'answer', method: 'GET', answer: { status: 400 } },
    { kind: 'answer', method: 'PUT', answer: { status: 200, raw }, stage: 'after' },
  ])
  const refused = await put('Contacts', { Name: 'Ann' })
  t.equal(refused.status, 413)
  t.equal(refused.text, raw)
  t.match(refused.headers.get('content-type'), /html/)
  t.strictSame(control.read(somerset, 'Contacts'), [])
  const bare = await get('Contacts')
  t.equal(bare.status, 400)
  t.equal(bare.text, '')
  t.equal((await put('Contacts', { Name: 'Bob' })).text, raw)
  t.equal(control.read(somerset, 'Contacts').length, 1, 'saved before the page was put in the way')
})

t.test('given messages when they are planned then each element is refused in the form of Xero', async (t) => {
  const { put, simulator } = await stage(t)
  const plan: FaultPlan = { kind: 'answer', answer: { messages: ['Something is wrong.'] } }
  simulator.control.faults([plan, plan])
  const each = await put('Invoices?summarizeErrors=false', { Invoices: [sale(), sale()] })
  t.equal(each.status, 200)
  const one = {
    HasErrors: true,
    StatusAttributeString: 'ERROR',
    ValidationErrors: [{ Message: 'Something is wrong.' }],
  }
  t.match(each.json.Invoices, [one, one])
  const all = await put('Contacts', { Name: 'Ann' })
  t.equal(all.status, 400)
  t.strictSame(messages(all), ['Something is wrong.'])
  t.strictSame(simulator.control.read(somerset, 'Invoices'), [])
})

t.test('given texts to exchange, a function, or a part of the query then the answer follows them', async (t) => {
  const { get, simulator } = await stage(t)
  const { control } = simulator
  control.createItem(somerset, { Code: 'A', SalesDetails: { UnitPrice: 0.5 } })
  control.faults({ kind: 'answer', answer: { replace: [['"UnitPrice":0.5', '"UnitPrice":1E-05']] } })
  t.match((await get('Items')).text, /"UnitPrice":1E-05/)
  control.faults({ kind: 'answer', answer: (real) => ({ ...real, status: 206 }) })
  t.equal((await get('Items')).status, 206)
  control.faults({ kind: 'http_503', query: 'where=Code=="B"' })
  t.equal((await get('Items')).status, 200)
  t.equal((await get(`Items?where=${encodeURIComponent('Code=="B"')}`)).status, 503)
  await fetch(`${simulator.url}/_control/faults`, {
    method: 'POST',
    body: JSON.stringify([{ kind: 'answer', answer: { rows: { as: 'empty' } } }]),
  })
  t.strictSame((await get('Items')).json.Items, [], 'asked for over HTTP')
  control.faults({ kind: 'answer', path: '/connect/token', answer: { status: 200, json: [1] } })
  const token = answered(await fetch(`${simulator.url}/connect/token`, { method: 'POST', body: 'grant_type=x' }))
  t.strictSame((await token).json, [1])
})

t.test('given a request that is too large when it comes then a gateway refuses it', async (t) => {
  const { put, get, simulator } = await stage(t)
  const many = (length: number) => ({ Contacts: [{ Name: 'Ann', FirstName: 'x'.repeat(length) }] })
  const refused = await put('Contacts', many(3_500_000))
  t.equal(refused.status, 413)
  t.match(refused.text, /^<!DOCTYPE html>/)
  t.equal((await put('Contacts', many(3_400_000))).status, 400, 'this one reaches the rules')
  const long = await get(`Contacts?IDs=${'1'.repeat(4_100)}`)
  t.equal(long.status, 414)
  t.match(simulator.control.journal({ path: '/Contacts' }).at(-1), { status: 414 })
  const small = await stage(t, { bodyLimit: 100 })
  t.equal((await small.put('Contacts', many(100))).status, 413)
})
