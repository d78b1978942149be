// The sync queue: read by filter and sort, filled again by hand, and emptied by the rules of who may lose what.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item, settingsForDemoOrganisation } from '../support/records.ts'

interface Item {
  readonly id: string
  readonly recordType: string
  readonly recordId: string
  readonly status: string
  readonly action: string
  readonly createdAt: string
  readonly updatedAt: string
}
const { api, connect, work, clock, simulator } = await openWorld(t)
const c = `/v1/connections/${await connect()}`
const q = `${c}/sync-queue-items`
await api('PATCH', `${c}/settings`, settingsForDemoOrganisation, { 'if-match': '*' })

const put = (path: string, body: object) => api('PUT', `${c}/${path}`, body)
const list = async (query = ''): Promise<Item[]> => (await api('GET', `${q}?limit=200&${query}`)).body.items
const idsOf = async (query: string) => (await list(query)).map(({ recordId }) => recordId).sort()
const itemOf = async (recordId: string, more = ''): Promise<Item> => {
  const [found] = await list(`recordId=${recordId}&${more}`)
  if (!found) throw new Error(`${recordId} has no item`)
  return found
}
const newJob = async () => (await api('POST', `${c}/sync-jobs`, {})).body.id

// Synced: service, known. Failed: bad (its customer is nowhere). Waiting: two customers, a vendor, an invoice, a deletion.
await put('items/service', item('service', { kind: 'service' }))
await put('items/doomed', item('doomed', { kind: 'service' }))
await put('customers/known', customer('known'))
await put('invoices/bad', invoice('bad', 'absent', ['service'], { number: 'INV-BAD' }))
const firstJob = await newJob()
await work()
for (const id of ['anna', 'bert']) {
  clock.advance(1000)
  await put(`customers/${id}`, customer(id))
}
clock.advance(1000)
await put('vendors/vera', customer('vera', { name: 'Vera & Co' }))
clock.advance(1000)
await put('invoices/ship', invoice('ship', 'known', ['service']))
clock.advance(1000)
await api('DELETE', `${c}/items/doomed`)
clock.advance(1000)
await put('customers/anna', customer('anna', { name: 'Anna again' }))

t.test(
  'given items of every kind, when they are listed and counted, then each filter narrows both alike',
  async (t) => {
    const all = ['anna', 'bad', 'bert', 'doomed', 'ship', 'vera']
    const cases: [string, string[]][] = [
      ['', all],
      ['recordType=customer', ['anna', 'bert']],
      ['recordType=customer,vendor', ['anna', 'bert', 'vera']],
      ['action=delete', ['doomed']],
      ['action=create,update', all.filter((id) => id !== 'doomed')],
      ['status=pending', all.filter((id) => id !== 'bad')],
      ['status=synced', ['doomed', 'known', 'service']],
      ['status=failed,blocked', ['bad']],
      [`jobId=${firstJob}`, ['bad']],
      [`jobId=${firstJob}&status=synced`, ['doomed', 'known', 'service']],
      ['recordId=ship', ['ship']],
      ['search=VERA%20%26', ['vera']],
      ['search=inv-', ['bad', 'ship']],
      ['search=%25', []],
      ['recordType=vendor&action=delete', []],
    ]
    for (const [query, ids] of cases) {
      t.same(await idsOf(query), ids, query)
      t.equal((await api('GET', `${q}/count?${query}`)).body.count, ids.length, `count ${query}`)
    }
    const bad = await itemOf('bad')
    t.match(bad, { recordName: 'INV-BAD', jobId: firstJob, lastError: { code: /\w/, cause: /\w/, action: /\w/ } })
    t.same((await api('GET', `${q}/${bad.id}`)).body, bad)
    t.match((await api('GET', `${c}/invoices/bad`)).body.sync.lastError, { code: /\w/ })
  },
)

t.test('given a sort, when pages are read, then all items come in its order', async (t) => {
  const sorted = {
    createdAt: ['bad', 'anna', 'bert', 'vera', 'ship', 'doomed'],
    updatedAt: ['bad', 'bert', 'vera', 'ship', 'doomed', 'anna'],
  }
  for (const [field, ids] of Object.entries(sorted)) {
    for (const [sort, expected] of [[field, ids] as const, [`-${field}`, ids.toReversed()] as const]) {
      const seen: string[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: { body: { items: Item[]; nextCursor: string | null } } = await api(
          'GET',
          `${q}?limit=2&sort=${sort}${cursor && `&cursor=${cursor}`}`,
        )
        seen.push(...page.body.items.map(({ recordId }) => recordId))
        cursor = page.body.nextCursor
      }
      t.same(seen, expected, sort)
    }
  }
  t.same(await list(), await list('sort=-createdAt'), 'newest first where none is named')
})

