// A document that one answer does not show: where something speaks for it that it stands in Xero, a second answer must say
// so too before it is created. Where nothing does, one call is enough.
import t, { type Test } from 'tap'
import type { AnswerMaker } from '../../src/simulator/index.ts'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { byHand, contact, later, type Row, synced, writes } from './support/books.ts'
import { bothDocumentKinds, type DocumentPath, line, openTrader, purchase, sale } from './support/trading.ts'

/** Xero's answer where nothing has the number: whole, and untrue this once. */
const nothingThere: AnswerMaker = (real) =>
  real?.body && {
    ...real,
    body: { ...real.body, pagination: { page: 1, pageSize: 1000, pageCount: 0, itemCount: 0 }, Invoices: [] },
  }
/** The same in another form than Xero's. */
const bare: AnswerMaker = (real) => real?.body && { ...real, body: { Invoices: [] } }
/** Fewer rows than it counts. */
const cut: AnswerMaker = (real) => real?.body && { ...real, body: { ...real.body, Invoices: [] } }

t.test('books: absent once', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const looks = (tenant: Tenant) => tenant.calls('GET /Invoices').filter(({ query }) => !query.createdByMyApp)
  const live = (tenant: Tenant): Row[] =>
    tenant.xero('Invoices').filter(({ Status }) => !['VOIDED', 'DELETED'].includes(Status))
  /** The next look-ups by numbers are answered like this, and no other call. Returns how many were. */
  function once(tenant: Tenant, make: AnswerMaker, times = 1): () => number {
    let made = 0
    const answer: AnswerMaker = (real, asked) => {
      if (!asked.query.has('InvoiceNumbers') || made === times) return real
      made += 1
      return make(real, asked)
    }
    const [tenantId, many] = [tenant.organisationId, 1_000]
    control.faults({ kind: 'answer', method: 'GET', path: '/Invoices', tenantId, times: many, answer })
    return () => {
      control.clearFaults()
      return made
    }
  }
  const billOf = (id: string, more: object = {}) => purchase(id, [line('1')], { vendorInvoiceNumber: 'V-1', ...more })
  const personsBill = async (tenant: Tenant) => {
    const { ContactID } = contact(tenant, 'Vendor v1')
    return control.createInvoice(tenant.organisation, byHand('ACCPAY', ContactID, { InvoiceNumber: 'V-1' }))
  }
  async function inConflict(t: Test, tenant: Tenant, path: DocumentPath, id: string, xeroId: unknown): Promise<void> {
    t.match(await tenant.state(path, id), {
      state: 'conflict',
      lastError: { code: 'duplicate_number', candidates: [{ id: xeroId, name: String, url: String }] },
    })
  }

  t.test('given new documents, then one call asks for them', async (t) => {
    const tenant = await openTrader(world, 'new')
    await tenant.sync()
    tenant.mark()
    await tenant.put('bills', billOf('a1'), billOf('a2', { vendorInvoiceNumber: 'V-2' }))
    await tenant.put('invoices', sale('a1', [line('1')]))
    await tenant.sync()
    await synced(t, tenant, 'bills', 'a1', 'a2')
    t.equal(looks(tenant).length, 1)
  })

  for (const [what, answer] of Object.entries({
    'that is not in the form of Xero': bare,
    'that lacks the rows it counts': cut,
  }))
    t.test(`given a bill of the books and an empty answer ${what}, then it is not doubled`, async (t) => {
      const tenant = await openTrader(world, what.replaceAll(' ', '-'))
      await tenant.sync()
      const { InvoiceID } = await personsBill(tenant)
      await tenant.put('bills', billOf('a1'))
      const made = once(tenant, answer)
      await tenant.sync()
      t.equal(made(), 1)
      await inConflict(t, tenant, 'bills', 'a1', InvoiceID)
      t.equal(live(tenant).length, 1)
    })

  t.test('given a bill whose number was seen, when one answer does not show it, then it is not doubled', async (t) => {
    const tenant = await openTrader(world, 'seen')
    await tenant.sync()
    const { InvoiceID } = await personsBill(tenant)
    await tenant.put('bills', billOf('a1'))
    await tenant.sync()
    await inConflict(t, tenant, 'bills', 'a1', InvoiceID)
    const made = once(tenant, nothingThere)
    await tenant.sync()
    t.equal(made(), 1)
    await inConflict(t, tenant, 'bills', 'a1', InvoiceID)
    t.equal(live(tenant).length, 1)
    // Said twice, it is believed.
    const twice = once(tenant, nothingThere, 2)
    await tenant.sync()
    t.equal(twice(), 2)
    await synced(t, tenant, 'bills', 'a1')
  })

  t.test('given a bill whose number was seen, when a person voids that one, then it goes at once', async (t) => {
    const tenant = await openTrader(world, 'voided')
    await tenant.sync()
    const { InvoiceID } = await personsBill(tenant)
    await tenant.put('bills', billOf('a1'))
    await tenant.sync()
    control.voidInvoice(tenant.organisation, String(InvoiceID))
    tenant.mark()
    await tenant.sync()
    await synced(t, tenant, 'bills', 'a1')
    t.equal(looks(tenant).length, 1, 'that it is voided was said')
  })

  t.test('given a bill that was unlinked, when one answer does not show it, then it is not doubled', async (t) => {
    const tenant = await openTrader(world, 'unlinked')
    await tenant.put('bills', billOf('a1'))
    await tenant.sync()
    const { xero } = await tenant.state('bills', 'a1')
    await tenant.api('DELETE', 'bills/a1/link')
    await tenant.put('bills', billOf('a1', { memo: 'once more' }))
    const made = once(tenant, nothingThere)
    await tenant.sync()
    t.equal(made(), 1)
    await synced(t, tenant, 'bills', 'a1')
    t.equal((await tenant.state('bills', 'a1')).xero.id, xero.id)
    t.equal(live(tenant).length, 1)
  })

  t.test('given a bill of unknown outcome that a person edited, when it is deleted and not shown once', async (t) => {
    const tenant = await openTrader(world, 'former')
    await tenant.sync()
    const [tenantId, times] = [tenant.organisationId, 3]
    control.faults({ kind: 'lost_response', method: 'PUT', path: '/Invoices', tenantId, times })
    await tenant.put('bills', billOf('a1'))
    await tenant.startJob()
    while (await world.house.turn());
    const [{ InvoiceID }] = live(tenant)
    control.editInvoice(tenant.organisation, InvoiceID, { DueDate: '2027-01-31' })
    await world.work()
    await inConflict(t, tenant, 'bills', 'a1', InvoiceID)
    await tenant.api('DELETE', 'bills/a1')
    const made = once(tenant, nothingThere)
    await tenant.sync()
    t.equal(made(), 1)
    t.match(await tenant.state('bills', 'a1'), { state: 'failed', lastError: { candidates: [{ id: InvoiceID }] } })
  })

  for (const [path] of bothDocumentKinds) {
    const numbered = (number: string) =>
      path === 'bills' ? billOf('a1', { vendorInvoiceNumber: number }) : sale('a1', [line('1')], { number })

    t.test(`given unlinked ${path}, when they are handed over under another number`, async (t) => {
      const tenant = await openTrader(world, `renumbered-${path}`)
      await tenant.put(path, numbered('N-1'))
      await tenant.sync()
      const { xero } = await tenant.state(path, 'a1')
      await tenant.api('DELETE', `${path}/a1/link`)
      await tenant.put(path, numbered('N-2'))
      later(world)
      await tenant.sync()
      await inConflict(t, tenant, path, 'a1', xero.id)
      t.equal(live(tenant).length, 1, 'no second one was made')
      tenant.mark()
      await tenant.sync()
      t.strictSame(writes(tenant), [], 'and it waits for a person')
      t.equal((await tenant.api('PUT', `${path}/a1/link`, { xeroId: xero.id })).status, 200)
      await tenant.sync()
      t.match(await tenant.state(path, 'a1'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
      await tenant.api('POST', `${path}/a1/resolve-conflict`, { keep: 'product' })
      await tenant.sync()
      await synced(t, tenant, path, 'a1')
      t.strictSame(
        live(tenant).map(({ InvoiceID, InvoiceNumber }) => [InvoiceID, InvoiceNumber]),
        [[xero.id, 'N-2']],
      )
      tenant.checkXero(t)
    })

    t.test(`given unlinked ${path} of another number, when a person voids the first, then it is made`, async (t) => {
      const tenant = await openTrader(world, `renumbered-void-${path}`)
      await tenant.put(path, numbered('N-1'))
      await tenant.sync()
      const { xero } = await tenant.state(path, 'a1')
      await tenant.api('DELETE', `${path}/a1/link`)
      await tenant.put(path, numbered('N-2'))
      await tenant.sync()
      await inConflict(t, tenant, path, 'a1', xero.id)
      control.voidInvoice(tenant.organisation, xero.id)
      await tenant.sync()
      await synced(t, tenant, path, 'a1')
      t.equal(live(tenant).length, 1)
    })
  }
})
