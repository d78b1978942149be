// Case 10: what is too large for one request.
import t from 'tap'
import { gatewayPage } from '../../src/simulator/index.ts'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { synced, writes } from './support/books.ts'
import { oddAnswers } from './support/odd-answers.ts'
import { openSeller } from './support/trading.ts'

const megabytes = (entry: { body?: unknown }) => Buffer.byteLength(JSON.stringify(entry.body)) / 1_000_000

t.test('books: sizes', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const odd = oddAnswers(world)

  const lines = (count: number, length: number) =>
    Array.from({ length: count }, (_, n) => ({
      id: String(n),
      itemId: 's1',
      description: `${n} ${'ö'.repeat(length)}`,
      quantity: '1',
      unitPrice: '1',
      taxCode: 'GST',
    }))
  const big = (id: string, count: number, length: number) => ({ ...invoice(id, 'c1', []), lines: lines(count, length) })

  t.test('10 given documents that are large together, then each job ends and no request is too large', async (t) => {
    const tenant = await openSeller(world, 'large')
    for (let n = 0; n < 14; n++) await tenant.put('invoices', big(`a${n}`, 500, 750))
    const job = await tenant.sync()
    t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)).slice(0, 500))
    const sent = tenant.calls('PUT /Invoices')
    t.strictSame(
      sent.filter((entry) => entry.status !== 200).map((entry) => entry.status),
      [],
    )
    t.ok(sent.every((entry) => megabytes(entry) <= 3.5))
    t.equal(tenant.xero('Invoices').length, 14)
    tenant.checkXero(t)
  })

  t.test('10 given contacts and items with long texts, then no request is too large', async (t) => {
    const tenant = await openSeller(world, 'long-texts')
    const address = (kind: string) => ({ kind, lines: Array.from({ length: 4 }, () => 'ü'.repeat(480)) })
    const addresses = [address('billing'), address('shipping')]
    for (let n = 0; n < 150; n += 50)
      await tenant.put(
        'items',
        ...Array.from({ length: 50 }, (_, m) =>
          item(`t${n + m}`, {
            kind: 'service',
            description: '語'.repeat(4000),
            purchaseDescription: '語'.repeat(4000),
          }),
        ),
      )
    await tenant.put('customers', ...Array.from({ length: 60 }, (_, n) => customer(`l${n}`, { addresses })))
    const job = await tenant.sync()
    t.equal(job.status, 'completed', JSON.stringify(await tenant.errors(job.id)).slice(0, 500))
    t.ok(writes(tenant).every((entry) => entry.status === 200 && megabytes(entry) <= 3.5))
    tenant.checkXero(t)
  })

  t.test(
    '10 given one document beyond the limit, then it is refused with its size and the others arrive',
    async (t) => {
      const tenant = await openSeller(world, 'too-large')
      await tenant.put('invoices', big('huge', 1000, 1990), big('small', 1, 1))
      const job = await tenant.sync()
      t.equal(job.status, 'completed_with_errors')
      await synced(t, tenant, 'invoices', 'small')
      const state = await tenant.state('invoices', 'huge')
      t.equal(state.state, 'failed')
      t.match(state.lastError, { code: /large|size/, cause: /\d/, retryable: false })
      t.ok(writes(tenant).every((entry) => entry.status === 200))
      tenant.mark()
      await tenant.sync()
      t.strictSame(writes(tenant), [], 'and it is not tried again')
    },
  )

  t.test('10 given a gateway that takes less than we think, then the batch is cut and all arrive once', async (t) => {
    const tenant = await openSeller(world, 'narrow')
    await tenant.put('invoices', ...Array.from({ length: 10 }, (_, n) => big(`a${n}`, 1, 10)))
    odd(tenant, 'PUT', '/Invoices', { status: 413, raw: gatewayPage('413 Request Entity Too Large') })
    await tenant.sync()
    control.clearFaults()
    await tenant.sync()
    t.equal(tenant.xero('Invoices').length, 10)
    await synced(t, tenant, 'invoices', 'a0', 'a9')
    tenant.checkXero(t)
  })
})
