// Answers that do not show a document whole, before it is changed, removed or created: nothing is written without a look.
import t, { type Test } from 'tap'
import type { AnswerChange, AnswerMaker } from '../../src/simulator/index.ts'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { byHand, contact, later, synced, writes } from './support/books.ts'
import { oddAnswers } from './support/odd-answers.ts'
import {
  bothDocumentKinds,
  content,
  type DocumentPath,
  documentKinds,
  line,
  openTrader,
  purchase,
} from './support/trading.ts'

const far = 1_000

/** Answers to a look that lack what would show the edit of a person. */
const oddLooks: Readonly<Record<string, AnswerChange>> = {
  'no rows': { rows: { as: 'empty' } },
  'half of the rows': { rows: { share: 0.5 } },
  'no ids': { replace: [['"InvoiceID"', '"InvoiceIX"']] },
  'no lines': { replace: [['"LineItems"', '"LineItemz"']] },
  'empty lines': { replace: [['"LineItems":[', '"LineItems":[],"Lines":[']] },
  'lines without ids': { replace: [['"LineItemID"', '"LineItemIX"']] },
  'no status': { replace: [['"Status"', '"Statux"']] },
  'a status that is not known': { replace: [['"AUTHORISED"', '"X"']] },
  'no type': { replace: [['"Type"', '"Typx"']] },
  'no contact': { replace: [['"Contact":', '"Contacx":']] },
  'no id of the contact': { replace: [['"ContactID"', '"ContactIX"']] },
  'no total': { replace: [['"Total"', '"Totax"']] },
  'no currency': { replace: [['"CurrencyCode"', '"CurrencyCodx"']] },
  'no payments': { replace: [['"AmountPaid"', '"AmountPaix"']] },
}