t.test('given faulty filters and sorts, when the queue is asked, then the parameter is named', async (t) => {
  const faulty: [string, string][] = [
    ['sort=name', 'sort'],
    ['status=lost', 'status/0'],
    ['status=pending,lost', 'status/1'],
    ['recordType=thing', 'recordType/0'],
    ['action=', 'action/0'],
    ['jobId=7', 'jobId'],
    ['search=%00', 'search'],
    ['stauts=pending', 'stauts'],
  ]
  for (const [query, name] of faulty) {
    for (const at of query.startsWith('sort') ? [q] : [q, `${q}/count`]) {
      const { status, body } = await api('GET', `${at}?${query}`)
      t.match([status, body.code, body.errors?.[0]?.pointer], [400, 'invalid_request', name], `${at}?${query}`)
    }
  }
  for (const id of ['7', '01936f5a-0000-7000-8000-000000000000']) {
    t.match((await api('GET', `${q}/${id}`)).body, { code: 'not_found' })
    t.match((await api('DELETE', `${q}/${id}`)).body, { code: 'not_found' })
  }
})

t.test('given waiting items, when they are taken out, then only those that may be lost go', async (t) => {
  const ship = await itemOf('ship')
  const removed = await api('DELETE', `${q}/${ship.id}`)
  t.match(removed.body, { id: ship.id, status: 'cancelled' })
  t.equal((await api('GET', `${c}/invoices/ship`)).body.sync.state, 'never_synced')
  t.notOk((await idsOf('')).includes('ship'))
  t.equal((await api('DELETE', `${q}/${ship.id}`)).body.code, 'invalid_state_transition', 'it has ended')

  const bert = await itemOf('bert')
  for (const force of ['', '?force=false']) {
    const kept = await api('DELETE', `${q}/${bert.id}${force}`)
    t.match([kept.status, kept.body.code], [409, 'entity_item_not_removable'])
  }
  t.equal((await itemOf('bert')).status, 'pending')
  t.equal((await api('DELETE', `${q}/${bert.id}?force=true`)).body.status, 'cancelled')

  const doomed = await itemOf('doomed')
  for (const force of ['', '?force=true']) {
    const kept = await api('DELETE', `${q}/${doomed.id}${force}`)
    t.match([kept.status, kept.body.code], [409, 'delete_irreversible'])
  }
  t.equal((await api('DELETE', `${q}/${doomed.id}?force=maybe`)).body.errors?.[0]?.pointer, 'force')

  await put('invoices/ship', invoice('ship', 'known', ['service'], { memo: 'again' }))
  const jobId = await newJob()
  const locked = await itemOf('ship')
  t.equal(locked.status, 'locked')
  for (const force of ['', '?force=true']) {
    const kept = await api('DELETE', `${q}/${locked.id}${force}`)
    t.match([kept.status, kept.body.code, kept.body.jobId], [409, 'queue_item_locked', jobId])
  }
  await put('invoices/ship', invoice('ship', 'known', ['service'], { memo: 'during the job' }))
  t.same(
    (await list('recordId=ship')).map(({ status }) => status).sort(),
    ['locked', 'pending'],
    'a change during a job waits beside it',
  )
  await work()
  await newJob()
  await work()
  t.same(await idsOf('status=pending'), [])
})

t.test('given stored records, when they are queued again, then those that are sent wait, and no others', async (t) => {
  const requeue = async (body: object) => (await api('POST', q, body)).body
  await put('customers/gone', customer('gone'))
  await api('DELETE', `${c}/customers/gone`)
  await put('invoices/open', invoice('open', 'known', ['service'], { status: 'open' }))
  const named = await requeue({ recordType: 'customer', recordIds: ['known', 'anna', 'gone', 'nobody', 'known'] })
  t.same(named, { opened: 2, alreadyQueued: 0, skipped: 2 })
  t.match(await itemOf('known'), { action: 'update', status: 'pending' })
  t.equal((await api('GET', `${c}/customers/known`)).body.sync.state, 'pending')
  t.same(await requeue({ recordType: 'customer', recordIds: ['known'] }), { opened: 0, alreadyQueued: 1, skipped: 0 })
  t.same(await requeue({ recordType: 'customer' }), { opened: 1, alreadyQueued: 2, skipped: 0 }, 'bert too')
  const invoices = await requeue({ recordType: 'invoice' })
  t.same(invoices, { opened: 1, alreadyQueued: 1, skipped: 1 }, 'ship opens, bad waits, open is not shipped')
  t.same(await idsOf('recordId=open'), [])
  const before = simulator.control.journal({ method: 'POST', path: '/Contacts' }).length
  await newJob()
  await work()
  const sent = simulator.control.journal({ method: 'POST', path: '/Contacts' }).slice(before)
  const { xero, state } = (await api('GET', `${c}/customers/known`)).body.sync
  t.notMatch(JSON.stringify(sent.map(({ body }) => body)), xero.id, 'what stands there already is not sent')
  t.equal(state, 'synced')
  const faulty: [object, string][] = [
    [{}, '/recordType'],
    [{ recordType: 'thing' }, '/recordType'],
    [{ recordType: 'item', recordIds: [] }, '/recordIds'],
    [{ recordType: 'item', recordIds: Array.from({ length: 1001 }, String) }, '/recordIds'],
    [{ recordType: 'item', ids: ['a'] }, '/ids'],
  ]
  for (const [body, name] of faulty) {
    const answer = await api('POST', q, body)
    t.match([answer.status, answer.body.errors?.[0]?.pointer], [422, name], name)
  }
})
