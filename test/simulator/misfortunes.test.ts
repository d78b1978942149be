// Misfortune beyond one planned fault: requests that arrive late, a consent that ends in mid job, chance from a seed, and
// the moments at which a test may strike.
import t from 'tap'
import type { Passing, Weather } from '../../src/simulator/index.ts'
import { minutes, type Stage, sale, seconds, somerset, stage } from './support/client.ts'

t.test('given a late request when its time comes then it is carried out, by the key only once', async (t) => {
  const { put, clock, simulator } = await stage(t)
  const { control } = simulator
  const key = { 'idempotency-key': 'k-1' }
  control.faults([
    { kind: 'late_arrival', delayMs: minutes(4) },
    { kind: 'late_arrival', delayMs: minutes(2) },
  ])
  await t.rejects(put('Invoices', sale(), key))
  await t.rejects(put('Invoices', sale(), key))
  t.equal(control.underWay(), 2)
  clock.advance(minutes(2) - 1)
  t.equal(control.read(somerset, 'Invoices').length, 0)
  clock.advance(1)
  t.equal(control.read(somerset, 'Invoices').length, 1)
  clock.advance(minutes(2))
  t.equal(control.read(somerset, 'Invoices').length, 1, 'the key is known for six minutes from its arrival')
  t.equal(control.underWay(), 0)
  t.match(control.journal({ method: 'PUT' }), [
    { fault: 'late_arrival', status: null, replayed: true },
    { fault: 'late_arrival', status: null, replayed: false, committed: [{ type: 'Contact' }, { type: 'Invoice' }] },
  ])
})

t.test('given a late request when its key has expired meanwhile then it is carried out again', async (t) => {
  const { put, clock, simulator } = await stage(t)
  simulator.control.faults({ kind: 'late_arrival', delayMs: minutes(7) })
  const bill = { ...sale(), Type: 'ACCPAY' }
  await t.rejects(put('Invoices', bill, { 'idempotency-key': 'k-1' }))
  t.equal((await put('Invoices', bill, { 'idempotency-key': 'k-1' })).status, 200)
  clock.advance(minutes(7))
  t.equal(simulator.control.read(somerset, 'Invoices').length, 2)
})

t.test('given an answer of an empty object then what was asked is saved', async (t) => {
  const { put, simulator } = await stage(t)
  simulator.control.faults({ kind: 'bare_200' })
  const answer = await put('Contacts', { Name: 'Ann' })
  t.equal(answer.status, 200)
  t.equal(answer.text, '{}')
  t.equal(simulator.control.read(somerset, 'Contacts').length, 1)
})

t.test('given a plan to disconnect when it strikes then nothing is saved and every call is refused', async (t) => {
  const { put, get, simulator } = await stage(t)
  simulator.control.faults({ kind: 'disconnect', skip: 1 })
  t.equal((await put('Contacts', { Name: 'Ann' })).status, 200)
  t.equal((await put('Contacts', { Name: 'Bob' })).status, 403)
  t.equal((await get('Contacts')).status, 403)
  t.equal(simulator.control.read(somerset, 'Contacts').length, 1)
  t.same(simulator.control.connections(), [])
})

async function faultsOf({ put, simulator }: Stage, weather: Weather, requests: number) {
  const { control } = simulator
  control.weather(weather)
  const from = control.journal().at(-1)?.seq ?? 0
  for (let n = 0; n < requests; n++) await put('Contacts', { Name: `${from} ${n}` }).catch(() => undefined)
  return control.journal({ after: from }).map(({ fault }) => fault ?? 'none')
}

t.test('given weather when the same seed is asked again then the same requests meet the same faults', async (t) => {
  const world = await stage(t)
  const api = { lost_request: 0.2, http_503: 0.2, http_429: 0.2, late_arrival: 0.1, slow: 0.1 } as const
  const weather = { seed: 5, api, longestDelayMs: 2, latestArrivalMs: seconds(1), longestRetryAfter: 3 }
  const once = await faultsOf(world, weather, 60)
  t.same(await faultsOf(world, weather, 60), once)
  t.notSame(await faultsOf(world, { ...weather, seed: 6 }, 60), once)
  t.same(new Set(once), new Set(['none', ...Object.keys(api)]))
  const limits = world.simulator.control.journal().filter(({ status }) => status === 429)
  t.ok(limits.length > 10)
  t.same(new Set(await faultsOf(world, { ...weather, api: {} }, 10)), new Set(['none']))
  world.simulator.control.weather(null)
  t.equal((await world.get('Currencies')).status, 200)
})

t.test(
  'given weather for tokens and writes when they are asked for then it strikes there, and planned faults first',
  async (t) => {
    const { simulator, get, put } = await stage(t)
    simulator.control.weather({ seed: 1, identity: { http_503: 1 }, api: { http_500_before: 1 } })
    const ask = () => fetch(`${simulator.identityUrl}/connect/token`, { method: 'POST', body: 'grant_type=x' })
    t.equal((await ask()).status, 503)
    t.equal((await get('Currencies')).status, 500)
    simulator.control.weather({ seed: 1, api: { http_500_before: 1 }, writes: { http_503: 1 } })
    t.equal((await put('Contacts', { Name: 'Ann' })).status, 503)
    t.equal((await get('Currencies')).status, 500)
    simulator.control.faults([{ kind: 'empty_200', path: '/connect/token' }, { kind: 'http_503' }])
    t.equal((await ask()).status, 200)
    t.equal((await get('Currencies')).status, 503)
  },
)

t.test('given a watch when requests pass then it hears of each moment before the next one', async (t) => {
  const heard: Passing[] = []
  let known = 0
  const { put, simulator } = await stage(t, {
    watch: (passing) => {
      heard.push(passing)
      if (passing.moment === 'carried_out') known = simulator.control.read(somerset, 'Contacts').length
    },
  })
  const moments = () => heard.splice(0).map(({ moment, method, path }) => `${moment} ${method} ${path}`)
  await put('Contacts', { Name: 'Ann' }, { 'idempotency-key': 'k-9' })
  t.equal(known, 1, 'it is saved when it is carried out')
  t.match(heard, [{ idempotencyKey: 'k-9', host: new URL(simulator.url).host }])
  const path = '/api.xro/2.0/Contacts'
  const all = ['arrived', 'carried_out', 'answered']
  t.same(
    moments(),
    all.map((moment) => `${moment} PUT ${path}`),
  )
  await fetch(`${simulator.identityUrl}/connect/token`, { method: 'POST', body: 'grant_type=x' })
  t.same(
    moments(),
    all.map((moment) => `${moment} POST /connect/token`),
  )
  simulator.control.faults({ kind: 'lost_response' })
  await t.rejects(put('Contacts', { Name: 'Bob' }))
  t.equal(known, 2)
  t.same(moments().slice(0, 2), [`arrived PUT ${path}`, `carried_out PUT ${path}`])
})
