// Invoices and bills: numbers, transitions, dates, locks, currencies, terms, undone batches.
import t from 'tap'
import { type Answered, bill, days, line, messages, type Stage, sale, somerset, stage } from './support/client.ts'

const zeroId = '00000000-0000-0000-0000-000000000000'
const first = (answer: Answered) => answer.json.Invoices[0]
const refusal = async (world: Stage, document: object) => messages(await world.put('Invoices', document))

t.test('given a minimal sale when it is PUT then Xero fills the rest', async (t) => {
  const { put } = await stage(t)
  const invoice = first(
    await put('Invoices', { Type: 'ACCREC', Contact: { Name: 'New' }, LineItems: [{ Description: 'x' }] }),
  )
  t.match(invoice, {
    InvoiceNumber: 'INV-0001',
    Status: 'DRAFT',
    LineAmountTypes: 'Exclusive',
    CurrencyCode: 'AUD',
    CurrencyRate: 1,
    DateString: '2026-11-23T00:00:00',
    Total: 0,
    Contact: { Name: 'New', Addresses: { length: 2 }, Phones: { length: 4 } },
    LineItems: [{ LineItemID: String, Quantity: 1, UnitAmount: 0, LineAmount: 0, Tracking: [] }],
  })
})

t.test('given an evening in London when no date is sent then the day is the one in the organisation', async (t) => {
  const { put, clock, renew } = await stage(t)
  clock.advance(days(1) / 2)
  renew()
  t.equal(first(await put('Invoices', sale({ Date: undefined }))).DateString, '2026-11-24T00:00:00')
  t.equal(
    first(await put('Invoices', sale({ Date: '2026-05-27T00:00:00+10:00' }))).DateString,
    '2026-05-26T00:00:00',
    'an offset shifts the day',
  )
  t.equal(first(await put('Invoices', sale({ Date: '/Date(1795132800000+0000)/' }))).DateString, '2026-11-20T00:00:00')
})

t.test(
  'given a sales number in use when it is PUT then it is refused and when it is POSTed then it is overwritten',
  async (t) => {
    const { put, post, simulator } = await stage(t)
    const own = first(await put('Invoices', sale({ InvoiceNumber: 'S-1' })))
    const refused = await put('Invoices', sale({ InvoiceNumber: 's-1' }))
    t.same(messages(refused), ['Invoice # must be unique.'])
    t.match(refused.json.Elements[0], { InvoiceID: zeroId, HasErrors: true, Warnings: [] })
    const updated = first(await post('Invoices', sale({ InvoiceNumber: 'S-1', Reference: 'overwritten' })))
    t.match(updated, { InvoiceID: own.InvoiceID, Reference: 'overwritten' })
    const bills = (await put('Invoices', [bill({ InvoiceNumber: 'B-1' }), bill({ InvoiceNumber: 'B-1' })])).json
      .Invoices
    t.not(bills[0].InvoiceID, bills[1].InvoiceID, 'bills may share a number')
    await post('Invoices', bill({ InvoiceNumber: 'B-1' }))
    t.equal(simulator.control.read(somerset, 'Invoices').length, 4)
  },
)

t.test('given each status when it changes then only the documented transitions pass', async (t) => {
  const { put, post } = await stage(t)
  const allowed: Record<string, string[]> = {
    DRAFT: ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'DELETED'],
    SUBMITTED: ['SUBMITTED', 'AUTHORISED', 'DRAFT', 'DELETED'],
    AUTHORISED: ['AUTHORISED', 'VOIDED'],
    VOIDED: [],
    DELETED: [],
  }
  for (const [from, targets] of Object.entries(allowed))
    for (const to of ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'DELETED', 'VOIDED', 'PAID']) {
      const begin = from === 'VOIDED' ? 'AUTHORISED' : from === 'DELETED' ? 'DRAFT' : from
      const { InvoiceID } = first(await put('Invoices', sale({ Status: begin })))
      if (begin !== from) await post('Invoices', { InvoiceID, Status: from })
      const answer = await post('Invoices', { InvoiceID, Status: to })
      if (targets.includes(to)) t.equal(first(answer).Status, to, `${from} to ${to}`)
      else t.same(messages(answer), ['Invoice not of valid status for modification'], `${from} to ${to}`)
    }
  t.same(messages(await put('Invoices', sale({ Status: 'PAID' }))), ['Invoice not of valid status for creation'])
  t.same(messages(await put('Invoices', sale({ Type: 'ARPREPAYMENT' }))), ['Invoice not of valid type for creation'])
})