t.test('books: looks with odd answers', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const odd = oddAnswers(world)
  const looks = (tenant: Tenant) => tenant.calls('GET /Invoices').length
  const inXero = (tenant: Tenant, id: unknown) => tenant.xero('Invoices').find((one) => one.InvoiceID === id)

  /** Two documents that a person edited, of which the product changes one and deletes the other. */
  async function edited(name: string, path: DocumentPath, { make }: (typeof bothDocumentKinds)[number][1]) {
    const tenant = await openTrader(world, name)
    await tenant.put(path, make('d1', [line('1')]), make('d2', [line('1')]))
    await tenant.sync()
    const ids = await Promise.all(['d1', 'd2'].map(async (id) => (await tenant.state(path, id)).xero.id as string))
    later(world)
    for (const id of ids) {
      control.addLine(tenant.organisation, id, {
        Description: 'By hand',
        Quantity: 1,
        UnitAmount: 5,
        AccountCode: path === 'invoices' ? '200' : '300',
      })
      control.editLine(tenant.organisation, id, 1, { Description: 'PERSON' })
    }
    await tenant.put(path, make('d1', [line('1', { quantity: '2' })]))
    await tenant.api('DELETE', `${path}/d2`)
    const before = ids.map((id) => content(inXero(tenant, id)))
    const asBefore = (t: Test, what: string) =>
      t.strictSame(
        ids.map((id) => content(inXero(tenant, id))),
        before,
        what,
      )
    tenant.mark()
    return { tenant, asBefore }
  }

  async function conflicts(t: Test, tenant: Tenant, path: DocumentPath): Promise<void> {
    for (const id of ['d1', 'd2'])
      t.match(await tenant.state(path, id), { state: 'conflict', lastError: { code: 'edited_in_xero' } }, id)
  }

  for (const [path, kind] of bothDocumentKinds) {
    for (const [what, answer] of Object.entries(oddLooks).slice(0, path === 'invoices' ? far : 4))
      t.test(`given ${path} that a person edited and looks with ${what}, then nothing is written`, async (t) => {
        const { tenant, asBefore } = await edited(`${path}-${what.replaceAll(' ', '-')}`, path, kind)
        odd(tenant, 'GET', '/Invoices', answer, far)
        const job = await tenant.sync()
        control.clearFaults()
        asBefore(t, 'the edits stand')
        t.strictSame(writes(tenant, '/Invoices'), [], 'nothing was written')
        t.equal(job.status, 'completed_with_errors', 'and the job ended')
        for (const id of ['d1', 'd2']) {
          const state = await tenant.state(path, id)
          if (what === 'half of the rows' && state.lastError.code === 'edited_in_xero') continue
          t.match(state, { state: 'failed', lastError: { code: 'answer_incomplete', retryable: true } }, id)
        }
        await tenant.sync()
        await conflicts(t, tenant, path)
        asBefore(t, 'and still stand after a proper look')
        t.strictSame((await tenant.api('GET', 'odd-rows')).body.items, [], 'what reads well again is told no more')
        tenant.checkXero(t)
      })

    t.test(`given ${path} that a person edited and one odd answer, then the same job sees the edits`, async (t) => {
      const { tenant, asBefore } = await edited(`${path}-once`, path, kind)
      odd(tenant, 'GET', '/Invoices', { rows: { as: 'empty' } })
      await tenant.sync()
      await conflicts(t, tenant, path)
      asBefore(t, 'the edits stand')
      t.ok(looks(tenant) <= 6, `${looks(tenant)} looks`)
      tenant.checkXero(t)
    })

    t.test(`given ${path} in conflict, when a later look is odd, then the decision is still a person's`, async (t) => {
      const { tenant, asBefore } = await edited(`${path}-waiting`, path, kind)
      await tenant.sync()
      await conflicts(t, tenant, path)
      for (const answer of [oddLooks['no rows'], oddLooks['no lines'], oddLooks['no ids']] as AnswerChange[]) {
        odd(tenant, 'GET', '/Invoices', answer, far)
        await tenant.sync()
        control.clearFaults()
        asBefore(t, 'the edits stand')
      }
      await tenant.sync()
      await conflicts(t, tenant, path)
      await tenant.api('POST', `${path}/d1/resolve-conflict`, { keep: 'product' })
      control.editLine(tenant.organisation, (await tenant.state(path, 'd1')).xero.id, 1, { UnitAmount: 77 })
      odd(tenant, 'GET', '/Invoices', { rows: { as: 'empty' } }, far)
      await tenant.sync()
      control.clearFaults()
      await tenant.sync()
      t.match(await tenant.state(path, 'd1'), { state: 'conflict', lastError: { code: 'edited_in_xero' } })
      tenant.checkXero(t)
    })
  }

  t.test('given a look that leaves out the line of a person, then nothing is written', async (t) => {
    const { tenant } = await edited('a-line-less', 'invoices', documentKinds.invoices)
    const withoutLast: AnswerMaker = (real) => {
      const rows = (real?.body?.Invoices ?? []) as { LineItems: object[] }[]
      const Invoices = rows.map((row) => ({ ...row, LineItems: row.LineItems.slice(0, 1) }))
      return real?.body && { ...real, body: { ...real.body, Invoices } }
    }
    control.faults({
      ...{ kind: 'answer', method: 'GET', path: '/Invoices', tenantId: tenant.organisationId, times: far },
      answer: withoutLast,
    })
    // The text of the other line is as the product has it.
    for (const one of tenant.xero('Invoices'))
      control.editLine(tenant.organisation, one.InvoiceID, 1, { Description: 'Line 1' })
    await tenant.sync()
    control.clearFaults()
    t.strictSame(writes(tenant, '/Invoices'), [])
    t.match(await tenant.state('invoices', 'd1'), { state: 'failed', lastError: { code: 'answer_incomplete' } })
    await tenant.sync()
    await conflicts(t, tenant, 'invoices')
    tenant.checkXero(t)
  })

  t.test('given looks without lines, then job and list of odd rows tell what was missing', async (t) => {
    const { tenant } = await edited('told', 'invoices', documentKinds.invoices)
    odd(tenant, 'GET', '/Invoices', oddLooks['no lines'] as AnswerChange, far)
    const job = await tenant.sync()
    control.clearFaults()
    t.ok(job.progress.invoice.oddRows > 0, JSON.stringify(job.progress.invoice))
    const { items } = (await tenant.api('GET', 'odd-rows')).body
    t.equal(items.length, 2)
    for (const one of items) t.match(one, { list: 'invoices', xeroId: String, reason: /LineItems/ })
    tenant.checkXero(t)
  })

  for (const [path, { make }] of bothDocumentKinds)
    t.test(`given ${path} that are not there at all, then Xero is asked for each alone and it is told`, async (t) => {
      const tenant = await openTrader(world, `${path}-absent`)
      await tenant.put(path, make('d1', [line('1')]), make('d2', [line('1')]))
      await tenant.sync()
      later(world)
      await tenant.put(path, make('d1', [line('1', { quantity: '2' })]))
      await tenant.api('DELETE', `${path}/d2`)
      const ids = await Promise.all(['d1', 'd2'].map(async (id) => (await tenant.state(path, id)).xero?.id as string))
      odd(tenant, 'GET', '/Invoices', { rows: { as: 'empty' } }, 2)
      for (const id of ids) odd(tenant, 'GET', `/Invoices/${id}`, { status: 404, raw: '' }, far)
      tenant.mark()
      odd(tenant, 'GET', '/Invoices', { rows: { as: 'empty' } }, far)
      await tenant.sync()
      control.clearFaults()
      t.strictSame(writes(tenant, '/Invoices'), [])
      t.match(await tenant.state(path, 'd1'), { state: 'conflict', lastError: { code: 'removed_in_xero' } })
      t.strictSame(
        (await tenant.queue()).map((one: { recordId: string }) => one.recordId),
        ['d1'],
        'the deletion is done',
      )
    })

  const oddNumbers: Readonly<Record<string, [string, string]>> = {
    'no id': ['"InvoiceID"', '"InvoiceIX"'],
    'no contact': ['"Contact":', '"Contacx":'],
    'no id of the contact': ['"ContactID"', '"ContactIX"'],
    'no number': ['"InvoiceNumber"', '"InvoiceNumbex"'],
    'no type': ['"Type"', '"Typx"'],
  }
  for (const [what, replace] of Object.entries(oddNumbers))
    t.test(`given a bill that a person entered and look-ups with ${what}, then it is not doubled`, async (t) => {
      const tenant = await openTrader(world, `number-${what.replaceAll(' ', '-')}`)
      await tenant.sync()
      const vendorId = contact(tenant, tenant.xero('Contacts').find((one) => one.ContactNumber?.includes('v1'))?.Name)
      control.createInvoice(tenant.organisation, byHand('ACCPAY', vendorId.ContactID, { InvoiceNumber: 'V-1' }))
      await tenant.put('bills', purchase('b1', [line('1')], { vendorInvoiceNumber: 'V-1' }))
      odd(tenant, 'GET', '/Invoices', { replace: [replace] }, far)
      const job = await tenant.sync()
      control.clearFaults()
      t.equal(tenant.xero('Invoices').length, 1, 'no second bill')
      t.equal(job.status, 'completed_with_errors')
      t.ok(job.progress.bill.oddRows > 0)
      t.match(await tenant.state('bills', 'b1'), {
        state: 'conflict',
        lastError: { code: 'answer_incomplete', cause: /V-1/ },
      })
      await tenant.sync()
      t.match(await tenant.state('bills', 'b1'), { state: 'conflict', lastError: { code: 'duplicate_number' } })
      t.equal(tenant.xero('Invoices').length, 1, 'nor later')
      tenant.checkXero(t)
    })

  t.test('given one odd answer to a look-up of a bill that is not there, then it is created once', async (t) => {
    const tenant = await openTrader(world, 'number-free')
    await tenant.put('bills', purchase('b1', [line('1')], { vendorInvoiceNumber: 'V-1' }))
    odd(tenant, 'GET', '/Invoices', { rows: { add: [{ InvoiceNumber: 'V-1' }] } })
    await tenant.sync()
    await synced(t, tenant, 'bills', 'b1')
    t.equal(tenant.xero('Invoices').length, 1)
    tenant.checkXero(t)
  })
})
