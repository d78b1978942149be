// Payments close and reopen documents, and hold them against edits.
import t from 'tap'
import { bill, messages, sale, somerset, stage } from './support/client.ts'

t.test('given a payment when it covers the rest then the document is paid and its deletion reopens it', async (t) => {
  const { put, post, get } = await stage(t)
  const [{ InvoiceID }] = (await put('Invoices', sale())).json.Invoices
  const pay = (Amount: number, more: object = {}) =>
    put('Payments', { Invoice: { InvoiceID }, Account: { Code: '090' }, Amount, Date: '2026-11-21', ...more })
  t.same(messages(await pay(110.01)), ['Payment amount exceeds the amount outstanding on this document'])
  t.same(messages(await pay(10, { Account: { Code: '200' } })), [
    'Account type is invalid for making a payment to/from',
  ])
  const [part] = (await pay(10, { Reference: 'part' })).json.Payments
  t.match(part, { PaymentType: 'ACCRECPAYMENT', Status: 'AUTHORISED', Invoice: { AmountDue: 100 }, Reference: 'part' })
  await pay(100)
  const [paid] = (await get(`Invoices/${InvoiceID}`)).json.Invoices
  t.match(paid, { Status: 'PAID', AmountDue: 0, AmountPaid: 110, FullyPaidOnDate: String, Payments: { length: 2 } })
  const [deleted] = (await post(`Payments/${part.PaymentID}`, { Status: 'DELETED' })).json.Payments
  t.equal(deleted.Status, 'DELETED')
  t.match((await get(`Invoices/${InvoiceID}`)).json.Invoices[0], { Status: 'AUTHORISED', AmountDue: 10 })
  const list = (await get('Payments?page=1')).json
  t.equal(list.pagination.itemCount, 2, 'deleted ones stay in the list')
  t.match(list.Payments[0].Invoice, { InvoiceID, LineItems: [] })
})

t.test('given a document with a payment when it is edited or voided then it is refused', async (t) => {
  const { put, post, simulator } = await stage(t)
  const [{ InvoiceID, InvoiceNumber }] = (await put('Invoices', sale())).json.Invoices
  simulator.control.payInvoice(somerset, InvoiceNumber, { amount: 10 })
  t.same(messages(await post('Invoices', { InvoiceID, Reference: 'x' })), [
    'This document cannot be edited as it has a payment or credit note allocated to it.',
  ])
  t.same(messages(await post('Invoices', { InvoiceID, Status: 'VOIDED' })), [
    'The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it.',
  ])
  simulator.control.removePayments(somerset, InvoiceNumber)
  t.equal((await post('Invoices', { InvoiceID, Status: 'VOIDED' })).status, 200)
})

t.test('given a paid bill when its harmless members are edited then it is taken', async (t) => {
  const { put, post, simulator } = await stage(t)
  const [{ InvoiceID, LineItems }] = (await put('Invoices', bill())).json.Invoices
  simulator.control.payInvoice(somerset, InvoiceID)
  const edited = await post('Invoices', { InvoiceID, InvoiceNumber: 'B-2', DueDate: '2027-01-01' })
  t.match(edited.json.Invoices[0], { InvoiceNumber: 'B-2', Status: 'PAID' })
  t.match(messages(await post('Invoices', { InvoiceID, Date: '2026-11-01' })), [/cannot be edited/])
  const described = await post('Invoices', {
    InvoiceID,
    LineItems: [{ LineItemID: LineItems[0].LineItemID, Description: 'better' }],
  })
  t.equal(described.json.Invoices[0].LineItems[0].Description, 'better')
  const priced = { InvoiceID, LineItems: [{ LineItemID: LineItems[0].LineItemID, UnitAmount: 1 }] }
  t.match(messages(await post('Invoices', priced)), [/cannot be edited/])
})

t.test('given documents that are not approved when they are paid then it is refused', async (t) => {
  const { put } = await stage(t)
  const [{ InvoiceID }] = (await put('Invoices', sale({ Status: 'DRAFT' }))).json.Invoices
  t.same(messages(await put('Payments', { Invoice: { InvoiceID }, Account: { Code: '090' }, Amount: 1 })), [
    'Payments can only be made against Authorised documents',
  ])
})