t.test('given a document when it is voided or deleted then the amount due tells nothing', async (t) => {
  const { put, post } = await stage(t)
  const approved = first(await put('Invoices', sale()))
  t.match(first(await post('Invoices', { InvoiceID: approved.InvoiceID, Status: 'VOIDED' })), {
    AmountDue: 110,
    Total: 110,
  })
  const draft = first(await put('Invoices', sale({ Status: 'DRAFT' })))
  t.match(first(await post('Invoices', { InvoiceID: draft.InvoiceID, Status: 'DELETED' })), {
    AmountDue: 0,
    Total: 110,
  })
  t.same(messages(await put('Invoices', sale({ InvoiceNumber: draft.InvoiceNumber }))), ['Invoice # must be unique.'])
})

t.test('given lock dates when documents fall before them then nothing is saved or changed', async (t) => {
  const world = await stage(t)
  const { simulator, put, post } = world
  const early = first(await put('Invoices', sale({ Date: '2026-06-30' })))
  simulator.control.setLockDates(somerset, { period: '2026-06-30' })
  t.same(await refusal(world, sale({ Date: '2026-06-30' })), [
    'The document date cannot be before the period lock date, currently set at 30 June 2026',
  ])
  t.equal((await put('Invoices', sale({ Date: '2026-07-01' }))).status, 200)
  t.match(messages(await post('Invoices', { InvoiceID: early.InvoiceID, Reference: 'x' })), [/lock date/])
  simulator.control.setLockDates(somerset, { period: null, endOfYear: '2026-12-31' })
  t.match(await refusal(world, sale()), [/end of year lock date, currently set at 31 December 2026/])
  t.match((await world.get('Organisation')).json.Organisations[0], { EndOfYearLockDate: '/Date(1798675200000+0000)/' })
})

t.test('given currencies when documents use them then they must be enabled and get a rate', async (t) => {
  const world = await stage(t)
  t.same(await refusal(world, sale({ CurrencyCode: 'EUR' })), ['Organisation is not subscribed to currency EUR'])
  t.match(first(await world.put('Invoices', sale({ CurrencyCode: 'USD' }))), {
    CurrencyCode: 'USD',
    CurrencyRate: 0.65,
  })
  t.match(first(await world.put('Invoices', sale({ CurrencyCode: 'USD', CurrencyRate: '0.7' }))), { CurrencyRate: 0.7 })
})

t.test('given payment terms when no due date is sent then they supply it', async (t) => {
  const { put, simulator } = await stage(t)
  for (const [Type, Day, due] of [
    ['DAYSAFTERBILLDATE', 14, '2026-12-04'],
    ['DAYSAFTERBILLMONTH', 10, '2026-12-10'],
    ['OFCURRENTMONTH', 31, '2026-11-30'],
    ['OFFOLLOWINGMONTH', 20, '2026-12-20'],
  ] as const) {
    simulator.control.createContact(somerset, { Name: Type, PaymentTerms: { Sales: { Day, Type } } })
    const made = first(await put('Invoices', sale({ Contact: { Name: Type }, DueDate: undefined })))
    t.equal(made.DueDateString, `${due}T00:00:00`, Type)
  }
})

t.test('given a plan with a limit when it is used up then approving is refused', async (t) => {
  const world = await stage(t)
  world.simulator.control.editOrganisation(somerset, { approvalsLeft: 1 })
  t.equal((await world.put('Invoices', sale())).status, 200)
  t.same(await refusal(world, sale()), ['You have reached the limit of invoices you can approve'])
  t.equal((await world.put('Invoices', sale({ Status: 'DRAFT' }))).status, 200)
  t.match((await world.get('Organisation/Actions')).json.Actions[0], { Status: 'NOT-ALLOWED' })
})

t.test('given a failed batch when numbers and contacts were made for it then they are undone', async (t) => {
  const { put, simulator } = await stage(t)
  const batch = [sale(), sale({ Contact: { Name: 'Second' }, LineItems: [line({ AccountCode: '9999' })] })]
  t.equal((await put('Invoices', batch)).status, 400)
  t.equal(simulator.control.read(somerset, 'Contacts').length, 0)
  const partly = await put('Invoices?summarizeErrors=false', batch)
  t.match(partly.json.Invoices, [
    { InvoiceNumber: 'INV-0001', StatusAttributeString: 'OK' },
    { StatusAttributeString: 'ERROR' },
  ])
  t.same(
    simulator.control.read(somerset, 'Contacts').map((one) => one.Name),
    ['Ann Customer'],
  )
  t.equal(first(await put('Invoices', sale())).InvoiceNumber, 'INV-0002')
})
