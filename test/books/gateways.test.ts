// Case 14: answers of gateways, on reads, look-ups and writes.
import t from 'tap'
import { gatewayPage } from '../../src/simulator/index.ts'
import { openWorld } from '../support/house.ts'
import { invoice } from '../support/records.ts'
import { later, synced } from './support/books.ts'
import { oddAnswers } from './support/odd-answers.ts'
import { openSeller } from './support/trading.ts'

t.test('books: gateways', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const odd = oddAnswers(world)

  const pages = [400, 404, 412, 414]
  t.test('14 given a read that a gateway answers, then the job goes on by itself', async (t) => {
    for (const status of pages) {
      const tenant = await openSeller(world, `gateway-${status}`)
      const raw = gatewayPage(`${status} Bad Request`)
      await tenant.sync()
      later(world)
      odd(tenant, 'GET', status % 2 ? '/Items' : '/Contacts', { status, raw })
      await tenant.put('invoices', invoice('d1', 'c1', ['s1']))
      const id = await tenant.startJob()
      await world.work()
      const job = await tenant.job(id)
      t.equal(job.status, 'completed', `${status}: ${JSON.stringify(job.error)}`)
      await synced(t, tenant, 'invoices', 'd1')
      t.equal((await tenant.api('GET', '')).body.status, 'active', `${status}: the connection stands`)
      control.clearFaults()
    }
  })

  t.test('14 given an empty 400, or the reading of settings lists, then the job goes on by itself', async (t) => {
    const tenant = await openSeller(world, 'empty-400')
    odd(tenant, 'GET', '/Items', { status: 400, raw: '' })
    odd(tenant, 'GET', '/Organisation', { status: 400, raw: gatewayPage('400 Bad Request') })
    odd(tenant, 'GET', '/Contacts', { status: 400, raw: '{"html": "no"}' })
    const id = await tenant.startJob('full')
    await world.work()
    t.equal((await tenant.job(id)).status, 'completed', JSON.stringify((await tenant.job(id)).error))
    control.clearFaults()
    tenant.checkXero(t)
  })

  t.test('14 given a lost answer and a gateway on the look-up, then the document arrives once', async (t) => {
    const tenant = await openSeller(world, 'look-up')
    await tenant.sync()
    const scope = { tenantId: tenant.organisationId, path: '/Invoices' }
    control.faults([
      { kind: 'lost_response', method: 'PUT', ...scope },
      { kind: 'http_500_before', method: 'PUT', ...scope },
      { kind: 'answer', method: 'GET', ...scope, times: 2, answer: { status: 404, raw: gatewayPage('404 Not Found') } },
      { kind: 'answer', method: 'GET', ...scope, times: 2, answer: { status: 400, raw: '' } },
    ])
    await tenant.put('invoices', invoice('d1', 'c1', ['s1']))
    await tenant.startJob()
    await world.work({ forMs: 6 * 60 * 60_000 })
    control.clearFaults()
    await tenant.sync()
    t.equal(tenant.xero('Invoices').length, 1)
    await synced(t, tenant, 'invoices', 'd1')
    tenant.checkXero(t)
  })

  t.test(
    '14 given a write that a gateway refuses with 404 or 405, then it is sent again and arrives once',
    async (t) => {
      const tenant = await openSeller(world, 'gateway-write')
      await tenant.sync()
      for (const status of [404, 405, 400]) odd(tenant, 'PUT', '/Invoices', { status, raw: gatewayPage(`${status}`) })
      await tenant.put('invoices', invoice('d1', 'c1', ['s1']))
      await tenant.startJob()
      await world.work({ forMs: 6 * 60 * 60_000 })
      control.clearFaults()
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'd1')
      t.equal(tenant.xero('Invoices').length, 1)
      tenant.checkXero(t)
    },
  )
})
